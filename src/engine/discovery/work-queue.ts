import type { InstanceKey } from '../../model/topology/instance-key.ts'

/** Keys that wait for work, in order, each once, with so many at work at the same time. */
export class WorkQueue {
  readonly #waiting = new Set<InstanceKey>()
  readonly #active = new Set<InstanceKey>()
  readonly #concurrency: () => number
  readonly #capacity: number
  readonly #work: (key: InstanceKey) => Promise<void>

  /** `work` never rejects. `concurrency` is asked before each piece of work. */
  constructor(concurrency: () => number, capacity: number, work: (key: InstanceKey) => Promise<void>) {
    this.#concurrency = concurrency
    this.#capacity = capacity
    this.#work = work
  }

  get waiting(): number {
    return this.#waiting.size
  }

  get active(): number {
    return this.#active.size
  }

  /** False when it waits or is at work already, or the queue is full. */
  add(key: InstanceKey): boolean {
    if (this.#waiting.has(key) || this.#active.has(key) || this.#waiting.size >= this.#capacity) return false
    this.#waiting.add(key)
    this.#next()
    return true
  }

  has(key: InstanceKey): boolean {
    return this.#waiting.has(key) || this.#active.has(key)
  }

  clear(): void {
    this.#waiting.clear()
  }

  #next(): void {
    while (this.#active.size < this.#concurrency()) {
      const [key] = this.#waiting
      if (key === undefined) return
      this.#waiting.delete(key)
      this.#active.add(key)
      void this.#work(key).finally(() => {
        this.#active.delete(key)
        this.#next()
      })
    }
  }
}
