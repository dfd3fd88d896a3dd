import { isUnderMaintenance } from '../topology/freshness.ts'
import type { Instance } from '../topology/instance.ts'
import { canReplicate } from '../topology/replication-rules.ts'
import { actPlan, type ActRow } from './act-plan.ts'
import { refuseUnlessCanMove } from './can-move.ts'
import { moveRemark } from './move-remarks.ts'
import type { Planning } from './moves.ts'
import type { Plan, Refusal } from './plan.ts'
import { drainRows, standing, turnRow } from './position-rows.ts'
import { refuse } from './refusals.ts'

/**
 * A replica without GTID and its source change places: both stand at the same place of the source's log, which is a known place of the log above it
 * and of the replica's own log. Source: contract refactoring.md section 8, take-master.
 */
export function planTakeSourceByPosition(server: Instance, source: Instance, planning: Planning): Plan | Refusal {
  const { topology, policy: { drainMilliseconds } } = planning
  const above = topology.get(source.replication?.source ?? source.key)
  const refused = refuseExchange(server, source, above, planning)
  if (refused !== null || above === undefined) return refused ?? refuse('source-unknown', { replica: source.key, source: source.replication?.source ?? '' })
  const [instance, on] = [server.key, source.key]
  const names = { instance, source: on, target: above.key }
  const [ownEnd, executed, end] = [{ boundTo: `own end of ${on}` }, { boundTo: `executed by ${on}` }, { boundTo: `own end of ${instance}` }]
  const stands = moveRemark('both-stand-to-change-places', names)
  const rows: readonly ActRow[] = [
    ...drainRows(on, { instance: on, source: above.key }, drainMilliseconds),
    { step: { do: 'read-coordinates', on, which: 'own', as: ownEnd.boundTo }, requires: [standing(on), { holds: 'replicates-from', server: instance, source: on }], ifStoppedHere: stands },
    { step: { do: 'read-coordinates', on, which: 'executed', as: executed.boundTo }, requires: [standing(on)], ifStoppedHere: stands },
    { step: { do: 'wait-position', on: instance, upTo: ownEnd, timeoutMilliseconds: drainMilliseconds }, requires: [{ holds: 'applier-running', server: instance }], ifStoppedHere: stands },
    ...drainRows(instance, names, drainMilliseconds).map(row => ({ ...row, ifStoppedHere: stands })),
    { step: { do: 'read-coordinates', on: instance, which: 'executed', as: `executed by ${instance}`, mustBe: ownEnd }, ifStoppedHere: stands },
    { step: { do: 'read-coordinates', on: instance, which: 'own', as: end.boundTo }, requires: [standing(instance)], ifStoppedHere: stands },
    turnRow(instance, on, above.key, { from: ownEnd, to: executed }),
    turnRow(on, above.key, instance, { from: executed, to: end }),
    { step: { do: 'start-replication', on: instance }, requires: [{ holds: 'replicates-from', server: instance, source: above.key }], ifStoppedHere: moveRemark('moved-there', names) },
    { step: { do: 'start-replication', on }, requires: [{ holds: 'replicates-from', server: on, source: instance }], ifStoppedHere: moveRemark('moved-there', { instance: on, target: instance }) },
  ]
  const plan = actPlan(topology, {
    kind: 'take-source', says: moveRemark('take-source', names), rows, method: 'position', concerns: [above.key],
    checks: [moveRemark('place-by-source', { replica: instance, other: on })],
  })
  return { ...plan, methods: [instance, on].map(replica => ({ replica, method: 'position', taken: true, why: moveRemark('method-position', { replica }) })) }
}

function refuseExchange(server: Instance, source: Instance, above: Instance | undefined, { policy: { freshness, replication }, now }: Planning): Refusal | null {
  if (above === undefined) return refuse('source-unknown', { replica: source.key, source: source.replication?.source ?? '' })
  if (server.group?.memberRole === 'SECONDARY') return refuse('group-secondary', { replica: server.key })
  const several = [server, source].find(({ channels }) => channels.length > 1)
  if (several !== undefined) return refuse('several-channels', { replica: several.key, channels: several.channels.length })
  if (source.replication?.gtid !== 'none') return refuse('position-uses-gtid', { replica: source.key })
  for (const one of [source, server]) {
    const cannot = refuseUnlessCanMove(one, freshness, replication.reasonableMaintenanceLagSeconds, now)
    if (cannot !== null) return cannot
  }
  const busy = [server, source].find(one => isUnderMaintenance(one, now))
  if (busy?.maintenance !== undefined && busy.maintenance !== null) {
    return refuse('under-maintenance', { server: busy.key, owner: busy.maintenance.owner, why: busy.maintenance.reason, wanted: `take ${source.key}` })
  }
  for (const [replica, target] of [[source, server], [server, above]] as const) {
    const may = canReplicate(replica, target, replication)
    if (!may.allowed) return refuse('cannot-replicate', { replica: replica.key, target: target.key, obstacle: may.obstacle.text, rule: may.obstacle.code })
  }
  return null
}
