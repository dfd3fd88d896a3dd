import type { Reason } from '../../kit/reason.ts'
import { type BinlogCoordinates, coordinatesText } from '../topology/binlog-coordinates.ts'
import { equalGtidSets, type GtidSet, gtidSetText, intersectGtidSets, isEmptyGtidSet, isGtidSubset, subtractGtidSets } from '../topology/gtid-set.ts'
import type { Instance } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { beyond, executedPosition } from '../topology/mariadb-held.ts'
import { canReplicate, type ReplicationPolicy } from '../topology/replication-rules.ts'
import type { Topology } from '../topology/topology.ts'
import { readGtids } from './failover-held.ts'
import { planOf, type Row } from './failover-plan.ts'
import { ownEndName, realReplicasByPosition } from './failover-position.ts'
import { positionFailoverReason as positionReason } from './failover-position-reasons.ts'
import { failoverReason } from './failover-reasons.ts'
import type { LostReplica } from './failover.ts'
import { matchedPlace } from './match.ts'
import type { Plan } from './plan.ts'

/**
 * Replicas of a dead primary that replicate by file and position beside others that use GTID. The transactions have numbers all the same, so that the sets show
 * where such a replica stands: one that has executed exactly what the successor has goes on from the end of that one's log; one that lacks the newest is
 * matched by Pseudo-GTID, or follows by auto-position from then on; where the sets prove neither it is lost, and the reason says so.
 */

/** Those of them that can take part. The others are listed with all lost ones. */
export const replicasBeside = (topology: Topology, failed: InstanceKey): readonly Instance[] =>
  [failed, ...topology.replicasOf(failed).filter(({ isBinlogServer }) => isBinlogServer).map(({ key }) => key)].flatMap(source => realReplicasByPosition(topology, source).reachable)

/** Can it give the others what it alone holds? */
export const canFeed = ({ gtidMode, mariadbGtid, logBin, logReplicaUpdates }: Instance): boolean => mariadbGtid === null && gtidMode === 'ON' && logBin && logReplicaUpdates

/** Where the log of the candidate ends while it takes no writes and nothing comes to it. */
export function planReadEnd(topology: Topology, on: InstanceKey): Plan {
  const row: Row = { wave: 1, step: { do: 'read-coordinates', on, which: 'own', as: ownEndName(on) }, requires: [{ holds: 'receiver-stopped', server: on }], ifStoppedHere: failoverReason('drain-stopped', { candidate: on }) }
  return planOf(topology, { kind: 'drain', says: failoverReason('plan-drain', { candidate: on }), rows: [row] })
}

export interface BesidePolicy {
  readonly replication: ReplicationPolicy
  readonly pseudoGtid: boolean
  readonly matchMilliseconds: number
}

/** They stand, and follow the successor as it was when it had applied everything; `ownEnd`: the end of its log then, null when that is not known any more. */
export function planFollowBeside(
  topology: Topology, replicas: readonly Instance[], successor: Instance, ownEnd: BinlogCoordinates | null, policy: BesidePolicy,
): { readonly plan: Plan; readonly lost: readonly LostReplica[]; readonly remarks: readonly LostReplica[] } {
  const rows: Row[] = []
  const [lost, remarks]: [LostReplica[], LostReplica[]] = [[], []]
  for (const replica of replicas) {
    const judged = judge(replica, successor, ownEnd, policy)
    if ('lost' in judged) lost.push({ key: replica.key, reason: judged.lost })
    else {
      rows.push(...rowsFor(replica, successor.key, judged, policy.matchMilliseconds))
      if (judged.remark !== null) remarks.push({ key: replica.key, reason: judged.remark })
    }
  }
  const says = failoverReason('plan-repoint', { successor: successor.key })
  return { plan: planOf(topology, { kind: 'repoint', says, rows, concerns: [successor.key] }), lost, remarks }
}

type Judged = { readonly lost: Reason } | { readonly way: 'place'; readonly at: string; readonly remark: Reason | null } | { readonly way: 'match' | 'gtid'; readonly remark: Reason | null }

