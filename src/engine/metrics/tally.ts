import type { CounterName } from '../../contract/figures.ts'

/** How often things happened since the start, counted where they happen. */
export class Tally {
  readonly #counts = new Map<CounterName, number>()

  count(name: CounterName, by = 1): void {
    this.#counts.set(name, this.of(name) + by)
  }

  of(name: CounterName): number {
    return this.#counts.get(name) ?? 0
  }
}
