import type { Reason } from '../../kit/reason.ts'
import { fail, ok, type Result } from '../../kit/result.ts'
import type { BinlogCoordinates } from '../topology/binlog-coordinates.ts'
import { isReplica, type ServerFailure } from '../topology/instance.ts'
import { type LogEvent, placeOf, type Walk } from './asks.ts'
import { comparableText } from './comparable.ts'
import { cursorAt, nextEvent } from './cursor.ts'
import type { Scanned } from './last-entry.ts'
import { firstPosition, previousFile } from './log-files.ts'
import type { PseudoGtidPolicy } from './policy.ts'
import { pseudoGtidReason } from './reasons.ts'

/**
 * Where the binary logs of a server have a statement, newest file first (contract pseudo-gtid.md section 6). Where texts grow with time, a file that
 * begins with a later one is left after its first. A server that replicates is given time to keep up before each file.
 */
export function* findEntry({ instance, recentOwn }: Scanned, text: string, policy: PseudoGtidPolicy): Walk<Result<BinlogCoordinates, Reason>> {
  const { key: server, binlogCoordinates: end } = instance
  const notFound = (why: string): Result<never, Reason> => fail(pseudoGtidReason('entry-not-on-target', { server, why }))
  if (end === null) return notFound('it does not tell where its binary log ends')
  const wanted = comparableText(text)
  const begin = recentOwn !== null && recentOwn.file === end.file && recentOwn.position < end.position ? recentOwn.position : firstPosition
  const stretches: { file: string; from: bigint; until: bigint | null }[] = [{ file: end.file, from: begin, until: null }]
  if (begin > firstPosition) stretches.push({ file: end.file, from: firstPosition, until: begin })
  for (let stretch = stretches.shift(); stretch !== undefined; stretch = stretches.shift()) {
    if (isReplica(instance)) yield { ask: 'keep-up', of: server }
    const found = yield* inFile(server, stretch, wanted, policy)
    if (!found.ok) return notFound(found.failure.text)
    if (found.value !== null) return ok(placeOf(found.value))
    const before = previousFile(stretch.file)
    if (stretches.length === 0 && before !== null) stretches.push({ file: before, from: firstPosition, until: null })
  }
  return notFound('no binary log has it')
}

function* inFile(
  of: Scanned['instance']['key'], { file, from, until }: { readonly file: string; readonly from: bigint; readonly until: bigint | null }, wanted: string, policy: PseudoGtidPolicy,
): Walk<Result<LogEvent | null, ServerFailure>> {
  const grows = policy.monotonicHint !== '' && wanted.includes(policy.monotonicHint)
  let cursor = cursorAt(of, 'binary', { file, position: from }, null)
  let isFirst = true
  for (;;) {
    const moved = yield* nextEvent(cursor, policy)
    if (!moved.ok) return moved
    const { event } = moved.value
    if (event === null || (until !== null && event.position >= until)) return ok(null)
    const comparable = event.text === wanted ? wanted : event.text.includes('/*') ? comparableText(event.text) : event.text
    if (comparable === wanted) return ok(event)
    if (isFirst && grows && policy.isEntry(event.text)) {
      if (event.text.includes(policy.monotonicHint) && comparable > wanted) return ok(null)
      isFirst = false
    }
    cursor = moved.value.cursor
  }
}
