import type { Place } from '../../model/planning/by-equivalence.ts'
import { coordinatesText } from '../../model/topology/binlog-coordinates.ts'
import type { Clock } from '../../ports/clock.ts'
import type { EquivalenceStore, SamePlaces } from '../../ports/equivalence-store.ts'
import type { Log } from '../../ports/log.ts'

/** Older pairs than these are in the store, and no moves are planned by them. */
const mostPairs = 10_000

export interface EquivalenceParts {
  readonly store: EquivalenceStore
  readonly clock: Pick<Clock, 'now'>
  readonly log: Pick<Log, 'error'>
}

/** The places that are known to be the same. */
export class Equivalences {
  readonly #parts: EquivalenceParts
  readonly #places = new Map<string, Map<string, Place>>()
  #pairs: SamePlaces[] = []

  constructor(parts: EquivalenceParts) {
    this.#parts = parts
  }

  async load(): Promise<void> {
    for (const pair of (await this.#parts.store.certain(mostPairs)).toReversed()) this.#remember(pair)
  }

  of = (place: Place): readonly Place[] => [...(this.#places.get(textOf(place))?.values() ?? [])]

  /** Everything written down as the same, also what is not certain. */
  find(place: Place): Promise<readonly Place[]> {
    return this.#parts.store.find(place)
  }

  note(pair: SamePlaces): void {
    const [one, other] = pair
    if (one.server === other.server) return
    this.#remember(pair)
    this.#parts.store.record(pair, this.#parts.clock.now()).catch((error: unknown) => this.#parts.log.error('a pair of equal positions could not be stored', { text: String(error) }))
  }

  async expire(before: number): Promise<void> {
    await this.#parts.store.expire(before)
    const kept = await this.#parts.store.certain(mostPairs)
    this.#places.clear()
    this.#pairs = []
    for (const pair of kept.toReversed()) this.#remember(pair)
  }

  #remember(pair: SamePlaces): void {
    const [one, other] = pair
    this.#join(one, other)
    this.#join(other, one)
    this.#pairs.push(pair)
    if (this.#pairs.length <= mostPairs) return
    const [oldest] = this.#pairs.splice(0, 1)
    if (oldest === undefined) return
    this.#part(oldest[0], oldest[1])
    this.#part(oldest[1], oldest[0])
  }

  #join(from: Place, to: Place): void {
    const known = this.#places.get(textOf(from)) ?? new Map<string, Place>()
    this.#places.set(textOf(from), known.set(textOf(to), to))
  }

  #part(from: Place, to: Place): void {
    const known = this.#places.get(textOf(from))
    known?.delete(textOf(to))
    if (known?.size === 0) this.#places.delete(textOf(from))
  }
}

const textOf = ({ server, at }: Place): string => `${server} ${coordinatesText(at)}`
