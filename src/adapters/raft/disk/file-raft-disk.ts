import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok, type Result } from '../../../kit/result.ts'
import type { Save, SnapshotMark } from '../../../model/raft/types.ts'
import type { RaftDisk, RaftDiskFailure, RaftDisks, RaftFound, RaftIdentity } from '../../../ports/raft-disk.ts'
import { syncFolder } from './durable-file.ts'
import { FolderLock } from './folder-lock.ts'
import { readIdentity, writeIdentity } from './identity-file.ts'
import { readContents } from './log-contents.ts'
import { LogFiles, type LogFilesOptions } from './log-files.ts'
import { readMark } from './mark.ts'
import { readSegments } from './segments.ts'
import { SnapshotFile, snapshotNames, UnfinishedSnapshot } from './snapshot-files.ts'

export interface FileRaftDiskOptions extends LogFilesOptions {}

export const usualOptions: FileRaftDiskOptions = {
  segmentBytes: 8 * 1024 * 1024, // some ten thousand entries: read in a fraction of a second, and not too many files
  sync: (handle: FileHandle) => handle.datasync(),
}

/** Everything of ours in the folder: what is set aside when it is damaged. The lock stays. */
const ours = /^(?:log-\d+\.raft|snapshot-[\d-]+\.raft(?:\.tmp)?|acknowledged\.mark|member\.json(?:\.tmp)?)$/

/** Members' memories as files below `RaftDataDir`. */
export const fileRaftDisks = (options: FileRaftDiskOptions = usualOptions): RaftDisks => ({
  open: folder => FileRaftDisk.open(folder, options),
  setAside: async folder => {
    const names = (await readdir(folder)).filter(name => ours.test(name))
    const aside = join(folder, `damaged-${(await readdir(folder)).filter(name => name.startsWith('damaged-')).length + 1}`)
    await mkdir(aside, { mode: 0o700 })
    for (const name of names) await rename(join(folder, name), join(aside, name))
    await syncFolder(aside)
    await syncFolder(folder)
    return aside
  },
})

/** One member's memory in one folder: `member.json`, snapshots, the log and its mark. */
class FileRaftDisk implements RaftDisk {
  readonly #folder: string
  readonly #options: FileRaftDiskOptions
  readonly #lock: FolderLock
  readonly wasSetAside: boolean
  #found: RaftFound | null
  #log: LogFiles | null
  #snapshot: SnapshotFile | null
  #received: UnfinishedSnapshot | null = null
  #turn: Promise<unknown> = Promise.resolve()
  #broken: Error | null = null

  private constructor(folder: string, options: FileRaftDiskOptions, lock: FolderLock, wasSetAside: boolean, found: RaftFound | null, log: LogFiles | null, snapshot: SnapshotFile | null) {
    this.#folder = folder
    this.wasSetAside = wasSetAside
    this.#options = options
    this.#lock = lock
    this.#found = found
    this.#log = log
    this.#snapshot = snapshot
  }

  get found(): RaftFound | null {
    return this.#found
  }

