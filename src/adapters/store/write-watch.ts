import { RecentFigures } from '../../kit/recent-figures.ts'
import type { WriteFigure } from '../../ports/store.ts'

/** Figures that are kept: at some hundred writes a second the last seconds, else as long as people ask for. */
const keptMax = 10_000

const writes = /^\s*(?:insert|update|delete|replace)\b/i

/** How long each statement that changes the store waited for its turn and took. */
export class WriteWatch {
  readonly #figures = new RecentFigures<WriteFigure>(keptMax)
  readonly #keptMilliseconds: number
  readonly #now: () => number

  constructor(keptSeconds: number, now: () => number) {
    this.#keptMilliseconds = keptSeconds * 1000
    this.#now = now
  }

  /** A statement has ended; what changes nothing is passed over. */
  ended(statement: string, waitMilliseconds: number, executeMilliseconds: number, error: unknown): void {
    if (!writes.test(statement)) return
    const failure = error === null ? null : error instanceof Error ? error.message : String(error)
    this.#figures.add({ at: this.#now(), waitMilliseconds, executeMilliseconds, failure })
  }

  since(from: number): readonly WriteFigure[] {
    return this.#figures.since(Math.max(from, this.#now() - this.#keptMilliseconds))
  }
}
