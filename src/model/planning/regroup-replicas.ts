import type { InstanceKey } from '../topology/instance-key.ts'
import { type Instance, isLastCheckValid, isReplicating } from '../topology/instance.ts'
import { usesGtid } from '../topology/replication-rules.ts'
import { moveRemark } from './move-remarks.ts'
import { type LeftBehind, type MovesPlan, planMoves, type Planning, tooComplex } from './moves.ts'
import type { Refusal } from './plan.ts'
import { planRelocateAnyWay } from './move-one.ts'
import { chooseCandidate } from './promote-choice.ts'
import type { PromotionPolicy } from './promote-policy.ts'
import { refuse } from './refusals.ts'
import { planRegroupBinlogServers } from './regroup-binlog-servers.ts'

export interface RegroupPlan extends MovesPlan {
  /** Whom the others follow; null when there is no replica at all. */
  readonly candidate: InstanceKey | null
}

/**
 * Makes the replicas of a server follow the most advanced of them, by GTID (contract refactoring.md section 11). Nobody is stopped to choose:
 * what each holds is read, and while the server still sends, the candidate gets whatever another one is ahead by.
 */
export function planRegroupReplicas(
  instance: InstanceKey, kind: 'regroup-replicas' | 'regroup-replicas-gtid', promotion: PromotionPolicy, planning: Planning,
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
  if (withoutGtid !== undefined) return refuse('regroup-needs-gtid', { replica: withoutGtid.key, instance })
  const answers = isLastCheckValid(source) && source.check.failure === null
  const limit = planning.policy.replication.reasonableMaintenanceLagSeconds
  const choice = chooseCandidate(answers ? replicas.map(replica => levelled(replica, source, limit)) : replicas, source, promotion)
  const { candidate } = choice
  if (candidate === null || choice.unfit !== null) return refuse('no-candidate-replica', { instance })
  const sends = answers && candidate.replication?.receiver === 'running'
  // Out of a silent source nobody gets what another one is ahead by: that one would have transactions that its new source lacks.
  const ahead: readonly LeftBehind[] = sends ? [] : choice.ahead.map(({ key: replica }) => ({ replica, why: refuse('ahead-of-candidate', { replica, candidate: candidate.key }).refused }))
  const moves = choice.order.filter(replica => replica.key !== candidate.key && !ahead.some(left => left.replica === replica.key))
  const plan = planMoves({
    kind, says: moveRemark('regroup-replicas', { instance, target: candidate.key }), moves: moves.map(({ key: replica }) => ({ replica, target: candidate.key })),
    concerns: [instance, candidate.key], checks: [moveRemark('leads', { target: candidate.key, count: replicas.length })],
    warnings: ahead.map(({ replica, why }) => moveRemark('left-behind', { replica, why: why.text })), refusal: tooComplex(instance, candidate.key),
  }, planning)
  return 'refused' in plan ? plan : { ...plan, left: [...plan.left, ...ahead], candidate: candidate.key }
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
