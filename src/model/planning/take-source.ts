import type { InstanceKey } from '../topology/instance-key.ts'
import { planOf } from './failover-plan.ts'
import { moveRemark } from './move-remarks.ts'
import { afterMove, stageRows, type Planning } from './moves.ts'
import type { Plan, Refusal } from './plan.ts'
import { refuse } from './refusals.ts'
import { planTakeSourceByPosition } from './take-source-position.ts'
import { wayOf } from './ways.ts'

/** A replica and its source change places: first the replica goes below the source of its source, then the source goes below it. */
export function planTakeSource(instance: InstanceKey, planning: Planning): Plan | Refusal {
  const { topology } = planning
  const server = topology.get(instance)
  if (server === undefined) return refuse('unknown-instance', { server: instance })
  // The original answers that all is well for a server that has no source.
  if (server.replication === null) return planOf(topology, { kind: 'take-source', says: moveRemark('nothing-to-move', {}), rows: [], concerns: [instance], method: 'none' })
  const source = topology.sourceOf(server)
  if (source === undefined) return refuse('source-unknown', { replica: instance, source: server.replication.source })
  if (source.isCoPrimary) return refuse('source-is-co-primary', { source: source.key })
  if (source.replication === null) return refuse('not-a-replica', { replica: source.key })
  const above = source.replication.source
  if (server.replication.gtid === 'none') return planTakeSourceByPosition(server, source, planning)
  const up = wayOf(instance, above, planning, ['gtid'])
  if ('refused' in up) return up
  const then: Planning = { ...planning, topology: afterMove(topology, instance, above) }
  const below = wayOf(source.key, instance, then, ['gtid'])
  if ('refused' in below) return below
  const plan = planOf(topology, {
    kind: 'take-source', says: moveRemark('take-source', { instance, source: source.key }), rows: [...stageRows(up, 1), ...stageRows(below, 2)],
    concerns: [above], warnings: [...up.warnings, ...below.warnings], checks: [...up.checks, ...below.checks], method: up.method,
  })
  return { ...plan, methods: [...up.methods, ...below.methods] }
}
