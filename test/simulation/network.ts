/** Who reaches whom, and how long a message takes. Cuts have a direction: `from` is heard by `to` or not. */
export class Network {
  readonly #cuts = new Map<string, number>()
  readonly #random: () => number
  /** Every message takes so much longer, ms. */
  slowness = 0

  constructor(random: () => number) {
    this.#random = random
  }

  hears(from: string, to: string): boolean {
    return from === to || (this.#cuts.get(`${from}>${to}`) ?? 0) === 0
  }

  /** Both ways. */
  reaches(one: string, other: string): boolean {
    return this.hears(one, other) && this.hears(other, one)
  }

  /** The answer heals it. */
  cut(from: string, to: string): () => void {
    const link = `${from}>${to}`
    this.#cuts.set(link, (this.#cuts.get(link) ?? 0) + 1)
    let isCut = true
    return () => {
      if (isCut) this.#cuts.set(link, (this.#cuts.get(link) ?? 1) - 1)
      isCut = false
    }
  }

  /** Milliseconds of one message on its way. */
  latency(): number {
    return this.slowness + 0.1 + this.#random() * 0.9
  }
}
