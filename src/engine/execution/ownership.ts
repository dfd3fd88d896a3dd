import type { Reason } from '../../kit/reason.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Intents } from '../../ports/intents.ts'
import type { LeaseHolder } from '../../ports/leases.ts'
import { executionReason } from './reasons.ts'

/** A process counts as alive for 3 s after its last sign of life; so long before that nobody can have taken a plan over. */
const surelyOursMilliseconds = 2000
const maybeLostMilliseconds = 3000

export interface OwnershipParts {
  readonly intents: Pick<Intents, 'isOwn' | 'isShared'>
  readonly clock: Pick<Clock, 'monotonic'>
  readonly process: LeaseHolder
}

/**
 * Whether a plan is still this process's to carry out. One that stood still for long (frozen, swapped out) may find that another has finished or undone its
 * plan meanwhile; then it does nothing more, and undoes nothing.
 */
export class Ownership {
  readonly #parts: OwnershipParts
  readonly #intent: () => Promise<number | null>
  #confirmedAt: number

  constructor(parts: OwnershipParts, intent: () => Promise<number | null>) {
    this.#parts = parts
    this.#intent = intent
    this.#confirmedAt = parts.clock.monotonic()
  }

  async fence(): Promise<Reason | null> {
    const { intents, clock, process } = this.#parts
    const askedAt = clock.monotonic()
    if (askedAt - this.#confirmedAt < surelyOursMilliseconds) return null
    const intent = await this.#intent()
    // What could not be written down cannot be taken over.
    if (intent === null) return null
    try {
      if (!(await intents.isOwn(intent, process))) return executionReason('plan-taken-over', {})
      this.#confirmedAt = askedAt
      return null
    } catch (error) {
      if (!intents.isShared || clock.monotonic() - this.#confirmedAt < maybeLostMilliseconds) return null
      return executionReason('plan-maybe-taken-over', { text: error instanceof Error ? error.message : String(error) })
    }
  }
}
