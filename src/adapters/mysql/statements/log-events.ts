import { fail, ok, type Result } from '../../../kit/result.ts'
import type { ChunkAsked, LogEvent, Reply } from '../../../model/pseudo-gtid/asks.ts'
import type { ServerFailure } from '../../../model/topology/instance.ts'
import type { Deadline } from '../driver/deadline.ts'
import type { Connection, Statement } from '../driver/driver.ts'
import { isOn, type Rows } from '../driver/rows.ts'
import type { Dialect } from '../dialects/dialect.ts'

const needs = 'REPLICATION SLAVE ON *.*'

/** SHOW BINLOG EVENTS and SHOW RELAYLOG EVENTS (MySQL manual); both begin at a place where an event begins. */
export function eventsStatement({ log, file, from, skip, count }: ChunkAsked, dialect: Dialect, channel: string, quote: (text: string) => string): Statement {
  const which = `IN ${quote(file)} FROM ${from} LIMIT ${skip === 0 ? '' : `${skip}, `}${count}`
  if (log === 'binary') return { sql: `SHOW BINLOG EVENTS ${which}`, needs }
  if (channel === '') return { sql: `SHOW RELAYLOG EVENTS ${which}`, needs }
  return { sql: dialect.family === 'mariadb' ? `SHOW RELAYLOG ${quote(channel)} EVENTS ${which}` : `SHOW RELAYLOG EVENTS ${which} FOR CHANNEL ${quote(channel)}`, needs }
}

export async function readEvents(connection: Connection, statement: Statement, deadline: Deadline): Promise<Reply> {
  const rows = await only(connection, statement, deadline)
  return rows.ok ? ok(eventsOf(rows.value)) : rows
}

/** By place of column: there are hundreds of thousands of rows. */
function eventsOf(rows: Rows): readonly LogEvent[] {
  const place = (name: string): number => rows.columns.indexOf(name)
  const [file, position, type, end, text] = [place('log_name'), place('pos'), place('event_type'), place('end_log_pos'), place('info')]
  return rows.rows.map(cells => ({
    file: String(cells[file] ?? ''), position: BigInt(cells[position] ?? 0), type: String(cells[type] ?? ''), endPosition: BigInt(cells[end] ?? 0), text: String(cells[text] ?? ''),
  }))
}

const workers: Statement = {
  sql: "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('replica_parallel_workers', 'slave_parallel_workers', 'replica_preserve_commit_order', 'slave_preserve_commit_order')",
}

/** MariaDB commits in the order of its source within a domain, whatever runs at the same time (MariaDB manual, "Parallel Replication"). */
export async function keepsOrder(connection: Connection, dialect: Dialect, deadline: Deadline): Promise<Result<boolean, ServerFailure>> {
  if (dialect.family === 'mariadb') return ok(true)
  const rows = await only(connection, workers, deadline)
  if (!rows.ok) return rows
  const values = new Map(rows.value.rows.map(([name, value]) => [String(name ?? '').toLowerCase().replace(/^slave_/, 'replica_'), value ?? null]))
  const count = Number(values.get('replica_parallel_workers') ?? 0)
  return ok(count <= 1 || isOn(values.get('replica_preserve_commit_order') ?? null))
}

export async function ownGrants(connection: Connection, deadline: Deadline): Promise<Result<readonly string[], ServerFailure>> {
  const rows = await only(connection, { sql: 'SHOW GRANTS FOR CURRENT_USER()' }, deadline)
  return rows.ok ? ok(rows.value.rows.map(([text]) => String(text ?? ''))) : rows
}

export async function writeStatement(connection: Connection, sql: string, deadline: Deadline): Promise<Result<void, ServerFailure>> {
  const rows = await only(connection, { sql, needs: 'DROP ON `_pseudo_gtid_`.*' }, deadline)
  return rows.ok ? ok(undefined) : rows
}

async function only(connection: Connection, statement: Statement, deadline: Deadline): Promise<Result<Rows, ServerFailure>> {
  const sent = await connection.run([statement], deadline, 'stop')
  if (!sent.ok) return sent
  const [rows] = sent.value
  return rows ?? fail({ kind: 'statement-rejected', number: null, text: `no answer to ${statement.sql}` })
}
