import { type BinlogCoordinates, compareCoordinates, coordinatesText } from '../topology/binlog-coordinates.ts'
import type { Instance } from '../topology/instance.ts'
import { hostOf, instanceKey, type InstanceKey, portOf } from '../topology/instance-key.ts'
import { hasAppliedAllItRead } from '../topology/received.ts'
import { canReplicate, type ReplicationPolicy } from '../topology/replication-rules.ts'
import type { Topology } from '../topology/topology.ts'
import type { LostReplica } from './failover.ts'
import { planOf, type Row } from './failover-plan.ts'
import { failoverReason } from './failover-reasons.ts'
import { positionFailoverReason as positionReason } from './failover-position-reasons.ts'
import { matchedPlace } from './match.ts'
import type { Plan } from './plan.ts'

/**
 * A failover of servers that use no GTID. What each has read of the dead primary's log says who is the most advanced: only that one is promoted,
 * because nobody could give another one what it lacks. Those that stand at the same place follow it from where its own log ended then;
 * those behind are matched by Pseudo-GTID; who is ahead of it, or cannot be matched, is lost and said so.
 */

/** Direct replicas by file and position that can take part, and those that cannot. */
export function replicasByPosition(topology: Topology, failed: InstanceKey): { readonly reachable: readonly Instance[]; readonly lost: readonly LostReplica[] } {
  const reachable: Instance[] = []
  const lost: LostReplica[] = []
  for (const replica of topology.replicasOf(failed)) {
    const { key: server, check, channels, replication } = replica
    if (check.failure !== null || check.lastSeenAt === null) lost.push({ key: server, reason: failoverReason('replica-unreachable', { server, text: check.failure?.text ?? '' }) })
    else if (channels.length > 1) lost.push({ key: server, reason: failoverReason('replica-several-channels', { server }) })
    else if (replication?.gtid !== 'none' || replication.readCoordinates === null) lost.push({ key: server, reason: positionReason('failover-position-not-read', { server }) })
    else reachable.push(replica)
  }
  return { reachable, lost }
}

/** A binlog server goes on in the log that it has, or not at all: it is never turned to a place of another one. */
export function realReplicasByPosition(topology: Topology, failed: InstanceKey): ReturnType<typeof replicasByPosition> {
  const { reachable, lost } = replicasByPosition(topology, failed)
  const isReal = (key: InstanceKey): boolean => topology.get(key)?.isBinlogServer !== true
  return { reachable: reachable.filter(({ key }) => isReal(key)), lost: lost.filter(({ key }) => isReal(key)) }
}

/** Does nobody of the dead one's replicas use GTID, so that only positions say who has what? */
export const isByPosition = (topology: Topology, failed: InstanceKey): boolean => {
  const replicas = topology.replicasOf(failed).filter(({ isBinlogServer }) => !isBinlogServer)
  return replicas.length > 0 && replicas.every(({ replication }) => replication?.gtid === 'none')
}

/** Nobody fetches any more, so what was read of them stays true. */
export function planStopPositions(topology: Topology, failed: InstanceKey, replicas: readonly Instance[]): Plan {
  const rows = replicas.filter(({ replication }) => replication?.receiver !== 'stopped').map(({ key }): Row =>
    ({ wave: 1, step: { do: 'stop-receiver', on: key }, onFailure: 'note', ifStoppedHere: failoverReason('stop-receiver-stopped', { server: key }) }))
  return planOf(topology, { kind: 'stop-receivers', says: failoverReason('plan-stop-receivers', { failed }), rows, concerns: [failed], method: 'position' })
}

export const executedName = (key: InstanceKey): string => `executed by ${key}`
export const ownEndName = (key: InstanceKey): string => `own end of ${key}`

/**
 * The candidate applies all that it has received and says where it is then: what it has executed of the dead one's log, and where its own log ends. Nothing
 * comes any more, so it need not be stopped for that; a stop waits for a minute where a transaction broke off half way (measured on MySQL 9.7).
 */
