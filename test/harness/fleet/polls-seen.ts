/** Intervals between the whole polls of each server as the fleet sees them: between the arrivals of two polls. */
export class PollsSeen {
  readonly #lastAt: Float64Array
  #intervals: Float64Array
  #count = 0
  #missed = 0
  polls = 0

  constructor(servers: number, intervalsMax: number) {
    this.#lastAt = new Float64Array(servers).fill(Number.NaN)
    this.#intervals = new Float64Array(intervalsMax)
  }

  note(server: number, milliseconds: number): void {
    this.polls++
    const interval = milliseconds - (this.#lastAt[server] ?? Number.NaN)
    this.#lastAt[server] = milliseconds
    if (Number.isNaN(interval)) return
    if (this.#count === this.#intervals.length) this.#missed++
    else this.#intervals[this.#count++] = interval
  }

  /** Forgets what was counted; the next poll of a server still measures its interval from the last one before. */
  reset(): void {
    this.#count = 0
    this.#missed = 0
    this.polls = 0
  }

  report(now: number): IntervalReport {
    const sorted = this.#intervals.slice(0, this.#count).sort()
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
    const ages = this.#lastAt.filter(last => !Number.isNaN(last)).map(last => now - last)
    return {
      polls: this.polls, intervals: this.#count, notKept: this.#missed, polledServers: ages.length,
      median: at(0.5), p90: at(0.9), p99: at(0.99), max: sorted.at(-1) ?? Number.NaN, min: sorted[0] ?? Number.NaN, oldestPollAge: ages.length === 0 ? Number.NaN : Math.max(...ages),
    }
  }
}

/** Milliseconds. */
export interface IntervalReport {
  readonly polls: number
  readonly intervals: number
  /** Intervals beyond what there was room for. */
  readonly notKept: number
  readonly polledServers: number
  readonly min: number
  readonly median: number
  readonly p90: number
  readonly p99: number
  readonly max: number
  /** How long ago the server was polled whose last poll is the oldest. */
  readonly oldestPollAge: number
}
