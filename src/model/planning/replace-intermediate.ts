import type { Reason } from '../../kit/reason.ts'
import { type Instance, isReplicating } from '../topology/instance.ts'
import { compareKeys, type InstanceKey } from '../topology/instance-key.ts'
import { canReplicate, type ReplicationPolicy } from '../topology/replication-rules.ts'
import type { Topology } from '../topology/topology.ts'
import { followRows, type LostReplica, replicasToSave } from './failover.ts'
import { matchOrphanRows, replicasByPosition } from './failover-position.ts'
import { countHeldBeyond } from './failover-held.ts'
import { planOf, type Row } from './failover-plan.ts'
import { failoverReason } from './failover-reasons.ts'
import type { Plan, Refusal } from './plan.ts'

export interface ReplaceIntermediatePolicy {
  readonly replication: ReplicationPolicy
  isBanned(instance: Instance): boolean
  /** Replicas without GTID are matched by Pseudo-GTID; left out: nothing marks unique statements. */
  readonly pseudoGtid?: { readonly drainMilliseconds: number; readonly matchMilliseconds: number }
}

export interface IntermediateReplacement {
  readonly plan: Plan
  /** Who feeds the orphans afterwards: the sibling, else the leader among the orphans, else the dead one's source. */
  readonly successor: InstanceKey
  /** Which way of contract recovery.md section 7 was taken. */
  readonly way: 'sibling-here' | 'regroup' | 'sibling-elsewhere' | 'source'
  readonly participants: readonly InstanceKey[]
  readonly lost: readonly LostReplica[]
}

/**
 * Gives the replicas of a dead intermediate source another one, by GTID, or by Pseudo-GTID those that use none: a sibling in its data centre; else one of them leads the others
 * below a sibling elsewhere or below the dead one's source. Those that may not follow there go below the dead one's source directly.
 * Nobody is stopped first: each is repointed receiver-only, and everything any of them held came from above, where it still is.
 */
export function planReplaceIntermediate(topology: Topology, failed: Instance, policy: ReplaceIntermediatePolicy): IntermediateReplacement | Refusal {
  const saved = replicasToSave(topology, failed.key)
  const byPosition = policy.pseudoGtid === undefined ? [] : replicasByPosition(topology, failed.key).reachable
  const unreachable = saved.lost.filter(({ key }) => !byPosition.some(replica => replica.key === key))
  const reachable = [...saved.reachable, ...byPosition]
  if (reachable.length === 0) return { refused: failoverReason('no-reachable-replica', { failed: failed.key }) }
  const above = topology.sourceOf(failed)
  const source = above !== undefined && above.check.failure === null ? above : undefined
  const sibling = siblingFor(topology, failed, policy)
  if (sibling !== undefined && sameSite(sibling, failed)) {
    return assemble(topology, failed, reachable, unreachable, 'sibling-here', sibling, undefined, source, policy)
  }
  const top = sibling ?? source
  if (top === undefined) return { refused: failoverReason('no-new-source', { failed: failed.key }) }
  const leader = leaderOf(saved.reachable, policy)
  const way = leader !== undefined && saved.reachable.length > 1 ? 'regroup' : sibling === undefined ? 'source' : 'sibling-elsewhere'
  return assemble(topology, failed, reachable, unreachable, way, top, way === 'regroup' ? leader : undefined, source, policy)
}

function assemble(
  topology: Topology, failed: Instance, orphans: readonly Instance[], unreachable: readonly LostReplica[], way: IntermediateReplacement['way'],
  top: Instance, leader: Instance | undefined, source: Instance | undefined, policy: ReplaceIntermediatePolicy,
): IntermediateReplacement | Refusal {
  const rows: Row[] = []
  const lost = [...unreachable]
  const participants = new Set<InstanceKey>()
  let moved = 0
  for (const orphan of orphans) {
    const matches = orphan.replication?.gtid === 'none' ? policy.pseudoGtid : undefined
    const wanted = leader === undefined || orphan.key === leader.key || matches !== undefined ? [top, source] : [leader, top, source]
    const ways = wanted.filter(target => target !== undefined).map(target => ({ target, says: refusal(orphan, target, leader, policy) }))
    const chosen = ways.find(({ says }) => says === null)
    if (chosen === undefined) {
      lost.push({ key: orphan.key, reason: ways[0]?.says ?? failoverReason('no-new-source', { failed: failed.key }) })
      continue
    }
    moved += 1
    participants.add(chosen.target.key)
    if (matches !== undefined) rows.push(...matchOrphanRows(orphan, chosen.target.key, matches))
    else rows.push(...followRows(orphan, chosen.target.key, 1, chosen.target.replication?.receiver === 'running').map(row => ({ ...row, onFailure: 'note' as const })))
  }
  if (moved === 0) return { refused: lost.at(-1)?.reason ?? failoverReason('no-new-source', { failed: failed.key }) }
  const successor = leader?.key ?? top.key
  const says = failoverReason('plan-replace-intermediate', { failed: failed.key, successor })
  return { plan: planOf(topology, { kind: 'replace-intermediate', says, rows, concerns: [failed.key] }), successor, way, participants: [...participants].sort(compareKeys), lost }
}

/** A leader lacks what a more advanced orphan already has only until it has fetched it from above; it is no obstacle that it is behind. */
function refusal(orphan: Instance, target: Instance, leader: Instance | undefined, policy: ReplaceIntermediatePolicy): Reason | null {
  const rules = canReplicate(orphan, target, policy.replication)
  if (!rules.allowed) return failoverReason('replica-cannot-follow', { server: orphan.key, successor: target.key, text: rules.obstacle.text })
  if (target.key === leader?.key && countHeldBeyond(orphan, target) > 0) {
    return failoverReason('replica-ahead', { server: orphan.key, successor: target.key, count: countHeldBeyond(orphan, target) })
  }
  return null
}

/** The sibling to take over, best first: candidate and same site, candidate, same site, any; more replicas first within each. */
function siblingFor(topology: Topology, failed: Instance, policy: ReplaceIntermediatePolicy): Instance | undefined {
  const siblings = topology.siblingsOf(failed.key).filter(sibling =>
    sibling.check.failure === null && sibling.logBin && sibling.logReplicaUpdates && isReplicating(sibling) && !policy.isBanned(sibling) &&
    sibling.isBinlogServer === failed.isBinlogServer && (sibling.replication?.hasFilters ?? false) === (failed.replication?.hasFilters ?? false))
  const isCandidate = ({ promotionRule }: Instance): boolean => promotionRule === 'must' || promotionRule === 'prefer'
  const preference = (sibling: Instance): number => (isCandidate(sibling) ? 0 : 2) + (sameSite(sibling, failed) ? 0 : 1)
  return siblings.toSorted((left, right) =>
    preference(left) - preference(right) || topology.replicasOf(right.key).length - topology.replicasOf(left.key).length || compareKeys(left.key, right.key))[0]
}


const sameSite = (left: Instance, right: Instance): boolean =>
  left.dataCenter === right.dataCenter && left.physicalEnvironment === right.physicalEnvironment

/** The most advanced of those that can be followed. */
function leaderOf(orphans: readonly Instance[], policy: ReplaceIntermediatePolicy): Instance | undefined {
  return orphans
    .filter(orphan => orphan.logBin && orphan.logReplicaUpdates && !policy.isBanned(orphan))
    .toSorted((left, right) => countHeldBeyond(right, left) - countHeldBeyond(left, right) || compareKeys(left.key, right.key))[0]
}
