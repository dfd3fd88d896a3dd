import type { Reason } from '../../kit/reason.ts'
import { fail, ok, type Result } from '../../kit/result.ts'
import { type BinlogCoordinates, compareCoordinates } from '../topology/binlog-coordinates.ts'
import type { Instance, ServerFailure } from '../topology/instance.ts'
import { type LogEvent, type LogKind, placeOf, type Walk } from './asks.ts'
import { cursorAt, nextEvent } from './cursor.ts'
import { firstPosition, previousFile } from './log-files.ts'
import type { PseudoGtidPolicy } from './policy.ts'
import { pseudoGtidReason } from './reasons.ts'

/** A server as it stands, and where to begin reading. */
export interface Scanned {
  readonly instance: Instance
  /** Where its own log ended some minutes ago; null: not known. Only saves work. */
  readonly recentOwn: BinlogCoordinates | null
  /** Where in its relay log it stood some minutes ago; null: not known. Only saves work. */
  readonly recentRelay: BinlogCoordinates | null
}

export interface Entry {
  readonly log: LogKind
  readonly at: BinlogCoordinates
  readonly text: string
}

/**
 * The newest unique statement that a server has executed: in its own log when it logs what it applies, else in its relay logs
 * (contract pseudo-gtid.md section 5). `sameFormat` false: its own log has another format than the one it will be compared with.
 */
export function* lastEntry({ instance, recentOwn, recentRelay }: Scanned, policy: PseudoGtidPolicy, sameFormat = true): Walk<Result<Entry, Reason>> {
  const { key: server, logBin, logReplicaUpdates, binlogCoordinates, replication } = instance
  const logsAll = logBin && (logReplicaUpdates || replication === null) && binlogCoordinates !== null
  let inBinaryLogs = pseudoGtidReason('no-entry-in-binary-logs', { server })
  if (logsAll && sameFormat && !policy.relayLogsOnly) {
    const found = yield* lastInLogs(instance, 'binary', binlogCoordinates, recentOwn, policy)
    if (found.ok) return found
    inBinaryLogs = found.failure
  }
  const relayEnd = replication?.relayLogCoordinates ?? null
  if (relayEnd === null) return fail(replication === null ? inBinaryLogs : pseudoGtidReason('relay-log-unknown', { server }))
  const found = yield* lastInLogs(instance, 'relay', relayEnd, recentRelay, policy)
  const binaryLogs = logsAll ? (sameFormat ? inBinaryLogs.text : `another binlog format (${instance.binlogFormat})`) : 'it does not log what it applies'
  return found.ok ? found : fail(pseudoGtidReason('no-entry-in-relay-logs', { server, binaryLogs, relayLogs: found.failure.text }))
}

/** The newest one before a place in the binary log of a server. */
export function* lastEntryBefore({ instance, recentOwn }: Scanned, limit: BinlogCoordinates, policy: PseudoGtidPolicy): Walk<Result<Entry, Reason>> {
  return yield* lastInLogs(instance, 'binary', limit, recentOwn, policy)
}

/** Newest file first; in each the last one that begins before `end`. */
function* lastInLogs(
  { key: server }: Instance, log: LogKind, end: BinlogCoordinates, hint: BinlogCoordinates | null, policy: PseudoGtidPolicy,
): Walk<Result<Entry, Reason>> {
  const begin = hint !== null && hint.file === end.file && compareCoordinates(hint, end) < 0 ? hint.position : firstPosition
  const stretches: { file: string; from: bigint; until: BinlogCoordinates | null }[] = [{ file: end.file, from: begin, until: end }]
  if (begin > firstPosition) stretches.push({ file: end.file, from: firstPosition, until: { file: end.file, position: begin } })
  for (let stretch = stretches.shift(); stretch !== undefined; stretch = stretches.shift()) {
    const { file, from, until } = stretch
    const found = yield* lastInFile(server, log, file, from, until, policy)
    if (!found.ok) return fail(nowhere(server, found.failure))
    if (found.value !== null) return ok({ log, at: placeOf(found.value), text: found.value.text })
    const before = previousFile(file)
    if (stretches.length === 0 && before !== null) stretches.push({ file: before, from: firstPosition, until: null })
  }
  return fail(nowhere(server, null))
}

const nowhere = (server: Instance['key'], failure: ServerFailure | null): Reason =>
  failure === null || failure.kind === 'statement-rejected' ? pseudoGtidReason('no-entry-in-binary-logs', { server }) : pseudoGtidReason('log-unreadable', { server, text: failure.text })

function* lastInFile(
  of: Instance['key'], log: LogKind, file: string, from: bigint, until: BinlogCoordinates | null, policy: PseudoGtidPolicy,
): Walk<Result<LogEvent | null, ServerFailure>> {
  let cursor = cursorAt(of, log, { file, position: from }, null)
  let last: LogEvent | null = null
  for (;;) {
    const moved = yield* nextEvent(cursor, policy)
    if (!moved.ok) return moved
    const { event } = moved.value
    if (event === null || (until !== null && compareCoordinates(placeOf(event), until) >= 0)) return ok(last)
    if (policy.isEntry(event.text)) last = event
    cursor = moved.value.cursor
  }
}
