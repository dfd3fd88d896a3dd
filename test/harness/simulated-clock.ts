import type { Clock } from '../../src/ports/clock.ts'

interface Timer {
  readonly at: number
  readonly act: () => void
}

/** A clock that stands still until it is told to go on. */
export class SimulatedClock implements Clock {
  #now: number
  #timers = new Set<Timer>()

  constructor(now = Date.UTC(2026, 10, 22)) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#now
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      if (signal?.aborted) return resolve()
      const cancel = this.after(milliseconds, resolve)
      signal?.addEventListener('abort', () => { cancel(); resolve() }, { once: true })
    })
  }

  after(milliseconds: number, act: () => void): () => void {
    const timer: Timer = { at: this.#now + Math.max(0, milliseconds), act }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Lets so much time pass: timers go off in their order, and whoever waits for them goes on in between. */
  async pass(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds
    await this.settle()
    for (let next = this.#next(until); next !== null; next = this.#next(until)) {
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.act()
      await this.settle()
    }
    this.#now = until
  }

  /** Lets everything that is ready run. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 3; turn++) await new Promise(resolve => setImmediate(resolve))
  }

  #next(until: number): Timer | null {
    let first: Timer | null = null
    for (const timer of this.#timers) if (timer.at <= until && (first === null || timer.at < first.at)) first = timer
    return first
  }
}
