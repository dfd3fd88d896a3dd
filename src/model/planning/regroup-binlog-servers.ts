import { compareCoordinates } from '../topology/binlog-coordinates.ts'
import { type Instance, isLastCheckValid, isReplicating } from '../topology/instance.ts'
import { compareKeys, type InstanceKey } from '../topology/instance-key.ts'
import { planMovesByBinlogServer, type Relocate } from './by-binlog-server.ts'
import { planOf } from './failover-plan.ts'
import { logRemark } from './log-remarks.ts'
import { moveRemark } from './move-remarks.ts'
import { type Planning, tooComplex } from './moves.ts'
import type { Refusal } from './plan.ts'
import { refuse } from './refusals.ts'
import type { RegroupPlan } from './regroup-replicas.ts'

/** Makes the binlog servers below a server follow the one of them that has read furthest (contract refactoring.md section 11, -bls). */
export function planRegroupBinlogServers(instance: InstanceKey, kind: 'regroup-replicas' | 'regroup-replicas-bls', planning: Planning, relocate: Relocate): RegroupPlan | Refusal {
  const { topology } = planning
  if (topology.get(instance) === undefined) return refuse('unknown-instance', { server: instance })
  const servers = topology.replicasOf(instance).filter(replica => replica.isBinlogServer)
  const valid = servers.filter(isLastCheckValid)
  const [leader] = valid.toSorted(furthestFirst(valid.every(isReplicating)))
  if (leader === undefined) return refuse('no-binlog-server', { instance })
  const others = servers.filter(({ key }) => key !== leader.key)
  const says = logRemark('regroup-binlog-servers', { instance, target: leader.key })
  const checks = [logRemark('leads-binlog-servers', { target: leader.key, count: servers.length })]
  if (others.length === 0) {
    return { ...planOf(topology, { kind, says: moveRemark('nothing-to-move', {}), rows: [], method: 'none', concerns: [instance] }), moves: [], left: [], candidate: leader.key }
  }
  const plan = planMovesByBinlogServer({
    kind, says, checks, concerns: [instance, leader.key], moves: others.map(({ key: replica }) => ({ replica, target: leader.key })), refusal: tooComplex(instance, leader.key),
  }, planning, relocate)
  return plan === null || 'refused' in plan ? (plan ?? refuse('no-binlog-server', { instance })) : { ...plan, candidate: leader.key }
}

/** While all of them read, who is ahead changes from one reading to the next: then the key decides, so that a plan that was shown is still the same. */
const furthestFirst = (allRead: boolean) => (left: Instance, right: Instance): number => {
  const [mine, other] = [left.replication?.executedCoordinates ?? null, right.replication?.executedCoordinates ?? null]
  if (allRead || mine === null || other === null) return (allRead ? 0 : Number(mine === null) - Number(other === null)) || compareKeys(left.key, right.key)
  return compareCoordinates(other, mine) || compareKeys(left.key, right.key)
}
