import type { Reason } from '../../kit/reason.ts'
import { type Instance, isReplicating } from '../topology/instance.ts'
import { compareKeys, type InstanceKey } from '../topology/instance-key.ts'
import { canReplicate, type ReplicationPolicy } from '../topology/replication-rules.ts'
import type { Topology } from '../topology/topology.ts'
import { followRows, type LostReplica, replicasToSave } from './failover.ts'
import { replicasByPosition } from './failover-position.ts'
import { countHeldBeyond } from './failover-held.ts'
import { planOf, type Row } from './failover-plan.ts'
import { failoverReason } from './failover-reasons.ts'
import { orphanRows, type OrphanLimits } from './orphan-ways.ts'
import type { Plan, Refusal } from './plan.ts'
import { isPostponed, postponedLimit } from './postpone.ts'

export interface ReplaceIntermediatePolicy {
  readonly replication: ReplicationPolicy
  isBanned(instance: Instance): boolean
  readonly limits: OrphanLimits
  readonly postponeMinutes: number
}

export interface IntermediateReplacement {
  readonly plan: Plan
  /** For those that apply late on purpose: behind the recovery; null: nobody. */
  readonly later: Plan | null
  /** Who feeds the orphans afterwards: the sibling, else the leader among the orphans, else the dead one's source. */
  readonly successor: InstanceKey
  /** Which way of contract recovery.md section 7 was taken. */
  readonly way: 'sibling-here' | 'regroup' | 'sibling-elsewhere' | 'source'
  readonly participants: readonly InstanceKey[]
  readonly lost: readonly LostReplica[]
}

/**
 * Gives the replicas of a dead intermediate source another one, by GTID, or those that use none by what else leads there (orphan-ways.ts): a sibling in its data
 * centre; else one of them leads the others below a sibling elsewhere or below the dead one's source. Those that may not follow there go below the dead one's source directly.
 * Nobody is stopped first: each is repointed receiver-only, and everything any of them held came from above, where it still is.
 */
export function planReplaceIntermediate(topology: Topology, failed: Instance, policy: ReplaceIntermediatePolicy): IntermediateReplacement | Refusal {
  const saved = replicasToSave(topology, failed.key)
  const byPosition = replicasByPosition(topology, failed.key).reachable
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
  const [rows, later]: [Row[], Row[]] = [[], []]
  const lost = [...unreachable]
  const participants = new Set<InstanceKey>()
  let moved = 0
  for (const orphan of orphans) {
    const uses = orphan.replication?.gtid !== 'none'
    const wanted = leader === undefined || orphan.key === leader.key || !uses ? [top, source] : [leader, top, source]
    const isLater = !uses && isPostponed(orphan, policy.postponeMinutes)
    const limited = isLater ? { ...policy, limits: { ...policy.limits, drainMilliseconds: postponedLimit([orphan], policy.limits.drainMilliseconds) } } : policy
    const ways = wanted.filter(target => target !== undefined).map(target => ({ target, rows: wayTo(topology, failed, orphan, target, leader, limited) }))
    const chosen = ways.find((way): way is { target: Instance; rows: readonly Row[] } => !('code' in way.rows))
    if (chosen === undefined) {
      const [first] = ways
      lost.push({ key: orphan.key, reason: first !== undefined && 'code' in first.rows ? first.rows : failoverReason('no-new-source', { failed: failed.key }) })
      continue
    }
    moved += 1
    participants.add(chosen.target.key)
    ;(isLater ? later : rows).push(...chosen.rows)
  }
  if (moved === 0) return { refused: noneMoved(failed.key, lost) }
  const successor = leader?.key ?? top.key
  const says = failoverReason('plan-replace-intermediate', { failed: failed.key, successor })
  const planned = (given: readonly Row[]): Plan => planOf(topology, { kind: 'replace-intermediate', says, rows: slowOnesLast(given), concerns: [failed.key] })
  const [plan, behind] = rows.length === 0 ? [planned(later), null] : [planned(rows), later.length === 0 ? null : planned(later)]
  return { plan, later: behind, successor, way, participants: [...participants].sort(compareKeys), lost }
}

/** Whoever applies or is matched first holds up nobody who only turns. */
function slowOnesLast(rows: readonly Row[]): readonly Row[] {
  const last = Math.max(0, ...rows.filter(({ part }) => part === undefined).map(({ wave }) => wave))
  return rows.map(row => (row.part === undefined ? row : { ...row, wave: row.wave + last }))
}

function noneMoved(failed: InstanceKey, lost: readonly LostReplica[]): Reason {
  const [first, second] = lost
  if (first === undefined) return failoverReason('no-new-source', { failed })
  // Of those that cannot for the same reason one is told.
  const told = [...new Map(lost.toReversed().map(({ reason }) => [reason.code, reason.text])).values()].toReversed()
  return second === undefined ? first.reason : failoverReason('no-orphan-can-move', { failed, count: lost.length, text: told.join('; ') })
}

/** The steps that bring an orphan below a server, or why it may not go there. */
function wayTo(topology: Topology, failed: Instance, orphan: Instance, target: Instance, leader: Instance | undefined, policy: ReplaceIntermediatePolicy): readonly Row[] | Reason {
  const says = refusal(orphan, target, leader, policy)
  if (says !== null) return says
  if (orphan.replication?.gtid === 'none') return orphanRows(topology, failed, orphan, target, policy.limits)
  return followRows(orphan, target.key, 1, target.replication?.receiver === 'running').map(row => ({ ...row, onFailure: 'note' as const }))
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
