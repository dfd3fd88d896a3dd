import { fail, ok, type Result } from '../../../kit/result.ts'
import type { ServerFailure } from '../../../model/topology/instance.ts'
import { parseVersion } from '../../../model/topology/version.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { Deadline } from '../driver/deadline.ts'
import type { Connection } from '../driver/driver.ts'
import { noRows, type Rows } from '../driver/rows.ts'
import { chooseDialect } from '../dialects/choose.ts'
import { learnMaxscale } from './binlog-server.ts'
import type { Learnt, StoredOptions } from './knowledge.ts'
import { learnSemiSync } from './semi-sync.ts'

/** Two or three round trips, once per connection and every minute: version, account, plugins, uptime, what may be read, stored channel options. */
export async function learn(connection: Connection, deadline: Deadline, clock: Pick<Clock, 'monotonic'>, asksMaxscale = false): Promise<Result<Learnt, ServerFailure>> {
  if (asksMaxscale) {
    const maxscale = await learnMaxscale(connection, deadline, clock)
    if (!maxscale.ok) return maxscale
    if (maxscale.value !== null) return ok(maxscale.value)
  }
  const identity = await connection.run([{ sql: 'SELECT @@global.version AS version, @@global.version_comment AS comment' }], deadline, 'stop')
  if (!identity.ok) return identity
  const [identityRow] = identity.value
  if (identityRow === undefined || !identityRow.ok) return fail(identityRow?.failure ?? { kind: 'not-mysql', number: null, text: 'the server does not tell its version' })
  const row = identityRow.value.first
  const version = parseVersion(row?.text('version') ?? '', row?.text('comment') ?? '')
  const dialect = chooseDialect(version)

  const { learn: basics, learnPlugins, learnReadable } = dialect
  const answers = await connection.run([basics, learnPlugins, ...(learnReadable === null ? [] : [learnReadable])], deadline, 'go on')
  if (!answers.ok) return answers
  const [basicRows, pluginRows, readableRows] = answers.value
  if (basicRows === undefined || !basicRows.ok) return fail(basicRows?.failure ?? { kind: 'not-mysql', number: null, text: 'the server did not answer' })
  const basic = basicRows.value.first
  const account = quotedAccount(basic?.text('account') ?? '')
  connection.account = account
  const variableNames = firstColumn(pluginRows)
  const readable = firstColumn(readableRows)

  let storedOptions: ReadonlyMap<string, StoredOptions> = new Map()
  if (dialect.storedOptions !== null && readable.has('mysql.slave_master_info')) {
    const stored = await connection.run([dialect.storedOptions], deadline, 'stop')
    if (!stored.ok) return stored
    const [rows] = stored.value
    if (rows?.ok === true) storedOptions = readStoredOptions(rows.value)
  }
  return ok({
    version, dialect, account, plainBackslash: basic?.flag('plain_backslash') ?? false, utcOffsetMinutes: basic?.number('utc_offset_minutes') ?? null,
    startedAtMonotonic: clock.monotonic() - (basic?.number('uptime') ?? 0) * 1000,
    semiSync: learnSemiSync(variableNames), hasGroupPlugin: variableNames.has('group_replication_group_name'), readable, storedOptions,
  })
}

function firstColumn(rows: Result<Rows, ServerFailure> | undefined): ReadonlySet<string> {
  const { rows: cells } = rows?.ok === true ? rows.value : noRows
  return new Set(cells.map(([name]) => String(name ?? '').toLowerCase()))
}

/** `user@host` as the server says it → `'user'@'host'`, for a GRANT. */
function quotedAccount(account: string): string {
  const at = account.lastIndexOf('@')
  const quoted = (part: string): string => `'${part.replaceAll("'", "''")}'`
  return at < 0 ? quoted(account) : `${quoted(account.slice(0, at))}@${quoted(account.slice(at + 1))}`
}

function readStoredOptions(rows: Rows): ReadonlyMap<string, StoredOptions> {
  return new Map(rows.all().map(row => [row.text('channel_name'), {
    hasUser: row.flag('has_user'), heartbeatPeriodSeconds: row.number('heartbeat'), bind: row.text('bind'), tlsCiphersuites: row.text('tls_ciphersuites'),
    compression: row.cell('compression') === null ? null : row.text('compression'),
  }]))
}
