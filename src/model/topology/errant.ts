import { ok, type Result } from '../../kit/result.ts'
import {
  dropUuid, dropUuids, emptyGtidSet, type GtidSet, gtidSetText, intersectGtidSets, isEmptyGtidSet, keepUuids, type MalformedGtidSet, parseGtidSet,
  subtractGtidSets, unionGtidSets,
} from './gtid-set.ts'
import type { Instance } from './instance.ts'

export interface ErrantInput {
  readonly executed: string
  readonly sourceExecuted: string
  /** All sources above, the server itself, and its group's name. */
  readonly ancestryUuids: readonly string[]
  readonly ownUuid: string
  readonly sourceUuid: string
  readonly isCoPrimary: boolean
}

/**
 * Transactions a replica has executed and its source has not: the errant ones (contract gtid.md 5).
 * Ancestors' transactions are left out, because the source's set may be older than the replica's.
 */
export function errantTransactions(input: ErrantInput): Result<GtidSet, MalformedGtidSet> {
  const { executed, sourceExecuted, ancestryUuids, ownUuid, sourceUuid, isCoPrimary } = input
  if (executed === '' || sourceExecuted === '') return ok(emptyGtidSet)
  const forgiven = new Set(ancestryUuids)
  if (isCoPrimary) forgiven.add(ownUuid)
  else forgiven.delete(ownUuid)
  if (executed === sourceExecuted && forgiven.has(sourceUuid)) return ok(emptyGtidSet)
  const parsed = parseGtidSet(executed)
  if (!parsed.ok) return parsed
  const left = dropUuids(parsed.value, forgiven)
  if (isEmptyGtidSet(left)) return ok(emptyGtidSet)
  const source = parseGtidSet(sourceExecuted)
  return source.ok ? ok(subtractGtidSets(left, dropUuid(source.value, sourceUuid))) : source
}

/**
 * The errant set to keep for a replica that was just read, against its source as last read: text, '' when nothing is known to be errant.
 * A transaction counts only when the source was read *after* the replica was seen to have it, so one that is on its way never looks errant.
 * Its own writes that it did not receive from anybody count at once; so does what counted before and is still missing on the source.
 */
export function errantGtidSet(replica: Instance, previous: Instance | undefined, source: Instance | undefined): string {
  if (replica.replication === null && replica.group === null) return ''
  if (source === undefined || replica.executedGtidSet === '' || source.executedGtidSet === '') return ''
  const answer = errantTransactions({
    executed: replica.executedGtidSet, sourceExecuted: source.executedGtidSet, ancestryUuids: replica.ancestryUuid.split(',').filter(uuid => uuid !== ''),
    ownUuid: replica.serverUuid, sourceUuid: replica.replication?.sourceUuid ?? source.serverUuid, isCoPrimary: replica.isCoPrimary,
  })
  if (!answer.ok) return previous?.errantGtidSet ?? ''
  const suspected = answer.value
  if (isEmptyGtidSet(suspected)) return ''
  const sourceReadFrom = readFrom(source)
  if (sourceReadFrom >= (replica.check.lastSeenAt ?? Infinity)) return gtidSetText(suspected)
  const written = subtractGtidSets(keepUuids(suspected, new Set([replica.serverUuid])), readSet(replica.replication?.retrievedGtidSet ?? ''))
  const hadBefore = previous !== undefined && (previous.check.lastSeenAt ?? Infinity) <= sourceReadFrom ? readSet(previous.executedGtidSet) : emptyGtidSet
  const countedBefore = readSet(previous?.errantGtidSet ?? '')
  return gtidSetText(unionGtidSets(written, intersectGtidSets(suspected, unionGtidSets(hadBefore, countedBefore))))
}

/** The earliest time at which the source's stored sets can have been read. */
const readFrom = (source: Instance): number => (source.check.lastSeenAt ?? -Infinity) - source.check.latencyMilliseconds

function readSet(text: string): GtidSet {
  const parsed = parseGtidSet(text)
  return parsed.ok ? parsed.value : emptyGtidSet
}
