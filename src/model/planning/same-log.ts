import { compareCoordinates } from '../topology/binlog-coordinates.ts'
import { isDetachedFromSource } from '../topology/describe.ts'
import { isUnderMaintenance } from '../topology/freshness.ts'
import type { Instance } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { isBinlogServer, logOrigin } from '../topology/log-origin.ts'
import { canReplicate } from '../topology/replication-rules.ts'
import { type ActRow, replicaOf, type Replica } from './act-plan.ts'
import { refuseUnlessReadLately } from './can-move.ts'
import { planOf } from './failover-plan.ts'
import { logRemark } from './log-remarks.ts'
import { moveRemark } from './move-remarks.ts'
import type { Planning } from './moves.ts'
import type { Plan, Refusal } from './plan.ts'
import { quieten, type Quiet, startAgain } from './quiesce.ts'
import { refuse } from './refusals.ts'
import type { Condition, Step } from './step.ts'

/**
 * Moves between a binlog server, its source and its siblings: all hand on one binary log, so that the replica, or binlog server, goes on from where it is
 * (contract refactoring.md section 8, repoint). It applies all that it has received first, and a binlog server it goes to has read as far as it is.
 * Null: the two do not hand on one log, or no binlog server is concerned.
 */
export function planSameLog(instance: InstanceKey, target: InstanceKey, planning: Planning): Plan | Refusal | null {
  const { topology, policy: { freshness, replication: rules, drainMilliseconds }, now } = planning
  const [server, to] = [topology.get(instance), topology.get(target)]
  const source = server?.replication?.source
  if (server === undefined || to === undefined || source === undefined || !handsOnTheSame(source, target, planning)) return null
  if (server.group?.memberRole === 'SECONDARY') return refuse('group-secondary', { replica: instance, target })
  if (instance === target || topology.isDescendant(target, instance)) return refuse(instance === target ? 'same-as-itself' : 'below-own-replica', { replica: instance, target })
  const replica = replicaOf(topology, instance)
  if ('refused' in replica) return replica
  if (isDetachedFromSource(server)) return refuse('detached', { replica: instance })
  const stale = refuseUnlessReadLately(server, freshness, now) ?? refuseUnlessReadLately(to, freshness, now)
  if (stale !== null) return stale
  if (server.maintenance !== null && isUnderMaintenance(server, now)) {
    return refuse('under-maintenance', { server: instance, owner: server.maintenance.owner, why: server.maintenance.reason, wanted: `repoint below ${target}` })
  }
  const may = canReplicate(server, to, rules)
  if (!may.allowed) return refuse('cannot-replicate', { replica: instance, target, obstacle: may.obstacle.text, rule: may.obstacle.code })
  if (standsBehind(to, server)) return refuse('binlog-server-behind', { target, replica: instance })
  const quiet = server.isBinlogServer ? stopped(replica) : quieten(topology, replica, { drainMilliseconds })
  if ('refused' in quiet) return quiet
  const names = { replica: instance, source, target }
  return planOf(topology, {
    kind: 'relocate', says: moveRemark('repoint', { instance, target }), concerns: [instance, target, source], method: 'position',
    rows: rowsOf(replica, to, quiet, drainMilliseconds).map((row, index) => ({ wave: index + 1, ...row })),
    checks: [logRemark('method-same-log', names), ...(to.isBinlogServer ? [logRemark('log-reaches', names)] : []), ...quiet.checks],
    warnings: replica.link.gtid === 'none' ? [] : [logRemark('gtid-off', names)],
  })
}

/** A binlog server is one of the two, and both hand on the log of one server. */
function handsOnTheSame(source: InstanceKey, target: InstanceKey, { topology }: Planning): boolean {
  const origin = logOrigin(topology, source)
  return origin !== null && origin === logOrigin(topology, target) && (isBinlogServer(topology, source) || isBinlogServer(topology, target))
}

/** Is it a binlog server that has not read as far as the other one is, and reads no further? */
function standsBehind(to: Instance, { replication }: Instance): boolean {
  const [at, wanted] = [to.replication?.executedCoordinates ?? null, replication?.executedCoordinates ?? null]
  return to.isBinlogServer && wanted !== null && to.replication?.receiver !== 'running' && (at === null || compareCoordinates(at, wanted) < 0)
}

/** A binlog server executes nothing: it has what it has read, and keeps it. */
function stopped({ replica: { key: on }, link }: Replica): Quiet {
  const row: ActRow = { step: { do: 'stop-replication', on }, undo: [{ do: 'start-replication', on }], ifStoppedHere: logRemark('log-stands', { replica: on, source: link.source }) }
  return { rows: link.receiver === 'stopped' && link.applier === 'stopped' ? [] : [row], requires: [{ holds: 'receiver-stopped', server: on }], checks: [] }
}

const formerWays = { none: 'executed-position', mysql: 'auto-position', 'mariadb-slave-pos': 'slave-pos', 'mariadb-current-pos': 'current-pos' } as const

function rowsOf({ replica: { key: on }, link }: Replica, to: Instance, quiet: Quiet, timeoutMilliseconds: number): readonly ActRow[] {
  const names = { replica: on, source: link.source, target: to.key }
  const [stands, place] = [logRemark('log-stands', names), `place of ${on}`]
  const first: readonly Condition[] = [{ holds: 'is-reachable', server: to.key }, { holds: 'replicates-from', server: on, source: link.source }]
  /** Wherever it is by then means the same on the former source, too. */
  const back: readonly Step[] = [{ do: 'stop-replication', on }, { do: 'change-source', on, to: link.source, way: formerWays[link.gtid] }]
  const reaches: readonly ActRow[] = to.isBinlogServer
    ? [
        { step: { do: 'read-coordinates', on, which: 'executed', as: place }, requires: quiet.requires, ifStoppedHere: stands },
        { step: { do: 'wait-position', on: to.key, upTo: { boundTo: place }, timeoutMilliseconds }, ifStoppedHere: stands },
      ]
    : []
  const rows: readonly ActRow[] = [
    ...quiet.rows, ...reaches,
    { step: { do: 'change-source', on, to: to.key, way: 'executed-position' }, requires: quiet.requires, undo: back, ifStoppedHere: logRemark('log-turned', names) },
    ...startAgain(on, link).map((step): ActRow =>
      ({ step, requires: [{ holds: 'replicates-from', server: on, source: to.key }], ifStoppedHere: logRemark('log-moved', names) })),
  ]
  return rows.map((row, index) => (index === 0 ? { ...row, requires: [...first, ...(row.requires ?? [])] } : row))
}
