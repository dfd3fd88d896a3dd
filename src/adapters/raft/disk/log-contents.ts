import type { Entry, HardState, LogIndex, SnapshotMark } from '../../../model/raft/types.ts'
import { decodeEntry } from '../entry-bytes.ts'
import type { LogRecord } from './record.ts'

/** What the records of the log come to, read in order. */
export interface LogContents {
  readonly hardState: HardState
  /** Committed, and handed to the state machine, as far as it was noted: at most the last entry. */
  readonly handedOver: LogIndex
  readonly entries: readonly Entry[]
  /** The log on disk holds entries that the snapshot has made void: a `base` record has to say so before anything is written behind them. */
  readonly needsBase: boolean
}

export type ReadContents = LogContents | { readonly what: string }

export function readContents(records: Iterable<LogRecord>, snapshot: SnapshotMark): ReadContents {
  let hardState: HardState = { term: 0, votedFor: null }
  let handedOver: LogIndex = 0
  let entries: Entry[] = []
  for (const { kind, sequence, payload } of records) {
    switch (kind) {
      case 'hard-state': {
        const { handedOver: noted = 0, ...kept } = json<HardState & { readonly handedOver?: LogIndex }>(payload)
        hardState = kept
        handedOver = Math.max(handedOver, noted)
        break
      }
      case 'base':
        entries = []
        break
      case 'entry': {
        const entry = decodeEntry(payload)
        if (entries.length > 0 && (entries.at(-1)?.index ?? 0) >= entry.index) entries = upTo(entries, entry.index - 1)
        const last = entries.at(-1)
        if (last !== undefined && last.index + 1 !== entry.index) return { what: `record ${sequence} holds entry ${entry.index}, but ${last.index + 1} is the next one` }
        entries.push(entry)
      }
    }
  }
  const log = joined(hardState, entries, snapshot)
  if ('what' in log) return log
  const last = Math.max(snapshot.index, log.entries.at(-1)?.index ?? 0)
  return handedOver > last ? { what: `the log ends with entry ${last}, but all up to ${handedOver} had been committed` } : { ...log, handedOver }
}

/** Entries after the snapshot stay only where they continue it (thesis, 5.1). */
function joined(hardState: HardState, entries: readonly Entry[], snapshot: SnapshotMark): Omit<LogContents, 'handedOver'> | { readonly what: string } {
  const [first] = entries
  const none = { hardState, entries: [], needsBase: entries.length > 0 }
  if (first === undefined) return none
  if (first.index > snapshot.index + 1) return { what: `the log begins with entry ${first.index}, but the snapshot ends with ${snapshot.index}` }
  if (first.index <= snapshot.index && entries[snapshot.index - first.index]?.term !== snapshot.term) return none
  return { hardState, entries, needsBase: false }
}

const upTo = (entries: Entry[], keep: LogIndex): Entry[] => entries.slice(0, Math.max(0, keep + 1 - (entries[0]?.index ?? 0)))

/** Only payloads whose checksum has been proven get here, so they are what this program wrote. */
const json = <Value>(payload: Uint8Array): Value => JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString()) as Value
