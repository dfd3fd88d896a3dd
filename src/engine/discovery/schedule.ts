import type { InstanceKey } from '../../model/topology/instance-key.ts'

/** A number below 2^32 that is the same for a key in every process: FNV-1a. */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5
  for (let place = 0; place < text.length; place++) {
    hash ^= text.charCodeAt(place)
    hash = Math.imul(hash, 0x01000193)
  }
  return hash >>> 0
}

/** The first moment after `after` at which this key is due: each key has its own place in the interval, so that polls spread evenly. */
export function nextDue(key: InstanceKey, after: number, intervalMilliseconds: number): number {
  const place = (stableHash(key) / 2 ** 32) * intervalMilliseconds
  const next = Math.floor((after - place) / intervalMilliseconds) * intervalMilliseconds + place
  return next > after ? next : next + intervalMilliseconds
}

/** Pause after `failures` failed polls in a row: the interval, growing by the factor, never above the ceiling (contract discovery.md 5). */
export function deadPause(failures: number, policy: { readonly intervalMilliseconds: number; readonly factor: number; readonly ceilingMilliseconds: number }): number {
  return Math.min(policy.ceilingMilliseconds, policy.intervalMilliseconds * policy.factor ** Math.max(0, failures - 1))
}
