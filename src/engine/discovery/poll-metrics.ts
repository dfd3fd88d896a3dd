import type { ServerFailure } from '../../model/topology/instance.ts'
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

/** Told of each reading as it ends; `kind` is that of its failure. */
export type ReadingListener = (metric: PollMetric, kind: ServerFailure['kind'] | null) => void

const blockSize = 4096
/** A fleet that polls more in the time kept loses the oldest: 1,600,000 polls. */
const blocksMax = 400

/** Figures of some polls in a row, packed: there is one for every poll of every server. */
class Block {
  readonly at = new Float64Array(blockSize)
  readonly serverMilliseconds = new Float32Array(blockSize)
  readonly totalMilliseconds = new Float32Array(blockSize)
  readonly keys: InstanceKey[] = []
  /** Place → text, for those that failed. */
  readonly failures = new Map<number, string>()

  get length(): number {
    return this.keys.length
  }

  get newest(): number {
    return this.at[this.length - 1] ?? 0
  }

  add({ at, key, serverMilliseconds, totalMilliseconds, failure }: PollMetric): void {
    const place = this.length
    this.at[place] = at
    this.serverMilliseconds[place] = serverMilliseconds
    this.totalMilliseconds[place] = totalMilliseconds
    this.keys.push(key)
    if (failure !== null) this.failures.set(place, failure)
  }

  since(from: number): PollMetric[] {
    return this.keys.flatMap((key, place) => {
      const at = this.at[place] ?? 0
      if (at < from) return []
      const [serverMilliseconds = 0, totalMilliseconds = 0] = [this.serverMilliseconds[place], this.totalMilliseconds[place]]
      return [{ at, key, serverMilliseconds, totalMilliseconds, failure: this.failures.get(place) ?? null }]
    })
  }
}

/** Figures of recent polls, oldest first, for the last so many seconds. */
export class PollMetrics {
  readonly #keepMilliseconds: number
  readonly #listeners = new Set<ReadingListener>()
  #blocks: Block[] = []

  constructor(keepSeconds: number) {
    this.#keepMilliseconds = keepSeconds * 1000
  }

  onReading(listener: ReadingListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  add(metric: PollMetric, kind: ServerFailure['kind'] | null = null): void {
    for (const listener of this.#listeners) listener(metric, kind)
    const last = this.#blocks.at(-1)
    if (last !== undefined && last.length < blockSize) return last.add(metric)
    const from = metric.at - this.#keepMilliseconds
    this.#blocks = this.#blocks.filter(block => block.newest >= from).slice(1 - blocksMax)
    const block = new Block()
    block.add(metric)
    this.#blocks.push(block)
  }

  /** Nothing older than the time kept is promised, but may be there. */
  since(from: number): readonly PollMetric[] {
    return this.#blocks.flatMap(block => (block.newest < from ? [] : block.since(from)))
  }
}