  static async open(folder: string, options: FileRaftDiskOptions): Promise<Result<RaftDisk, RaftDiskFailure>> {
    let lock: FolderLock | null = null
    let opened: Result<RaftDisk, RaftDiskFailure> | null = null
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      lock = FolderLock.take(folder)
      if (lock === null) return fail({ kind: 'in-use', folder })
      opened = await FileRaftDisk.#read(folder, options, lock)
      return opened
    } catch (error) {
      return fail({ kind: 'not-usable', folder, text: error instanceof Error ? error.message : String(error) })
    } finally {
      if (opened?.ok !== true) lock?.release()
    }
  }

  static async #read(folder: string, options: FileRaftDiskOptions, lock: FolderLock): Promise<Result<RaftDisk, RaftDiskFailure>> {
    const damaged = (file: string, what: string): Result<RaftDisk, RaftDiskFailure> => fail({ kind: 'damaged', folder, file, what })
    const names = await readdir(folder)
    for (const name of names) if (name.endsWith('.raft.tmp') || name === 'member.json.tmp') await rm(join(folder, name))
    const wasSetAside = names.some(name => name.startsWith('damaged-'))
    const read = await readIdentity(folder)
    if (!('identity' in read)) return damaged(read.file, read.what)
    if (read.identity === null) {
      // A member that never finished beginning has a snapshot of place 0 and nothing else.
      if (names.some(name => name.startsWith('log-') || name === 'acknowledged.mark')) return damaged('member.json', 'is not there, but the log is')
      return ok(new FileRaftDisk(folder, options, lock, wasSetAside, null, null, null))
    }
    const newest = (await snapshotNames(folder)).at(-1)
    if (newest === undefined) return damaged('member.json', 'is there, but no snapshot')
    const snapshot = await SnapshotFile.open(join(folder, newest))
    if (snapshot === null) return damaged(newest, 'is not as it was written')
    let log: LogFiles | null = null
    try {
      const segments = await readSegments(folder)
      if (!segments.whole) return damaged(segments.file, segments.what)
      const mark = await readMark(folder)
      if (mark !== null && segments.nextSequence < mark.nextSequence)
        return damaged(segments.segments.at(-1)?.name ?? 'the log', `ends before record ${segments.nextSequence}, but all before ${mark.nextSequence} had been acknowledged`)
      const contents = readContents(segments.segments.flatMap(({ records }) => records), snapshot.mark)
      if ('what' in contents) return damaged(segments.segments.at(-1)?.name ?? 'the log', contents.what)
      const { hardState, handedOver, entries, needsBase } = contents
      log = await LogFiles.open(folder, segments.segments, segments.nextSequence, { hardState, handedOver }, options)
      if (needsBase) {
        log.base(snapshot.mark.index, snapshot.mark.term)
        await log.flush()
      }
      const found: RaftFound = { identity: read.identity, stored: { hardState, snapshot: snapshot.mark, entries, handedOver }, tornTail: segments.tail === 'torn' }
      return ok(new FileRaftDisk(folder, options, lock, wasSetAside, found, log, snapshot))
    } catch (error) {
      await log?.close()
      throw error
    } finally {
      if (log === null) await snapshot.close()
    }
  }

  begin(identity: RaftIdentity, snapshot: SnapshotMark, state: Uint8Array): Promise<RaftFound> {
    return this.#inTurn(async () => {
      if (this.#found !== null) throw new Error(`${this.#folder} is the disk of ${this.#found.identity.member} already`)
      this.#snapshot = await this.#written(snapshot, state)
      await writeIdentity(this.#folder, identity)
      const hardState = { term: 0, votedFor: null }
      this.#log = await LogFiles.open(this.#folder, [], 1, { hardState, handedOver: 0 }, this.#options)
      this.#log.hardState(hardState)
      await this.#log.flush()
      const found: RaftFound = { identity, stored: { hardState, snapshot, entries: [] }, tornTail: false }
      this.#found = found
      return found
    })
  }

  save(saves: readonly Save[], handedOver = 0): Promise<void> {
    return this.#inTurn(async () => {
      const log = this.#needLog()
      log.handedOver(handedOver)
      for (const { hardState, piece, install, entries, dropUpTo } of saves) {
        if (hardState !== null) log.hardState(hardState)
        if (piece !== null) await this.#receive(piece)
        if (install !== null) {
          await log.flush() // what was promised before must not be missing behind the snapshot
          await this.#install(install)
        }
        for (const entry of entries) log.entry(entry)
        if (dropUpTo !== null) {
          await log.flush()
          await log.forget(dropUpTo)
        }
      }
      await log.flush()
    })
  }

  keepSnapshot(mark: SnapshotMark, state: Uint8Array): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#snapshot !== null && this.#snapshot.mark.index >= mark.index) return // the leader's snapshot came meanwhile and knows more
      await this.#become(await this.#written(mark, state))
    })
  }

  newestSnapshot(): Promise<{ readonly mark: SnapshotMark; readonly state: Uint8Array }> {
    return this.#inTurn(async () => {
      const snapshot = this.#needSnapshot()
      return { mark: snapshot.mark, state: await snapshot.read(0, snapshot.bytes) }
    })
  }

  readPiece(index: number, offset: number, bytes: number): Promise<{ readonly data: Uint8Array; readonly isLast: boolean } | null> {
    return this.#inTurn(async () => {
      const snapshot = this.#needSnapshot()
      if (snapshot.mark.index !== index) return null
      const data = await snapshot.read(offset, bytes)
      return { data, isLast: offset + data.length >= snapshot.bytes }
    })
  }

  async close(): Promise<void> {
    await this.#turn.catch(() => undefined) // whoever asked has been told
    this.#broken ??= new Error(`${this.#folder} has been closed`)
    try {
      await this.#received?.abandon()
      await this.#snapshot?.close()
      await this.#log?.close()
    } finally {
      this.#lock.release()
    }
  }

  async #receive({ mark, offset, data }: NonNullable<Save['piece']>): Promise<void> {
    if (offset === 0 || this.#received === null || this.#received.mark.index !== mark.index) {
      await this.#received?.abandon()
      this.#received = null
      this.#received = await UnfinishedSnapshot.begin(this.#folder, mark)
    }
    await this.#received.write(offset, data)
  }

  async #install({ mark, keepsLaterEntries }: NonNullable<Save['install']>): Promise<void> {
    const received = this.#received
    if (received === null || received.mark.index !== mark.index) throw new Error(`the snapshot at ${mark.index} is to be installed, but was not received`)
    this.#received = null
    await this.#become(await received.finish())
    if (!keepsLaterEntries) this.#needLog().base(mark.index, mark.term)
  }

  async #written(mark: SnapshotMark, state: Uint8Array): Promise<SnapshotFile> {
    const unfinished = await UnfinishedSnapshot.begin(this.#folder, mark)
    await unfinished.write(0, state)
    return unfinished.finish()
  }

  async #become(snapshot: SnapshotFile): Promise<void> {
    const former = this.#snapshot
    this.#snapshot = snapshot
    await former?.close()
  }

  #needLog(): LogFiles {
    if (this.#log === null) throw new Error(`${this.#folder} is not yet the disk of a member`)
    return this.#log
  }

  #needSnapshot(): SnapshotFile {
    if (this.#snapshot === null) throw new Error(`${this.#folder} is not yet the disk of a member`)
    return this.#snapshot
  }

  /** One after the other. After a failure nobody knows what the disk holds, so nothing more is done on it (a second synchronisation would lie). */
  #inTurn<Value>(act: () => Promise<Value>): Promise<Value> {
    const done = this.#turn.then(async () => {
      if (this.#broken !== null) throw this.#broken
      try {
        return await act()
      } catch (error) {
        this.#broken = error instanceof Error ? error : new Error(String(error))
        throw this.#broken
      }
    })
    this.#turn = done.catch(() => undefined) // told to whoever asked
    return done
  }
}
