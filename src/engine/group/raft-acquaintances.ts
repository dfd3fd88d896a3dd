import type { Clock } from '../../ports/clock.ts'
import type { Introduction } from './raft-introductions.ts'

export interface AcquaintancesParts {
  readonly clock: Pick<Clock, 'monotonic'>
  /** Resolves to what a manager says of itself; null: no answer that can be used. */
  readonly ask: (name: string) => Promise<Introduction | null>
}

interface Known {
  readonly introduction: Introduction
  readonly at: number
}

/** What other managers told of themselves last. Bounded by the names that are asked about. */
export class Acquaintances {
  readonly #parts: AcquaintancesParts
  readonly #known = new Map<string, Known>()
  readonly #askedAt = new Map<string, number>()
  readonly #asking = new Set<string>()

  constructor(parts: AcquaintancesParts) {
    this.#parts = parts
  }

  note(introduction: Introduction): void {
    this.#known.set(introduction.name, { introduction, at: this.#parts.clock.monotonic() })
  }

  heardWithin(milliseconds: number): readonly Introduction[] {
    const now = this.#parts.clock.monotonic()
    return [...this.#known.values()].filter(({ at }) => now - at <= milliseconds).map(({ introduction }) => introduction)
  }

  of(name: string): Pick<Introduction, 'uri' | 'about'> {
    return this.#known.get(name)?.introduction ?? { uri: null }
  }

  /** Asks each of them that was not asked for so long; others are forgotten. */
  askEvery(milliseconds: number, names: readonly string[]): void {
    const now = this.#parts.clock.monotonic()
    for (const name of this.#known.keys()) if (!names.includes(name)) this.#known.delete(name)
    for (const name of this.#askedAt.keys()) if (!names.includes(name)) this.#askedAt.delete(name)
    for (const name of names) {
      if (this.#asking.has(name) || now - (this.#askedAt.get(name) ?? -Infinity) < milliseconds) continue
      this.#asking.add(name)
      this.#askedAt.set(name, now)
      void this.#parts.ask(name).then(introduction => {
        this.#asking.delete(name)
        if (introduction !== null && introduction.name === name) this.note(introduction)
      })
    }
  }
}
