import { crc32 } from 'node:zlib'

/**
 * One record of the log file: a header of 24 bytes, then the payload. All numbers little endian.
 *
 *   0  length of the payload      4  kind      8  sequence number (64 bits)
 *  16  checksum of bytes 0–15    20  checksum of bytes 0–15 and the payload
 *
 * The header has a checksum of its own, so that a garbled length is never taken for a record that the file is too short for. Sequence numbers
 * grow by one through all files: a record that was left over from before, or a file that is missing, is seen.
 */
export const headerBytes = 24

/** The longest payload: beyond this a length is nonsense. A piece of the shared memory is some hundred bytes; entries are bounded far below. */
export const payloadBytesMax = 16 * 1024 * 1024

/** `base`: all entries written before it are void, because a snapshot from the leader took their place. */
export type RecordKind = 'entry' | 'hard-state' | 'base'
const kindNumbers: Readonly<Record<RecordKind, number>> = { 'entry': 1, 'hard-state': 2, 'base': 3 }
const kinds = new Map(Object.entries(kindNumbers).map(([kind, number]) => [number, kind as RecordKind])) // the keys of the record above

export interface LogRecord {
  readonly kind: RecordKind
  readonly sequence: number
  readonly payload: Uint8Array
}

export function encodeRecord({ kind, sequence, payload }: LogRecord): Uint8Array {
  if (payload.length > payloadBytesMax) throw new RangeError(`a record of ${payload.length} bytes is longer than ${payloadBytesMax}`)
  const bytes = Buffer.allocUnsafe(headerBytes + payload.length)
  bytes.writeUInt32LE(payload.length, 0)
  bytes.writeUInt32LE(kindNumbers[kind], 4)
  bytes.writeBigUInt64LE(BigInt(sequence), 8)
  const headerSum = crc32(bytes.subarray(0, 16))
  bytes.writeUInt32LE(headerSum, 16)
  bytes.writeUInt32LE(crc32(payload, headerSum), 20)
  bytes.set(payload, headerBytes)
  return bytes
}

/**
 * How the good records of a file end. `torn`: the last write did not reach the disk whole; what is missing is the file's end or sectors that are still zero.
 * `garbled`: bytes that nobody wrote there.
 */
export type Tail = 'clean' | 'torn' | 'garbled'

export interface Scanned {
  readonly records: readonly LogRecord[]
  /** Bytes up to the end of the last good record. */
  readonly end: number
  readonly tail: Tail
}

/** Reads the good records from the start of a file. `sequence` is the number that the first must have. */
export function scanRecords(bytes: Uint8Array, sequence: number): Scanned {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const records: LogRecord[] = []
  let end = 0
  let next = sequence
  for (;;) { // ends at the end of the file or at the first bad record: `end` grows by at least a header each time
    if (end === buffer.length) return { records, end, tail: 'clean' }
    const header = buffer.subarray(end, end + headerBytes)
    if (header.length < headerBytes) return { records, end, tail: 'torn' }
    const headerSum = crc32(header.subarray(0, 16))
    if (header.readUInt32LE(16) !== headerSum) return { records, end, tail: hasUnwrittenSector(buffer, end, end + headerBytes) ? 'torn' : 'garbled' }
    const length = header.readUInt32LE(0)
    const kind = kinds.get(header.readUInt32LE(4))
    if (length > payloadBytesMax || kind === undefined || header.readBigUInt64LE(8) !== BigInt(next)) return { records, end, tail: 'garbled' }
    const recordEnd = end + headerBytes + length
    if (recordEnd > buffer.length) return { records, end, tail: 'torn' }
    const payload = buffer.subarray(end + headerBytes, recordEnd)
    if (header.readUInt32LE(20) !== crc32(payload, headerSum)) return { records, end, tail: hasUnwrittenSector(buffer, end, recordEnd) ? 'torn' : 'garbled' }
    records.push({ kind, sequence: next, payload })
    end = recordEnd
    next += 1
  }
}

/** Disks write sectors of at least this many bytes whole or not at all; one that was not reached is still zero, as a file grows by zeros. */
const sectorBytes = 512

/** A share of a sector that is shorter may rightly be zero: the first bytes of a length. Headers carry checksums; of entries see `hasUnwrittenSector`. */
const tellingBytes = 8

/**
 * Does some sector's share of these bytes consist of nothing but zeros? What we write is JSON text, so no share of a whole record does; data with so many zeros
 * would let a garbled tail pass for a torn one, and the mark would still say what had been acknowledged.
 */
function hasUnwrittenSector(buffer: Uint8Array, from: number, to: number): boolean {
  for (let start = from; start < to;) { // ends at `to`: each round goes on to the next sector
    const stop = Math.min(to, (Math.floor(start / sectorBytes) + 1) * sectorBytes)
    if (stop - start >= tellingBytes && buffer.subarray(start, stop).every(byte => byte === 0)) return true
    start = stop
  }
  return false
}
