import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { PublicationTarget, WriterEntry } from '../../ports/publication.ts'

const attemptMilliseconds = 2000
const firstPauseMilliseconds = 100
const longestPauseMilliseconds = 30_000

export interface PlaceParts {
  readonly clock: Pick<Clock, 'sleep' | 'monotonic'>
  readonly log: Log
  /** Another process acts, or this one ends: nothing more is written. */
  isOver(): boolean
}

/** What one place is to say of one cluster. */
interface Wish {
  readonly entry: WriterEntry
  readonly number: number
}

interface Line {
  wish: Wish
  /** The wish that was told and read back last. */
  told: number
  failure: string | null
  running: Promise<void> | null
  /** Wakes the pause between two tries. */
  wake: (() => void) | null
  waiting: { readonly number: number; readonly tell: (failure: string | null) => void }[]
}

/** One place outside. Of each cluster it is told the newest writer only, one try after the other: no late try brings an older writer back. */
export class Place {
  readonly target: PublicationTarget
  readonly #parts: PlaceParts
  readonly #lines = new Map<string, Line>()
  #numbers = 0

  constructor(target: PublicationTarget, parts: PlaceParts) {
    this.target = target
    this.#parts = parts
  }

  /** Null once the place says it, or something newer; else it goes on trying, until nothing more may be written. */
  tell(entry: WriterEntry): Promise<string | null> {
    const wish: Wish = { entry, number: ++this.#numbers }
    const line: Line = this.#lines.get(entry.alias) ?? { wish, told: 0, failure: null, running: null, wake: null, waiting: [] }
    line.wish = wish
    this.#lines.set(entry.alias, line)
    const answer = new Promise<string | null>(resolve => line.waiting.push({ number: wish.number, tell: resolve }))
    line.wake?.()
    line.running ??= this.#work(entry.alias, line)
    return answer
  }

  /** Has it told again, behind, when the place says something else. Nothing while it is being told already. True when it had drifted. */
  async mend(entry: WriterEntry): Promise<boolean> {
    if (this.#lines.get(entry.alias)?.running) return false
    const says = await this.target.says(entry, attemptMilliseconds)
    if (says.ok && says.value) return false
    void this.tell(entry)
    return true
  }

  /** Nothing is tried any more. */
  close(): void {
    for (const line of this.#lines.values()) line.wake?.()
  }

  /** Why the newest try failed; null: it did not. */
  failureOf(alias: string): string | null {
    return this.#lines.get(alias)?.failure ?? null
  }

  async #work(alias: string, line: Line): Promise<void> {
    const { log, isOver } = this.#parts
    let pause = firstPauseMilliseconds
    let tried = 0
    // Whoever is asked to tell tells once; only who acts for the clusters goes on trying.
    while (line.told !== line.wish.number && (tried !== line.wish.number || !isOver())) {
      const { entry, number } = line.wish
      tried = number
      const failure = await this.#try(entry)
      line.failure = failure
      if (failure === null) {
        line.told = number
        this.#answer(line, number, null)
      }
      if (failure === null || line.wish.number !== number) {
        pause = firstPauseMilliseconds
        continue
      }
      if (isOver()) break
      log.warning('who takes writes could not be published; it is tried again', { place: this.target.name, cluster: alias, primary: entry.primary, text: failure })
      const pausing = new AbortController()
      line.wake = () => pausing.abort()
      await this.#parts.clock.sleep(pause, pausing.signal)
      line.wake = null
      pause = Math.min(longestPauseMilliseconds, pause * 2)
    }
    line.running = null
    this.#answer(line, line.wish.number, line.told === line.wish.number ? null : (line.failure ?? 'this process does not act any more'))
  }

  #answer(line: Line, upTo: number, failure: string | null): void {
    for (const { tell } of line.waiting.filter(({ number }) => number <= upTo)) tell(failure)
    line.waiting = line.waiting.filter(({ number }) => number > upTo)
  }

  async #try(entry: WriterEntry): Promise<string | null> {
    const told = await this.target.publish(entry, attemptMilliseconds)
    if (!told.ok) return told.failure
    const says = await this.target.says(entry, attemptMilliseconds)
    if (!says.ok) return `it was told, and cannot be read: ${says.failure}`
    return says.value ? null : 'it was told, and says something else'
  }
}
