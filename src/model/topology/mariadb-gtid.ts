import { fail, ok, type Result } from '../../kit/result.ts'

/** A MariaDB position: domain → everything up to that sequence. There is no list of gaps (contract gtid.md 6). */
export type MariadbPosition = ReadonlyMap<number, { readonly serverId: number; readonly sequence: bigint }>

/** 1941: not a list of GTIDs; 1943: a domain twice. */
export interface MalformedMariadbPosition {
  readonly number: 1941 | 1943
  readonly text: string
}

const entry = /^(\d{1,10})-(\d{1,10})-(\d{1,20})$/
const largest32 = 4294967295
const largest64 = 18446744073709551615n

/** Reads `domain-server-sequence,…` as a server accepts it; a newline may stand right after a comma, blanks may not. */
export function parseMariadbPosition(text: string): Result<MariadbPosition, MalformedMariadbPosition> {
  const position = new Map<number, { serverId: number; sequence: bigint }>()
  if (text === '') return ok(position)
  for (const gtid of text.replaceAll(',\n', ',').split(',')) {
    const [, domainText, serverText, sequenceText] = entry.exec(gtid) ?? []
    if (domainText === undefined || serverText === undefined || sequenceText === undefined) return fail({ number: 1941, text: `Could not parse GTID list '${text}'` })
    const [domain, serverId, sequence] = [Number(domainText), Number(serverText), BigInt(sequenceText)]
    if (domain > largest32 || serverId > largest32 || sequence > largest64) return fail({ number: 1941, text: `Could not parse GTID list '${text}'` })
    if (position.has(domain)) return fail({ number: 1943, text: `GTID domain ${domain} is named twice in '${text}'` })
    position.set(domain, { serverId, sequence })
  }
  return ok(position)
}

export function mariadbPositionText(position: MariadbPosition): string {
  return [...position].sort(([left], [right]) => left - right).map(([domain, { serverId, sequence }]) => `${domain}-${serverId}-${sequence}`).join(',')
}

/** True when, in every domain that is wanted, the position is at that sequence or later. The server number is not compared. */
export function hasReached(position: MariadbPosition, wanted: MariadbPosition): boolean {
  for (const [domain, { sequence }] of wanted) {
    const present = position.get(domain)
    if (present === undefined || present.sequence < sequence) return false
  }
  return true
}
