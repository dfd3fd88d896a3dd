import type { Clock } from '../../ports/clock.ts'
import type { Etcd, EtcdFailure } from '../../ports/etcd.ts'
import type { EtcdGroupPolicy } from './etcd-policy.ts'

export interface EtcdLeaseEvents {
  /** A lease of ours lives: the first one, or a new one after the former was gone. */
  granted(id: string): void
  gone(): void
  failed(failure: EtcdFailure): void
}

/** One lease of this process, kept alive; what hangs on it goes when this process does. */
export class EtcdOwnLease {
  readonly #etcd: Pick<Etcd, 'grantLease' | 'keepLease' | 'endLease'>
  readonly #clock: Clock
  readonly #policy: EtcdGroupPolicy
  readonly #events: EtcdLeaseEvents
  readonly #stop = new AbortController()
  #id: string | null = null
  #sureUntil = 0
  #sureMilliseconds: number

  constructor(etcd: Pick<Etcd, 'grantLease' | 'keepLease' | 'endLease'>, clock: Clock, policy: EtcdGroupPolicy, events: EtcdLeaseEvents) {
    this.#etcd = etcd
    this.#clock = clock
    this.#policy = policy
    this.#events = events
    this.#sureMilliseconds = policy.leaseSeconds * 1000 * policy.sureShare
    void this.#run()
  }

  get id(): string | null {
    return this.#id
  }

  /** By the clock that never jumps: until then it surely has not expired. */
  get sureUntil(): number {
    return this.#id === null ? 0 : this.#sureUntil
  }

  /** How long whoever asked etcd something may rely on the answer, counted from when it asked. */
  get sureMilliseconds(): number {
    return this.#sureMilliseconds
  }

  /** What hangs on it goes now, or when it expires; another lease follows. */
  drop(): void {
    const id = this.#id
    this.#id = null
    if (id !== null) void this.#etcd.endLease(id, this.#policy.requestMilliseconds)
  }

  /** Everything that hangs on it goes at once, if etcd answers. */
  async close(deadlineMilliseconds: number): Promise<void> {
    this.#stop.abort()
    const id = this.#id
    this.#id = null
    if (id !== null) await this.#etcd.endLease(id, deadlineMilliseconds)
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) { // ends with `close`
      await (this.#id === null ? this.#grant() : this.#keep(this.#id))
      await this.#clock.sleep(this.#policy.keepMilliseconds, this.#stop.signal)
    }
  }

  async #grant(): Promise<void> {
    const asked = this.#clock.monotonic()
    const lease = await this.#etcd.grantLease(this.#policy.leaseSeconds, this.#policy.requestMilliseconds)
    if (!lease.ok) return this.#events.failed(lease.failure)
    if (this.#stop.signal.aborted) return void this.#etcd.endLease(lease.value.id, this.#policy.requestMilliseconds)
    this.#id = lease.value.id
    this.#sureMilliseconds = lease.value.seconds * 1000 * this.#policy.sureShare
    this.#sureUntil = asked + this.#sureMilliseconds
    this.#events.granted(lease.value.id)
  }

  async #keep(id: string): Promise<void> {
    const asked = this.#clock.monotonic()
    const kept = await this.#etcd.keepLease(id, this.#policy.requestMilliseconds)
    if (this.#stop.signal.aborted || this.#id !== id) return
    if (kept.ok) {
      this.#sureUntil = asked + this.#sureMilliseconds
      return
    }
    if (kept.failure.kind !== 'lease-gone') return this.#events.failed(kept.failure)
    this.#id = null
    this.#events.gone()
    await this.#grant()
  }
}
