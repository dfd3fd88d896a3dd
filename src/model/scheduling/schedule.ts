import type { InstanceKey } from '../topology/instance-key.ts'

/** How often servers are read. All in milliseconds. */
export interface SchedulePolicy {
  readonly intervalMilliseconds: number
  /** A server that cannot be reached waits this many times longer after each further failure (1: no back-off) … */
  readonly deadFactor: number
  /** … but never longer than this. */
  readonly deadMaxMilliseconds: number
}

/** What the past of one server says about its next poll. Times in ms since 1970. */
export interface PollHistory {
  /** When its last poll began; null: never. */
  readonly lastAttemptedAt: number | null
  /** Polls in a row that could not reach it. */
  readonly failures: number
}

export const neverPolled: PollHistory = { lastAttemptedAt: null, failures: 0 }

/** A timer may fire this share of an interval late without the next turn being lost. */
const lateness = 0.1

/**
 * When a server is due: at its own place in the interval, which is the same in every process and after every restart, so that the polls of a
 * fleet spread evenly. One that was never polled is due at once; one that was polled out of turn is not polled again within an interval;
 * one that cannot be reached waits for its pause (contract discovery.md 5).
 */
export function nextDue(key: InstanceKey, { lastAttemptedAt, failures }: PollHistory, policy: SchedulePolicy): number {
  if (lastAttemptedAt === null) return -Infinity
  const interval = policy.intervalMilliseconds
  const earliest = lastAttemptedAt + pauseAfter(failures, policy) - lateness * interval
  const place = placeOf(key) * interval
  return Math.ceil((earliest - place) / interval) * interval + place
}

/** The servers that are due now, the longest waiting first. Those being polled at this moment are the caller's to leave out. */
export function dueKeys(histories: Iterable<readonly [InstanceKey, PollHistory]>, policy: SchedulePolicy, now: number): readonly InstanceKey[] {
  const due: { readonly key: InstanceKey; readonly since: number }[] = []
  for (const [key, history] of histories) {
    const since = nextDue(key, history, policy)
    if (since <= now) due.push({ key, since })
  }
  return due.sort((left, right) => (left.since === right.since ? 0 : left.since - right.since)).map(({ key }) => key)
}

/** The least time between two polls after so many failures in a row: one interval at first, then growing by the factor. */
export function pauseAfter(failures: number, { intervalMilliseconds, deadFactor, deadMaxMilliseconds }: SchedulePolicy): number {
  const grown = intervalMilliseconds * deadFactor ** Math.max(0, failures - 1)
  return Math.max(intervalMilliseconds, Math.min(grown, deadMaxMilliseconds))
}

/** Where in the interval a key has its turn: 0 ≤ place < 1, by 32-bit FNV-1a with its bits mixed, since names of one fleet differ little. */
export function placeOf(key: InstanceKey): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

/** Why settings of the schedule cannot be used; null when they can. The sentences are the original's. */
export function scheduleObstacle({ intervalMilliseconds, deadFactor, deadMaxMilliseconds }: SchedulePolicy): string | null {
  if (deadFactor < 1) return 'DeadInstancePollSecondsMultiplyFactor can not be smaller than 1'
  return deadMaxMilliseconds < intervalMilliseconds ? 'DeadInstancePollSecondsMax can not be smaller than InstancePollSeconds' : null
}
