import type { Instance } from '../topology/instance.ts'
import { isEmptyGtidSet, isGtidSubset, subtractGtidSets, gtidSetText } from '../topology/gtid-set.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { canReplicate } from '../topology/replication-rules.ts'
import { isUnderMaintenance } from '../topology/freshness.ts'
import { refuseUnlessCanMove, refuseUnlessReadLately } from './can-move.ts'
import { planCoPrimaryByPosition } from './co-primary-position.ts'
import { heldGtids, readGtids } from './failover-held.ts'
import { planOf, type Row } from './failover-plan.ts'
import { moveRemark } from './move-remarks.ts'
import type { Planning } from './moves.ts'
import type { Plan, Refusal } from './plan.ts'
import { refuse } from './refusals.ts'
import type { Condition, Step } from './step.ts'

/**
 * Makes the source of a replica replicate from that replica as well. Only one of the two takes writes: the replica must be read-only,
 * and stays so. A source that followed a read-only co-primary until now leaves that one, after applying all it has received.
 */
export function planMakeCoPrimary(instance: InstanceKey, planning: Planning): Plan | Refusal {
  const { topology, policy: { drainMilliseconds } } = planning
  const server = topology.get(instance)
  if (server === undefined) return refuse('unknown-instance', { server: instance })
  const refused = refuseMakeCoPrimary(server, planning)
  const source = topology.sourceOf(server)
  if (refused !== null) return refused
  if (source === undefined) return refuse('source-unknown', { replica: instance, source: server.replication?.source ?? '' })
  if (server.replication?.gtid === 'none') return planCoPrimaryByPosition(server, source, planning)
  const on = source.key
  const names = { instance, source: on }
  const isMariadb = source.version.flavour === 'MariaDB'
  const ifStoppedHere = moveRemark('follows-not-started', names)
  // A former primary has its own transactions in gtid_current_pos only.
  const way = isMariadb ? 'current-pos' : 'auto-position'
  const change = (to: InstanceKey): Step => ({ do: 'change-source', on, to, way })
  const requires: readonly Condition[] = [
    { holds: 'is-reachable', server: instance }, { holds: 'replicates-from', server: instance, source: on }, { holds: 'read-only', server: instance },
    ...(isMariadb ? [] : [{ holds: 'can-auto-position', server: on, source: instance } as const]),
  ]
  const leaves = moveRemark('leaves-co-primary', { ...names, former: source.replication?.source ?? '' })
  const lacksAccount = source.replication === null && !source.hasReplicationAccount
  if (lacksAccount && isMariadb && !server.replicationCredentialsAvailable) return refuse('no-account-to-give', names)
  const rows: Omit<Row, 'wave'>[] = source.replication === null
    ? [{ step: change(instance), requires: [...requires, { holds: 'is-primary', server: on }], ifStoppedHere, undo: [{ do: 'forget-source', on }] }]
    : [
        { step: { do: 'stop-receiver', on }, requires, ifStoppedHere: leaves, undo: [{ do: 'start-receiver', on }] },
        { step: { do: 'read-executed', on, as: 'received' }, ifStoppedHere: leaves },
        { step: { do: 'wait-executed', on, what: { boundTo: 'received' }, timeoutMilliseconds: drainMilliseconds }, ifStoppedHere: leaves },
        { step: { do: 'stop-replication', on }, requires: [{ holds: 'nothing-received-unapplied', server: on }], ifStoppedHere: leaves, undo: [{ do: 'start-applier', on }] },
        { step: change(instance), requires: [{ holds: 'nothing-received-unapplied', server: on }], ifStoppedHere, undo: [{ do: 'stop-replication', on }, change(source.replication.source)] },
      ]
  if (lacksAccount) rows.push({ step: { do: 'copy-replication-credentials', on, like: instance }, ifStoppedHere })
  // A MariaDB refuses a replica that is ahead of it: the source's place was taken over when it was told whom to follow, and the replica must have come to it.
  if (isMariadb) {
    rows.push({ step: { do: 'read-executed', on, as: 'where it follows from' }, ifStoppedHere })
    rows.push({ step: { do: 'wait-executed', on: instance, what: { boundTo: 'where it follows from' }, timeoutMilliseconds: drainMilliseconds }, ifStoppedHere })
  }
  rows.push({ step: { do: 'start-replication', on }, ifStoppedHere: moveRemark('co-primaries', names) })
  const own = subtractGtidSets(heldGtids(server), heldGtids(source))
  const errant = server.errantGtidSet !== '' && !isEmptyGtidSet(own) ? [moveRemark('gets-errant', { ...names, gtids: gtidSetText(own).replaceAll('\n', '') })] : []
  return planOf(topology, {
    kind: 'make-co-primary', says: moveRemark('make-co-primary', names), rows: rows.map((row, index) => ({ ...row, wave: index + 1 })), warnings: errant,
    checks: [moveRemark('stays-writable', names), ...(lacksAccount ? [moveRemark('credentials-from', names)] : [])], method: isMariadb ? 'mariadb-gtid' : 'gtid',
  })
}

/** The original's checks in its order and words (contract refactoring.md section 8), then whether GTID allows it. */
function refuseMakeCoPrimary(server: Instance, { topology, policy, now }: Planning): Refusal | null {
  const { freshness, replication } = policy
  const instance = server.key
  const cannotMove = refuseUnlessCanMove(server, freshness, replication.reasonableMaintenanceLagSeconds, now)
  if (cannotMove !== null) return cannotMove
  if (server.group?.memberRole === 'SECONDARY') return refuse('group-secondary', { replica: instance })
  const source = topology.sourceOf(server)
  if (source === undefined) return refuse('source-unknown', { replica: instance, source: server.replication?.source ?? '' })
  const names = { instance, source: source.key }
  const notRead = refuseUnlessReadLately(source, freshness, now)
  if (notRead !== null) return notRead
  if (source.replication?.source === instance) return refuse('already-co-primary', names)
  if (!server.readOnly) return refuse('not-read-only', names)
  const former = topology.sourceOf(source)
  if (source.isCoPrimary && former !== undefined) {
    if (!former.readOnly && former.check.failure === null) return refuse('has-writable-co-primary', { ...names, former: former.key })
  } else if (source.replication !== null) return refuse('not-a-real-primary', { ...names, above: source.replication.source })
  const busy = [server, source].find(one => isUnderMaintenance(one, now))
  if (busy?.maintenance !== undefined && busy.maintenance !== null) {
    return refuse('under-maintenance', { server: busy.key, owner: busy.maintenance.owner, why: busy.maintenance.reason, wanted: `make co-primary of ${source.key}` })
  }
  if (source.channels.length > 1) return refuse('several-channels', { replica: source.key, channels: source.channels.length })
  const may = canReplicate(source, server, replication)
  if (!may.allowed) return refuse('cannot-replicate', { replica: source.key, target: instance, obstacle: may.obstacle.text, rule: may.obstacle.code })
  if (server.version.flavour === 'MariaDB' || server.replication?.gtid === 'none') return null
  if (server.gtidMode !== 'ON') return refuse('source-gtid-mode', { replica: source.key, target: instance, mode: server.gtidMode || 'unknown' })
  const knowsPurged = isGtidSubset(readGtids(server.purgedGtidSet), readGtids(source.executedGtidSet))
  return knowsPurged ? null : refuse('purged-gtids', { replica: source.key, target: instance })
}
