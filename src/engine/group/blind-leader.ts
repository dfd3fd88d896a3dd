import type { Reason } from '../../kit/reason.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'

export interface BlindLeaderParts {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly log: Pick<Log, 'warning'>
  readonly isLeader: () => boolean
  /** How many servers this manager reaches, of those that it knows. */
  readonly reaches: () => { readonly reached: number; readonly known: number }
  /** Names of the other managers that vote. */
  readonly others: () => readonly string[]
  /** How many servers another manager reaches; null: no answer. */
  readonly ask: (name: string) => Promise<number | null>
  readonly stepAside: (to: string) => Promise<Reason | null>
}

/** A cut that lasts shorter heals, or is a moment's load. */
const blindMilliseconds = 3000
/** Whoever got the lead is given time to look around before it is asked again. */
const againMilliseconds = 10_000
/** The other one must reach clearly more, or two that each reach a half would hand the lead to and fro. */
const timesMore = 2

/**
 * A leader that is cut off from the servers, and not from the other managers, keeps its lead and can recover nothing. So it looks around: when another manager
 * reaches more than twice as many servers, that one leads.
 */
export class BlindLeader {
  readonly #parts: BlindLeaderParts
  #blindSince: number | null = null
  #askedAt = -Infinity

  constructor(parts: BlindLeaderParts) {
    this.#parts = parts
  }

  /** Called every second. Answers whom the lead was handed to. */
  async round(): Promise<string | null> {
    const { clock, log, isLeader, reaches, others, ask, stepAside } = this.#parts
    const now = clock.monotonic()
    const { reached, known } = isLeader() ? reaches() : { reached: 0, known: 0 }
    if (known === 0 || reached * timesMore >= known) {
      this.#blindSince = null
      return null
    }
    this.#blindSince ??= now
    if (now - this.#blindSince < blindMilliseconds || now - this.#askedAt < againMilliseconds) return null
    this.#askedAt = now
    const answers = await Promise.all(others().map(async name => ({ name, count: (await ask(name)) ?? 0 })))
    const [best] = answers.toSorted((one, other) => other.count - one.count)
    if (best === undefined || best.count <= timesMore * reached || !isLeader()) return null
    log.warning('another manager reaches more servers, and leads', { member: best.name, reaches: best.count, own: reached, known })
    const refused = await stepAside(best.name)
    if (refused !== null) log.warning('the lead could not be handed over', { member: best.name, text: refused.text })
    return refused === null ? best.name : null
  }
}