export function planStandPosition(topology: Topology, candidate: Instance, timeoutMilliseconds: number): Plan {
  const on = candidate.key
  const ifStoppedHere = failoverReason('drain-stopped', { candidate: on })
  const rows: Row[] = applyRows(candidate, timeoutMilliseconds).filter(({ step }) => step.do !== 'stop-replication').map(row => ({ ...row, ifStoppedHere }))
  const wave = Math.max(0, ...rows.map(row => row.wave))
  rows.push(
    { wave: wave + 1, step: { do: 'read-coordinates', on, which: 'executed', as: executedName(on) }, ifStoppedHere },
    { wave: wave + 2, step: { do: 'read-coordinates', on, which: 'own', as: ownEndName(on) }, ifStoppedHere },
  )
  return planOf(topology, { kind: 'drain', says: failoverReason('plan-drain', { candidate: on }), rows, method: 'position' })
}

/** The others apply all that they have received, and stand. One whose applier fails or is too slow is noted, and holds up nobody. */
export function planStandOthers(topology: Topology, replicas: readonly Instance[], successor: InstanceKey, timeoutMilliseconds: number): Plan {
  const rows = replicas.filter(({ key }) => key !== successor).flatMap(replica => applyRows(replica, timeoutMilliseconds).map((row): Row => ({ ...row, onFailure: 'note' })))
  return planOf(topology, { kind: 'settle', says: positionReason('plan-settle', {}), rows, method: 'position', concerns: [successor] })
}

/**
 * A replica of a dead intermediate source applies all that it has received, stands, and follows a server above or beside the dead one from where both logs
 * meet, found by Pseudo-GTID. What the dead one had sent it came from above, where it still is.
 */
export function matchOrphanRows(orphan: Instance, target: InstanceKey, limits: { readonly drainMilliseconds: number; readonly matchMilliseconds: number }): readonly Row[] {
  const { key: on, replication: link } = orphan
  const ifStoppedHere = failoverReason('repoint-stopped', { server: on, successor: target })
  // Where it does not come to a place it waits for its source again.
  const stop: readonly Row[] = link?.receiver === 'stopped' ? []
    : [{ wave: 1, step: { do: 'stop-receiver', on }, undo: [{ do: 'start-receiver', on }], ifStoppedHere: failoverReason('stop-receiver-stopped', { server: on }) }]
  const matched = matchedPlace(on, target)
  const rows: readonly Row[] = [
    ...stop, ...applyRows(orphan, limits.drainMilliseconds),
    { wave: 1, step: { do: 'match-position', on, with: target, as: matched, timeoutMilliseconds: limits.matchMilliseconds }, ifStoppedHere, requires: [{ holds: 'applier-stopped', server: on }, { holds: 'receiver-stopped', server: on }] },
    { wave: 1, step: { do: 'change-source', on, to: target, way: 'coordinates', at: { boundTo: matched } }, ifStoppedHere, requires: [{ holds: 'applier-stopped', server: on }] },
    { wave: 1, step: { do: 'start-replication', on }, ifStoppedHere: failoverReason('repoint-done', { server: on, successor: target }) },
  ]
  return rows.map((row, index) => ({
    ...row, wave: 1, part: on, onFailure: 'note', ...(index === 0 ? { requires: [...(row.requires ?? []), { holds: 'is-reachable', server: target }] } : {}),
    ...(row.step.do === 'stop-replication' ? { undo: [{ do: 'start-applier', on }] } : {}),
  }))
}

/** All that was received whole is applied, and it stands. */
export function applyRows(replica: Instance, timeoutMilliseconds: number): readonly Row[] {
  const { key: on, replication: link } = replica
  const ifStoppedHere = failoverReason('stop-receiver-stopped', { server: on })
  const stands = link?.applier === 'stopped'
  if (stands && hasAppliedAllItRead(replica)) return []
  return [
    ...(stands ? [{ wave: 1, step: { do: 'start-applier', on } as const, ifStoppedHere }] : []),
    { wave: 2, step: { do: 'wait-received', on, timeoutMilliseconds }, requires: [{ holds: 'receiver-stopped', server: on }], ifStoppedHere },
    { wave: 3, step: { do: 'stop-replication', on }, ifStoppedHere },
  ]
}

/**
 * Lost replicas that stand with nothing left to apply stop looking for the dead server (contract recovery.md 14): its host gets `//` in front, and the place
 * is kept from which they would go on. One whose applier failed keeps its relay log, and is left as it is.
 */
