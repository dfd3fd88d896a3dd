import type { Configuration, Entry } from '../../model/raft/types.ts'

/** An entry as it stands on disk and travels: one byte of kind, index and term (64 bits each, little endian), then its data or its configuration as JSON. */
const headBytes = 17
const kindNumbers: Readonly<Record<Entry['kind'], number>> = { command: 1, configuration: 2, nothing: 3 }

export function encodeEntry(entry: Entry): Uint8Array {
  const body = entry.kind === 'command' ? entry.data : entry.kind === 'configuration' ? Buffer.from(JSON.stringify(entry.configuration)) : new Uint8Array()
  const bytes = Buffer.allocUnsafe(headBytes + body.length)
  bytes.writeUInt8(kindNumbers[entry.kind], 0)
  bytes.writeBigUInt64LE(BigInt(entry.index), 1)
  bytes.writeBigUInt64LE(BigInt(entry.term), 9)
  bytes.set(body, headBytes)
  return bytes
}

/** Throws where the bytes are no entry of ours: whoever reads them has checked before that they are as they were written. */
export function decodeEntry(bytes: Uint8Array): Entry {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (buffer.length < headBytes) throw new RangeError(`an entry of ${buffer.length} bytes is too short`)
  const index = Number(buffer.readBigUInt64LE(1))
  const term = Number(buffer.readBigUInt64LE(9))
  const body = buffer.subarray(headBytes)
  switch (buffer.readUInt8(0)) {
    case kindNumbers.command: return { kind: 'command', index, term, data: body }
    case kindNumbers.configuration: return { kind: 'configuration', index, term, configuration: readConfiguration(JSON.parse(body.toString())) }
    case kindNumbers.nothing: return { kind: 'nothing', index, term }
    default: throw new RangeError(`entry ${index} is of kind ${buffer.readUInt8(0)}, which this version does not know`)
  }
}

const lists = ['voters', 'outgoing', 'learners'] as const

export function readConfiguration(value: unknown): Configuration {
  const given = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown> // an object of unknown fields
  for (const name of lists) {
    const list = given[name]
    if (!Array.isArray(list) || !list.every(member => typeof member === 'string')) throw new TypeError(`a configuration without a list of ${name}`)
  }
  return value as Configuration // its three lists were checked above
}
