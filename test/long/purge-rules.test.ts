import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mysqlEngine, sqliteEngine, type StoreEngine } from '../conformance/store-engines.ts'
import { until } from '../harness/recorded/api.ts'
import { onMysql } from '../harness/recorded/managers.ts'
import { isRunning, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]
/** So much older or younger than the limit rows are. */
const margin = 5 * minute

interface Rule {
  readonly table: string
  readonly column: string
  /** Null: rows of this table stay, however old. */
  readonly limit: number | null
  /** How the row is known: '<name>' stands for old or young. */
  readonly row: Readonly<Record<string, string | number | null>>
  /** Where the limit is too near to the present for the margin. */
  readonly margin?: number
}

/** What the contract says of each table (backend-schema.json), with the limits that are in force without settings. */
const rules: readonly Rule[] = [
  { table: 'access_token', column: 'generated_at', limit: day, row: { public_token: '<name>', is_reentrant: 0 } },
  { table: 'audit', column: 'audit_timestamp', limit: 7 * day, row: { message: '<name>' } },
  { table: 'candidate_database_instance', column: 'last_suggested', limit: hour, row: { hostname: '<name>', port: 1, promotion_rule: 'prefer' } },
  { table: 'cluster_alias', column: 'last_registered', limit: 240 * hour, row: { cluster_name: '<name>', alias: '<name>' } },
  { table: 'cluster_domain_name', column: 'last_registered', limit: 2 * hour, row: { cluster_name: '<name>' } },
  { table: 'cluster_injected_pseudo_gtid', column: 'time_injected', limit: hour, row: { cluster_name: '<name>' } },
  { table: 'database_instance', column: 'last_seen', limit: 240 * hour, row: { hostname: '<name>', port: 1, server_id: 7, version: '8.0.30' } },
  { table: 'database_instance_analysis_changelog', column: 'analysis_timestamp', limit: 240 * hour, row: { hostname: 'changed-<name>', analysis: 'DeadMaster' } },
  { table: 'database_instance_coordinates_history', column: 'recorded_timestamp', limit: 4 * minute, margin: 2 * minute, row: { hostname: '<name>' } },
  { table: 'database_instance_downtime', column: 'end_timestamp', limit: 0, row: { hostname: '<name>', port: 1, downtime_active: 1 } },
  { table: 'database_instance_maintenance', column: 'end_timestamp', limit: 7 * day, row: { hostname: '<name>', port: 1, maintenance_active: null, explicitly_bounded: 1 } },
  { table: 'database_instance_pool', column: 'registered_at', limit: hour, row: { hostname: '<name>', port: 1, pool: '<name>' } },
  { table: 'host_agent', column: 'last_submitted', limit: 6 * hour, row: { hostname: '<name>', port: 1 } },
  { table: 'hostname_resolve', column: 'resolved_timestamp', limit: 2 * hour, row: { hostname: '<name>', resolved_hostname: '<name>' } },
  { table: 'hostname_unresolve', column: 'last_registered', limit: hour, row: { hostname: '<name>', unresolved_hostname: 'vip' } },
  { table: 'master_position_equivalence', column: 'last_suggested', limit: 240 * hour, row: { master1_hostname: '<name>', master1_port: 1, master2_hostname: 'b', master2_port: 1 } },
  { table: 'node_health', column: 'last_seen_active', limit: minute, margin: 50_000, row: { hostname: '<name>', token: 't' } },
  { table: 'node_health_history', column: 'first_seen_active', limit: 240 * hour, row: { hostname: '<name>', token: 't' } },
  { table: 'topology_failure_detection', column: 'start_active_period', limit: 7 * day, row: { hostname: '<name>', port: 1, in_active_period: 0, end_active_period_unixtime: 5 } },
  { table: 'topology_recovery', column: 'start_active_period', limit: 7 * day, row: { hostname: '<name>', port: 1, in_active_period: 0, end_active_period_unixtime: 5, uid: '<name>', end_recovery: '2026-01-01 00:00:00' } },
  { table: 'topology_recovery_steps', column: 'audit_at', limit: 7 * day, row: { recovery_uid: '<name>' } },
  { table: 'access_token', column: 'generated_at', limit: null, row: { public_token: 'reentrant <name>', is_reentrant: 1 } },
  { table: 'database_instance_tags', column: 'last_updated', limit: null, row: { hostname: '<name>', port: 1, tag_name: 't' } },
  { table: 'kv_store', column: 'last_updated', limit: null, row: { store_key: '<name>', store_value: 'v' } },
  { table: 'hostname_resolve_history', column: 'resolved_timestamp', limit: null, row: { hostname: '<name>', resolved_hostname: '<name>' } },
  { table: 'host_attributes', column: 'submit_timestamp', limit: null, row: { hostname: '<name>', attribute_name: 'a' } },
  { table: 'cluster_alias_override', column: '', limit: null, row: { cluster_name: '<name>', alias: '<name>' } },
]

