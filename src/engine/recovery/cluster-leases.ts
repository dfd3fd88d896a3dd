import type { Reason } from '../../kit/reason.ts'
import type { Clock } from '../../ports/clock.ts'
import type { LeaseHolder, LeaseStore } from '../../ports/leases.ts'
import { executionReason } from '../execution/reasons.ts'

/** So long after the store confirmed it, nobody else can have the lease: a holder counts as alive for 3 s. */
const surelyOursMilliseconds = 2000
/** From here on somebody else may have it. */
const maybeLostMilliseconds = 3000

/** The right to change the servers of one cluster, held while a recovery of it runs. */
export interface ClusterLease {
  /** Grows with each taking. */
  readonly number: number
  /** Asked before each step; a reason: the step must not be done. It costs nothing while the store has confirmed the lease less than 2 s ago. */
  fence(): Promise<Reason | null>
  release(): Promise<void>
}

export class ClusterLeases {
  readonly #store: LeaseStore
  readonly #clock: Clock
  readonly #holder: LeaseHolder

  constructor(store: LeaseStore, clock: Clock, holder: LeaseHolder) {
    this.#store = store
    this.#clock = clock
    this.#holder = holder
  }

  /** Who has it instead, where it cannot be taken. */
  async take(clusterName: string): Promise<ClusterLease | { readonly heldBy: LeaseHolder }> {
    // A process that was frozen and wakes up counts from before it asked.
    let confirmedAt = this.#clock.monotonic()
    const taken = await this.#store.take(clusterName, this.#holder)
    if ('heldBy' in taken) return taken
    const { number } = taken
    const lost = (text: string): Reason => executionReason('lease-lost', { cluster: clusterName, number, text })
    return {
      number,
      fence: async () => {
        if (this.#clock.monotonic() - confirmedAt < surelyOursMilliseconds) return null
        const askedAt = this.#clock.monotonic()
        try {
          if (!(await this.#store.isHeld(clusterName, this.#holder, number))) return lost('another process has taken over')
          confirmedAt = askedAt
          return null
        } catch (error) {
          // On a store of this machine alone there is nobody else; a failover is not left half done because a disk is full.
          if (!this.#store.isShared || this.#clock.monotonic() - confirmedAt < maybeLostMilliseconds) return null
          return lost(`the store does not answer: ${error instanceof Error ? error.message : String(error)}`)
        }
      },
      release: () => this.#store.release(clusterName, this.#holder, number),
    }
  }
}
