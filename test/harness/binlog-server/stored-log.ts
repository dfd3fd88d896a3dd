import { crc32 } from 'node:zlib'
import { int2, int4 } from '../fleet/packets.ts'

// A binary log as its events came, byte by byte. Source: MySQL Source Code Documentation, "Replication Protocol" and "Binlog Event".

const eventType = { query: 2, rotate: 4, format: 15, transactionEnd: 16, heartbeat: 27, numbered: 33, anonymous: 34, heartbeatToo: 41 } as const
const at = { type: 4, serverId: 5, length: 9, next: 13, flags: 17 } as const
const headerBytes = 19
const checksumBytes = 4
const firstPosition = 4
/** Where the format description says when its server was started: a replica that does not read from the beginning must not act upon it. */
const startedAt = headerBytes + 2 + 50
const artificial = 0x20

export interface LogPlace {
  readonly file: string
  readonly position: number
}

interface LogFile {
  readonly name: string
  format: Buffer | null
  readonly events: { readonly from: number; readonly to: number; readonly bytes: Buffer }[]
  /** Up to here only whole transactions are stored. */
  whole: number
}

/** What a binlog server keeps of the log of its source, and hands on. */
export class StoredLog {
  readonly #files: LogFile[] = []
  readonly #readers = new Set<() => void>()
  #inTransaction = false
  #hasBegun = false

  /** The end of what is stored whole; null before the first event. */
  get end(): LogPlace | null {
    const last = this.#files.at(-1)
    return last === undefined ? null : { file: last.name, position: last.whole }
  }

  /** An event as a source sends it. */
  take(bytes: Buffer): void {
    const type = bytes[at.type]
    const next = bytes.readUInt32LE(at.next)
    if (type === eventType.heartbeat || type === eventType.heartbeatToo) return
    if (type === eventType.rotate && next === 0) return this.begin(bytes.toString('latin1', headerBytes + 8, bytes.length - checksumBytes))
    const file = this.#files.at(-1)
    if (file === undefined) return
    if (type === eventType.format && file.format !== null) return
    if (type === eventType.format) {
      file.format = Buffer.from(bytes)
      if (next === 0) return
    }
    const event = { from: next - bytes.length, to: next, bytes: Buffer.from(bytes) }
    if (event.to <= (file.events.at(-1)?.to ?? 0)) return
    file.events.push(event)
    this.#countWhole(bytes, file, event.to)
    for (const reader of this.#readers) reader()
  }

  /** What follows is of another file. */
  begin(name: string): void {
    if (this.#files.at(-1)?.name === name) return
    this.#files.push({ name, format: null, events: [], whole: firstPosition })
    this.#inTransaction = false
    for (const reader of this.#readers) reader()
  }

  /** What came of a transaction that broke off is thrown away, as a binlog server does before it reads on. */
  dropBroken(): void {
    const file = this.#files.at(-1)
    if (file !== undefined) while ((file.events.at(-1)?.to ?? 0) > file.whole) file.events.pop()
    this.#inTransaction = false
  }

  #countWhole(bytes: Buffer, file: LogFile, to: number): void {
    const type = bytes[at.type]
    if (type === eventType.numbered || type === eventType.anonymous) {
      this.#inTransaction = true
      this.#hasBegun = false
    } else if (this.#inTransaction && type === eventType.query) {
      // A statement alone is a transaction of its own.
      if (bytes.subarray(headerBytes).includes('BEGIN')) this.#hasBegun = true
      else if (!this.#hasBegun) this.#inTransaction = false
    } else if (type === eventType.transactionEnd) this.#inTransaction = false
    if (!this.#inTransaction) file.whole = to
  }

  /** Sends everything from a place on, and what comes later; answers what ends that. Null: the place is not stored. */
  read(from: LogPlace, send: (event: Buffer) => void): (() => void) | null {
    let index = this.#files.findIndex(({ name }) => name === from.file)
    if (index < 0) return null
    let position = from.position
    let opened = false
    const go = (): void => {
      for (;;) {
        const file = this.#files[index]
        if (file === undefined) return
        if (!opened) {
          if (file.format === null) return
          send(rotation(file.name, position, file.format))
          if (position > firstPosition) send(withoutStart(file.format))
          opened = true
        }
        for (const event of file.events) {
          if (event.from < position || event.to > file.whole) continue
          send(event.bytes)
          position = event.to
        }
        if (this.#files[index + 1] === undefined) return
        index += 1
        position = firstPosition
        opened = false
      }
    }
    this.#readers.add(go)
    go()
    return () => void this.#readers.delete(go)
  }
}

/** Names the file that follows; no event of the log. */
function rotation(file: string, position: number, format: Buffer): Buffer {
  const length = headerBytes + 8 + file.length + checksumBytes
  const text = `${int4(0)}${String.fromCharCode(eventType.rotate)}${int4(format.readUInt32LE(at.serverId))}${int4(length)}${int4(0)}${int2(artificial)}${int4(position)}${int4(0)}${file}`
  return withChecksum(Buffer.from(text + int4(0), 'latin1'))
}

/** The format for one who reads from the middle: it moves no position. */
function withoutStart(format: Buffer): Buffer {
  const copy = Buffer.from(format)
  copy.writeUInt32LE(0, startedAt)
  copy.writeUInt32LE(0, at.next)
  copy.writeUInt16LE(copy.readUInt16LE(at.flags) & ~1, at.flags)
  return withChecksum(copy)
}

function withChecksum(event: Buffer): Buffer {
  event.writeUInt32LE(crc32(event.subarray(0, -checksumBytes)), event.length - checksumBytes)
  return event
}
