import type { InstanceKey } from '../../model/topology/instance-key.ts'

export interface PollMetric {
  /** ms since 1970. */
  readonly at: number
  readonly key: InstanceKey
  /** From asking the server to the answer, and to the record. */
  readonly serverMilliseconds: number
  readonly totalMilliseconds: number
  /** Null when it went well. */
  readonly failure: string | null
}

/** Figures of single polls at most; a fleet that polls more in the time kept loses the oldest. */
const metricsMax = 200_000

/** Figures of recent polls, oldest first, for the last so many seconds. */
export class PollMetrics {
  readonly #keepMilliseconds: number
  #metrics: PollMetric[] = []

  constructor(keepSeconds: number) {
    this.#keepMilliseconds = keepSeconds * 1000
  }

  add(metric: PollMetric): void {
    this.#metrics.push(metric)
    // Cut in large pieces, so that it costs nothing per poll.
    const oldest = this.#metrics[0]
    if (oldest !== undefined && (this.#metrics.length >= metricsMax || metric.at - oldest.at > 2 * this.#keepMilliseconds)) {
      const from = metric.at - this.#keepMilliseconds
      this.#metrics = this.#metrics.filter(kept => kept.at >= from).slice(-metricsMax / 2)
    }
  }

  /** All that are kept, at `now` in ms since 1970. */
  recent(now: number): readonly PollMetric[] {
    return this.since(now - this.#keepMilliseconds)
  }

  since(from: number): readonly PollMetric[] {
    return this.#metrics.filter(metric => metric.at >= from)
  }
}
