import type { Reason } from '../../kit/reason.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { isGtidCompatible } from '../topology/replication-rules.ts'
import { planOf } from './failover-plan.ts'
import type { MoveMethod } from './methods.ts'
import { moveRemark } from './move-remarks.ts'
import type { Planning } from './moves.ts'
import { planByBinlogServer } from './by-binlog-server.ts'
import type { Plan, Planned, Refusal } from './plan.ts'
import { refuse } from './refusals.ts'
import { relocateRemark } from './relocate-remarks.ts'
import { isAboutMethod, rowsOf, wayOf } from './ways.ts'

// Moves of one replica that say where to by its place. All of them end in a relocation, whose plan they are.

/** The plan of one move, by the first method that leads there. `only`: no others are tried. */
function relocation(replica: InstanceKey, target: InstanceKey, kind: string, says: Reason, planning: Planning, only?: readonly MoveMethod[]): Plan | Refusal {
  const byLog = only === undefined ? planByBinlogServer(replica, target, planning, planRelocateAnyWay) : null
  const way = wayOf(replica, target, planning, byLog === null ? only : ['gtid'])
  if (byLog !== null && 'refused' in way && isAboutMethod(way)) return withLogVerdict(byLog, replica, way, { kind, says })
  if ('refused' in way) return way
  const { method, methods, checks, warnings, concerns = [] } = way
  const rows = rowsOf(way).map((row, index) => ({ ...row, wave: index + 1 }))
  return { ...planOf(planning.topology, { kind, says, rows, method, checks, warnings, concerns: [replica, target, ...concerns] }), methods }
}

/** By the one log that binlog servers hand on, or over the server whose log it is. */
function withLogVerdict(planned: Planned, replica: InstanceKey, gtid: Refusal, { kind, says }: Pick<Plan, 'kind' | 'says'>): Planned {
  const methods = gtid.methods ?? []
  if ('refused' in planned) return { ...planned, methods: [...methods, { replica, method: 'binlog-server', taken: false, why: planned.refused }] }
  const why = planned.checks[0] ?? planned.says
  return { ...planned, kind, says, methods: [...methods, { replica, method: 'binlog-server', taken: true, why }] }
}

/** Below any other server, by the first method that leads there. */
export const planRelocateAnyWay = (replica: InstanceKey, target: InstanceKey, planning: Planning): Plan | Refusal =>
  relocation(replica, target, 'relocate', relocateRemark('make-replica-of', { replica, target }), planning)

/** From a place of which the same is known on the target, or not at all. */
export function planMoveEquivalent(instance: InstanceKey, target: InstanceKey, planning: Planning): Plan | Refusal {
  if (instance === target) return refuse('equivalent-to-itself', { replica: instance })
  return relocation(instance, target, 'move-equivalent', moveRemark('move-equivalent', { instance, target }), planning, ['equivalence'])
}

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
  return relocation(instance, target, 'move-gtid', moveRemark('move-gtid', { instance, target }), planning, ['gtid'])
}
