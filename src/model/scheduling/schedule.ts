import type { InstanceKey } from '../topology/instance-key.ts'

/** How often servers are read. All in milliseconds. */
export interface SchedulePolicy {
  readonly intervalMilliseconds: number
  /** A server that cannot be reached waits this many times longer after each further failure (1: no back-off) … */
  readonly deadFactor: number
  /** … but never longer than this. */
  readonly deadMaxMilliseconds: number
}

/**
 * The first moment after `after` at which this server has its turn: its own place in the interval, the same in every process, so that the polls of
 * a fleet spread evenly. Turns of one server are whole intervals apart.
 */
export function nextTurn(key: InstanceKey, after: number, intervalMilliseconds: number): number {
  const place = placeOf(key) * intervalMilliseconds
  const turn = Math.floor((after - place) / intervalMilliseconds) * intervalMilliseconds + place
  return turn > after ? turn : turn + intervalMilliseconds
}

/** The least time between two polls after so many failures in a row: one interval at first, then growing by the factor (contract discovery.md 5). */
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
