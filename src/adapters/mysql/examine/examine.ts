import type { Examination, ServerVariable } from '../../../model/doctor/subjects.ts'
import { fail, ok, type Result } from '../../../kit/result.ts'
import type { ServerFailure } from '../../../model/topology/instance.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { Deadline } from '../driver/deadline.ts'
import type { Connection, Statement } from '../driver/driver.ts'
import { cellNumber, type Rows } from '../driver/rows.ts'
import type { Learnt } from '../probe/knowledge.ts'
import { learn } from '../probe/learn.ts'
import { grantedPrivileges } from './granted-privileges.ts'

/** Newest name → the names that older versions and MariaDB have for it. */
const variables: Readonly<Record<string, readonly string[]>> = {
  report_host: [],
  relay_log_recovery: [],
  replica_net_timeout: ['slave_net_timeout'],
  enforce_gtid_consistency: [],
  gtid_strict_mode: [],
  sync_binlog: [],
  innodb_flush_log_at_trx_commit: [],
  rpl_semi_sync_source_wait_point: ['rpl_semi_sync_master_wait_point'],
  replica_parallel_workers: ['slave_parallel_workers'],
  replica_preserve_commit_order: ['slave_preserve_commit_order'],
}

const variablesStatement: Statement = {
  sql: `SHOW GLOBAL VARIABLES WHERE Variable_name IN (${Object.entries(variables).flatMap(([name, older]) => [name, ...older]).map(name => `'${name}'`).join(', ')})`,
}
const grantsStatement: Statement = { sql: 'SHOW GRANTS' }
const clockStatement: Statement = { sql: 'SELECT UNIX_TIMESTAMP(NOW(6)) * 1000 AS now_milliseconds' }

/** Four round trips on a connection of its own; only the variables must be told. */
export async function examine(connection: Connection, deadline: Deadline, clock: Pick<Clock, 'now' | 'monotonic'>): Promise<Result<Examination, ServerFailure>> {
  const learnt = await learn(connection, deadline, clock)
  if (!learnt.ok) return learnt
  const { dialect, account } = learnt.value
  const isMysql = dialect.family === 'mysql'
  const asked = [
    variablesStatement, grantsStatement,
    isMysql ? { sql: 'SELECT heartbeat_interval FROM performance_schema.replication_connection_configuration LIMIT 1' } : { sql: "SHOW GLOBAL STATUS LIKE 'Slave_heartbeat_period'" },
    { sql: 'SELECT CURRENT_ROLE()' },
  ]
  const told = await connection.run(asked, deadline, 'go on')
  if (!told.ok) return told
  const [variableRows, grantRows, heartbeatRows, roleRows] = told.value
  if (variableRows === undefined || !variableRows.ok) return fail(variableRows?.failure ?? { kind: 'not-mysql', number: null, text: 'the server does not tell its variables' })
  const time = await clockOf(connection, deadline, clock)
  if (!time.ok) return time

  let grants = textsOf(grantRows)
  const roles = textsOf(roleRows)[0] ?? ''
  // MySQL shows what active roles give only when they are named; MariaDB shows it at once, and MySQL 5.7 has no roles.
  if (isMysql && roles !== '' && roles !== 'NONE') {
    const withRoles = await connection.run([{ sql: `SHOW GRANTS FOR CURRENT_USER() USING ${roles}` }], deadline, 'go on')
    if (!withRoles.ok) return withRoles
    if (withRoles.value[0]?.ok === true) grants = textsOf(withRoles.value[0])
  }
  const shown = heartbeatRows?.ok === true ? cellNumber(heartbeatRows.value.rows[0]?.at(-1) ?? null) : null
  const heartbeat = shown ?? [...learnt.value.storedOptions.values()][0]?.heartbeatPeriodSeconds ?? null
  return ok({
    account, privileges: grantedPrivileges(grants), missingGrants: missingGrants(learnt.value), variables: variablesOf(variableRows.value), ...time.value,
    // A MariaDB server that is no replica says 0.
    heartbeatPeriodSeconds: isMysql || heartbeat !== 0 ? heartbeat : null,
  })
}

/** The server's clock in the middle of the way there and back. */
async function clockOf(
  connection: Connection, deadline: Deadline, clock: Pick<Clock, 'now' | 'monotonic'>,
): Promise<Result<Pick<Examination, 'clockAheadMilliseconds' | 'clockUncertainMilliseconds'>, ServerFailure>> {
  const [at, begun] = [clock.now(), clock.monotonic()]
  const told = await connection.run([clockStatement], deadline, 'stop')
  if (!told.ok) return told
  const half = (clock.monotonic() - begun) / 2
  const [rows] = told.value
  const theirs = rows?.ok === true ? cellNumber(rows.value.first?.at(0) ?? null) : null
  if (theirs === null) return fail(rows?.ok === false ? rows.failure : { kind: 'not-mysql', number: null, text: 'the server does not tell the time' })
  return ok({ clockAheadMilliseconds: Math.round(theirs - (at + half)), clockUncertainMilliseconds: Math.ceil(half) })
}

function variablesOf(rows: Rows): ReadonlyMap<string, ServerVariable> {
  const told = new Map(rows.rows.map(([name, value]) => [String(name ?? '').toLowerCase(), String(value ?? '')]))
  return new Map(Object.entries(variables).flatMap(([newest, older]) => {
    const name = [newest, ...older].find(name => told.has(name))
    return name === undefined ? [] : [[newest, { name, value: told.get(name) ?? '' }] as const]
  }))
}

function missingGrants({ dialect, readable, account, semiSync }: Learnt): readonly string[] {
  const wished = [
    ...(dialect.receiverTimes === null ? [] : ['performance_schema.replication_connection_status']), ...(dialect.storedOptions === null ? [] : ['mysql.slave_master_info']),
    ...(dialect.acknowledgers === null || semiSync?.hasSource !== true ? [] : ['performance_schema.user_variables_by_thread']),
  ]
  return wished.filter(table => !readable.has(table)).map(table => `GRANT SELECT ON ${table} TO ${account}`)
}

const textsOf = (rows: Result<Rows, ServerFailure> | undefined): readonly string[] => (rows?.ok === true ? rows.value.rows.map(([text]) => String(text ?? '')) : [])