const timeText = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ')
const literal = (value: string | number | null): string => (value === null ? 'null' : typeof value === 'number' ? String(value) : `'${value}'`)

/** Columns that a statement has to give a value to, with one. */
async function required(engine: StoreEngine, table: string): Promise<Readonly<Record<string, string | number>>> {
  const rows = engine.kind === 'sqlite'
    ? (await engine.sql(`pragma table_info(${table})`)).filter(row => Number(row['notnull']) === 1 && row['dflt_value'] === null && Number(row['pk']) === 0).map(row => [row['name'], row['type']])
    : (await engine.sql(`select column_name as name, data_type as type from information_schema.columns where table_schema = 'orc' and table_name = '${table}'
        and is_nullable = 'NO' and column_default is null and extra not like '%auto_increment%'`)).map(row => [row['name'], row['type']])
  const filler = (type: string): string | number => (/time/i.test(type) ? timeText(Date.now()) : /char|text|blob|enum|binary/i.test(type) ? '' : 0)
  return Object.fromEntries(rows.map(([name, type]) => [String(name), filler(String(type))]))
}

async function insert(engine: StoreEngine, rule: Rule, name: 'old' | 'young', now: number): Promise<void> {
  const { table, column, limit, row } = rule
  const age = limit === null ? 1000 * day : limit + (name === 'old' ? 1 : -1) * (rule.margin ?? margin)
  const given = Object.fromEntries(Object.entries(row).map(([key, value]) => [key, typeof value === 'string' ? value.replace('<name>', name) : value]))
  const all = { ...(await required(engine, table)), ...given, ...(column === '' ? {} : { [column]: timeText(now - age) }) }
  await engine.sql(`insert into ${table} (${Object.keys(all).join(', ')}) values (${Object.values(all).map(literal).join(', ')})`)
}

/** Which of the rows of a rule are there. */
async function left(engine: StoreEngine, { table, row }: Rule): Promise<readonly string[]> {
  const [[column, pattern] = ['', '']] = Object.entries(row).filter(([, value]) => typeof value === 'string' && value.includes('<name>')) as [string, string][] // of the filter
  const found: string[] = []
  for (const name of ['old', 'young']) {
    const also = table === 'database_instance_downtime' ? ' and downtime_active = 1' : ''
    if ((await engine.sql(`select 1 as there from ${table} where ${column} = '${pattern.replace('<name>', name)}'${also}`)).length > 0) found.push(name)
  }
  return found
}

for (const [name, open] of [['SQLite', sqliteEngine], ['MySQL', mysqlEngine]] as const) {
  test(`${name}: of rows that scripts wrote those beyond the limit of their table are gone after the tick, those within it and those without a limit are there`, async () => {
    const engine = await open()
    try {
      await engine.reset()
      await (await engine.open()).close()
      const now = Date.now()
      for (const rule of rules) for (const which of ['old', 'young'] as const) await insert(engine, rule, which, now)
      using folder = temporaryFolder()
      const { host, port, sqliteFile } = engine.settings
      const backend = engine.kind === 'sqlite' ? { SQLite3DataFile: sqliteFile } : { ...onMysql({ host, port }), MySQLOrchestratorDatabase: 'orc' }
      const started = await startProgram(['--config', writeConfiguration(folder.path, { ...backend, ServeAgentsHttp: true, AgentsServerPort: '127.0.0.1:0', HTTPRequestLog: false })])
      assert.ok(isRunning(started), 'stderr' in started ? started.stderr : '')
      await using program = started
      const standing = async (): Promise<readonly string[]> => {
        const wrong: string[] = []
        for (const rule of rules) {
          const there = await left(engine, rule)
          if (there.join() !== (rule.limit === null ? 'old,young' : 'young')) wrong.push(`${rule.table} (${rule.row['public_token'] ?? ''}): ${there.join()}`)
        }
        return wrong
      }
      await until(standing, wrong => wrong.length === 0, 150_000) // servers are looked through once a minute
      assert.equal(/ERROR .*(purging|expiring|forgetting|ending)/.test(program.log()), false, program.log())
    } finally {
      await engine.end()
    }
  })
}
