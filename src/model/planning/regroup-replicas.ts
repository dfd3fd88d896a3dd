import type { InstanceKey } from '../topology/instance-key.ts'
import { type Instance, isLastCheckValid, isReplicating } from '../topology/instance.ts'
import { usesGtid } from '../topology/replication-rules.ts'
import { leaderRows, refuseLeader, wayBelowLeader } from './below-leader.ts'
import { wayMatched } from './by-pseudo-gtid.ts'
import { moveRemark } from './move-remarks.ts'
import { type LeftBehind, type Move, type MovesPlan, type MovesWish, planMoves, type Planning, tooComplex } from './moves.ts'
import type { Refusal } from './plan.ts'
import { planRelocateAnyWay } from './move-one.ts'
import { chooseCandidate } from './promote-choice.ts'
import type { PromotionPolicy } from './promote-policy.ts'
import { refuse } from './refusals.ts'
import { restart } from './position-rows.ts'
import { planRegroupBinlogServers } from './regroup-binlog-servers.ts'
import { type Way, wayOf } from './ways.ts'

export interface RegroupPlan extends MovesPlan {
  /** Whom the others follow; null when there is no replica at all. */
  readonly candidate: InstanceKey | null
}

export type RegroupKind = 'regroup-replicas' | 'regroup-replicas-gtid' | 'regroup-replicas-pgtid'

/**
 * Makes the replicas of a server follow the most advanced of them (contract refactoring.md section 11). Nobody is stopped to choose: what each holds is
 * read, and while the server still sends, the candidate gets whatever another one is ahead by. Out of a silent server, replicas without GTID that have
 * read just as far as the candidate follow it from the end of its own log, which needs no Pseudo-GTID.
 */
export function planRegroupReplicas(
  instance: InstanceKey, kind: RegroupKind, promotion: PromotionPolicy, planning: Planning,
): RegroupPlan | Refusal {
  const { topology } = planning
  const source = topology.get(instance)
  if (source === undefined) return refuse('unknown-instance', { server: instance })
  const replicas = topology.replicasOf(instance)
  const [only] = replicas
  if (only === undefined || replicas.length === 1) {
    const plan = planMoves({ kind, says: moveRemark('nothing-to-move', {}), moves: [], concerns: [instance], refusal: tooComplex(instance, instance) }, planning)
    return 'refused' in plan ? plan : { ...plan, candidate: only?.key ?? null }
  }
  if (kind === 'regroup-replicas' && replicas.every(replica => replica.isBinlogServer)) return planRegroupBinlogServers(instance, kind, planning, planRelocateAnyWay)
  const withoutGtid = replicas.find(replica => !usesGtid(replica))
  if (kind === 'regroup-replicas-pgtid' && !planning.policy.pseudoGtid) return refuse('match-unset', {})
  if (kind === 'regroup-replicas-gtid' && withoutGtid !== undefined) return refuse('regroup-needs-gtid', { replica: withoutGtid.key, instance })
  const answers = isLastCheckValid(source) && source.check.failure === null
  const limit = planning.policy.replication.reasonableMaintenanceLagSeconds
  const choice = chooseCandidate(answers ? replicas.map(replica => levelled(replica, source, limit)) : replicas, source, promotion)
  const { candidate } = choice
  if (candidate === null || choice.unfit !== null) return refuse('no-candidate-replica', { instance })
  const sends = answers && candidate.replication?.receiver === 'running'
  // Out of a silent source nobody gets what another one is ahead by: that one would have transactions that its new source lacks.
  const ahead: readonly LeftBehind[] = sends ? [] : choice.ahead.map(({ key: replica }) => ({ replica, why: refuse('ahead-of-candidate', { replica, candidate: candidate.key }).refused }))
  const moves = choice.order.filter(replica => replica.key !== candidate.key && !ahead.some(left => left.replica === replica.key))
  const below = moves.map(({ key: replica }) => ({ replica, target: candidate.key }))
  const ways = new Map(below.map(move => [move.replica, regroupWay(move, kind, sends, instance, planning)]))
  const stands = !sends && [...ways.values()].some(way => !('refused' in way) && way.method === 'position')
  const cannotStand = stands ? refuseLeader(candidate) : null
  if (cannotStand !== null) return cannotStand
  const plan = planMoves({
    kind, says: moveRemark('regroup-replicas', { instance, target: candidate.key }), moves: below,
    judge: move => ways.get(move.replica) ?? regroupWay(move, kind, sends, instance, planning),
    ...(stands ? leaderStands(candidate, instance, planning) : {}),
    concerns: [instance, candidate.key], checks: [moveRemark('leads', { target: candidate.key, count: replicas.length })],
    warnings: ahead.map(({ replica, why }) => moveRemark('left-behind', { replica, why: why.text })), refusal: tooComplex(instance, candidate.key),
  }, planning)
  return 'refused' in plan ? plan : { ...plan, left: [...plan.left, ...ahead], candidate: candidate.key }
}

/** By GTID alone where that was asked for; else by what leads there, a match first where that was asked for. */
function regroupWay(move: Move, kind: RegroupKind, sends: boolean, source: InstanceKey, planning: Planning): Way | Refusal {
  const { replica, target } = move
  if (kind === 'regroup-replicas-gtid') return wayOf(replica, target, planning, ['gtid'])
  if (!sends) return wayBelowLeader(move, source, planning)
  const matched = kind === 'regroup-replicas-pgtid' ? wayMatched(replica, target, planning) : null
  if (matched === null || 'refused' in matched) return wayOf(replica, target, planning)
  return { ...matched, replica, target, methods: [{ replica, method: 'pseudo-gtid', taken: true, why: moveRemark('regrouped-by-pattern', { replica }) }] }
}

/** The leader stands while the others read its place, and is started again when they are there. */
function leaderStands(leader: Instance, source: InstanceKey, { policy }: Planning): Pick<MovesWish, 'first' | 'last'> {
  const rows = leaderRows(leader, policy.drainMilliseconds)
  const runs = rows.some(({ step }) => step.do === 'stop-replication')
  const again = { wave: 1, step: restart(leader), onFailure: 'note' as const, ifStoppedHere: moveRemark('leads-on', { target: leader.key, source }) }
  return { first: rows.map((row, index) => ({ ...row, wave: index + 1 })), last: runs ? [again] : [] }
}

/**
 * While the source sends, replicas that keep up differ only by what is on its way: who is ahead changes from reading to reading, and a plan that was
 * shown would be another one a moment later. They count as equally far, so that the choice is made by what lasts.
 */
function levelled(replica: Instance, source: Instance, lagLimitSeconds: number): Instance {
  const { replication: link } = replica
  if (link === null || !isReplicating(replica) || (replica.replicationLagSeconds ?? Infinity) > lagLimitSeconds) return replica
  const { executedGtidSet, mariadbGtid, binlogCoordinates } = source
  const level = { ...link, retrievedGtidSet: '', readCoordinates: binlogCoordinates, executedCoordinates: binlogCoordinates }
  return { ...replica, executedGtidSet, mariadbGtid: mariadbGtid ?? replica.mariadbGtid, replication: level, channels: [level] }
}
