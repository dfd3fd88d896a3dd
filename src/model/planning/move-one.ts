import type { Reason } from '../../kit/reason.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { isGtidCompatible } from '../topology/replication-rules.ts'
import { moveRemark } from './move-remarks.ts'
import type { Planning } from './moves.ts'
import { planByBinlogServer } from './by-binlog-server.ts'
import { planByPosition } from './by-position.ts'
import type { Plan, Refusal } from './plan.ts'
import { refuse } from './refusals.ts'
import { planRelocate } from './relocate.ts'

// Moves of one replica that say where to by its place. All of them end in a relocation, whose plan they are.

function relocation(replica: InstanceKey, target: InstanceKey, kind: string, says: Reason, planning: Planning): Plan | Refusal {
  const plan = planRelocateAnyWay(replica, target, planning)
  return 'refused' in plan ? plan : { ...plan, kind, says }
}

/** By GTID where it can be, else by file and position; the refusal is that of GTID where no other way leads there either. */
export function planRelocateAnyWay(replica: InstanceKey, target: InstanceKey, planning: Planning): Plan | Refusal {
  const { topology, policy, now } = planning
  const byGtid = planRelocate(topology, { replica, target }, policy, now)
  if (!('refused' in byGtid)) return { ...byGtid, checks: [moveRemark('method-gtid-first', { replica, target }), ...byGtid.checks] }
  if (!withoutGtid.has(byGtid.refused.code)) return byGtid
  const byPosition = planByBinlogServer(replica, target, planning, planRelocateAnyWay) ?? planByPosition(replica, target, planning)
  if (byPosition === null) return refuse('no-way-there', { replica, target, gtid: whyNot(byGtid) })
  return 'refused' in byPosition ? byPosition : { ...byPosition, checks: [...byPosition.checks, moveRemark('method-not-gtid', { replica, why: whyNot(byGtid) })] }
}

/** The heart of the refusal where it has one, so that the sentence is not said twice. */
const whyNot = ({ refused }: Refusal): string => String(refused.parameters['why'] ?? refused.text)

/** Refusals that only say that GTID is no way. */
const withoutGtid: ReadonlySet<string> = new Set(['method-not-available', 'source-gtid-mode'])

/** Below the source of its source. */
export function planMoveUp(instance: InstanceKey, planning: Planning): Plan | Refusal {
  const { topology } = planning
  const server = topology.get(instance)
  if (server === undefined) return refuse('unknown-instance', { server: instance })
  if (server.replication === null) return refuse('not-a-replica', { replica: instance })
  const source = topology.sourceOf(server)
  if (source === undefined) return refuse('source-unknown', { replica: instance, source: server.replication.source })
  if (source.replication === null) return refuse('source-not-a-replica', { replica: instance, source: source.key })
  const target = source.replication.source
  return relocation(instance, target, 'move-up', moveRemark('move-up', { instance, target }), planning)
}

/** Below another replica of its source. */
export function planMoveBelow(instance: InstanceKey, sibling: InstanceKey, planning: Planning): Plan | Refusal {
  const { topology } = planning
  const [server, other] = [topology.get(instance), topology.get(sibling)]
  if (server === undefined || other === undefined) return refuse('unknown-instance', { server: server === undefined ? instance : sibling })
  const areSiblings = instance !== sibling && server.replication !== null && server.replication.source === other.replication?.source
  if (!areSiblings) return refuse('not-siblings', { replica: instance, target: sibling })
  return relocation(instance, sibling, 'move-below', moveRemark('move-below', { instance, target: sibling }), planning)
}

/** From where it is, below a server on which that means the same; without a target its present source. */
export function planRepoint(instance: InstanceKey, wanted: InstanceKey | undefined, planning: Planning): Plan | Refusal {
  const server = planning.topology.get(instance)
  if (server === undefined) return refuse('unknown-instance', { server: instance })
  if (server.replication === null) return refuse('not-a-replica', { replica: instance })
  const target = wanted ?? server.replication.source
  return relocation(instance, target, 'repoint', moveRemark('repoint', { instance, target }), planning)
}

/** By GTID or not at all. */
export function planMoveGtid(instance: InstanceKey, target: InstanceKey, planning: Planning): Plan | Refusal {
  const [server, other] = [planning.topology.get(instance), planning.topology.get(target)]
  if (server === undefined || other === undefined) return refuse('unknown-instance', { server: server === undefined ? instance : target })
  if (server.group?.memberRole !== 'SECONDARY' && !isGtidCompatible(server, other)) return refuse('not-gtid-compatible', { replica: instance, target })
  const plan = planRelocate(planning.topology, { replica: instance, target }, planning.policy, planning.now)
  return 'refused' in plan ? plan : { ...plan, kind: 'move-gtid', says: moveRemark('move-gtid', { instance, target }) }
}
