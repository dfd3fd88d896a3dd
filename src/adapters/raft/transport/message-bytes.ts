import type { Entry, Message, SnapshotMark } from '../../../model/raft/types.ts'
import { decodeEntry, encodeEntry, readConfiguration } from '../entry-bytes.ts'

/**
 * A message as bytes: the length of its JSON part, that part, then the bytes that do not belong into JSON: entries, or the piece of a snapshot. Their lengths
 * stand in the JSON part as `lengths`. Fields that this version does not know are passed over.
 */
export function encodeMessage(message: Message): Uint8Array {
  const { plain, blobs } = parted(message)
  const text = Buffer.from(JSON.stringify({ ...plain, lengths: blobs.map(({ length }) => length) }))
  const head = Buffer.allocUnsafe(4)
  head.writeUInt32LE(text.length)
  return Buffer.concat([head, text, ...blobs])
}

function parted(message: Message): { readonly plain: object; readonly blobs: readonly Uint8Array[] } {
  switch (message.kind) {
    case 'append': {
      const { entries, ...plain } = message
      return { plain, blobs: entries.map(encodeEntry) }
    }
    case 'snapshot-piece': {
      const { data, ...plain } = message
      return { plain, blobs: [data] }
    }
    default: return { plain: message, blobs: [] }
  }
}

type Check = (value: unknown) => boolean
const count: Check = value => Number.isSafeInteger(value) && Number(value) >= 0
const truth: Check = value => typeof value === 'boolean'
const text: Check = value => typeof value === 'string' && value.length > 0 && value.length <= textLengthMax
const mark: Check = value => {
  const { index, term, configuration } = (typeof value === 'object' && value !== null ? value : {}) as Partial<SnapshotMark> // looked at field by field
  if (!count(index) || !count(term)) return false
  readConfiguration(configuration) // throws
  return true
}
const orNull = (check: Check): Check => value => value === null || check(value)
const textLengthMax = 300

/** What each kind must carry beside sender, receiver and term. Complete by its type. */
const fields: { readonly [Kind in Message['kind']]: Readonly<Record<string, Check>> } = {
  'pre-vote': { lastIndex: count, lastTerm: count },
  'pre-vote-reply': { granted: truth },
  'vote': { lastIndex: count, lastTerm: count, byTransfer: truth },
  'vote-reply': { granted: truth },
  'append': { previousIndex: count, previousTerm: count, commit: count },
  'append-reply': { accepted: truth },
  'heartbeat': { commit: count, round: count },
  'heartbeat-reply': { round: count },
  'snapshot-piece': { mark, offset: count, isLast: truth },
  'snapshot-reply': { index: count, nextOffset: count, isInstalled: truth },
  'campaign-now': {},
  'read-index': { id: text },
  'read-index-reply': { id: text, index: orNull(count), refusal: orNull(text) },
}
const answers: Readonly<Record<'true' | 'false', Readonly<Record<string, Check>>>> = {
  true: { matched: count },
  false: { previousIndex: count, hintIndex: count, hintTerm: count },
}

/** Throws, with the field, where the bytes are no message; then the connection is of no use. */
export function decodeMessage(bytes: Uint8Array): Message {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const blobsAt = 4 + (buffer.length >= 4 ? buffer.readUInt32LE(0) : Infinity)
  if (blobsAt > buffer.length) throw new RangeError('a message that ends before its first part')
  const given: unknown = JSON.parse(buffer.toString('utf8', 4, blobsAt))
  if (typeof given !== 'object' || given === null) throw new TypeError('a message that is no object')
  const { lengths, ...plain } = given as Record<string, unknown> // an object of unknown fields
  if (typeof plain['kind'] !== 'string' || !Object.hasOwn(fields, plain['kind'])) throw new TypeError(`a message of unknown kind ${JSON.stringify(plain['kind'])}`)
  const kind = plain['kind'] as Message['kind'] // a key of the table
  const checks = { from: text, to: text, term: count, ...fields[kind], ...(kind === 'append-reply' ? answers[plain['accepted'] === true ? 'true' : 'false'] : {}) }
  for (const [field, check] of Object.entries(checks)) if (!check(plain[field])) throw new TypeError(`a ${kind} whose ${field} is ${JSON.stringify(plain[field])}`)
  const blobs = cut(buffer, blobsAt, lengths)
  return joined(kind, plain, blobs)
}

function joined(kind: Message['kind'], plain: object, blobs: readonly Uint8Array[]): Message {
  if (kind === 'append') {
    const entries: readonly Entry[] = blobs.map(decodeEntry)
    return { ...plain, entries } as Message // its other fields were checked by the table
  }
  if (kind === 'snapshot-piece') {
    const [data] = blobs
    if (data === undefined || blobs.length !== 1) throw new RangeError(`a snapshot piece of ${blobs.length} parts`)
    return { ...plain, data } as Message // as above
  }
  if (blobs.length > 0) throw new RangeError(`a ${kind} with ${blobs.length} parts`)
  return plain as Message // as above
}

function cut(buffer: Buffer, from: number, lengths: unknown): readonly Uint8Array[] {
  if (!Array.isArray(lengths) || !lengths.every(count)) throw new TypeError('a message without the lengths of its parts')
  let at = from
  const parts = lengths.map((length: number) => buffer.subarray(at, at += length))
  if (at !== buffer.length) throw new RangeError(`a message of ${buffer.length} bytes whose parts end at ${at}`)
  return parts
}
