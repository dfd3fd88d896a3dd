import type { Instance } from '../topology/instance.ts'
import { actPlan, type ActRow } from './act-plan.ts'
import { moveRemark } from './move-remarks.ts'
import type { Planning } from './moves.ts'
import type { Plan } from './plan.ts'
import { backTo, drainRows, standing } from './position-rows.ts'
import { refuse } from './refusals.ts'
import type { Refusal } from './plan.ts'

/**
 * The source of a replica without GTID replicates from it as well, from where the replica's log ends. What comes after that is what the source itself
 * writes, and leaves out as its own: so all that the source has from others must be behind that place, and the replica comes to it first.
 */
export function planCoPrimaryByPosition(server: Instance, source: Instance, { topology, policy: { drainMilliseconds: timeoutMilliseconds } }: Planning): Plan | Refusal {
  const [instance, on] = [server.key, source.key]
  const former = source.replication?.source
  const names = { instance, source: on }
  const [had, end, left] = [{ boundTo: `own end of ${on}` }, { boundTo: `own end of ${instance}` }, { boundTo: `executed by ${on}` }]
  const leaves = former === undefined ? moveRemark('stays-writable', names) : moveRemark('leaves-co-primary', { ...names, former })
  const ifStoppedHere = moveRemark('follows-not-started', names)
  if (source.replication !== null && source.replication.gtid !== 'none') return refuse('position-uses-gtid', { replica: on })
  if (former !== undefined && source.replication?.applier !== 'running') return refuse('received-not-applied', { replica: on, target: instance })
  const rows: ActRow[] = [
    ...(former === undefined ? [] : [
      ...drainRows(on, { instance: on, source: former }, timeoutMilliseconds).map(row => ({ ...row, ifStoppedHere: leaves })),
      { step: { do: 'read-coordinates', on, which: 'executed', as: left.boundTo } as const, requires: [standing(on)], ifStoppedHere: leaves },
    ]),
    {
      step: { do: 'read-coordinates', on, which: 'own', as: had.boundTo }, ifStoppedHere: leaves,
      requires: [
        { holds: 'is-reachable', server: instance }, { holds: 'replicates-from', server: instance, source: on }, { holds: 'read-only', server: instance },
        ...(former === undefined ? [{ holds: 'is-primary', server: on } as const] : []),
      ],
    },
    { step: { do: 'wait-position', on: instance, upTo: had, timeoutMilliseconds }, requires: [{ holds: 'applier-running', server: instance }], ifStoppedHere: leaves },
    { step: { do: 'read-coordinates', on: instance, which: 'own', as: end.boundTo }, requires: [{ holds: 'read-only', server: instance }], ifStoppedHere: leaves },
    {
      step: { do: 'change-source', on, to: instance, way: 'coordinates', at: end }, requires: former === undefined ? [] : [{ holds: 'executed-all-read', server: on }], ifStoppedHere,
      undo: former === undefined ? [{ do: 'forget-source', on }] : backTo(on, former, left, end),
    },
  ]
  const lacksAccount = source.replication === null && !source.hasReplicationAccount
  if (lacksAccount && source.version.flavour === 'MariaDB' && !server.replicationCredentialsAvailable) return refuse('no-account-to-give', names)
  if (lacksAccount) rows.push({ step: { do: 'copy-replication-credentials', on, like: instance }, ifStoppedHere })
  rows.push({ step: { do: 'start-replication', on }, ifStoppedHere: moveRemark('co-primaries', names) })
  const because = moveRemark('place-of-co-primary', names)
  const plan = actPlan(topology, {
    kind: 'make-co-primary', says: moveRemark('make-co-primary', names), rows, method: 'position', concerns: former === undefined ? [] : [former as Instance['key']],
    checks: [moveRemark('stays-writable', names), because, ...(lacksAccount ? [moveRemark('credentials-from', names)] : [])],
  })
  return { ...plan, methods: [{ replica: on, method: 'position', taken: true, why: because }] }
}
