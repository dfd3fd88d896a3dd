import { DueQueue } from '../../model/scheduling/due-queue.ts'
import { nextTurn, pauseAfter, type SchedulePolicy } from '../../model/scheduling/schedule.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'

/** When each known server is to be polled next. Times are on the monotonic clock. */
export class PollPlan {
  readonly #policy: SchedulePolicy
  readonly #pulseMost: number
  readonly #due = new DueQueue()
  readonly #pulses = new DueQueue()
  /** Failed polls in a row of those whose last poll failed. */
  readonly #failures = new Map<InstanceKey, number>()

  /** A server is to give a sign of life at least every `pulseMilliseconds`. */
  constructor(policy: SchedulePolicy, pulseMilliseconds: number) {
    this.#policy = policy
    this.#pulseMost = pulseMilliseconds
  }

  /** Null: polls come so often that nobody needs a sign of life between them. */
  get #pulseMilliseconds(): number | null {
    return this.#policy.intervalMilliseconds > this.#pulseMost ? this.#pulseMost : null
  }

  /** Servers whose last poll failed. */
  get dead(): number {
    return this.#failures.size
  }

  isDead(key: InstanceKey): boolean {
    return this.#failures.has(key)
  }

  has(key: InstanceKey): boolean {
    return this.#due.has(key)
  }

  /** When the next poll is due; undefined for a server that is not in the plan. */
  dueAt(key: InstanceKey): number | undefined {
    return this.#due.dueAt(key)
  }

  get nextAt(): number {
    return this.#pulseMilliseconds === null ? this.#due.nextAt : Math.min(this.#due.nextAt, this.#pulses.nextAt)
  }

  add(key: InstanceKey, now: number): void {
    this.#due.set(key, nextTurn(key, now, this.#policy.intervalMilliseconds))
    if (this.#pulseMilliseconds !== null) this.#pulses.set(key, now)
  }

  drop(key: InstanceKey): void {
    this.#due.remove(key)
    this.#pulses.remove(key)
    this.#failures.delete(key)
  }

  /** A server whose poll is due, which uses up its turn: the next one is an interval later. */
  takeDue(now: number): InstanceKey | undefined {
    const key = this.#due.dueBy(now)
    if (key === undefined) return undefined
    this.#due.set(key, nextTurn(key, now, this.#policy.intervalMilliseconds))
    // The interval may have been shorter when it was added.
    if (this.#pulseMilliseconds !== null && !this.#pulses.has(key)) this.#pulses.set(key, now + this.#pulseMilliseconds)
    return key
  }

  /** A server that has given no sign of life for so long. Not one whose last poll failed: whether it is alive is asked by the next poll. */
  takePulse(now: number): InstanceKey | undefined {
    if (this.#pulseMilliseconds === null) return undefined
    for (let key = this.#pulses.dueBy(now); key !== undefined; key = this.#pulses.dueBy(now)) {
      this.#pulses.set(key, now + this.#pulseMilliseconds)
      if (!this.isDead(key)) return key
    }
    return undefined
  }

  succeeded(key: InstanceKey, now: number): void {
    this.#failures.delete(key)
    if (this.#pulseMilliseconds !== null && this.#pulses.has(key)) this.#pulses.set(key, now + this.#pulseMilliseconds)
  }

  failed(key: InstanceKey, now: number): void {
    if (!this.has(key)) return
    const failures = (this.#failures.get(key) ?? 0) + 1
    this.#failures.set(key, failures)
    // Without a back-off it keeps its place in the interval.
    if (this.#policy.deadFactor > 1) this.#due.set(key, now + pauseAfter(failures, this.#policy))
  }
}
