import type { Reason } from '../../kit/reason.ts'
import type { Instance } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { durabilityReason } from './durability-reasons.ts'
import { countHeldBeyond } from './failover-held.ts'

/** What a failover promises about acknowledged writes: nothing; that none is lost; the same, acknowledged in another data centre. */
export const durabilityPolicies = ['none', 'semi-sync', 'cross-dc-semi-sync'] as const
export type DurabilityPolicy = (typeof durabilityPolicies)[number]

export type Proof = { readonly proven: true; readonly because: Reason } | { readonly proven: false; readonly because: Reason; readonly missing: readonly InstanceKey[] }

const unproven = (because: Reason, missing: readonly InstanceKey[] = []): Proof => ({ proven: false, because, missing })

/** So long a source waits for an acknowledgement that is not coming, that somebody has decided by then. */
const waitsForeverMilliseconds = 3_600_000n

/** Semi-sync replicas of a source as last read; one that was never read may have been one. */
export const acknowledgersOf = (replicas: readonly Instance[]): readonly Instance[] =>
  replicas.filter(({ semiSync, check }) => semiSync?.replicaEnabled === true || semiSync?.replicaActive === true || check.lastSeenAt === null)

/**
 * An acknowledged write is on at least k of the semi-sync replicas S. So any |S| − k + 1 of them hold every acknowledged write between them; and once
 * that many have stopped receiving, the old primary cannot acknowledge another one, wherever it is (beyond.md section 4).
 */
export function proofOf(failed: Instance, replicas: readonly Instance[], reached: ReadonlySet<InstanceKey>): Proof {
  const names = { failed: failed.key }
  const { semiSync } = failed
  if (failed.check.lastSeenAt === null) return unproven(durabilityReason('durability-source-unread', names))
  if (semiSync === null || !semiSync.sourceEnabled || !semiSync.sourceActive || semiSync.waitForReplicaCount < 1) return unproven(durabilityReason('durability-source-off', names))
  if (semiSync.timeoutMilliseconds < waitsForeverMilliseconds) {
    return unproven(durabilityReason('durability-timeout', { ...names, milliseconds: Number(semiSync.timeoutMilliseconds) }))
  }
  if (semiSync.goesOnAlone === true) return unproven(durabilityReason('durability-goes-on-alone', names))
  const all = acknowledgersOf(replicas)
  if (all.length === 0) return unproven(durabilityReason('durability-no-replicas', names))
  // A connection that its replica has left is counted until its thread ends: it is no replica that nobody knows.
  const clients = Math.min(semiSync.clients, semiSync.acknowledgersMax ?? Infinity)
  if (clients > all.length) return unproven(durabilityReason('durability-unknown-replicas', { ...names, clients, known: all.length }))
  const waits = semiSync.waitForReplicaCount
  const needed = Math.max(1, all.length - waits + 1)
  const missing = all.filter(({ key }) => !reached.has(key)).map(({ key }) => key)
  const counts = { ...names, reached: all.length - missing.length, count: all.length, needed, waits }
  if (counts.reached >= needed) return { proven: true, because: durabilityReason('durability-proven', counts) }
  return unproven(durabilityReason('durability-too-few', { ...counts, missing: missing.join(', ') }), missing)
}

/** The successor lacks what one of the reached replicas holds, which may have been acknowledged; null: it holds all that any of them does. */
export function leftBehind(candidate: Instance, replicas: readonly Instance[]): Reason | null {
  for (const replica of replicas) {
    const count = replica.key === candidate.key ? 0 : countHeldBeyond(replica, candidate)
    if (count > 0) return durabilityReason('durability-left-behind', { candidate: candidate.key, server: replica.key, count })
  }
  return null
}

/**
 * Whether a replica of this source is to acknowledge under the policy; null: the policy says nothing, or it cannot. Where servers have semi-sync priorities
 * one without is asynchronous, as it always was.
 */
export function acknowledges(source: Instance, replica: Instance, policy: DurabilityPolicy): boolean | null {
  if (policy === 'none' || replica.semiSync === null || !replica.semiSync.replicaPluginLoaded) return null
  if ((source.semiSync?.priority ?? 0) > 0 && replica.semiSync.priority <= 0) return false
  return policy === 'semi-sync' || replica.dataCenter !== source.dataCenter
}
