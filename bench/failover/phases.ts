/**
 * Spreads the moments of harm evenly over the interval in which a server is polled, without waiting long for each: of the moments that are left,
 * the one is taken that comes next.
 */
export class Phases {
  readonly #period: number
  readonly #left: number[]

  /** `jitter`: 0 to below 1 for each moment. */
  constructor(count: number, period: number, jitter: () => number) {
    this.#period = period
    this.#left = Array.from({ length: count }, (_, index) => ((index + jitter()) / count) * period)
  }

  /** How long to wait from now, when the interval began `elapsed` ago, and at least `least`. */
  take(elapsed: number, least: number): number {
    const waits = this.#left.map(phase => least + modulo(phase - elapsed - least, this.#period))
    const shortest = Math.min(...waits)
    this.#left.splice(waits.indexOf(shortest), 1)
    return Number.isFinite(shortest) ? shortest : least
  }
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by
