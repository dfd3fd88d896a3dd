import type { Reason } from '../../kit/reason.ts'
import { fail, ok, type Result } from '../../kit/result.ts'
import { type BinlogCoordinates, compareCoordinates, coordinatesText } from '../topology/binlog-coordinates.ts'
import type { Instance } from '../topology/instance.ts'
import { type LogEvent, placeOf, type Walk } from './asks.ts'
import { isSameText } from './comparable.ts'
import { cursorAt, nextEvent } from './cursor.ts'
import { firstPosition, previousFile } from './log-files.ts'
import type { PseudoGtidPolicy } from './policy.ts'
import { pseudoGtidReason } from './reasons.ts'

/** Relay logs that are walked back through at most. */
const filesMax = 1000

/** The last event of the relay logs that a replica has executed (contract pseudo-gtid.md section 8). */
export function* lastExecutedRelayEvent(instance: Instance, policy: PseudoGtidPolicy): Walk<Result<LogEvent, Reason>> {
  const end = instance.replication?.relayLogCoordinates ?? null
  if (end === null) return fail(pseudoGtidReason('relay-log-unknown', { server: instance.key }))
  for (let [file, files] = [end.file as string | null, 0]; file !== null && files < filesMax; [file, files] = [previousFile(file), files + 1]) {
    let last: LogEvent | null = null
    const read = yield* walkFile(instance, file, policy, event => {
      if (compareCoordinates(placeOf(event), end) >= 0) return 'enough'
      if (event.endPosition > 0n && event.type !== 'Format_desc' && event.type !== 'Previous_gtids') last = event
      return 'more'
    })
    if (read !== null) return fail(read)
    if (last !== null) return ok(last)
  }
  return fail(pseudoGtidReason('no-such-relay-event', { server: instance.key, at: coordinatesText(end) }))
}

/** The event at a place of the relay logs of a replica. */
export function* relayEventAt(instance: Instance, at: BinlogCoordinates, policy: PseudoGtidPolicy): Walk<Result<LogEvent, Reason>> {
  const none = pseudoGtidReason('no-such-relay-event', { server: instance.key, at: coordinatesText(at) })
  let found: LogEvent | null = null
  const read = yield* walkFile(instance, at.file, policy, event => {
    if (event.position === at.position) found = event
    return event.position >= at.position ? 'enough' : 'more'
  })
  if (read !== null) return fail(read)
  return found === null ? fail(none) : ok(found)
}

export interface RelayCorrelation {
  readonly own: BinlogCoordinates
  readonly found: BinlogCoordinates
  /** Of the event behind it; null when nothing follows. */
  readonly next: BinlogCoordinates | null
}

/** The same event in the relay logs of another replica of the same source, newest file first: it ends at the same place of the source's log. */
export function* findInRelayLogs(event: LogEvent, from: Instance, other: Instance, policy: PseudoGtidPolicy): Walk<Result<RelayCorrelation, Reason>> {
  const end = other.replication?.relayLogCoordinates ?? null
  if (end === null) return fail(pseudoGtidReason('relay-log-unknown', { server: other.key }))
  const missing = pseudoGtidReason('event-not-in-relay-logs', { server: other.key, replica: from.key, at: coordinatesText(placeOf(event)) })
  for (let [file, files] = [end.file as string | null, 0]; file !== null && files < filesMax; [file, files] = [previousFile(file), files + 1]) {
    const met: LogEvent[] = []
    const read = yield* walkFile(other, file, policy, candidate => {
      if (met.length > 0 || isSame(candidate, event)) met.push(candidate)
      return met.length < 2 ? 'more' : 'enough'
    })
    if (read !== null) return fail(files === 0 ? read : missing)
    const [found, next] = met
    if (found !== undefined) return ok({ own: placeOf(event), found: placeOf(found), next: next === undefined ? null : placeOf(next) })
  }
  return fail(missing)
}

const isSame = (left: LogEvent, right: LogEvent): boolean => left.endPosition === right.endPosition && left.type === right.type && isSameText(left.text, right.text)

/** Every event of one relay log until it is enough; why it could not be read, or null. */
function* walkFile(instance: Instance, file: string, policy: PseudoGtidPolicy, meet: (event: LogEvent) => 'more' | 'enough'): Walk<Reason | null> {
  let cursor = cursorAt(instance.key, 'relay', { file, position: firstPosition }, null)
  for (;;) {
    const moved = yield* nextEvent(cursor, policy)
    if (!moved.ok) return pseudoGtidReason('log-unreadable', { server: instance.key, text: moved.failure.text })
    if (moved.value.event === null || meet(moved.value.event) === 'enough') return null
    cursor = moved.value.cursor
  }
}
