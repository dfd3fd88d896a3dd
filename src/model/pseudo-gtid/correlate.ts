import type { Reason } from '../../kit/reason.ts'
import { fail, type Result } from '../../kit/result.ts'
import type { BinlogCoordinates } from '../topology/binlog-coordinates.ts'
import type { Walk } from './asks.ts'
import { findEntry } from './find-entry.ts'
import { type Entry, lastEntry, lastEntryBefore, type Scanned } from './last-entry.ts'
import { type LinedUp, lineUp } from './line-up.ts'
import type { PseudoGtidPolicy } from './policy.ts'
import { pseudoGtidReason } from './reasons.ts'

/** Where statements were found on the target a short while ago. */
export interface FoundEntries {
  get(server: Scanned['instance']['key'], text: string): BinlogCoordinates | undefined
  keep(server: Scanned['instance']['key'], text: string, at: BinlogCoordinates): void
}

export interface Correlation {
  /** The server that is to follow the other: it stands, and has executed all that it has received. */
  readonly replica: Scanned
  readonly target: Scanned
  /** Find the place of this event of the replica's binary log, instead of where the replica goes on. */
  readonly limit?: BinlogCoordinates
}

/** Where in the binary log of the target the replica goes on. */
export function* correlate({ replica, target, limit }: Correlation, policy: PseudoGtidPolicy, found: FoundEntries): Walk<Result<LinedUp, Reason>> {
  if (!policy.isConfigured) return fail(pseudoGtidReason('pseudo-gtid-unset', {}))
  const sameFormat = replica.instance.binlogFormat === target.instance.binlogFormat
  const entry = limit === undefined ? yield* lastEntry(replica, policy, sameFormat) : yield* lastEntryBefore(replica, limit, policy)
  if (!entry.ok) return entry
  const twin = yield* twinOf(entry.value, target, policy, found)
  if (!twin.ok) return twin
  return yield* lineUp({ replica: replica.instance, entry: entry.value, target: target.instance, twin: twin.value, ...(limit === undefined ? {} : { limit }) }, policy)
}

function* twinOf({ text }: Entry, target: Scanned, policy: PseudoGtidPolicy, found: FoundEntries): Walk<Result<BinlogCoordinates, Reason>> {
  const { key } = target.instance
  const known = found.get(key, text)
  if (known !== undefined) return { ok: true, value: known }
  const at = yield* findEntry(target, text, policy)
  if (at.ok) found.keep(key, text, at.value)
  return at
}
