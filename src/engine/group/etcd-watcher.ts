import type { Clock } from '../../ports/clock.ts'
import type { Etcd, EtcdEvent } from '../../ports/etcd.ts'
import type { EtcdKeys } from './etcd-keys.ts'
import type { EtcdGroupPolicy } from './etcd-policy.ts'
import type { EtcdView } from './etcd-view.ts'

export interface EtcdWatcherEvents {
  seen(events: readonly EtcdEvent[]): void
  /** It ended by itself; look, and it begins anew. */
  ended(text: string): void
}

/** One watch of everything below the prefix, begun anew when it ends, or when a look shows what it should have told. */
export class EtcdWatcher {
  readonly #etcd: Pick<Etcd, 'watch'>
  readonly #clock: Clock
  readonly #keys: EtcdKeys
  readonly #policy: EtcdGroupPolicy
  readonly #events: EtcdWatcherEvents
  #stop: (() => void) | null = null
  /** How far the log reached at the last look, and how far the watch has told of it. */
  #looked = 0
  #told = 0

  constructor(etcd: Pick<Etcd, 'watch'>, clock: Clock, keys: EtcdKeys, policy: EtcdGroupPolicy, events: EtcdWatcherEvents) {
    this.#etcd = etcd
    this.#clock = clock
    this.#keys = keys
    this.#policy = policy
    this.#events = events
  }

  /** After each look. */
  keep({ revision, last }: EtcdView): void {
    if (this.#told < this.#looked) this.stop() // its connection is dead
    this.#looked = last ?? 0
    if (this.#stop !== null) return
    this.#told = this.#looked
    const stop = this.#etcd.watch({ ...this.#keys.all, fromRevision: revision + 1 }, {
      seen: events => {
        if (this.#stop !== stop) return
        for (const event of events) if (event.kind === 'put' && event.value.key.startsWith(this.#keys.log.key)) this.#told = Math.max(this.#told, this.#keys.numberOf(event.value.key))
        this.#events.seen(events)
      },
      ended: failure => {
        if (this.#stop !== stop) return
        this.#stop = null
        this.#clock.after(this.#policy.againMilliseconds, () => this.#events.ended(failure.text))
      },
    })
    this.#stop = stop
  }

  stop(): void {
    this.#stop?.()
    this.#stop = null
  }
}
