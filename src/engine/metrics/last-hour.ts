import { largest, median, percentile } from '../../kit/statistics.ts'
import { RecentFigures } from '../../kit/recent-figures.ts'
import type { StatusSample } from '../../contract/views.ts'

/** One look at the program's own work so often, for an hour: what its page draws. */
export const sampleMilliseconds = 15_000
export const samplesMax = 240

/** What is looked at; each answers what has happened since the given moment (ms since 1970). */
export interface LastHourParts {
  /** Milliseconds that each reading of a server took (null: it failed). */
  readingsSince(from: number): readonly (number | null)[]
  /** Milliseconds that each write of the store took, its wait for a turn included. */
  writesSince(from: number): readonly number[]
  /** How many servers waited to be read, at each of the last so many seconds. */
  waiting(seconds: number): readonly number[]
  memoryBytes(): number
}

/** The program's own work in the last hour, in steps; what came before is dropped. */
export class LastHour {
  readonly #parts: LastHourParts
  readonly #samples = new RecentFigures<StatusSample>(samplesMax)
  #sampledAt: number

  constructor(parts: LastHourParts, now: number) {
    this.#parts = parts
    this.#sampledAt = now
  }

  sample(now: number): void {
    this.#samples.add(this.between(this.#sampledAt, now))
    this.#sampledAt = now
  }

  /** The same figures of any short time that ends now. */
  between(from: number, now: number): StatusSample {
    const seconds = Math.max(1, (now - from) / 1000)
    const readings = this.#parts.readingsSince(from)
    const times = readings.filter(each => each !== null)
    const writes = this.#parts.writesSince(from)
    return {
      at: now, waiting: largest(this.#parts.waiting(Math.ceil(seconds))),
      readingsPerSecond: rounded(readings.length / seconds), failedReadings: readings.length - times.length,
      readingMillisecondsMedian: times.length === 0 ? null : rounded(median(times)), readingMillisecondsP95: times.length === 0 ? null : rounded(percentile(times, 95)),
      writesPerSecond: rounded(writes.length / seconds), writeMillisecondsP95: writes.length === 0 ? null : rounded(percentile(writes, 95)),
      memoryBytes: this.#parts.memoryBytes(),
    }
  }

  since(from: number): readonly StatusSample[] {
    return this.#samples.since(from)
  }
}

const rounded = (value: number): number => Math.round(value * 10) / 10
