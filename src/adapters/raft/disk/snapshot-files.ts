import { open, readdir, rename, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { SnapshotMark } from '../../../model/raft/types.ts'
import { readConfiguration } from '../entry-bytes.ts'
import { syncFolder } from './durable-file.ts'

/**
 * A snapshot is one file: eight letters, length and checksum of its mark, the mark as JSON, the state, and at the end the state's length and
 * checksum. It appears under its name only when it is whole and durable.
 */
const letters = 'ORCSNAP1'
const headBytes = 16
const footBytes = 12

/** The newest is what a restart needs; the one before is kept, because a member may be in the middle of reading it. */
const keptSnapshots = 2
const checkedAtOnce = 1024 * 1024

const namePattern = /^snapshot-(\d{16})-(\d{16})\.raft$/
const digits = (number: number): string => String(number).padStart(16, '0')
export const snapshotName = ({ index, term }: Pick<SnapshotMark, 'index' | 'term'>): string => `snapshot-${digits(index)}-${digits(term)}.raft`

/** Names of all snapshots in the folder, oldest first. */
export async function snapshotNames(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter(name => namePattern.test(name)).toSorted()
}

function encodeHead(mark: SnapshotMark): Buffer {
  const described = Buffer.from(JSON.stringify(mark))
  const head = Buffer.alloc(headBytes)
  head.write(letters, 0, 'latin1')
  head.writeUInt32LE(described.length, 8)
  head.writeUInt32LE(crc32(described), 12)
  return Buffer.concat([head, described])
}

/** A snapshot that was found whole, open for reading. */
export class SnapshotFile {
  readonly mark: SnapshotMark
  /** Bytes of its state. */
  readonly bytes: number
  readonly #handle: FileHandle
  readonly #stateAt: number

  private constructor(handle: FileHandle, mark: SnapshotMark, stateAt: number, bytes: number) {
    this.#handle = handle
    this.mark = mark
    this.#stateAt = stateAt
    this.bytes = bytes
  }

  /** Null when a byte of it is not as it was written. */
  static async open(path: string): Promise<SnapshotFile | null> {
    const handle = await open(path, 'r')
    let whole: SnapshotFile | null = null
    try {
      whole = await SnapshotFile.#checked(handle)
      return whole
    } finally {
      if (whole === null) await handle.close()
    }
  }

  static async #checked(handle: FileHandle): Promise<SnapshotFile | null> {
    const { size } = await handle.stat()
    if (size < headBytes + footBytes) return null
    const head = await readExactly(handle, 0, headBytes)
    if (head.toString('latin1', 0, 8) !== letters) return null
    const stateAt = headBytes + head.readUInt32LE(8)
    const bytes = size - stateAt - footBytes
    if (bytes < 0) return null
    const described = await readExactly(handle, headBytes, stateAt - headBytes)
    if (crc32(described) !== head.readUInt32LE(12)) return null
    const foot = await readExactly(handle, size - footBytes, footBytes)
    if (foot.readBigUInt64LE(0) !== BigInt(bytes) || foot.readUInt32LE(8) !== await sumOf(handle, stateAt, bytes)) return null
    const mark = JSON.parse(described.toString()) as SnapshotMark // written by encodeHead: its checksum is proven
    readConfiguration(mark.configuration)
    return new SnapshotFile(handle, mark, stateAt, bytes)
  }

  read(offset: number, bytes: number): Promise<Buffer> {
    return readExactly(this.#handle, this.#stateAt + offset, Math.max(0, Math.min(bytes, this.bytes - offset)))
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

/** A snapshot that is being written, under a name that no restart looks at. */
export class UnfinishedSnapshot {
  readonly mark: SnapshotMark
  readonly #folder: string
  readonly #handle: FileHandle
  readonly #stateAt: number
  #bytes = 0

  private constructor(folder: string, mark: SnapshotMark, handle: FileHandle, stateAt: number) {
    this.#folder = folder
    this.mark = mark
    this.#handle = handle
    this.#stateAt = stateAt
  }

  static async begin(folder: string, mark: SnapshotMark): Promise<UnfinishedSnapshot> {
    const handle = await open(unfinishedPath(folder, mark), 'w+', 0o600)
    const head = encodeHead(mark)
    await writeExactly(handle, head, 0)
    return new UnfinishedSnapshot(folder, mark, handle, head.length)
  }

  /** Bytes after this piece are not of it: a piece that was written before them is written anew, and all later ones follow. */
  async write(offset: number, data: Uint8Array): Promise<void> {
    if (offset > this.#bytes) throw new RangeError(`a piece of the snapshot at ${this.mark.index} begins at ${offset}, but only ${this.#bytes} bytes are here`)
    await writeExactly(this.#handle, data, this.#stateAt + offset)
    this.#bytes = offset + data.length
  }

  /** It becomes a snapshot of this member at one stroke; older ones go. */
  async finish(): Promise<SnapshotFile> {
    const foot = Buffer.alloc(footBytes)
    foot.writeBigUInt64LE(BigInt(this.#bytes), 0)
    foot.writeUInt32LE(await sumOf(this.#handle, this.#stateAt, this.#bytes), 8)
    await this.#handle.truncate(this.#stateAt + this.#bytes)
    await writeExactly(this.#handle, foot, this.#stateAt + this.#bytes)
    await this.#handle.sync()
    await this.#handle.close()
    const path = join(this.#folder, snapshotName(this.mark))
    await rename(unfinishedPath(this.#folder, this.mark), path)
    await syncFolder(this.#folder)
    const written = await SnapshotFile.open(path)
    if (written === null) throw new Error(`${path} does not read as it was written`)
    for (const name of (await snapshotNames(this.#folder)).slice(0, -keptSnapshots)) await rm(join(this.#folder, name))
    return written
  }

  async abandon(): Promise<void> {
    await this.#handle.close()
    await rm(unfinishedPath(this.#folder, this.mark), { force: true })
  }
}

const unfinishedPath = (folder: string, mark: SnapshotMark): string => join(folder, `${snapshotName(mark)}.tmp`)

async function sumOf(handle: FileHandle, from: number, bytes: number): Promise<number> {
  let sum = 0
  for (let at = 0; at < bytes; at += checkedAtOnce) sum = crc32(await readExactly(handle, from + at, Math.min(checkedAtOnce, bytes - at)), sum)
  return sum
}

async function readExactly(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  let read = 0
  while (read < length) { // ends: a read of nothing is the end of the file
    const { bytesRead } = await handle.read(buffer, read, length - read, position + read)
    if (bytesRead === 0) break
    read += bytesRead
  }
  return buffer.subarray(0, read)
}

/** The kernel may take fewer bytes than it was given, so it is asked until all are taken; a full disk makes it throw. */
export async function writeExactly(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let written = 0
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written)
    written += bytesWritten
  }
}
