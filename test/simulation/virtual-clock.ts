import type { Clock } from '../../src/ports/clock.ts'

interface Timer {
  readonly at: number
  readonly order: number
  readonly act: () => void
  readonly isQuiet: boolean
  isCancelled: boolean
}

/** Time that jumps from one thing to the next. Everything of a simulation waits here and nowhere else, so that one seed always runs the same way. */
export class VirtualClock {
  #now = 0
  #order = 0
  /** A heap by time, then by the order of asking. */
  readonly #heap: Timer[] = []

  get at(): number {
    return this.#now
  }

  after(milliseconds: number, act: () => void): () => void {
    return this.#at(milliseconds, act, false)
  }

  /** For what wakes up no promise: then nobody needs to be let on afterwards, which is most of the cost of a turn. */
  quietly(milliseconds: number, act: () => void): () => void {
    return this.#at(milliseconds, act, true)
  }

  #at(milliseconds: number, act: () => void, isQuiet: boolean): () => void {
    const timer: Timer = { at: this.#now + Math.max(0, milliseconds), order: this.#order++, act, isQuiet, isCancelled: false }
    this.#push(timer)
    return () => void (timer.isCancelled = true)
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      if (signal?.aborted) return resolve()
      const cancel = this.after(milliseconds, () => {
        signal?.removeEventListener('abort', stop)
        resolve()
      })
      const stop = (): void => {
        cancel()
        resolve()
      }
      signal?.addEventListener('abort', stop, { once: true })
    })
  }

  /** Runs everything up to that time; whoever waited goes on in between. */
  async runTo(until: number): Promise<void> {
    let mayWake = true
    for (;;) { // ends when nothing is due any more: every timer is taken out once
      if (mayWake) await new Promise(resolve => setImmediate(resolve))
      mayWake = false
      const [next] = this.#heap
      if (next === undefined || next.at > until) break
      this.#pop()
      if (next.isCancelled) continue
      this.#now = next.at
      next.act()
      mayWake = !next.isQuiet
    }
    this.#now = until
  }

  #push(timer: Timer): void {
    const heap = this.#heap
    heap.push(timer)
    for (let at = heap.length - 1; at > 0;) {
      const above = (at - 1) >> 1
      if (!isBefore(heap[at], heap[above])) break
      swap(heap, at, above)
      at = above
    }
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    heap[0] = last
    for (let at = 0; ;) {
      let least = at
      for (const below of [2 * at + 1, 2 * at + 2]) if (below < heap.length && isBefore(heap[below], heap[least])) least = below
      if (least === at) return
      swap(heap, at, least)
      at = least
    }
  }
}

const isBefore = (left: Timer | undefined, right: Timer | undefined): boolean =>
  left !== undefined && right !== undefined && (left.at < right.at || (left.at === right.at && left.order < right.order))

function swap(heap: Timer[], left: number, right: number): void {
  const [one, other] = [heap[left], heap[right]]
  if (one !== undefined && other !== undefined) [heap[left], heap[right]] = [other, one]
}

/** The clock of one machine: it may be put forward or back by whole steps, while what it measures never jumps. Nothing goes on after its end. */
export class MachineClock implements Clock {
  readonly #clock: VirtualClock
  readonly #epoch: number
  #stepped = 0
  #isOver = false

  constructor(clock: VirtualClock, epoch: number) {
    this.#clock = clock
    this.#epoch = epoch
  }

  now(): number {
    return this.#epoch + this.#stepped + Math.floor(this.#clock.at)
  }

  monotonic(): number {
    return this.#clock.at
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return this.#isOver ? new Promise(() => {}) : this.#clock.sleep(milliseconds, signal).then(() => (this.#isOver ? new Promise(() => {}) : undefined))
  }

  after(milliseconds: number, act: () => void): () => void {
    return this.#isOver ? () => {} : this.#clock.after(milliseconds, () => { if (!this.#isOver) act() })
  }

  step(milliseconds: number): void {
    this.#stepped += milliseconds
  }

  /** The machine is gone: whoever sleeps on it never wakes up. */
  end(): void {
    this.#isOver = true
  }
}
