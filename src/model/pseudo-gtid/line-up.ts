import type { Reason } from '../../kit/reason.ts'
import { fail, ok, type Result } from '../../kit/result.ts'
import { type BinlogCoordinates, compareCoordinates, coordinatesText } from '../topology/binlog-coordinates.ts'
import { type Instance, isReplica, type ServerFailure } from '../topology/instance.ts'
import { type LogEvent, placeOf, type Walk } from './asks.ts'
import { counts, isSameText } from './comparable.ts'
import { type Cursor, cursorAt, lookAgain, type Moved, nextCounted, nextEvent } from './cursor.ts'
import type { Entry } from './last-entry.ts'
import type { PseudoGtidPolicy } from './policy.ts'
import { pseudoGtidReason } from './reasons.ts'

/** How often a target that replicates is looked at again for an event that the replica has and it has not yet. */
const pausesMax = 40

export interface LinedUp {
  /** Where in the log of the target the other one goes on. */
  readonly at: BinlogCoordinates
  readonly events: number
}

export interface LineUpWish {
  readonly replica: Instance
  readonly entry: Entry
  readonly target: Instance
  readonly twin: BinlogCoordinates
  /** Find the twin of the event at this place of the replica's log, instead of what follows the last one. */
  readonly limit?: BinlogCoordinates
}

/** Walks both logs in step from the statement that both have (contract pseudo-gtid.md section 7). */
export function* lineUp({ replica, entry, target, twin, limit }: LineUpWish, policy: PseudoGtidPolicy): Walk<Result<LinedUp, Reason>> {
  const relayEnd = entry.log === 'relay' ? (replica.replication?.relayLogCoordinates ?? null) : null
  const ownEnd = entry.log === 'relay' ? relayEnd : replica.binlogCoordinates
  if (ownEnd === null || target.binlogCoordinates === null) return fail(pseudoGtidReason('relay-log-unknown', { server: replica.key }))
  let left = cursorAt(replica.key, entry.log, entry.at, ownEnd.file)
  let right = cursorAt(target.key, 'binary', twin, target.binlogCoordinates.file)
  let behind: LogEvent | null = null
  let events = 0
  const done = (): Result<LinedUp, Reason> => {
    if (behind === null || events === 0) {
      return fail(pseudoGtidReason('nothing-compared', { entry: coordinatesText(entry.at), replica: replica.key, twin: coordinatesText(twin), target: target.key }))
    }
    if (behind.endPosition === 0n) return fail(pseudoGtidReason('inside-transaction', { target: target.key, at: coordinatesText(placeOf(behind)) }))
    return ok({ at: { file: behind.file, position: behind.endPosition }, events })
  }
  for (;;) {
    const own = yield* nextEvent(left, policy)
    if (!own.ok) return fail(unreadable(replica, own.failure))
    const { event } = own.value
    if (event === null) return (relayEnd !== null ? null : limit === undefined ? endsBefore(own.value.cursor, ownEnd) : notMet(limit, ownEnd)) ?? done()
    const end = relayEnd ?? limit
    const order = end === undefined ? -1 : compareCoordinates(placeOf(event), end)
    if (order > 0 && relayEnd !== null) return fail(pseudoGtidReason('passed-relay-position', { ended: coordinatesText(placeOf(event)), relay: coordinatesText(relayEnd) }))
    if (order > 0 && limit !== undefined) return fail(pseudoGtidReason('limit-not-met', { limit: coordinatesText(limit) }))
    const isLast = order === 0
    // What stands where a relay log was executed to is the first event that was not; one that does not count has no twin.
    if (isLast && (relayEnd !== null || !counts(event, policy))) return done()
    left = own.value.cursor
    if (!counts(event, policy)) continue
    const theirs = yield* nextOrLater(right, target, policy)
    if (!theirs.ok) return fail(unreadable(target, theirs.failure))
    if (theirs.value.event === null) return fail(pseudoGtidReason('target-ended', { target: target.key, replica: replica.key }))
    if (!isSameText(event.text, theirs.value.event.text)) return fail(pseudoGtidReason('entries-differ', { left: shortened(event.text), right: shortened(theirs.value.event.text) }))
    events += 1
    if (isLast) return ok({ at: placeOf(theirs.value.event), events })
    ;[behind, right] = [theirs.value.event, theirs.value.cursor]
  }
}

/** The log ended before the place that was asked for; it may be asked for its very end. */
const notMet = (limit: BinlogCoordinates, ownEnd: BinlogCoordinates): Result<never, Reason> | null =>
  compareCoordinates(limit, ownEnd) === 0 ? null : fail(pseudoGtidReason('limit-not-met', { limit: coordinatesText(limit) }))

/** The log that was walked must reach to where the server says that it ends. */
function endsBefore({ seen }: Cursor, own: BinlogCoordinates): Result<never, Reason> | null {
  const ended = seen === null ? null : { file: seen.file, position: seen.endPosition === 0n ? seen.position : seen.endPosition }
  if (ended !== null && compareCoordinates(ended, own) >= 0) return null
  return fail(pseudoGtidReason('ended-before-itself', { ended: ended === null ? ':0' : coordinatesText(ended), own: coordinatesText(own) }))
}

/** The next event of the target; one that replicates may be just about to have it. */
function* nextOrLater(at: Cursor, target: Instance, policy: PseudoGtidPolicy): Walk<Result<Moved, ServerFailure>> {
  let cursor = at
  for (let pauses = 0; ; pauses += 1) {
    const moved = yield* nextCounted(cursor, policy)
    if (!moved.ok || moved.value.event !== null || !isReplica(target) || pauses === pausesMax) return moved
    yield { ask: 'pause' }
    cursor = lookAgain(moved.value.cursor)
  }
}

const unreadable = ({ key: server }: Instance, { text }: ServerFailure): Reason => pseudoGtidReason('log-unreadable', { server, text })

/** Statements can be megabytes long. */
const shortened = (text: string): string => (text.length <= 200 ? text : `${text.slice(0, 200)}…`)
