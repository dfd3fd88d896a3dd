import type { BinlogCoordinates } from '../../../model/topology/binlog-coordinates.ts'
import { bareLink, defaultReplicationOptions } from '../../../model/topology/fresh-instance.ts'
import { noThreadError, type ReplicationLink, type ReplicationOptions, type ThreadError, type ThreadState } from '../../../model/topology/instance.ts'
import { hostOf, instanceKey, portOf } from '../../../model/topology/instance-key.ts'
import { isOn, type Row, type Rows } from '../driver/rows.ts'
import type { Dialect, StatusFact } from '../dialects/dialect.ts'
import type { StoredOptions } from './knowledge.ts'

export interface StatusContext {
  readonly dialect: Dialect
  readonly utcOffsetMinutes: number | null
  readonly storedOptions: ReadonlyMap<string, StoredOptions>
  /** Channel → when its receiver last heard from the source, ms since 1970. */
  readonly lastHeardAt: ReadonlyMap<string, number>
}

/** Every row of the replica status, in the server's order. Source hosts are as configured, not resolved. */
export function readLinks(rows: Rows, context: StatusContext): ReplicationLink[] {
  return rows.all().map(row => readLink(new StatusRow(row, context.dialect), row, context))
}

/** The link that counts: of the last row, unless what it says is no replication at all (contract discovery.md 2.3). */
export function countingLink(links: readonly ReplicationLink[]): ReplicationLink | null {
  const last = links.at(-1)
  if (last === undefined) return null
  const host = hostOf(last.source)
  const hasSource = host !== '' && host !== '_' && portOf(last.source) !== 0
  return hasSource && (last.readCoordinates !== null || last.gtid !== 'none') ? last : null
}

class StatusRow {
  readonly #row: Row
  readonly #columns: Dialect['statusColumns']

  constructor(row: Row, dialect: Dialect) {
    this.#row = row
    this.#columns = dialect.statusColumns
  }

  has(fact: StatusFact): boolean {
    const column = this.#columns[fact]
    return column !== undefined && this.#row.cell(column) !== null
  }

  text(fact: StatusFact): string {
    const column = this.#columns[fact]
    return column === undefined ? '' : this.#row.text(column)
  }

  number(fact: StatusFact): number | null {
    const column = this.#columns[fact]
    return column === undefined ? null : this.#row.number(column)
  }

  flag(fact: StatusFact): boolean {
    return isOn(this.text(fact))
  }

  coordinates(file: StatusFact, position: StatusFact): BinlogCoordinates | null {
    const name = this.text(file)
    return name === '' ? null : { file: name, position: BigInt(/^\d+$/.exec(this.text(position))?.[0] ?? 0) }
  }
}

function readLink(status: StatusRow, row: Row, context: StatusContext): ReplicationLink {
  const channel = status.text('channel')
  return {
    ...bareLink(instanceKey(status.text('sourceHost'), status.number('sourcePort') ?? 0)),
    channel, sourceUuid: status.text('sourceUuid'), user: status.text('user'),
    receiver: threadState(status.text('receiver')), applier: threadState(status.text('applier')),
    receiverError: threadError(status, ['receiverErrorNumber', 'receiverErrorText', 'receiverErrorAt'], context.utcOffsetMinutes),
    applierError: threadError(status, ['applierErrorNumber', 'applierErrorText', 'applierErrorAt'], context.utcOffsetMinutes),
    readCoordinates: status.coordinates('readFile', 'readPosition'),
    executedCoordinates: status.coordinates('executedFile', 'executedPosition'),
    relayLogCoordinates: status.coordinates('relayFile', 'relayPosition'),
    retrievedGtidSet: status.text('retrievedGtidSet') || status.text('gtidIoPos'),
    gtid: gtidUse(status),
    secondsBehindSource: atLeastZero(status.number('secondsBehind')),
    delaySeconds: status.number('delay') ?? 0,
    hasFilters: context.dialect.filterColumns.some(column => row.text(column) !== ''),
    lastHeardAt: context.lastHeardAt.get(channel) ?? null,
    options: readOptions(status, row, context.dialect, context.storedOptions.get(channel)),
  }
}

const atLeastZero = (number: number | null): number | null => (number === null ? null : Math.max(0, number))

function threadState(word: string): ThreadState {
  const lower = word.toLowerCase()
  return lower === 'yes' ? 'running' : lower === 'no' ? 'stopped' : 'connecting'
}

function threadError(status: StatusRow, [numberFact, textFact, atFact]: readonly [StatusFact, StatusFact, StatusFact], utcOffsetMinutes: number | null): ThreadError {
  const number = status.number(numberFact) ?? 0
  const text = status.text(textFact)
  if (number === 0 && text === '') return noThreadError
  return { number, text, at: errorTime(status.text(atFact), utcOffsetMinutes) }
}

/** `YYMMDD hh:mm:ss` in the server's local time. */
function errorTime(text: string, utcOffsetMinutes: number | null): number | null {
  const match = /^(\d{2})(\d{2})(\d{2}) +(\d{1,2}):(\d{2}):(\d{2})$/.exec(text)
  if (match === null || utcOffsetMinutes === null) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number)
  return Date.UTC(2000 + year, month - 1, day, hour, minute - utcOffsetMinutes, second)
}

function gtidUse(status: StatusRow): ReplicationLink['gtid'] {
  if (status.flag('autoPosition')) return 'mysql'
  const using = status.text('usingGtid').toLowerCase()
  return using === 'slave_pos' ? 'mariadb-slave-pos' : using === 'current_pos' ? 'mariadb-current-pos' : 'none'
}

function readOptions(status: StatusRow, row: Row, dialect: Dialect, stored: StoredOptions | undefined): ReplicationOptions {
  const publicKeyPath = status.text('publicKeyPath')
  return {
    ...defaultReplicationOptions,
    tlsAllowed: status.flag('tlsAllowed'), tlsCaFile: status.text('tlsCaFile'), tlsCaPath: status.text('tlsCaPath'), tlsCert: status.text('tlsCert'),
    tlsCipher: status.text('tlsCipher'), tlsKey: status.text('tlsKey'), tlsCrlFile: status.text('tlsCrlFile'), tlsCrlPath: status.text('tlsCrlPath'),
    tlsVerifyServerCert: status.text('tlsVerify') === '' ? null : status.flag('tlsVerify'),
    tlsVersion: status.text('tlsVersion'), tlsCiphersuites: stored?.tlsCiphersuites ?? '', publicKeyPath,
    getPublicKey: status.has('getPublicKey') ? status.flag('getPublicKey') : publicKeyPath === '' ? null : false,
    connectRetrySeconds: status.number('connectRetry'), retryCount: status.number('retryCount'),
    heartbeatPeriodSeconds: stored?.heartbeatPeriodSeconds ?? status.number('heartbeat'), compression: stored?.compression ?? null,
    bind: status.text('bind'),
    filters: dialect.filterColumns.map(column => [column, row.text(column)] as const).filter(([, text]) => text !== '').map(pair => pair.join('=')).join(';'),
  }
}
