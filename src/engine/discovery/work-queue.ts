import type { InstanceKey } from '../../model/topology/instance-key.ts'

export interface WorkQueueOptions {
  /** How much may be at work at the same time; asked before each piece of work. */
  readonly places: () => number
  /** How much may wait. */
  capacity(): number
  /** Work that takes longer gives its place to others, and goes on. Infinity: it keeps it to the end. */
  readonly placeMilliseconds: number
  /** Never rejects. */
  readonly work: (key: InstanceKey) => Promise<void>
  readonly now: () => number
}

/** Keys that wait for work, in order, each once, with so many at work at the same time. */
export class WorkQueue {
  readonly #options: WorkQueueOptions
  readonly #waiting = new Set<InstanceKey>()
  /** Those that take a place, and when each began; the oldest first. */
  readonly #placed = new Map<InstanceKey, number>()
  /** Those that gave their place away; at most one for each key there is. */
  readonly #long = new Set<InstanceKey>()

  constructor(options: WorkQueueOptions) {
    this.#options = options
  }

  get waiting(): number {
    return this.#waiting.size
  }

  get active(): number {
    return this.#placed.size + this.#long.size
  }

  get placesTaken(): number {
    return this.#placed.size
  }

  /** False when it waits or is at work already, or the queue is full. */
  add(key: InstanceKey): boolean {
    if (this.has(key) || this.#waiting.size >= this.#options.capacity()) return false
    this.#waiting.add(key)
    this.next()
    return true
  }

  has(key: InstanceKey): boolean {
    return this.#waiting.has(key) || this.#placed.has(key) || this.#long.has(key)
  }

  clear(): void {
    this.#waiting.clear()
  }

  /** Begins what there is a place for; also to be called now and then, because places come free by the passing of time. */
  next(): void {
    while (this.#waiting.size > 0 && this.#hasPlace()) {
      const [key] = this.#waiting
      if (key === undefined) return
      this.#waiting.delete(key)
      this.#placed.set(key, this.#options.now())
      void this.#options.work(key).finally(() => {
        this.#placed.delete(key)
        this.#long.delete(key)
        this.next()
      })
    }
  }

  #hasPlace(): boolean {
    const places = this.#options.places()
    if (this.#placed.size < places) return true
    const before = this.#options.now() - this.#options.placeMilliseconds
    for (const [key, since] of this.#placed) {
      if (since > before) break
      this.#placed.delete(key)
      this.#long.add(key)
    }
    return this.#placed.size < places
  }
}
