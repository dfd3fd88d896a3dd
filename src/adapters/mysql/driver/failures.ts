import type { ServerFailure } from '../../../model/topology/instance.ts'

type Kind = ServerFailure['kind']

/** By the server's error number. Whatever is not here is a statement that the server rejected. Source: MySQL Server Error Message Reference; MariaDB error codes. */
const kindByNumber: ReadonlyMap<number, Kind> = new Map<number, Kind>([
  [1040, 'too-many-connections'], [1203, 'too-many-connections'], [1226, 'too-many-connections'],
  [1044, 'access-denied'], [1045, 'access-denied'], [1698, 'access-denied'], [1129, 'access-denied'], [1130, 'access-denied'],
  [1251, 'access-denied'], [1820, 'access-denied'], [1862, 'access-denied'], [3118, 'access-denied'], [3159, 'access-denied'], [3955, 'access-denied'],
  [6038, 'privilege-missing'], [1142, 'privilege-missing'], [1143, 'privilege-missing'], [1227, 'privilege-missing'], [1370, 'privilege-missing'],
  [1053, 'connection-lost'], [1077, 'connection-lost'], [1079, 'connection-lost'], [1158, 'connection-lost'], [1159, 'connection-lost'],
  [1160, 'connection-lost'], [1161, 'connection-lost'], [1927, 'connection-lost'], [4031, 'connection-lost'],
])

/** By the code of Node, its TLS, or the driver. */
const kindByCode: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['ECONNREFUSED', 'refused'],
  ['ENOTFOUND', 'name-unknown'], ['EAI_AGAIN', 'name-unknown'], ['EAI_FAIL', 'name-unknown'], ['EAI_NONAME', 'name-unknown'], ['EAI_NODATA', 'name-unknown'],
  ['EHOSTUNREACH', 'unreachable'], ['ENETUNREACH', 'unreachable'], ['EHOSTDOWN', 'unreachable'], ['ENETDOWN', 'unreachable'],
  ['EADDRNOTAVAIL', 'unreachable'], ['EACCES', 'unreachable'], ['EPERM', 'unreachable'],
  ['ETIMEDOUT', 'timeout'],
  ['ECONNRESET', 'connection-lost'], ['EPIPE', 'connection-lost'], ['ECONNABORTED', 'connection-lost'], ['PROTOCOL_CONNECTION_LOST', 'connection-lost'],
  ['HANDSHAKE_NO_SSL_SUPPORT', 'configuration'], ['HANDSHAKE_SSL_ERROR', 'configuration'],
  ['AUTH_SWITCH_PLUGIN_ERROR', 'access-denied'],
  ['PROTOCOL_ERROR', 'not-mysql'], ['PROTOCOL_UNEXPECTED_PACKET', 'not-mysql'],
])

interface Facts {
  readonly number: number | null
  readonly sqlState: string
  readonly code: string
  readonly text: string
}

function factsOf(error: unknown): Facts {
  if (!(error instanceof Error)) return { number: null, sqlState: '', code: '', text: String(error) }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const number = 'errno' in error && typeof error.errno === 'number' && error.errno > 0 ? error.errno : null
  const sqlState = 'sqlState' in error && typeof error.sqlState === 'string' ? error.sqlState : ''
  return { number, sqlState, code, text: error.message === '' ? code : error.message }
}

interface AskedBy {
  readonly needs?: string | undefined
  readonly account?: string | undefined
  readonly sqlState?: string | undefined
}

/**
 * The one place where errors of the network, of the driver and of servers become tagged values: by number, else by code, never by text.
 * `needs` is the privilege that the statement wants, `account` who we are there (`'user'@'host'`).
 */
export function failureOf(error: unknown, context: AskedBy = {}): ServerFailure {
  const { number, sqlState, code, text } = factsOf(error)
  if (number !== null) return rejection(number, text, { ...context, sqlState }, kindByCode.get(code))
  return { kind: kindByCode.get(code) ?? 'connection-lost', number, text }
}

/** What a server rejected, by its error number. */
export function rejection(number: number, text: string, asked: AskedBy = {}, otherwise: Kind = 'statement-rejected'): ServerFailure {
  const { needs, account = 'the account', sqlState = '' } = asked
  const kind = kindByNumber.get(number) ?? otherwise
  return {
    kind, number, text, ...(sqlState === '' ? {} : { sqlState }),
    ...(kind === 'privilege-missing' && needs !== undefined ? { grant: `GRANT ${needs} TO ${account}` } : {}),
  }
}

export const timedOut = (what: string): ServerFailure => ({ kind: 'timeout', number: null, text: what })

/** Failures after which the connection is of no use. */
export const endsConnection = (failure: ServerFailure): boolean =>
  failure.kind === 'connection-lost' || failure.kind === 'timeout' || failure.kind === 'not-mysql'

/** The server closed the connection because it was idle too long: nothing is wrong with the server. */
export const isIdleGoodbye = (failure: ServerFailure): boolean => failure.number === 4031
