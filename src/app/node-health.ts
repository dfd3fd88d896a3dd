import type { NodeHealth } from '../contract/service.ts'
import type { NodeStanding, Store } from '../ports/store.ts'
import type { Clock } from '../ports/clock.ts'
import type { NodeIdentity } from './node-identity.ts'
import { version } from './version.ts'

/** A heartbeat is asked for at most so often, however many ask for the health. */
const keptMilliseconds = 1000
/** Processes whose last heartbeat is younger count as alive. */
const aliveSeconds = 2
/** Without a heartbeat for so long this process no longer knows that it leads. */
const leaseMilliseconds = 5000

/** This process among the others that share its store: its heartbeat, and who leads. */
export class NodeStandingKeeper {
  readonly #store: Store
  readonly #clock: Clock
  readonly #identity: NodeIdentity
  readonly #command: string
  #standing: NodeStanding | null = null
  #beatAt = -Infinity
  #health: { readonly at: number; readonly value: Promise<NodeHealth> } | null = null

  constructor(store: Store, clock: Clock, identity: NodeIdentity, command: string) {
    this.#store = store
    this.#clock = clock
    this.#identity = identity
    this.#command = command
  }

  async beat(now: number): Promise<void> {
    const standing = await this.#store.node.beat({ ...this.#identity, at: now, version, command: this.#command })
    this.#standing = standing
    this.#beatAt = this.#clock.monotonic()
  }

  isLeader(): boolean {
    return this.#standing?.isActive === true && this.#clock.monotonic() - this.#beatAt < leaseMilliseconds
  }

  get leaderName(): string {
    return this.#standing?.active.hostname ?? ''
  }

  health(): Promise<NodeHealth> {
    const now = this.#clock.monotonic()
    if (this.#health === null || now - this.#health.at >= keptMilliseconds) this.#health = { at: now, value: this.#ask() }
    return this.#health.value
  }

  async #ask(): Promise<NodeHealth> {
    const { hostname, token } = this.#identity
    try {
      await this.beat(this.#clock.now())
      const alive = await this.#store.node.alive(aliveSeconds)
      const available = alive.filter(node => node.command === '').map(node => ({
        hostname: node.hostname, token: node.token, version: node.version, firstSeenAt: node.firstSeenAt ?? 0, lastSeenAt: node.lastSeenAt ?? 0,
        command: node.command, backend: node.backend,
      }))
      const active = this.#standing?.active
      return {
        healthy: true, hostname, token, isActive: this.isLeader(), available, failure: '',
        active: active === undefined ? null
          : { hostname: active.hostname, token: active.token, version: '', firstSeenAt: active.firstSeenAt ?? 0, lastSeenAt: active.lastSeenAt ?? 0, command: '', backend: '' },
      }
    } catch (error) {
      // The store failed; that is the answer.
      return { healthy: false, hostname, token, isActive: false, active: null, available: [], failure: error instanceof Error ? error.message : String(error) }
    }
  }

  /** Gives up what this process holds, so that another need not wait. */
  leave(): Promise<void> {
    return this.#store.node.leave(this.#identity)
  }
}
