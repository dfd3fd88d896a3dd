import { ok, type Result } from '../../kit/result.ts'
import type { BinlogCoordinates } from '../topology/binlog-coordinates.ts'
import type { ServerFailure } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import type { LogEvent, LogKind, Walk } from './asks.ts'
import { counts } from './comparable.ts'
import { firstPosition, nextFile } from './log-files.ts'
import type { PseudoGtidPolicy } from './policy.ts'

/** Files without an event that counts which are walked through one after another. */
const emptyFilesMax = 10

/** A place in the log of a server, and what was read of it already. A value: to walk on makes another one. */
export interface Cursor {
  readonly of: InstanceKey
  readonly log: LogKind
  readonly file: string
  /** The file that the server writes now: nothing is known to stand behind it. Null: only this file is read. */
  readonly lastFile: string | null
  readonly chunk: readonly LogEvent[]
  readonly index: number
  /** Where the next chunk begins: at an event, and some behind it. */
  readonly from: bigint
  readonly skip: number
  /** The chunk was the last one of its file, as far as the file was written then. */
  readonly isLastChunk: boolean
  /** Files since the last event that counted. */
  readonly emptyFiles: number
  /** The last event seen, whether it counts or not. */
  readonly seen: LogEvent | null
}

export const cursorAt = (of: InstanceKey, log: LogKind, at: BinlogCoordinates, lastFile: string | null): Cursor =>
  ({ of, log, file: at.file, lastFile, chunk: [], index: 0, from: at.position < firstPosition ? firstPosition : at.position, skip: 0, isLastChunk: false, emptyFiles: 0, seen: null })

/** What came next; null: nothing more is written. */
export interface Moved {
  readonly cursor: Cursor
  readonly event: LogEvent | null
}

/** The next event of the log, whether it counts or not. */
export function* nextEvent(at: Cursor, policy: PseudoGtidPolicy): Walk<Result<Moved, ServerFailure>> {
  let cursor = at
  for (;;) {
    const event = cursor.chunk[cursor.index]
    if (event !== undefined) return ok({ event, cursor: { ...cursor, index: cursor.index + 1, seen: event, emptyFiles: counts(event, policy) ? 0 : cursor.emptyFiles } })
    if (!cursor.isLastChunk) {
      const { of, log, file, from, skip } = cursor
      const read = yield { ask: 'chunk', of, log, file, from, skip, count: policy.chunkSize }
      if (!read.ok) return read
      cursor = { ...cursor, chunk: read.value, index: 0, isLastChunk: read.value.length < policy.chunkSize, ...behind(cursor, read.value) }
      continue
    }
    const next = nextFile(cursor.file)
    // A file that ends in a change of file has a successor, even one begun since the server was read.
    const hasNext = cursor.lastFile !== null && (cursor.file !== cursor.lastFile || (cursor.log === 'binary' && cursor.seen?.file === cursor.file && cursor.seen.type === 'Rotate'))
    if (!hasNext || next === null || cursor.emptyFiles >= emptyFilesMax) return ok({ event: null, cursor })
    cursor = { ...cursor, file: next, lastFile: cursor.file === cursor.lastFile ? next : cursor.lastFile, chunk: [], index: 0, from: firstPosition, skip: 0, isLastChunk: false, emptyFiles: cursor.emptyFiles + 1 }
  }
}

/** The next event that counts. */
export function* nextCounted(at: Cursor, policy: PseudoGtidPolicy): Walk<Result<Moved, ServerFailure>> {
  let cursor = at
  for (;;) {
    const moved = yield* nextEvent(cursor, policy)
    if (!moved.ok || moved.value.event === null || counts(moved.value.event, policy)) return moved
    cursor = moved.value.cursor
  }
}

/** Nothing more was written: look there again. */
export const lookAgain = (cursor: Cursor): Cursor => ({ ...cursor, isLastChunk: false })

/**
 * Where to read on. Behind the last event, where its end says where that is. Otherwise from the last event that is known to begin at its place,
 * leaving out what was read from there: inside a compressed transaction every event tells the end of the whole, MariaDB tells no end inside of
 * any transaction, and events of a relay log tell an end in another log.
 */
export function behind(cursor: Pick<Cursor, 'log' | 'from' | 'skip'>, chunk: readonly LogEvent[]): Pick<Cursor, 'from' | 'skip'> {
  const last = chunk.at(-1)
  if (last === undefined) return { from: cursor.from, skip: cursor.skip }
  if (cursor.log === 'binary' && last.endPosition > last.position && last.type !== 'Transaction_payload') return { from: last.endPosition, skip: 0 }
  for (let index = chunk.length - 2; index >= 0; index -= 1) {
    const [event, following] = [chunk[index], chunk[index + 1]]
    if (event !== undefined && following !== undefined && event.position < following.position) return { from: event.position, skip: chunk.length - index }
  }
  return { from: cursor.from, skip: cursor.skip + chunk.length }
}

