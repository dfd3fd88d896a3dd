import { compareCoordinates, coordinatesText } from '../topology/binlog-coordinates.ts'
import { isReplica, type Instance } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { canReplicate } from '../topology/replication-rules.ts'
import type { ActRow } from './act-plan.ts'
import { moveRemark } from './move-remarks.ts'
import type { Move, Planning } from './moves.ts'
import type { Refusal } from './plan.ts'
import { drainRows, hasAppliedEverything, standing, turnRow } from './position-rows.ts'
import { startAgain } from './quiesce.ts'
import { refuse } from './refusals.ts'
import { type Way, wayOf } from './ways.ts'

// Replicas of a source that sends nothing any more: one of them leads, and those that have read just as far follow it from where its own log ends.

/** The leader has applied all it has read, and stands where its place is read. */
export function leaderRows(leader: Instance, timeoutMilliseconds: number): readonly ActRow[] {
  const on = leader.key
  const names = { instance: on, source: leader.replication?.source ?? '' }
  const stands = leader.replication?.receiver === 'stopped' && leader.replication.applier === 'stopped'
  return [
    ...(stands ? [] : silentDrain(leader, names, timeoutMilliseconds)),
    { step: { do: 'read-coordinates', on, which: 'executed', as: executedBy(on) }, requires: [standing(on), { holds: 'executed-all-read', server: on }], ifStoppedHere: moveRemark('stands', names) },
    { step: { do: 'read-coordinates', on, which: 'own', as: ownEnd(on) }, requires: [standing(on)], ifStoppedHere: moveRemark('stands', names) },
  ]
}

/** Nothing more is fetched from a silent source, and a receiver that stands already stays so. */
function silentDrain({ key, replication }: Instance, names: Parameters<typeof drainRows>[1], timeoutMilliseconds: number): readonly ActRow[] {
  const rows = drainRows(key, names, timeoutMilliseconds, false)
  return replication?.receiver === 'stopped' ? rows.slice(1) : rows
}

const executedBy = (key: InstanceKey): string => `executed by ${key}`
const ownEnd = (key: InstanceKey): string => `own end of ${key}`

/** May the leader stand and be read: it has no auto-position, and its applier is not broken. */
export function refuseLeader(leader: Instance): Refusal | null {
  if (!isReplica(leader) || leader.replication === null) return refuse('not-a-replica', { replica: leader.key })
  if (leader.replication.applier !== 'running' && !(leader.replication.receiver === 'stopped' && hasAppliedEverything(leader))) {
    return refuse('received-not-applied', { replica: leader.key, target: leader.replication.source })
  }
  return null
}

/** How a replica comes below the leader: by GTID where both can, from the same place where both read just as far, else by what else leads there. */
export function wayBelowLeader({ replica, target }: Move, source: InstanceKey, planning: Planning): Way | Refusal {
  const { topology, policy } = planning
  const [server, leader] = [topology.get(replica), topology.get(target)]
  const link = server?.replication
  if (server === undefined || leader === undefined || link === undefined || link === null) return refuse('unknown-instance', { server: server === undefined ? replica : target })
  if (link.gtid !== 'none' || leader.replication?.gtid !== 'none') return wayOf(replica, target, planning)
  const other = wayOf(replica, target, planning, ['equivalence', 'pseudo-gtid'])
  const tried = (other.methods ?? []).filter(({ taken }) => !taken)
  const not = (refusal: Refusal): Refusal => ({ ...refusal, methods: [...tried, { replica, method: 'position', taken: false, why: refusal.refused }] })
  const [read, led] = [link.readCoordinates, leader.replication.readCoordinates]
  const names = { replica, target, source }
  if (read === null || led === null) return not(refuse('position-unread', names))
  const order = compareCoordinates(read, led)
  if (order > 0) return not(refuse('ahead-of-candidate', { replica, candidate: target }))
  if (order < 0) {
    if (!('refused' in other)) return other
    return not(refuse('position-behind', { ...names, read: coordinatesText(read), led: coordinatesText(led) }))
  }
  const may = canReplicate(server, { ...leader, replication: null, channels: [] }, policy.replication)
  if (!may.allowed) return not(refuse('cannot-replicate', { replica, target, obstacle: may.obstacle.text, rule: may.obstacle.code }))
  const stands = link.receiver === 'stopped' && link.applier === 'stopped'
  if (stands ? !hasAppliedEverything(server) : link.applier !== 'running') return not(refuse('received-not-applied', { replica, target }))
  const because = moveRemark('place-equal', { replica, other: target, source, position: coordinatesText(read) })
  const stopped = { instance: replica, source, target }
  const rows: readonly ActRow[] = [
    ...(stands ? [] : silentDrain(server, stopped, policy.drainMilliseconds)),
    { step: { do: 'read-coordinates', on: replica, which: 'executed', as: executedBy(replica), mustBe: { boundTo: executedBy(target) } }, requires: [standing(replica)], ifStoppedHere: moveRemark('stands', stopped) },
    turnRow(replica, source, target, { from: { boundTo: executedBy(target) }, to: { boundTo: ownEnd(target) } }),
    ...startAgain(replica, link).map((step): ActRow => ({ step, requires: [{ holds: 'replicates-from', server: replica, source: target }], ifStoppedHere: moveRemark('moved-there', stopped) })),
  ]
  return {
    replica, target, method: 'position', runs: 'alone', rows, because, checks: [because],
    warnings: may.warning === null ? [] : [moveRemark('lower-version-allowed', { replica, why: may.warning.text.trimEnd() })],
    methods: [...tried, { replica, method: 'position', taken: true, why: because }],
  }
}
