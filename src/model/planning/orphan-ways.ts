import type { Reason } from '../../kit/reason.ts'
import { coordinatesText } from '../topology/binlog-coordinates.ts'
import type { Instance } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { logOrigin } from '../topology/log-origin.ts'
import type { Topology } from '../topology/topology.ts'
import { binlogFailoverReason } from './failover-binlog-server-reasons.ts'
import type { Row } from './failover-plan.ts'
import { applyRows, executedName, matchOrphanRows } from './failover-position.ts'
import { positionFailoverReason as positionReason } from './failover-position-reasons.ts'
import { failoverReason } from './failover-reasons.ts'
import type { Condition, Step } from './step.ts'

export interface OrphanLimits {
  readonly drainMilliseconds: number
  readonly matchMilliseconds: number
  /** What marks unique statements is configured. */
  readonly pseudoGtid: boolean
}

/**
 * How a replica by file and position of a dead intermediate source comes below another server: out of a binlog server at the same place of the same log; by
 * GTID where both keep GTIDs and only the link does not use them; by Pseudo-GTID. Where its place is in another server's log nobody else can say: then why not.
 */
export function orphanRows(topology: Topology, failed: Instance, orphan: Instance, target: Instance, limits: OrphanLimits): readonly Row[] | Reason {
  const at = orphan.replication?.executedCoordinates ?? null
  const [server, names] = [orphan.key, { server: orphan.key, failed: failed.key, successor: target.key, at: at === null ? '?' : coordinatesText(at) }]
  if (failed.isBinlogServer) {
    const origin = logOrigin(topology, failed.key)
    if (origin === null || origin !== logOrigin(topology, target.key)) return positionReason('orphan-other-log', names)
    return asPart(orphan, target.key, sameLogRows(failed.key, orphan, target, limits.drainMilliseconds))
  }
  if (orphan.isBinlogServer) return positionReason('orphan-binlog-server', names)
  if (orphan.gtidMode === 'ON' && target.gtidMode === 'ON') return asPart(orphan, target.key, autoPositionRows(failed, orphan, target.key, limits.drainMilliseconds))
  if (limits.pseudoGtid) return matchOrphanRows(orphan, target.key, limits)
  return at === null ? positionReason('failover-position-not-read', { server }) : positionReason('orphan-place-unknown', names)
}

/** It goes on from where it is; a binlog server that it goes to has read as far first. */
function sameLogRows(failed: InstanceKey, orphan: Instance, target: Instance, timeoutMilliseconds: number): readonly Row[] {
  const { key: on, replication: link } = orphan
  const ifStoppedHere = failoverReason('repoint-stopped', { server: on, successor: target.key })
  const stands = binlogFailoverReason('binlog-server-stands', { server: on })
  const stop: readonly Row[] = !orphan.isBinlogServer ? drained(orphan, timeoutMilliseconds)
    : link?.receiver === 'stopped' && link.applier === 'stopped' ? [] : [{ wave: 1, step: { do: 'stop-replication', on }, undo: [{ do: 'start-replication', on }], ifStoppedHere: stands }]
  const reached: readonly Row[] = !target.isBinlogServer ? [] : [
    { wave: 1, step: { do: 'read-coordinates', on, which: 'executed', as: executedName(on) }, ifStoppedHere },
    { wave: 1, step: { do: 'wait-position', on: target.key, upTo: { boundTo: executedName(on) }, timeoutMilliseconds }, ifStoppedHere },
  ]
  return [
    ...stop, ...reached,
    { wave: 1, step: { do: 'change-source', on, to: target.key, way: 'executed-position' }, requires: standing(on), undo: backTo(failed, on, 'executed-position'), ifStoppedHere },
    { wave: 1, step: { do: 'start-replication', on }, ifStoppedHere: failoverReason('repoint-done', { server: on, successor: target.key }) },
  ]
}

/** Both keep GTIDs, so that what it has is known by name: it asks for the rest by auto-position from now on. */
function autoPositionRows(failed: Instance, orphan: Instance, target: InstanceKey, timeoutMilliseconds: number): readonly Row[] {
  const on = orphan.key
  return [
    ...drained(orphan, timeoutMilliseconds),
    {
      wave: 1, step: { do: 'change-source', on, to: target, way: 'auto-position' }, ifStoppedHere: failoverReason('repoint-stopped', { server: on, successor: target }),
      requires: [...standing(on), { holds: 'nothing-received-unapplied', server: on }, { holds: 'can-auto-position', server: on, source: target }],
      undo: failed.gtidMode === 'ON' ? backTo(failed.key, on, 'auto-position') : [],
    },
    { wave: 1, step: { do: 'start-replication', on }, ifStoppedHere: failoverReason('repoint-done', { server: on, successor: target }) },
  ]
}

/** It waits for its former source again, for what it would have gone on with there. */
const backTo = (failed: InstanceKey, on: InstanceKey, way: 'executed-position' | 'auto-position'): readonly Step[] =>
  [{ do: 'stop-replication', on }, { do: 'change-source', on, to: failed, way }]

const standing = (server: InstanceKey): readonly Condition[] => [{ holds: 'receiver-stopped', server }, { holds: 'applier-stopped', server }]

/** Nothing more is fetched, and all that was received whole is applied. */
function drained(orphan: Instance, timeoutMilliseconds: number): readonly Row[] {
  const { key: on, replication: link } = orphan
  const stop: readonly Row[] = link?.receiver === 'stopped' ? [] : [{ wave: 1, step: { do: 'stop-receiver', on }, undo: [{ do: 'start-receiver', on }], ifStoppedHere: failoverReason('stop-receiver-stopped', { server: on }) }]
  return [...stop, ...applyRows(orphan, timeoutMilliseconds)]
}

/** One after the other for each orphan, and all orphans at the same time. */
const asPart = ({ key: part }: Instance, target: InstanceKey, rows: readonly Row[]): readonly Row[] => rows.map((row, index) => ({
  ...row, wave: 1, part, onFailure: 'note', ...(index === 0 ? { requires: [...(row.requires ?? []), { holds: 'is-reachable', server: target }] } : {}),
  ...(row.step.do === 'stop-replication' && row.undo === undefined ? { undo: [{ do: 'start-applier', on: part }] } : {}),
}))
