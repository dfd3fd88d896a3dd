import type { ReplicationLink } from '../../../model/topology/instance.ts'
import { hostOf, type InstanceKey, portOf } from '../../../model/topology/instance-key.ts'
import type { Step } from '../../../model/planning/step.ts'
import type { Statement } from '../driver/driver.ts'
import { isOn, type Row } from '../driver/rows.ts'
import type { ChangeWords, Dialect } from '../dialects/dialect.ts'
import { maskedSecret } from './quote.ts'

type Quote = (text: string) => string
/** Words of one CHANGE with their values; a null word is one that this dialect does not have. */
type Assignments = readonly (readonly [word: string | null, value: string | null])[]

const administer = 'SUPER ON *.*'

const changeStatement = (verb: string, assignments: Assignments): Statement => ({
  sql: `${verb} ${assignments.filter(([word, value]) => word !== null && value !== null).map(pair => pair.join(' = ')).join(', ')}`,
  needs: administer,
})

/**
 * Follow another source. Naming receiver options alone keeps what was received while the applier runs; every other option keeps its value
 * (contract sql-dialects.md 2; beyond.md 3). All but one: servers set the heartbeat period back to half of replica_net_timeout whenever a
 * host is named and the period is not (observed on 9.7), so the one that is known is named again.
 */
export function changeSource(
  { change }: Dialect, to: InstanceKey, way: Extract<Step, { do: 'change-source' }>['way'], quote: Quote, heartbeatPeriodSeconds: number | null = null, link: ReplicationLink | null = null,
  at: readonly [file: string, position: string] = ['', ''], demotes = false,
): Statement {
  const useGtid = { 'receiver-only': null, 'auto-position': null, 'slave-pos': 'slave_pos', 'current-pos': demotes ? 'slave_pos' : 'current_pos', 'read-position': null, 'executed-position': 'no', 'coordinates': 'no' }[way]
  const [file, position] = way === 'read-position' ? placeOf(link, 'read', quote) : way === 'executed-position' ? placeOf(link, 'executed', quote) : way === 'coordinates' ? at : [null, null]
  return changeStatement(change.verb, [
    [change.host, quote(hostOf(to))],
    [change.port, String(portOf(to))],
    [change.heartbeat, heartbeatPeriodSeconds === null ? null : String(heartbeatPeriodSeconds)],
    [change.logFile, file],
    [change.logPosition, position],
    [change.autoPosition, way === 'auto-position' ? '1' : way === 'executed-position' || (way === 'coordinates' && link?.gtid === 'mysql') ? '0' : null],
    [change.useGtid, useGtid],
    // MariaDB 10.10: what it wrote as a primary counts as replicated from here on; current_pos would count what is written later by mistake, too.
    ['MASTER_DEMOTE_TO_SLAVE', demotes ? '1' : null],
  ])
}

/** Stands in a statement that is shown before it can be known; never sent. */
export const knownLater = '{known when it runs}'

/** Where the link stands in its source's log; in braces while the thread that moves it may go on, because then it is known only when the step runs. */
export function placeOf(link: ReplicationLink | null, how: 'read' | 'executed', quote: Quote): readonly [file: string, position: string] {
  const [at, thread] = how === 'read' ? [link?.readCoordinates, link?.receiver] : [link?.executedCoordinates, link?.applier]
  return at === null || at === undefined || thread !== 'stopped' ? [knownLater, knownLater] : [quote(at.file), String(at.position)]
}

/** Apply what the relay log holds from where the applier stands in it; a CHANGE that names a relay log keeps all of them. */
export function takeUpRelayLog({ change }: Dialect, link: ReplicationLink | null, quote: Quote): Statement {
  const at = link?.applier === 'stopped' ? link.relayLogCoordinates : null
  const [file, position] = at === null ? [knownLater, knownLater] : [quote(at.file), String(at.position)]
  return changeStatement(change.verb, [['RELAY_LOG_FILE', file], ['RELAY_LOG_POS', position], [change.useGtid, 'no']])
}

/** Apply late; the applier alone is concerned. */
export const changeDelay = ({ change }: Dialect, seconds: number): Statement => changeStatement(change.verb, [[change.delay, String(seconds)]])

/** The replication account and how it connects, as a server that can read it has them. */
export interface Credentials {
  readonly user: string
  readonly password: string
  /** Option of CHANGE → value that is already quoted. */
  readonly options: Readonly<Partial<Record<keyof ChangeWords, string>>>
}

/** Of a row of mysql.slave_master_info. Without TLS and without a key the public key is asked for, because caching_sha2_password needs it then. */
export function storedCredentials(row: Row, quote: Quote): Credentials {
  const text = (column: string): string | undefined => (row.text(column) === '' ? undefined : quote(row.text(column)))
  const bit = (column: string): string => (isOn(row.cell(column)) ? '1' : '0')
  const number = (column: string): string | undefined => (row.number(column) === null ? undefined : String(row.number(column)))
  const isPlain = !isOn(row.cell('enabled_ssl')) && row.text('public_key_path') === ''
  return {
    user: row.text('user_name'), password: row.text('user_password'),
    options: defined({
      ssl: bit('enabled_ssl'), sslCa: text('ssl_ca'), sslCaPath: text('ssl_capath'), sslCert: text('ssl_cert'), sslCipher: text('ssl_cipher'),
      sslCrl: text('ssl_crl'), sslCrlPath: text('ssl_crlpath'), sslKey: text('ssl_key'), sslVerify: bit('ssl_verify_server_cert'),
      tlsVersion: text('tls_version'), tlsCiphersuites: text('tls_ciphersuites'), publicKeyPath: text('public_key_path'),
      getPublicKey: isPlain ? '1' : bit('get_public_key'), heartbeat: number('heartbeat'), connectRetry: number('connect_retry'), retryCount: number('retry_count'),
    }),
  }
}

/** Of the answer of ReplicationCredentialsQuery: user, password, and optionally CA, certificate and key. */
export function queriedCredentials(row: Row, quote: Quote): Credentials {
  const text = (place: number): string => String(row.at(place) ?? '')
  const option = (place: number): string | undefined => (text(place) === '' ? undefined : quote(text(place)))
  const [sslCa, sslCert, sslKey] = [option(2), option(3), option(4)]
  return { user: text(0), password: text(1), options: defined({ ssl: sslCa ?? sslCert ?? sslKey ? '1' : undefined, sslCa, sslCert, sslKey, getPublicKey: '1' }) }
}

/** `secret` false: as it is shown. */
export function useCredentials({ change }: Dialect, credentials: Credentials, quote: Quote, secret: boolean): Statement {
  const options = Object.entries(credentials.options) as [keyof ChangeWords, string][] // entries of a record of these keys
  return changeStatement(change.verb, [
    [change.user, quote(credentials.user)],
    [change.password, secret ? quote(credentials.password) : maskedSecret],
    ...options.map(([name, value]) => [change[name], value] as const),
  ])
}

function defined(options: Partial<Record<keyof ChangeWords, string | undefined>>): Credentials['options'] {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Credentials['options'] // the undefined ones are gone
}
