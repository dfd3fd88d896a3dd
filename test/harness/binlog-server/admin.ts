import { int2 } from '../fleet/packets.ts'
import { cell, columnCountPayload, columnPayload, endPayload, errorPayload, okPayload, packet } from '../fleet/packets.ts'

type Cell = string | number | null

/** What the server says itself; null passes the statement on to its source. */
export type Answer = { readonly rows: readonly Readonly<Record<string, Cell>>[]; readonly columns?: readonly string[] } | { readonly done: true } | { readonly error: number; readonly text: string }

const utf8 = 255
const varString = 253

/** An answer as packets, numbered from 1. Columns are told as texts, which every client reads. */
export function answerBytes(answer: Answer): string {
  if ('done' in answer) return packet(1, okPayload)
  if ('error' in answer) return packet(1, errorPayload(answer.error, 'HY000', answer.text))
  const names = answer.columns ?? Object.keys(answer.rows[0] ?? {})
  if (names.length === 0) return packet(1, okPayload)
  const column = (name: string): string =>
    columnPayload({ schema: '', table: '', orgTable: '', name, orgName: '', charset: utf8, length: 1024, type: varString, flags: 0, decimals: 0 })
  const rows = answer.rows.map(row => names.map(name => cell(row[name] === null || row[name] === undefined ? null : String(row[name]))).join(''))
  const payloads = [columnCountPayload(names.length), ...names.map(column), endPayload(false, false), ...rows, endPayload(false, false)]
  return payloads.map((payload, index) => packet(index + 1, payload)).join('')
}

export interface Registered {
  readonly serverId: number
  readonly host: string
  readonly port: number
}

/** What a replica tells of itself before it asks for the log. */
export function readRegistration(payload: Buffer): Registered {
  const hostLength = payload[5] ?? 0
  const userAt = 6 + hostLength
  const passwordAt = userAt + 1 + (payload[userAt] ?? 0)
  const portAt = passwordAt + 1 + (payload[passwordAt] ?? 0)
  return { serverId: payload.readUInt32LE(1), host: payload.toString('latin1', 6, userAt), port: payload.readUInt16LE(portAt) }
}

/** The same, written: so that the source lists us among its replicas. */
export function registration({ serverId, host, port }: Registered): Buffer {
  const id = Buffer.alloc(4)
  id.writeUInt32LE(serverId)
  const payload = `\x15${id.toString('latin1')}${String.fromCharCode(host.length)}${host}\0\0${int2(port)}${'\0'.repeat(8)}`
  return Buffer.from(packet(0, payload), 'latin1')
}