export function planDetachPosition(topology: Topology, lost: readonly LostReplica[], failed: InstanceKey): Plan {
  const to = instanceKey(`//${hostOf(failed)}`, portOf(failed))
  const rows = lost.flatMap(({ key, reason }): Row[] => {
    const instance = topology.get(key)
    const link = instance?.replication
    // A binlog server stands, and nothing else is known of what it makes of a host that is none.
    if (instance === undefined || instance.isBinlogServer || link?.source !== failed || instance.check.failure !== null || link.gtid !== 'none') return []
    if (link.receiver !== 'stopped' || link.applier !== 'stopped' || (!settled.has(reason.code) && !hasAppliedAllItRead(instance))) return []
    const ifStoppedHere = failoverReason('repoint-stopped', { server: key, successor: to })
    return [{ wave: 1, step: { do: 'change-source', on: key, to, way: 'executed-position' }, onFailure: 'note', ifStoppedHere }]
  })
  return planOf(topology, { kind: 'detach', says: failoverReason('plan-repoint', { successor: to }), rows, method: 'position' })
}

/** Lost only after they had applied everything. */
const settled: ReadonlySet<string> = new Set(['failover-position-ahead', 'failover-position-behind'])

/** Where the successor stood when it took over. */
export interface LeaderPlace {
  readonly executed: BinlogCoordinates
  readonly ownEnd: BinlogCoordinates
}

/** The others, which stand, follow the successor: each from the place that is the same as where it stands. */
export function planFollowPosition(
  topology: Topology, replicas: readonly Instance[], successor: Instance, place: LeaderPlace, policy: { readonly replication: ReplicationPolicy; readonly pseudoGtid: boolean; readonly matchMilliseconds: number },
): { readonly plan: Plan; readonly lost: readonly LostReplica[] } {
  const asPrimary: Instance = { ...successor, replication: null, channels: [] }
  const rows: Row[] = []
  const lost: LostReplica[] = []
  for (const replica of replicas) {
    if (replica.key === successor.key) continue
    const judged = followRows(replica, asPrimary, place, policy)
    if ('code' in judged) lost.push({ key: replica.key, reason: judged })
    else rows.push(...judged)
  }
  const matches = rows.some(({ step }) => step.do === 'match-position')
  const says = failoverReason('plan-repoint', { successor: successor.key })
  return { plan: planOf(topology, { kind: 'repoint', says, rows, method: matches ? 'pseudo-gtid' : 'position', concerns: [successor.key] }), lost }
}

function followRows(
  replica: Instance, asPrimary: Instance, place: LeaderPlace, policy: { readonly replication: ReplicationPolicy; readonly pseudoGtid: boolean; readonly matchMilliseconds: number },
): readonly Row[] | LostReplica['reason'] {
  const { key: on, replication: link } = replica
  const [server, successor] = [on, asPrimary.key]
  const at = link?.executedCoordinates ?? null
  if (link === null || at === null) return positionReason('failover-position-not-read', { server })
  const rules = canReplicate(replica, asPrimary, policy.replication)
  if (!rules.allowed) return failoverReason('replica-cannot-follow', { server, successor, text: rules.obstacle.text })
  if (link.applier !== 'stopped') return positionReason('failover-position-not-standing', { server })
  const order = compareCoordinates(at, place.executed)
  const names = { server, successor, at: coordinatesText(at), place: coordinatesText(place.executed) }
  if (order > 0) return positionReason('failover-position-ahead', names)
  if (order < 0 && !policy.pseudoGtid) return positionReason('failover-position-behind', names)
  const ifStoppedHere = failoverReason('repoint-stopped', { server, successor })
  const matched = matchedPlace(on, successor)
  const find: Row = order === 0
    ? { wave: 1, step: { do: 'read-coordinates', on, which: 'executed', as: executedName(on), mustBe: { place: coordinatesText(place.executed) } }, ifStoppedHere }
    : { wave: 1, step: { do: 'match-position', on, with: successor, as: matched, timeoutMilliseconds: policy.matchMilliseconds }, ifStoppedHere }
  const target = order === 0 ? { place: coordinatesText(place.ownEnd) } : { boundTo: matched }
  const rows: readonly Row[] = [
    { ...find, requires: [{ holds: 'receiver-stopped', server }, { holds: 'applier-stopped', server }] },
    { wave: 2, step: { do: 'change-source', on, to: successor, way: 'coordinates', at: target }, ifStoppedHere },
    { wave: 3, step: { do: 'start-replication', on }, ifStoppedHere: failoverReason('repoint-done', { server, successor }) },
  ]
  // One after the other for each replica, and all replicas at the same time: a match takes as long as its logs are.
  return rows.map(row => ({ ...row, wave: 1, part: on, onFailure: 'note' }))
}
