import { nextTurn, pauseAfter, type SchedulePolicy } from '../../model/scheduling/schedule.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'

interface Entry {
  dueAt: number
  pulseAt: number
  /** Failed polls in a row. */
  failures: number
}

/** When each known server is to be polled next. Times are on the monotonic clock. */
export class PollPlan {
  readonly #policy: SchedulePolicy
  readonly #entries = new Map<InstanceKey, Entry>()

  constructor(policy: SchedulePolicy) {
    this.#policy = policy
  }

  get dead(): number {
    let count = 0
    for (const entry of this.#entries.values()) if (entry.failures > 0) count++
    return count
  }

  isDead(key: InstanceKey): boolean {
    return (this.#entries.get(key)?.failures ?? 0) > 0
  }

  dueAt(key: InstanceKey, now: number): number {
    return this.#entry(key, now).dueAt
  }

  /** The due time has come and is used up; the next one is an interval later. */
  taken(key: InstanceKey, now: number): void {
    this.#entry(key, now).dueAt = nextTurn(key, now, this.#policy.intervalMilliseconds)
  }

  /** Sources are asked for a sign of life between polls; true at most once per `pauseMilliseconds`. */
  takesPulse(key: InstanceKey, now: number, pauseMilliseconds: number): boolean {
    const entry = this.#entry(key, now)
    if (entry.failures > 0 || entry.pulseAt > now) return false
    entry.pulseAt = now + pauseMilliseconds
    return true
  }

  succeeded(key: InstanceKey, now: number, pauseMilliseconds: number): void {
    const entry = this.#entry(key, now)
    entry.failures = 0
    entry.pulseAt = now + pauseMilliseconds
  }

  failed(key: InstanceKey, now: number): void {
    const entry = this.#entry(key, now)
    entry.failures++
    // Without a back-off it keeps its place in the interval.
    if (this.#policy.deadFactor > 1) entry.dueAt = now + pauseAfter(entry.failures, this.#policy)
  }

  drop(key: InstanceKey): void {
    this.#entries.delete(key)
  }

  #entry(key: InstanceKey, now: number): Entry {
    const present = this.#entries.get(key)
    if (present !== undefined) return present
    const entry: Entry = { dueAt: nextTurn(key, now, this.#policy.intervalMilliseconds), pulseAt: now, failures: 0 }
    this.#entries.set(key, entry)
    return entry
  }
}
