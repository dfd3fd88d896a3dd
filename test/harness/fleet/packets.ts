/**
 * Packets of the MySQL client/server protocol as texts of one character per byte (latin1): joining texts is the cheapest way to build an
 * answer of which only a few cells change. Source: MySQL Source Code Documentation, "Client/Server Protocol".
 */

export const capability = {
  connectWithDatabase: 0x8, compress: 0x20, protocol41: 0x200, tls: 0x800, secureConnection: 0x8000, pluginAuth: 0x80000, connectAttributes: 0x100000,
  pluginAuthLength: 0x200000, sessionTrack: 0x800000, deprecateEof: 0x1000000, optionalMetadata: 0x2000000, zstd: 0x4000000, queryAttributes: 0x8000000,
  multiFactor: 0x10000000,
} as const

const statusAutocommit = 0x2
const statusMoreResults = 0x8

export const int2 = (number: number): string => String.fromCharCode(number & 255, (number >>> 8) & 255)
export const int3 = (number: number): string => String.fromCharCode(number & 255, (number >>> 8) & 255, (number >>> 16) & 255)
export const int4 = (number: number): string => String.fromCharCode(number & 255, (number >>> 8) & 255, (number >>> 16) & 255, (number >>> 24) & 255)

/** Length-encoded integer; longer ones than 2^24 do not occur here. */
function lengthInt(number: number): string {
  if (number < 251) return String.fromCharCode(number)
  return number < 65536 ? `\xfc${int2(number)}` : `\xfd${int3(number)}`
}

export const lengthText = (text: string): string => lengthInt(text.length) + text

/** One cell of a row in the text protocol. */
export const cell = (value: string | null): string => (value === null ? '\xfb' : lengthText(value))

/** A whole packet. `place` is its number in the exchange, counted from 0 by either side and wrapping at 256. */
export const packet = (place: number, payload: string): string => int3(payload.length) + String.fromCharCode(place & 255) + payload

export const okPayload = `\0\0\0${int2(statusAutocommit)}${int2(0)}`

/** The end of columns or rows. With `deprecateEof` rows end with an OK packet that has the head of an EOF packet. */
export function endPayload(moreResults: boolean, deprecateEof: boolean): string {
  const status = int2(statusAutocommit | (moreResults ? statusMoreResults : 0))
  return deprecateEof ? `\xfe\0\0${status}${int2(0)}` : `\xfe${int2(0)}${status}`
}

export const errorPayload = (number: number, state: string, text: string): string => `\xff${int2(number)}#${state}${text}`

/** What a client is told of a column. */
export interface Column {
  readonly schema: string
  readonly table: string
  readonly orgTable: string
  readonly name: string
  readonly orgName: string
  readonly charset: number
  readonly length: number
  readonly type: number
  readonly flags: number
  readonly decimals: number
}

export const columnPayload = (column: Column): string =>
  ['def', column.schema, column.table, column.orgTable, column.name, column.orgName].map(lengthText).join('')
  + `\x0c${int2(column.charset)}${int4(column.length)}${String.fromCharCode(column.type)}${int2(column.flags)}${String.fromCharCode(column.decimals)}\0\0`

export const columnCountPayload = (count: number): string => lengthInt(count)

/** How a server introduces itself. */
export interface Greeting {
  readonly version: string
  readonly capabilities: number
  readonly charset: number
  readonly status: number
  readonly plugin: string
}

const nonceHead = 8

/** `nonce` has 20 characters, none of them NUL. */
export function greetingPayload(greeting: Greeting, threadId: number, nonce: string): string {
  const { version, capabilities, charset, status, plugin } = greeting
  return `\x0a${version}\0${int4(threadId)}${nonce.slice(0, nonceHead)}\0${int2(capabilities)}${String.fromCharCode(charset)}${int2(status)}`
    + `${int2(capabilities >>> 16)}${String.fromCharCode(nonce.length + 1)}${'\0'.repeat(10)}${nonce.slice(nonceHead)}\0${plugin}\0`
}

/** Reads what `greetingPayload` writes. */
export function readGreeting(payload: string): Greeting {
  const versionEnd = payload.indexOf('\0', 1)
  const at = versionEnd + 1 + 4 + nonceHead + 1
  const bytes = (from: number, count: number): number => Array.from({ length: count }, (_, place) => payload.charCodeAt(from + place) * 256 ** place).reduce((sum, byte) => sum + byte, 0)
  const nonceLength = bytes(at + 7, 1)
  const pluginAt = at + 8 + 10 + Math.max(13, nonceLength - nonceHead)
  return {
    version: payload.slice(1, versionEnd), capabilities: bytes(at, 2) + bytes(at + 5, 2) * 65536, charset: bytes(at + 2, 1), status: bytes(at + 3, 2),
    plugin: payload.slice(pluginAt, payload.indexOf('\0', pluginAt)),
  }
}

export interface LoginAnswer {
  readonly capabilities: number
  readonly user: string
  /** Length of the answer to the nonce; 0 means no password. */
  readonly answerLength: number
  readonly plugin: string
}

/** Protocol::HandshakeResponse41; null when it is something else. */
export function readLogin(payload: Buffer): LoginAnswer | null {
  if (payload.length < 33) return null
  const capabilities = payload.readUInt32LE(0)
  if ((capabilities & capability.protocol41) === 0) return null
  const userEnd = payload.indexOf(0, 32)
  if (userEnd < 0) return null
  const answerLength = payload[userEnd + 1] ?? 0 // both encodings are one byte for the plugins we know
  let at = userEnd + 2 + answerLength
  if ((capabilities & capability.connectWithDatabase) !== 0) at = payload.indexOf(0, at) + 1
  const hasPlugin = (capabilities & capability.pluginAuth) !== 0
  const pluginEnd = hasPlugin ? payload.indexOf(0, at) : -1
  return { capabilities, user: payload.toString('latin1', 32, userEnd), answerLength, plugin: pluginEnd < 0 ? '' : payload.toString('latin1', at, pluginEnd) }
}
