import { open, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Entry, HardState, LogIndex, Term } from '../../../model/raft/types.ts'
import { encodeEntry } from '../entry-bytes.ts'
import { syncFolder } from './durable-file.ts'
import { MarkFile } from './mark.ts'
import { encodeRecord, type RecordKind } from './record.ts'
import { type Segment, segmentName } from './segments.ts'
import { writeExactly } from './snapshot-files.ts'

export interface LogFilesOptions {
  /** A file that has grown to this is followed by a new one; old files are deleted whole. */
  readonly segmentBytes: number
  /** Brings a file's bytes onto the disk; tests give a slow or failing one. */
  readonly sync: (handle: FileHandle) => Promise<void>
}

/** What a log holds beside its entries. */
export interface KeptState {
  readonly hardState: HardState
  /** Committed, and handed to the state machine. */
  readonly handedOver: LogIndex
}

interface ClosedSegment {
  readonly name: string
  readonly highestIndex: LogIndex
}

/** The log's files, open for writing at their end. Records are collected and become durable together, by `flush`. */
export class LogFiles {
  readonly #folder: string
  readonly #options: LogFilesOptions
  readonly #mark: MarkFile
  #handle: FileHandle
  #name: string
  #bytes: number
  #nextSequence: number
  #hardState: HardState
  #handedOver: LogIndex
  #highestIndex: LogIndex
  #closed: ClosedSegment[]
  #collected: Uint8Array[] = []

  private constructor(folder: string, options: LogFilesOptions, mark: MarkFile, handle: FileHandle, segments: readonly Segment[], nextSequence: number, { hardState, handedOver }: KeptState) {
    this.#folder = folder
    this.#options = options
    this.#mark = mark
    this.#handle = handle
    const last = segments.at(-1)
    this.#name = last?.name ?? segmentName(nextSequence)
    this.#bytes = last?.end ?? 0
    this.#nextSequence = nextSequence
    this.#hardState = hardState
    this.#handedOver = handedOver
    this.#highestIndex = last === undefined ? 0 : highestIndexOf(last)
    this.#closed = segments.slice(0, -1).map(segment => ({ name: segment.name, highestIndex: highestIndexOf(segment) }))
  }

  /** What is behind the last good record is cut off, and the mark set to where the log ends. */
  static async open(folder: string, segments: readonly Segment[], nextSequence: number, kept: KeptState, options: LogFilesOptions): Promise<LogFiles> {
    const last = segments.at(-1)
    const handle = await open(join(folder, last?.name ?? segmentName(nextSequence)), last === undefined ? 'wx' : 'r+', 0o600)
    try {
      if (last !== undefined && last.bytes > last.end) await handle.truncate(last.end)
      await handle.sync()
      if (last === undefined) await syncFolder(folder)
      const mark = await MarkFile.open(folder, { nextSequence })
      return new LogFiles(folder, options, mark, handle, segments, nextSequence, kept)
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  hardState(hardState: HardState): void {
    this.#hardState = hardState
    this.#collect('hard-state', json({ ...hardState, handedOver: this.#handedOver }))
  }

  /** What is before it in the log can never change any more. Written with the next flush, where it is news. */
  handedOver(index: LogIndex): void {
    if (index <= this.#handedOver) return
    this.#handedOver = index
    this.hardState(this.#hardState)
  }

  entry(entry: Entry): void {
    this.#highestIndex = Math.max(this.#highestIndex, entry.index)
    this.#collect('entry', encodeEntry(entry))
  }

  base(index: LogIndex, term: Term): void {
    this.#collect('base', json({ index, term }))
  }

  /** Everything collected becomes durable with one synchronisation. */
  async flush(): Promise<void> {
    if (this.#collected.length === 0) return
    const bytes = Buffer.concat(this.#collected)
    this.#collected = []
    try {
      await writeExactly(this.#handle, bytes, this.#bytes)
      await this.#options.sync(this.#handle)
    } catch (error) {
      // After a failed synchronisation the kernel may call pages clean that never reached the disk: what nobody was told of must not be found again.
      await this.#handle.truncate(this.#bytes).catch(() => undefined) // the first error is the one to tell; the next start reads what there is
      throw error
    }
    this.#bytes += bytes.length
    await this.#mark.write({ nextSequence: this.#nextSequence })
    if (this.#bytes >= this.#options.segmentBytes) await this.#roll()
  }

  /** Deletes files that hold nothing but entries up to here. Each file begins with the hard state, so that none of it goes with them. */
  async forget(upTo: LogIndex): Promise<void> {
    let deleted = 0
    for (const { name, highestIndex } of this.#closed) { // oldest first, so that no gap can come about
      if (highestIndex > upTo) break
      await rm(join(this.#folder, name))
      deleted += 1
    }
    this.#closed = this.#closed.slice(deleted)
  }

  async close(): Promise<void> {
    await this.#handle.close()
    await this.#mark.close()
  }

  #collect(kind: RecordKind, payload: Uint8Array): void {
    this.#collected.push(encodeRecord({ kind, sequence: this.#nextSequence, payload }))
    this.#nextSequence += 1
  }

  async #roll(): Promise<void> {
    const name = segmentName(this.#nextSequence)
    const handle = await open(join(this.#folder, name), 'wx', 0o600)
    await syncFolder(this.#folder)
    await this.#handle.close()
    this.#closed.push({ name: this.#name, highestIndex: this.#highestIndex })
    this.#handle = handle
    this.#name = name
    this.#bytes = 0
    this.#highestIndex = 0
    this.hardState(this.#hardState)
    await this.flush()
  }
}

function highestIndexOf({ records }: Segment): LogIndex {
  let highest = 0
  for (const { kind, payload } of records) if (kind === 'entry') highest = Math.max(highest, Number(Buffer.from(payload.buffer, payload.byteOffset + 1, 8).readBigUInt64LE(0)))
  return highest
}

const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))
