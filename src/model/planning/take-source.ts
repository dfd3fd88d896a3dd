import type { InstanceKey } from '../topology/instance-key.ts'
import { planOf } from './failover-plan.ts'
import { moveRemark } from './move-remarks.ts'
import { afterMove, stageRows, type Planning } from './moves.ts'
import type { Plan, Refusal } from './plan.ts'
import { refuse } from './refusals.ts'
import { judgeOf } from './relocate-judgement.ts'

/** A replica and its source change places: first the replica goes below the source of its source, then the source goes below it. */
export function planTakeSource(instance: InstanceKey, planning: Planning): Plan | Refusal {
  const { topology, policy, now } = planning
  const server = topology.get(instance)
  if (server === undefined) return refuse('unknown-instance', { server: instance })
  // The original answers that all is well for a server that has no source.
  if (server.replication === null) return planOf(topology, { kind: 'take-source', says: moveRemark('nothing-to-move', {}), rows: [], concerns: [instance], method: 'none' })
  const source = topology.sourceOf(server)
  if (source === undefined) return refuse('source-unknown', { replica: instance, source: server.replication.source })
  if (source.isCoPrimary) return refuse('source-is-co-primary', { source: source.key })
  if (source.replication === null) return refuse('not-a-replica', { replica: source.key })
  const above = source.replication.source
  const up = judgeOf(topology, instance, policy, now).judge(above)
  if ('refused' in up) return up
  const then: Planning = { ...planning, topology: afterMove(topology, instance, above) }
  const below = judgeOf(then.topology, source.key, policy, now).judge(instance)
  if ('refused' in below) return below
  return planOf(topology, {
    kind: 'take-source', says: moveRemark('take-source', { instance, source: source.key }), rows: [...stageRows(up, 1, planning), ...stageRows(below, 2, then)],
    concerns: [above], warnings: [...up.warnings, ...below.warnings], checks: [moveRemark('method-gtid', { replica: instance, target: above })],
    method: up.way === 'drain-mariadb' ? 'mariadb-gtid' : 'gtid',
  })
}
