export interface QueueSample {
  /** ms of the monotonic clock. */
  readonly at: number
  readonly active: number
  readonly queued: number
}

/** As the original calls them. */
export type QueueName = 'DEFAULT' | 'DEADINSTANCES'

/** How full the queues of polls were, once a second: the last so many. */
export class QueueSamples {
  readonly #samplesMax: number
  readonly #samples = new Map<string, QueueSample[]>()

  constructor(samplesMost: number) {
    this.#samplesMax = Math.max(1, samplesMost)
  }

  add(queue: QueueName, sample: QueueSample): void {
    const samples = this.#samples.get(queue) ?? []
    samples.push(sample)
    if (samples.length > this.#samplesMax) samples.shift()
    this.#samples.set(queue, samples)
  }

  /** The newest so many, oldest first; undefined for a queue that does not exist. */
  newest(queue: string, count: number): readonly QueueSample[] | undefined {
    return this.#samples.get(queue)?.slice(-Math.max(1, Math.floor(count)))
  }
}
