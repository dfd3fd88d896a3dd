import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

interface FormerTable {
  readonly columns: readonly { readonly name: string; readonly pk?: number; readonly sqlite: { readonly type: string; readonly not_null: boolean; readonly default: string | null; readonly ordinal: number } }[]
  readonly sqlite_indexes: readonly { readonly name: string; readonly unique: boolean; readonly columns: readonly string[] }[]
}

/** Facts of databases that the original made (contract backend-schema.json). */
const former = JSON.parse(readFileSync(new URL('../../fixtures/backend-schema.json', import.meta.url), 'utf8')) as Readonly<Record<string, FormerTable>>

/** What a database tells of the group, by the rows that are put in: every kind of decision, as the original and scripts of its users write them. */
export const formerServers = ['10.9.9.7', '10.9.9.8', '10.9.9.9'] as const
const [primary, replica, other] = formerServers

function instanceRow(host: string, source: string, seen: string): Readonly<Record<string, string | number>> {
  return {
    hostname: host, port: 3306, server_id: Number(host.split('.')[3]), version: '8.0.30', binlog_format: 'ROW', log_bin: 1, log_slave_updates: 1, binary_log_file: 'b.000001', binary_log_pos: 4,
    master_host: source, master_port: source === '' ? 0 : 3306, slave_sql_running: 1, slave_io_running: 1, master_log_file: 'b.000001', read_master_log_pos: 4, relay_master_log_file: 'b.000001',
    exec_master_log_pos: 4, num_slave_hosts: 0, slave_hosts: '[]', cluster_name: `${primary}:3306`, last_seen: seen, last_checked: seen, last_attempted_check: seen,
  }
}

/** Makes the file as the original makes it, tables and indexes of its own alone, and puts in what was decided there. */
export function makeFormerDatabase(path: string): void {
  const database = new DatabaseSync(path)
  try {
    for (const [table, { columns, sqlite_indexes: indexes }] of Object.entries(former)) {
      const keys = columns.filter(({ pk }) => (pk ?? 0) > 0).toSorted((one, two) => (one.pk ?? 0) - (two.pk ?? 0))
      const isNumbered = keys.length === 1 && keys[0]?.sqlite.type === 'integer'
      const lines = columns.toSorted((one, two) => one.sqlite.ordinal - two.sqlite.ordinal).map(({ name, sqlite }) =>
        `${name} ${sqlite.type}${sqlite.not_null ? ' NOT NULL' : ''}${sqlite.default === null ? '' : ` DEFAULT ${sqlite.default}`}${isNumbered && keys[0]?.name === name ? ' PRIMARY KEY' : ''}`)
      if (!isNumbered && keys.length > 0) lines.push(`PRIMARY KEY (${keys.map(({ name }) => name).join(', ')})`)
      database.exec(`CREATE TABLE ${table} (${lines.join(', ')})`)
      for (const { name, unique, columns: of } of indexes) database.exec(`CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${name} ON ${table} (${of.join(', ')})`)
    }
    const now = sqlTime(0)
    const put = (table: string, row: Readonly<Record<string, string | number>>): void =>
      void database.prepare(`INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.keys(row).map(() => '?').join(', ')})`).run(...Object.values(row))
    for (const [host, source] of [[primary, ''], [replica, primary], [other, primary]] as const) put('database_instance', instanceRow(host, source, now))
    put('database_instance_downtime', { hostname: replica, port: 3306, downtime_active: 1, begin_timestamp: now, end_timestamp: sqlTime(3_600_000), owner: 'dba', reason: 'disk' })
    put('database_instance_tags', { hostname: replica, port: 3306, tag_name: 'role', tag_value: 'spare', last_updated: now })
    put('candidate_database_instance', { hostname: other, port: 3306, last_suggested: now, promotion_rule: 'prefer' })
    put('database_instance_pool', { hostname: other, port: 3306, pool: 'web', registered_at: now })
    put('database_instance_maintenance', { hostname: other, port: 3306, maintenance_active: 1, begin_timestamp: now, end_timestamp: sqlTime(3_600_000), owner: 'ann', reason: 'backup', explicitly_bounded: 1 })
    put('cluster_alias_override', { cluster_name: `${primary}:3306`, alias: 'shop' })
    put('hostname_unresolve', { hostname: other, unresolved_hostname: 'vip.example.com', last_registered: now })
    put('global_recovery_disable', { disable_recovery: 1 })
  } finally {
    database.close()
  }
}

const sqlTime = (later: number): string => new Date(Date.now() + later).toISOString().slice(0, 19).replace('T', ' ')

/** Tables of which each has a row of what was decided. */
export const decidedTables = [
  'database_instance_downtime', 'database_instance_tags', 'candidate_database_instance', 'database_instance_pool', 'database_instance_maintenance', 'cluster_alias_override', 'hostname_unresolve',
  'global_recovery_disable',
] as const

/** What a manager answers of what was decided: `ask` gives the JSON of a path. */
export async function assertRemembersFormer(ask: (path: string) => Promise<unknown>): Promise<void> {
  const instances = (await ask('/api/all-instances')) as readonly { readonly Key: { readonly Hostname: string }; readonly IsDowntimed: boolean; readonly DowntimeReason: string; readonly PromotionRule: string }[]
  assert.deepEqual(instances.map(({ Key }) => Key.Hostname).toSorted(), formerServers)
  const [, second, third] = instances.toSorted((one, two) => (one.Key.Hostname < two.Key.Hostname ? -1 : 1))
  assert.deepEqual([second?.IsDowntimed, second?.DowntimeReason, third?.PromotionRule], [true, 'disk', 'prefer'])
  assert.deepEqual(await ask(`/api/tags/${replica}/3306`), ['role=spare'])
  const pools = ((await ask(`/api/cluster-pool-instances/${primary}:3306`)) as { readonly Details: unknown }).Details
  assert.deepEqual(pools, { web: [{ Hostname: other, Port: 3306 }] })
  assert.deepEqual(((await ask('/api/maintenance')) as readonly { readonly Owner: string; readonly Reason: string }[]).map(({ Owner, Reason }) => [Owner, Reason]), [['ann', 'backup']])
  assert.equal(((await ask('/api/check-global-recoveries')) as { readonly Details: string }).Details, 'disabled')
  assert.equal(((await ask('/api/cluster-info/shop')) as { readonly ClusterAlias: string }).ClusterAlias, 'shop')
}
