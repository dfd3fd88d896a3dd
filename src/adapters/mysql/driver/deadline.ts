import type { Clock } from '../../../ports/clock.ts'

/** A moment by which something ends, on the clock that never jumps. */
export class Deadline {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #at: number

  constructor(clock: Pick<Clock, 'monotonic'>, milliseconds: number) {
    this.#clock = clock
    this.#at = clock.monotonic() + milliseconds
  }

  /** Milliseconds left, at least 1, so that a timer made of it fires. */
  get left(): number {
    return Math.max(1, this.#at - this.#clock.monotonic())
  }

  /** The earlier one of this and `milliseconds` from now. */
  within(milliseconds: number): Deadline {
    return new Deadline(this.#clock, Math.min(this.left, milliseconds))
  }
}
