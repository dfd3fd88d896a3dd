import { type CounterName, figureList, type FigureName, type GaugeName } from '../../contract/figures.ts'
import type { Tally } from './tally.ts'

export interface FigureSources {
  readonly tally: Pick<Tally, 'of'>
  readonly hasDeadQueue: boolean
  /** How much there is when asked. */
  readonly gauges: { readonly [Name in GaugeName]: () => number }
  /** Counters that somebody else keeps. */
  readonly counters: { readonly [Name in CounterName]?: () => number }
}

/** All figures of the contract, as they are when asked. */
export class Figures {
  readonly #sources: FigureSources

  constructor(sources: FigureSources) {
    this.#sources = sources
  }

  /** By name, in the order of their names; nothing is asked of a server or of the store. */
  all(): ReadonlyMap<FigureName, number> {
    const { tally, gauges, counters, hasDeadQueue } = this.#sources
    const kept: Readonly<Record<string, (() => number) | undefined>> = { ...counters, ...gauges }
    const listed = figureList.filter(([, { onlyWithDeadQueue }]) => onlyWithDeadQueue === undefined || hasDeadQueue)
    return new Map(listed.map(([name]) => [name, kept[name]?.() ?? tally.of(name as CounterName)] as const) // every gauge has its source
      .sort(([left], [right]) => (left < right ? -1 : 1)))
  }
}
