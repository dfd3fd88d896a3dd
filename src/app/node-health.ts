import type { NodeHealth } from '../contract/service.ts'
import { SharedStoreGroup } from '../engine/group/shared-store-group.ts'
import type { Clock } from '../ports/clock.ts'
import type { ManagerAbout } from '../ports/group.ts'
import type { Log } from '../ports/log.ts'
import type { NodeStanding, Store } from '../ports/store.ts'
import type { NodeIdentity } from './node-identity.ts'
import { version } from './version.ts'

/** A heartbeat is asked for at most so often, however many ask for the health. */
const keptMilliseconds = 1000
/** Processes whose last heartbeat is younger count as alive. */
const aliveSeconds = 2

/** This process among the others that share its store: its heartbeat, and who leads. */
export class NodeStandingKeeper {
  readonly #store: Store
  readonly #clock: Clock
  readonly #identity: NodeIdentity
  readonly #command: string
  /** Who acts, of the processes that share the store. */
  readonly group: SharedStoreGroup<never>
  #standing: NodeStanding | null = null
  #isWritten = false
  #health: { readonly at: number; readonly value: Promise<NodeHealth> } | null = null

  /** `takeUp`: what is done before this process acts where another one did until now. */
  constructor(store: Store, clock: Clock, identity: NodeIdentity, command: string, log: Log, takeUp: () => Promise<void>) {
    this.#store = store
    this.#clock = clock
    this.#identity = identity
    this.#command = command
    const { hostname, token } = identity
    const about = (of: string): ManagerAbout => ({ version: of, backend: store.election.isShared ? 'mysql' : 'sqlite' })
    this.group = new SharedStoreGroup<never>({
      election: store.election, clock, log, takeUp, self: { hostname, token }, stands: command === '',
      services: async () => (await store.node.alive(aliveSeconds)).filter(node => node.command === '').map(node => ({ ...node, about: about(node.version) })), about: about(version),
      carryOut: () => Promise.reject(new Error('changes of a shared store go through its journal')),
    })
  }

  async beat(now: number): Promise<void> {
    try {
      this.#standing = await this.#store.node.beat({ ...this.#identity, at: now, version, command: this.#command, stands: false })
      this.#isWritten = true
    } catch (error) {
      this.#isWritten = false
      throw error
    }
  }

  /** The last heartbeat was written. */
  get isWritten(): boolean {
    return this.#isWritten
  }

  isLeader(): boolean {
    return this.group.isLeader()
  }

  get leaderName(): string {
    return this.group.standing().leader?.name ?? ''
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
  async leave(): Promise<void> {
    await this.group.close()
    await this.#store.node.leave(this.#identity)
  }
}
