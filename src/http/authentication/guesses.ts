import type { Clock } from '../../ports/clock.ts'

export const guessLimits = {
  /** So many wrong passwords from one address within the window are answered as ever. */
  failures: 20,
  windowMilliseconds: 60_000,
  addresses: 10_000,
} as const

interface Failures {
  count: number
  readonly since: number
}

/**
 * Wrong passwords by address. Whoever has sent too many is told to wait, right or wrong, so that nothing is learnt by guessing on;
 * a password that was right before is not kept waiting by somebody else behind the same address.
 */
export class Guesses {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #failures = new Map<string, Failures>()

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
  }

  /** Seconds to wait; 0: none. */
  waitSeconds(address: string): number {
    const failures = this.#failures.get(address)
    if (failures === undefined) return 0
    const left = failures.since + guessLimits.windowMilliseconds - this.#clock.monotonic()
    if (left <= 0) this.#failures.delete(address)
    return left > 0 && failures.count >= guessLimits.failures ? Math.ceil(left / 1000) : 0
  }

  failed(address: string): void {
    const known = this.#failures.get(address)
    if (known !== undefined && known.since + guessLimits.windowMilliseconds > this.#clock.monotonic()) known.count++
    else {
      this.#failures.delete(address)
      this.#failures.set(address, { count: 1, since: this.#clock.monotonic() })
    }
    // The one that began longest ago gives way: a flood of addresses must not fill the memory.
    const [oldest] = this.#failures.keys()
    if (this.#failures.size > guessLimits.addresses && oldest !== undefined) this.#failures.delete(oldest)
  }
}
