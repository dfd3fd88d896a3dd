import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'

/** Rows that wait at most. At six a second, far more than a failover tells, these are half an hour. */
const waitingMax = 10_000
/** Between attempts while the store fails. */
const retryMilliseconds = 1_000
/** So often a row is refused by a store that takes others before it is given up. */
const refusalsMax = 3

export interface WaitingStatus {
  /** Null: what was to be written is written. Else since when the store fails, ms since 1970, and what it says. */
  readonly failing: { readonly since: number; readonly text: string } | null
  readonly waiting: number
  /** Rows that were given up since the program began: beyond the bound, or refused by a store that took others. */
  readonly dropped: number
}

export interface WaitingWritesParts {
  readonly clock: Pick<Clock, 'now' | 'after'>
  readonly log: Log
  /** Rejects while the store takes nothing; tells a store that is away from a row that it does not take. */
  works(): Promise<unknown>
}

interface Waiting {
  readonly what: string
  readonly write: () => Promise<unknown>
  refusals: number
}

/** Writes of what has happened, which nobody can take back: while the store fails they wait in their order, up to a bound, and are written when it works again. */
export class WaitingWrites {
  readonly #parts: WaitingWritesParts
  readonly #waiting: Waiting[] = []
  #failing: WaitingStatus['failing'] = null
  #dropped = 0
  #isFull = false
  #cancelTimer: (() => void) | null = null
  #draining: Promise<void> | null = null
  #isClosed = false

  constructor(parts: WaitingWritesParts) {
    this.#parts = parts
  }

  get status(): WaitingStatus {
    return { failing: this.#failing, waiting: this.#waiting.length, dropped: this.#dropped }
  }

  /** Resolves when it is written or waits. */
  async note(what: string, write: () => Promise<unknown>): Promise<void> {
    await this.attempt(what, write, undefined)
  }

  /** What the store answers; while it fails `meanwhile` is, and the write waits. */
  async attempt<Value>(what: string, write: () => Promise<Value>, meanwhile: Value): Promise<Value> {
    if (this.#waiting.length === 0) {
      try {
        return await write()
      } catch (error) {
        this.#failed(error)
      }
    }
    this.#put({ what, write, refusals: 0 })
    return meanwhile
  }

  /** Tries what waits once more, and says what is left. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelTimer?.()
    await this.#draining
    await this.#drain()
    if (this.#waiting.length > 0) this.#parts.log.error('the program ends before the store works again: rows are lost', { rows: this.#waiting.length })
  }

  #put(waiting: Waiting): void {
    if (this.#waiting.length >= waitingMax) {
      this.#dropped += 1
      if (!this.#isFull) this.#parts.log.error('too many rows wait for the store: newer ones are lost until it works', { waiting: waitingMax, first: waiting.what })
      this.#isFull = true
      return
    }
    this.#waiting.push(waiting)
    this.#schedule()
  }

  #failed(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error)
    if (this.#failing === null) this.#parts.log.error('the store failed; what happens meanwhile waits until it works', { text })
    this.#failing = { since: this.#failing?.since ?? this.#parts.clock.now(), text }
  }

  #schedule(): void {
    if (this.#cancelTimer !== null || this.#draining !== null || this.#isClosed) return
    this.#cancelTimer = this.#parts.clock.after(retryMilliseconds, () => {
      this.#cancelTimer = null
      this.#draining = this.#drain().finally(() => {
        this.#draining = null
        if (this.#waiting.length > 0) this.#schedule()
      })
    })
  }

  /** Ends when all is written, or with the first that is not. */
  async #drain(): Promise<void> {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      try {
        await first.write()
      } catch (error) {
        this.#failed(error)
        if (!(await this.#isRefused(first))) return
        this.#parts.log.error('the store does not take a row: it is lost', { what: first.what, text: error instanceof Error ? error.message : String(error) })
        this.#dropped += 1
      }
      this.#waiting.shift()
    }
    if (this.#failing === null) return
    const failedSeconds = Math.round((this.#parts.clock.now() - this.#failing.since) / 1000)
    this.#parts.log.info('the store works again, and what waited is written', { failedSeconds, dropped: this.#dropped })
    this.#failing = null
    this.#isFull = false
  }

  async #isRefused(first: Waiting): Promise<boolean> {
    try {
      await this.#parts.works()
    } catch {
      return false // the store is away, and the row may be a good one
    }
    first.refusals += 1
    return first.refusals >= refusalsMax
  }
}