function judge(replica: Instance, successor: Instance, ownEnd: BinlogCoordinates | null, policy: BesidePolicy): Judged {
  const names = { server: replica.key, successor: successor.key }
  const rules = canReplicate(replica, { ...successor, replication: null, channels: [] }, policy.replication)
  if (!rules.allowed) return { lost: failoverReason('replica-cannot-follow', { ...names, text: rules.obstacle.text }) }
  if (replica.replication?.applier !== 'stopped' || replica.replication.receiver !== 'stopped') return { lost: positionReason('failover-position-not-standing', { server: replica.key }) }
  const relation = relationOf(replica, successor)
  if (relation.is === 'ahead') return { lost: positionReason('failover-beside-ahead', { ...names, gtids: relation.gtids }) }
  if (relation.is === 'same' && ownEnd !== null) return { way: 'place', at: coordinatesText(ownEnd), remark: null }
  if (policy.pseudoGtid) return { way: 'match', remark: null }
  if (relation.is === 'unknown') return { lost: positionReason('failover-beside-unknown', names) }
  if (relation.is === 'gap') return { lost: positionReason('failover-beside-gap', { ...names, gtids: relation.gtids }) }
  if (!isGtidSubset(readGtids(successor.purgedGtidSet), readGtids(replica.executedGtidSet))) return { lost: failoverReason('replica-needs-purged', names) }
  return { way: 'gtid', remark: positionReason('failover-beside-by-gtid', names) }
}

type Relation = { readonly is: 'same' | 'behind' | 'unknown' } | { readonly is: 'ahead' | 'gap'; readonly gtids: string }

/** How the executed sets of two that stand lie to one another. */
function relationOf(replica: Instance, successor: Instance): Relation {
  if (replica.mariadbGtid !== null || successor.mariadbGtid !== null) {
    if (replica.mariadbGtid === null || successor.mariadbGtid === null) return { is: 'unknown' }
    const ahead = beyond(executedPosition(replica), executedPosition(successor))
    if (ahead.count > 0) return { is: 'ahead', gtids: ahead.text }
    return { is: beyond(executedPosition(successor), executedPosition(replica)).count > 0 ? 'behind' : 'same' }
  }
  // Transactions without numbers are in no set.
  if (replica.gtidMode !== 'ON' || successor.gtidMode !== 'ON') return { is: 'unknown' }
  const [has, wanted] = [readGtids(replica.executedGtidSet), readGtids(successor.executedGtidSet)]
  if (isEmptyGtidSet(has)) return { is: 'unknown' }
  if (equalGtidSets(has, wanted)) return { is: 'same' }
  const extra = subtractGtidSets(has, wanted)
  if (!isEmptyGtidSet(extra)) return { is: 'ahead', gtids: oneLine(extra) }
  const missing = subtractGtidSets(wanted, has)
  return isTail(missing, has) ? { is: 'behind' } : { is: 'gap', gtids: oneLine(missing) }
}

/** Is all of it newer than what is there? One that was made from a copy without its set lacks old numbers whose rows it has: it must not get them again. */
function isTail(missing: GtidSet, has: GtidSet): boolean {
  for (const [origin, intervals] of missing) {
    const last = has.get(origin)?.at(-1)
    const [first] = intervals
    if (last === undefined || first === undefined || first <= last) return false
  }
  return isEmptyGtidSet(intersectGtidSets(missing, has))
}

const oneLine = (set: GtidSet): string => gtidSetText(set).replaceAll('\n', '')

function rowsFor({ key: on, mariadbGtid }: Instance, successor: InstanceKey, judged: Exclude<Judged, { lost: Reason }>, matchMilliseconds: number): readonly Row[] {
  const ifStoppedHere = failoverReason('repoint-stopped', { server: on, successor })
  const stands = [{ holds: 'receiver-stopped', server: on }, { holds: 'applier-stopped', server: on }] as const
  const matched = matchedPlace(on, successor)
  const turn: Row['step'] = judged.way === 'place' ? { do: 'change-source', on, to: successor, way: 'coordinates', at: { place: judged.at } }
    : judged.way === 'match' ? { do: 'change-source', on, to: successor, way: 'coordinates', at: { boundTo: matched } }
      : { do: 'change-source', on, to: successor, way: mariadbGtid === null ? 'auto-position' : 'slave-pos' }
  const find: readonly Omit<Row, 'wave'>[] = judged.way === 'match' ? [{ step: { do: 'match-position', on, with: successor, as: matched, timeoutMilliseconds: matchMilliseconds }, requires: stands, ifStoppedHere }] : []
  const rows: readonly Omit<Row, 'wave'>[] = [
    ...find,
    { step: turn, requires: [...stands, { holds: 'executed-all-read', server: on }], ifStoppedHere },
    { step: { do: 'start-replication', on }, ifStoppedHere: failoverReason('repoint-done', { server: on, successor }) },
  ]
  return rows.map(row => ({ ...row, wave: 1, part: on, onFailure: 'note' }))
}
