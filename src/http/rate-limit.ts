import type { Clock } from '../ports/clock.ts'

/** Whoever asked nothing for a while may ask so many seconds' worth at once. */
const burstSeconds = 5
const addressesMax = 10_000

interface Bucket {
  left: number
  at: number
}

/** Requests by address; nothing is counted while no limit is set. */
export class RateLimit {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #buckets = new Map<string, Bucket>()

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
  }

  /** Seconds to wait; 0: the request may be answered, and is counted. */
  waitSeconds(address: string, perSecond: number): number {
    if (perSecond <= 0) return 0
    const now = this.#clock.monotonic()
    const most = perSecond * burstSeconds
    const bucket = this.#buckets.get(address) ?? { left: most, at: now }
    bucket.left = Math.min(most, bucket.left + ((now - bucket.at) / 1000) * perSecond)
    bucket.at = now
    // Put at the end: the one that asked longest ago gives way.
    this.#buckets.delete(address)
    this.#buckets.set(address, bucket)
    const [oldest] = this.#buckets.keys()
    if (this.#buckets.size > addressesMax && oldest !== undefined) this.#buckets.delete(oldest)
    if (bucket.left < 1) return Math.max(1, Math.ceil((1 - bucket.left) / perSecond))
    bucket.left -= 1
    return 0
  }
}
