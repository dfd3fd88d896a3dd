import { type FreshnessPolicy, isRecentlyChecked } from '../topology/freshness.ts'
import { type Instance, isLastCheckValid, isReplicating } from '../topology/instance.ts'
import type { Refusal } from './plan.ts'
import { refuse } from './refusals.ts'

/** Read well and lately, replicating, and not too far behind: the original's test before it moves by positions (contract refactoring.md section 4). */
export function refuseUnlessCanMove(server: Instance, freshness: FreshnessPolicy, reasonableLagSeconds: number, now: number): Refusal | null {
  const loose = refuseUnlessReadLately(server, freshness, now)
  if (loose !== null) return loose
  if (!isReplicating(server)) return refuse('not-replicating', { server: server.key })
  const [lag, delay] = [server.replication?.secondsBehindSource ?? null, server.replication?.delaySeconds ?? 0]
  if (lag === null) return refuse('lag-unknown', { server: server.key })
  return Math.abs(lag - delay) > reasonableLagSeconds ? refuse('lags-too-much', { server: server.key, seconds: lag }) : null
}

export function refuseUnlessReadLately(server: Instance, freshness: FreshnessPolicy, now: number): Refusal | null {
  const { failure } = server.check
  if (!isLastCheckValid(server)) return failure === null ? refuse('last-check-invalid', { server: server.key }) : refuse('unreachable', { server: server.key, failure: failure.text, kind: failure.kind })
  return isRecentlyChecked(server, freshness, now) ? null : refuse('not-recently-checked', { server: server.key })
}
