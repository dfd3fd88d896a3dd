import type { Reason } from '../../kit/reason.ts'
import { type BinlogCoordinates, compareCoordinates, coordinatesText } from '../topology/binlog-coordinates.ts'
import { type Instance, isLastCheckValid } from '../topology/instance.ts'
import { compareKeys, type InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import type { LostReplica } from './failover.ts'
import { binlogFailoverReason as binlogReason } from './failover-binlog-server-reasons.ts'
import { planOf, type Row } from './failover-plan.ts'
import { executedName } from './failover-position.ts'
import { positionFailoverReason as positionReason } from './failover-position-reasons.ts'
import { failoverReason } from './failover-reasons.ts'
import type { Plan } from './plan.ts'
import { promotionRules } from './promote-choice.ts'
import { banOf, type PromotionPolicy } from './promote-policy.ts'

/**
 * A failover of a primary below which there are binlog servers alone (contract recovery.md 3.3). All hand on one log, so the one that has read furthest
 * says what there is. A real replica below them that logs nothing of what it replicates applies exactly that, and then writes on in a file with the next
 * number: to everybody below the binlog servers the new primary's log is the continuation of the old one's.
 */
export const isByBinlogServers = (topology: Topology, failed: InstanceKey): boolean => {
  const replicas = topology.replicasOf(failed)
  return replicas.length > 0 && replicas.every(({ isBinlogServer }) => isBinlogServer)
}

export interface BinlogServers {
  /** Who has read furthest. */
  readonly leader: Instance
  readonly others: readonly Instance[]
  readonly lost: readonly LostReplica[]
}

export function gatheredServers(topology: Topology, failed: InstanceKey): BinlogServers | { readonly refused: Reason; readonly lost: readonly LostReplica[] } {
  const lost: LostReplica[] = []
  const reachable: Instance[] = []
  for (const server of topology.replicasOf(failed).filter(({ isBinlogServer }) => isBinlogServer)) {
    const { key, check, replication } = server
    if (check.failure !== null || check.lastSeenAt === null) lost.push({ key, reason: failoverReason('replica-unreachable', { server: key, text: check.failure?.text ?? '' }) })
    else if ((replication?.executedCoordinates ?? null) === null) lost.push({ key, reason: binlogReason('binlog-server-no-place', { server: key }) })
    else reachable.push(server)
  }
  const [leader, ...others] = reachable.toSorted((left, right) => {
    const [mine, other] = [left.replication?.executedCoordinates ?? null, right.replication?.executedCoordinates ?? null]
    return (mine === null || other === null ? 0 : compareCoordinates(other, mine)) || compareKeys(left.key, right.key)
  })
  return leader === undefined ? { refused: binlogReason('no-binlog-server-left', { failed }), lost } : { leader, others, lost }
}

/** The one that has read furthest stands, so that its place stays true. */
export function planLeaderStands(topology: Topology, failed: InstanceKey, leader: Instance): Plan {
  return planOf(topology, { kind: 'gather-binlog-servers', says: binlogReason('plan-leader-stands', { leader: leader.key, failed }), rows: standRows(leader), method: 'position', concerns: [failed] })
}

/** The others read from it what they lack; each is a part of its own. */
export function planGatherBinlogServers(topology: Topology, failed: InstanceKey, leader: InstanceKey, others: readonly Instance[]): Plan {
  const rows = others.flatMap(other => [...standRows(other), ...readFrom(other.key, leader)].map((row): Row => ({ ...row, part: other.key, onFailure: 'note' })))
  return planOf(topology, { kind: 'gather-binlog-servers', says: binlogReason('plan-gather-binlog-servers', { leader }), rows, method: 'position', concerns: [failed, leader] })
}

/** Nobody takes over: the leader waits for its source again. */
export function planLeaderGoesOn(topology: Topology, failed: InstanceKey, leader: InstanceKey): Plan {
  const row: Row = { wave: 1, step: { do: 'start-replication', on: leader }, onFailure: 'note', ifStoppedHere: failoverReason('still-before', {}) }
  return planOf(topology, { kind: 'start-receivers', says: failoverReason('plan-start-receivers', { failed }), rows: [row], method: 'none', concerns: [failed] })
}

const standRows = ({ key: server, replication }: Instance): readonly Row[] => (replication?.receiver === 'stopped' && replication.applier === 'stopped' ? []
  : [{ wave: 1, step: { do: 'stop-replication', on: server }, ifStoppedHere: binlogReason('binlog-server-stands', { server }) }])

/** A binlog server goes on in the same log, from where it is. */
const readFrom = (on: InstanceKey, to: InstanceKey): readonly Row[] => [
  { wave: 1, step: { do: 'change-source', on, to, way: 'executed-position' }, requires: [{ holds: 'receiver-stopped', server: on }], ifStoppedHere: binlogReason('binlog-server-behind-leader', { server: on, leader: to }) },
  { wave: 1, step: { do: 'start-replication', on }, ifStoppedHere: failoverReason('repoint-done', { server: on, successor: to }) },
]

/** Real replicas of these binlog servers. */
export const replicasBelow = (topology: Topology, servers: readonly Instance[]): readonly Instance[] =>
  servers.flatMap(({ key }) => topology.replicasOf(key)).filter(({ isBinlogServer }) => !isBinlogServer)

export interface BinlogSuccessors {
  /** Who may take over, best first. */
  readonly successors: readonly Instance[]
  readonly refused: readonly LostReplica[]
  /** Has read beyond every binlog server: cannot be among them again. */
  readonly ahead: readonly LostReplica[]
}

/** Best first: the one that was asked for, by rule, by what is still to be applied, below the leader already. Each has had its own log read. */
export function chooseBinlogSuccessors(replicas: readonly Instance[], leader: Instance, place: BinlogCoordinates, policy: PromotionPolicy, designated: InstanceKey | null): BinlogSuccessors {
  const refused: LostReplica[] = []
  const ahead: LostReplica[] = []
  const fit: Instance[] = []
  for (const replica of replicas) {
    const { key } = replica
    const read = replica.replication?.readCoordinates ?? null
    if (read !== null && compareCoordinates(read, place) > 0) {
      ahead.push({ key, reason: binlogReason('reads-beyond', { server: key, at: coordinatesText(read), leader: leader.key, place: coordinatesText(place) }) })
      continue
    }
    const reason = unfitBelow(replica, place, policy)
    if (reason === null) fit.push(replica)
    else refused.push({ key, reason })
  }
  const wish = ({ key }: Instance): number => (key === designated ? 0 : 1)
  const rule = ({ promotionRule }: Instance): number => promotionRules.indexOf(promotionRule)
  const executed = ({ replication }: Instance): BinlogCoordinates => replication?.executedCoordinates ?? { file: '', position: 0n }
  const far = ({ replication }: Instance): number => (replication?.source === leader.key ? 0 : 1)
  const successors = fit.toSorted((left, right) =>
    wish(left) - wish(right) || rule(left) - rule(right) || compareCoordinates(executed(right), executed(left)) || far(left) - far(right) || compareKeys(left.key, right.key))
  return { successors, refused, ahead }
}

function unfitBelow(replica: Instance, place: BinlogCoordinates, policy: PromotionPolicy): Reason | null {
  const { key: server, replication: link } = replica
  const ban = banOf(replica, policy)
  if (ban !== null) return ban
  if (!isLastCheckValid(replica) || replica.check.failure !== null) return failoverReason('replica-unreachable', { server, text: replica.check.failure?.text ?? '' })
  if (replica.channels.length > 1) return failoverReason('replica-several-channels', { server })
  if (link?.gtid !== 'none' || link.executedCoordinates === null) return binlogReason('not-by-file-and-position', { server })
  if (!replica.logBin) return binlogReason('needs-binary-log', { server })
  if (replica.logReplicaUpdates) return binlogReason('needs-own-log-alone', { server })
  const files = filesToBegin(replica, place)
  return typeof files === 'number' ? null : files
}

/** So many files at most: one after the other, they are a matter of seconds. */
const filesMax = 2000

/** How many files the successor has to begin so that its log goes on in the one after that of the binlog servers; else why it cannot. */
export function filesToBegin({ key: server, binlogCoordinates }: Instance, place: BinlogCoordinates): number | Reason {
  if (binlogCoordinates === null) return binlogReason('own-log-unread', { server })
  const [own, leads] = [numbered(binlogCoordinates.file), numbered(place.file)]
  const names = { server, own: binlogCoordinates.file, leads: place.file }
  if (own === null || leads === null || own.base !== leads.base) return binlogReason('log-name-differs', names)
  if (own.number > leads.number) return binlogReason('log-number-beyond', names)
  const files = leads.number + 1 - own.number
  return files > filesMax ? binlogReason('log-number-too-far', { ...names, limit: filesMax }) : files
}

function numbered(file: string): { readonly base: string; readonly number: number; readonly digits: number } | null {
  const [, base, digits] = /^(.*\.)(\d+)$/.exec(file) ?? []
  return base === undefined || digits === undefined ? null : { base, number: Number(digits), digits: digits.length }
}

/** The file after that of the binlog servers; theirs is a numbered one wherever `filesToBegin` says a number. */
export function nextFile({ file }: BinlogCoordinates): string {
  const now = numbered(file)
  return now === null ? file : `${now.base}${String(now.number + 1).padStart(now.digits, '0')}`
}

/** The candidate applies exactly what the leader has, and stands there. One below another binlog server goes below the leader first. */
export function planRollForward(topology: Topology, candidate: Instance, leader: InstanceKey, place: BinlogCoordinates, timeoutMilliseconds: number): Plan {
  const { key: on, replication: link } = candidate
  const ifStoppedHere = failoverReason('drain-stopped', { candidate: on })
  const [receives, applies] = [link?.receiver !== 'stopped', link?.applier !== 'stopped']
  const turns: readonly Omit<Row, 'wave'>[] = link?.source === leader ? [] : [
    ...(receives ? [{ step: { do: 'stop-receiver', on } as const, ifStoppedHere }] : []),
    ...(applies ? [] : [{ step: { do: 'start-applier', on } as const, ifStoppedHere }]),
    { step: { do: 'wait-received', on, timeoutMilliseconds }, requires: [{ holds: 'receiver-stopped', server: on }], ifStoppedHere },
    { step: { do: 'stop-replication', on }, ifStoppedHere },
    { step: { do: 'change-source', on, to: leader, way: 'executed-position' }, requires: [{ holds: 'executed-all-read', server: on }, { holds: 'applier-stopped', server: on }], ifStoppedHere },
    { step: { do: 'start-replication', on }, ifStoppedHere },
  ]
  const start = receives ? (applies ? null : 'start-applier' as const) : applies ? 'start-receiver' as const : 'start-replication' as const
  const starts: readonly Omit<Row, 'wave'>[] = turns.length > 0 || start === null ? [] : [{ step: { do: start, on }, ifStoppedHere }]
  const last = binlogReason('rolled-forward', { candidate: on, leader })
  const rows: readonly Omit<Row, 'wave'>[] = [
    ...turns, ...starts,
    { step: { do: 'wait-position', on, upTo: coordinatesText(place), timeoutMilliseconds }, requires: [{ holds: 'replicates-from', server: on, source: leader }], ifStoppedHere },
    { step: { do: 'stop-replication', on }, requires: [{ holds: 'executed-all-read', server: on }], undo: [{ do: 'start-replication', on }], ifStoppedHere: last },
    { step: { do: 'read-coordinates', on, which: 'executed', as: executedName(on), mustBe: { place: coordinatesText(place) } }, requires: [{ holds: 'applier-stopped', server: on }], ifStoppedHere: last },
  ]
  const says = binlogReason('plan-roll-forward', { candidate: on, leader })
  return planOf(topology, { kind: 'drain', says, rows: rows.map((row, index) => ({ ...row, wave: index + 1 })), method: 'position', concerns: [leader] })
}

/**
 * A replica of the dead primary itself reads on from a binlog server that has read further, up to where that one stands. What it has received in part it
 * reads there again.
 */
export function planFeedFromBinlogServer(topology: Topology, candidate: Instance, server: InstanceKey, place: BinlogCoordinates, timeoutMilliseconds: number): Plan {
  const { key: on, replication: link } = candidate
  const ifStoppedHere = failoverReason('feed-stopped', { candidate: on, feeder: server })
  const rows: readonly Omit<Row, 'wave'>[] = [
    ...(link?.receiver === 'stopped' ? [] : [{ step: { do: 'stop-receiver', on } as const, ifStoppedHere }]),
    ...(link?.applier === 'stopped' ? [{ step: { do: 'start-applier', on } as const, ifStoppedHere }] : []),
    { step: { do: 'wait-received', on, timeoutMilliseconds }, requires: [{ holds: 'receiver-stopped', server: on }], ifStoppedHere },
    { step: { do: 'stop-replication', on }, undo: [{ do: 'start-applier', on }], ifStoppedHere },
    { step: { do: 'change-source', on, to: server, way: 'executed-position' }, requires: [{ holds: 'applier-stopped', server: on }, { holds: 'receiver-stopped', server: on }], ifStoppedHere },
    { step: { do: 'start-replication', on }, ifStoppedHere },
    { step: { do: 'wait-position', on, upTo: coordinatesText(place), timeoutMilliseconds }, requires: [{ holds: 'replicates-from', server: on, source: server }], ifStoppedHere },
    { step: { do: 'stop-replication', on }, ifStoppedHere },
  ]
  const says = failoverReason('plan-feed', { candidate: on, feeder: server })
  return planOf(topology, { kind: 'feed', says, rows: rows.map((row, index) => ({ ...row, wave: index + 1 })), method: 'position', concerns: [server] })
}

/** Replicas of binlog servers that stand come to where those stand, and stand there too. One that does not is noted and reads on from its binlog server. */
export function planStandBelow(topology: Topology, coming: readonly { readonly replica: Instance; readonly upTo: BinlogCoordinates }[], timeoutMilliseconds: number): Plan {
  const rows = coming.flatMap(({ replica: { key: on, replication: link }, upTo }): Row[] => {
    const part = { wave: 1, part: on, onFailure: 'note', ifStoppedHere: failoverReason('stop-receiver-stopped', { server: on }) } as const
    const runs = link?.receiver !== 'stopped' && link?.applier !== 'stopped'
    return [
      ...(runs ? [] : [{ ...part, step: { do: 'start-replication', on } as const }]),
      { ...part, step: { do: 'wait-position', on, upTo: coordinatesText(upTo), timeoutMilliseconds } },
      { ...part, step: { do: 'stop-replication', on }, undo: [{ do: 'start-replication', on }] },
    ]
  })
  return planOf(topology, { kind: 'settle', says: positionReason('plan-settle', {}), rows, method: 'position' })
}

/** It forgets its source, its log goes on under the next number, and only then it takes writes: nothing may stand in a file that nobody will ask for. */
export function planNumberLogs(topology: Topology, candidate: Instance, leader: InstanceKey, place: BinlogCoordinates, files: number, makesWritable: boolean): Plan {
  const on = candidate.key
  const ifStoppedHere = binlogReason('rolled-forward', { candidate: on, leader })
  const numberedNow = binlogReason('logs-numbered', { candidate: on })
  const done = failoverReason('promote-done', { candidate: on })
  const stands: Row['requires'] = [{ holds: 'applier-stopped', server: on }, { holds: 'receiver-stopped', server: on }]
  const rows: readonly Omit<Row, 'wave'>[] = [
    { step: { do: 'forget-source', on }, requires: stands, ifStoppedHere },
    ...Array.from({ length: files }, (): Omit<Row, 'wave'> => ({ step: { do: 'flush-binary-logs', on }, requires: [{ holds: 'is-primary', server: on }], ifStoppedHere: numberedNow })),
    ...(makesWritable ? [{ step: { do: 'set-writable', on } as const, requires: [{ holds: 'is-primary', server: on } as const], ifStoppedHere: done }] : []),
    { step: { do: 'purge-binary-logs', on, upTo: nextFile(place) }, onFailure: 'note', ifStoppedHere: done },
  ]
  const says = binlogReason('plan-number-logs', { candidate: on, leader })
  return planOf(topology, { kind: 'promote', says, rows: rows.map((row, index) => ({ ...row, wave: index + 1 })), method: 'position', concerns: [leader] })
}

/** The leader goes on with the first place of the successor's log that anybody below it will ask for. */
export function planLeaderSource(topology: Topology, leader: InstanceKey, successor: InstanceKey, place: BinlogCoordinates): Plan {
  const at = { place: `${nextFile(place)}:${firstPosition}` }
  const says = binlogReason('plan-binlog-server-source', { leader, successor })
  const rows: readonly Row[] = [
    {
      wave: 1, step: { do: 'change-source', on: leader, to: successor, way: 'coordinates', at }, requires: [{ holds: 'receiver-stopped', server: leader }, { holds: 'is-reachable', server: successor }],
      ifStoppedHere: failoverReason('repoint-stopped', { server: leader, successor }),
    },
    { wave: 2, step: { do: 'start-replication', on: leader }, ifStoppedHere: failoverReason('repoint-done', { server: leader, successor }) },
  ]
  return planOf(topology, { kind: 'repoint', says, rows, method: 'position' })
}

const firstPosition = 4

/** A further binlog server reads from the successor itself, once it has come to the successor's first file behind the leader. */
export function planBinlogServerUp(topology: Topology, server: InstanceKey, leader: InstanceKey, successor: InstanceKey, place: BinlogCoordinates, timeoutMilliseconds: number): Plan {
  const waits: Row = {
    wave: 1, step: { do: 'wait-position', on: server, upTo: `${nextFile(place)}:${firstPosition}`, timeoutMilliseconds }, requires: [{ holds: 'replicates-from', server, source: leader }],
    ifStoppedHere: failoverReason('repoint-done', { server, successor: leader }),
  }
  const stop: Row = { wave: 1, step: { do: 'stop-replication', on: server }, undo: [{ do: 'start-replication', on: server }], ifStoppedHere: binlogReason('binlog-server-stands', { server }) }
  const rows = [waits, stop, ...readFrom(server, successor)].map((row, index) => ({ ...row, wave: index + 1 }))
  return planOf(topology, { kind: 'binlog-server-up', says: binlogReason('plan-binlog-server-up', { server, successor }), rows, method: 'position', concerns: [leader] })
}
