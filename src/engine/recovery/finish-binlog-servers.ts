import { coordinatesText } from '../../model/topology/binlog-coordinates.ts'
import { binlogFailoverReason as binlogReason } from '../../model/planning/failover-binlog-server-reasons.ts'
import { gatheredServers, nextFile, planGatherBinlogServers, planLeaderSource, planLeaderStands } from '../../model/planning/failover-binlog-server.ts'
import { positionFailoverReason as positionReason } from '../../model/planning/failover-position-reasons.ts'
import type { LostReplica } from '../../model/planning/failover.ts'
import type { Plan } from '../../model/planning/plan.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Intent } from '../../ports/intents.ts'
import { failedSteps, type PlanOutcome } from '../execution/plan-outcome.ts'
import { notMoved } from './failover-stages.ts'
import { type Finished, planStartStopped } from './finish-followers.ts'
import type { Fleet } from './fleet.ts'

const lookMilliseconds = 3000

/**
 * Binlog servers below a dead primary whose failover was cut off after one of their replicas took over: the one that had read furthest goes on in the file
 * that was begun for it, the others read from it.
 */
export async function finishBinlogServers(
  { fleet, run }: { readonly fleet: Fleet; run(plan: Plan): Promise<PlanOutcome> }, failed: InstanceKey, successor: Instance, intents: readonly Intent[],
): Promise<Finished> {
  const left = gatheredServers(fleet.topology(), failed)
  const begun = begunFor(intents, successor.key)
  const leader = begun?.servers.flatMap(key => fleet.get(key) ?? []).find(({ isBinlogServer }) => isBinlogServer)
  const reachable = 'refused' in left ? [] : [left.leader, ...left.others]
  if (begun === null || leader === undefined) {
    return { lost: [...left.lost, ...reachable.map(({ key }) => ({ key, reason: positionReason('orphan-binlog-server', { server: key, failed, successor: successor.key }) }))], errors: [] }
  }
  const outcomes: PlanOutcome[] = []
  const others = reachable.filter(({ key }) => key !== leader.key)
  if (others.length > 0) outcomes.push(await run(planGatherBinlogServers(fleet.topology(), failed, leader.key, others)))
  const below = fleet.topology().replicasOf(leader.key).filter(({ isBinlogServer }) => isBinlogServer)
  outcomes.push(await run(planStartStopped(fleet.topology(), below)))
  const lost: LostReplica[] = [...left.lost]
  if (reachable.some(({ key }) => key === leader.key)) {
    outcomes.push(await run(planLeaderStands(fleet.topology(), failed, leader)))
    const place = ((await fleet.look(leader.key, lookMilliseconds, 'full')) ?? leader).replication?.executedCoordinates ?? null
    if (place === null) lost.push({ key: leader.key, reason: binlogReason('binlog-server-no-place', { server: leader.key }) })
    else if (nextFile(place) !== begun.file) lost.push({ key: leader.key, reason: binlogReason('stands-elsewhere', { server: leader.key, place: coordinatesText(place), file: begun.file }) })
    else outcomes.push(await run(planLeaderSource(fleet.topology(), leader.key, successor.key, place)))
  }
  return { lost: [...lost, ...outcomes.flatMap(notMoved)], errors: outcomes.flatMap(failedSteps).map(({ failure }) => failure?.text ?? '') }
}

/** The first file of the successor's log that binlog servers ask for, and the servers that its plan was about. */
function begunFor(intents: readonly Intent[], successor: InstanceKey): { readonly file: string; readonly servers: readonly InstanceKey[] } | null {
  for (const { plan } of intents) {
    for (const { step } of plan.steps) if (plan.kind === 'promote' && step.do === 'purge-binary-logs' && step.on === successor) return { file: step.upTo, servers: plan.concerns }
  }
  return null
}
