import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** A figure as Prometheus is told of it. */
export interface PrometheusFigure {
  readonly name: string
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly says: string
  readonly labels: readonly string[]
  readonly buckets?: readonly number[]
}

export type Labels = Readonly<Record<string, string>>

/** What a value of a label may be long: some come from servers and from requests. */
const labelLength = 120
/** Different values of the labels of one figure; whatever comes beyond is told as `other`. */
const seriesMax = 500

/** A registry of its own, filled from outside; names and labels stand in the table that it is made of. */
export class Prometheus {
  readonly #registry = new Registry()
  readonly #kept = new Map<string, Counter | Gauge | Histogram>()
  readonly #series = new Map<string, Set<string>>()

  constructor(figures: readonly PrometheusFigure[]) {
    for (const { name, kind, says, labels, buckets } of figures) {
      const shape = { name, help: says, labelNames: [...labels], registers: [this.#registry] }
      this.#kept.set(name, kind === 'counter' ? new Counter(shape) : kind === 'gauge' ? new Gauge(shape) : new Histogram({ ...shape, ...(buckets === undefined ? {} : { buckets: [...buckets] }) }))
    }
  }

  /** One more of a counter, or one value of a histogram. */
  note(name: string, labels: Labels, value: number): void {
    const kept = this.#kept.get(name)
    if (kept instanceof Counter) kept.inc(this.#bounded(name, labels), value)
    else if (kept instanceof Histogram) kept.observe(this.#bounded(name, labels), value)
    else throw new Error(`${name} is no counter and no histogram`)
  }

  /** How much there is now, and how often things happened that somebody else counts: all that is known of these names, so that what is not there any more goes. */
  set(names: readonly string[], levels: readonly { readonly name: string; readonly labels: Labels; readonly value: number }[]): void {
    for (const name of names) this.#kept.get(name)?.reset()
    for (const { name, labels, value } of levels) {
      const kept = this.#kept.get(name)
      if (kept instanceof Gauge) kept.set(this.#bounded(name, labels), value)
      else if (kept instanceof Counter) kept.inc(this.#bounded(name, labels), value)
      else throw new Error(`${name} is no gauge and no counter`)
    }
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  text(): Promise<string> {
    return this.#registry.metrics()
  }

  #bounded(name: string, labels: Labels): Record<string, string> {
    const short = Object.fromEntries(Object.entries(labels).map(([label, value]) => [label, value.slice(0, labelLength)]))
    const known = this.#series.get(name) ?? new Set()
    this.#series.set(name, known)
    const key = JSON.stringify(short)
    if (known.has(key)) return short
    if (known.size >= seriesMax) return Object.fromEntries(Object.keys(short).map(label => [label, 'other']))
    known.add(key)
    return short
  }
}
