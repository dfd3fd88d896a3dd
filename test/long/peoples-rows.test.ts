import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mysqlEngine, sqliteEngine, type StoreEngine } from '../conformance/store-engines.ts'
import { onMysql } from '../harness/recorded/managers.ts'
import { runProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'

const [minute, hour] = [60_000, 3_600_000]

type Row = Readonly<Record<string, string | number | null>>
const timeText = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ')
const literal = (value: string | number | null): string => (value === null ? 'null' : typeof value === 'number' ? String(value) : `'${value}'`)

/** Columns of a server that MySQL wants a value for, and a script that copies servers fills. */
const server: Row = {
  port: 3306, uptime: 7, server_id: 1, server_uuid: '', version: '8.0.36', binlog_server: 0, read_only: 1, binlog_format: 'ROW', log_bin: 1, log_slave_updates: 1, binary_log_file: 'bin.000001', binary_log_pos: 4,
  master_host: '', master_port: 0, slave_sql_running: 0, slave_io_running: 0, has_replication_filters: 0, oracle_gtid: 0, master_uuid: '', ancestry_uuid: '', executed_gtid_set: '', gtid_purged: '', gtid_errant: '',
  supports_oracle_gtid: 1, mariadb_gtid: 0, pseudo_gtid: 0, master_log_file: '', read_master_log_pos: 0, relay_master_log_file: '', exec_master_log_pos: 0, relay_log_file: '', relay_log_pos: 0, last_sql_error: '',
  last_io_error: '', sql_delay: 0, allow_tls: 0, num_slave_hosts: 0, slave_hosts: '[]', cluster_name: 'db1:3306', suggested_cluster_alias: '', data_center: '', region: '', physical_environment: '', instance_alias: '',
  semi_sync_enforced: 0, replication_depth: 0, is_co_master: 0, replication_credentials_available: 0, has_replication_credentials: 0, major_version: '8.0', binlog_row_image: 'FULL', last_discovery_latency: 0,
  semi_sync_master_enabled: 0, semi_sync_replica_enabled: 0, gtid_mode: 'ON', replication_group_members: '[]', last_check_partial_success: 1,
}
const replica = (host: string, of: string, more: Row = {}): Row => ({
  ...server, hostname: host, server_id: Number(host.slice(2)), master_host: of, master_port: 3306, slave_io_running: 1, slave_sql_running: 1, oracle_gtid: 1, master_log_file: 'bin.000001', read_master_log_pos: 4,
  relay_master_log_file: 'bin.000001', exec_master_log_pos: 4, replication_depth: 1, seconds_behind_master: 0, slave_lag_seconds: 0, ...more,
})
const primary = (host: string, replicas: readonly string[], more: Row = {}): Row => ({
  ...server, hostname: host, server_id: Number(host.slice(2)), read_only: 0, num_slave_hosts: replicas.length, slave_hosts: JSON.stringify(replicas.map(name => ({ Hostname: name, Port: 3306 }))), cluster_name: `${host}:3306`, ...more,
})

/** What people write by SQL: two clusters, of the second one the primary is dead; and what they want of the servers. */
function rows(now: number): readonly (readonly [table: string, row: Row])[] {
  const at = timeText(now)
  const seen = { last_checked: at, last_attempted_check: at, last_seen: at }
  const lost = { cluster_name: 'db11:3306', slave_io_running: 0, replication_io_thread_state: 2, last_io_error: '"error reconnecting to master"' }
  const servers = [
    primary('db1', ['db2', 'db4'], seen), replica('db2', 'db1', { ...seen, num_slave_hosts: 1, slave_hosts: '[{"Hostname":"db3","Port":3306}]' }),
    replica('db3', 'db2', { ...seen, replication_depth: 2, slave_lag_seconds: 42, seconds_behind_master: 42 }), replica('db4', 'db1', { ...seen, slave_sql_running: 0, last_sql_error: '"Error 1062"' }),
    primary('db11', ['db12', 'db13'], { ...seen, last_seen: timeText(now - 10 * minute), last_check_partial_success: 0 }), replica('db12', 'db11', { ...seen, ...lost }), replica('db13', 'db11', { ...seen, ...lost }),
  ].map(row => ['database_instance', row] as const)
  return [
    ...servers,
    ['cluster_alias_override', { cluster_name: 'db1:3306', alias: 'shop' }],
    ['cluster_domain_name', { cluster_name: 'db1:3306', domain_name: 'shop.example.com', last_registered: at }],
    ['candidate_database_instance', { hostname: 'db3', port: 3306, last_suggested: at, promotion_rule: 'must_not' }],
    ['database_instance_tags', { hostname: 'db2', port: 3306, tag_name: 'role', tag_value: 'spare' }],
    ['database_instance_tags', { hostname: 'db3', port: 3306, tag_name: 'drained', tag_value: '' }],
    ['database_instance_downtime', { hostname: 'db4', port: 3306, downtime_active: 1, begin_timestamp: at, end_timestamp: timeText(now + hour), owner: 'dba', reason: 'disk' }],
    ['database_instance_pool', { hostname: 'db2', port: 3306, pool: 'web', registered_at: at }],
    ['database_instance_pool', { hostname: 'db3', port: 3306, pool: 'web', registered_at: at }],
    ['hostname_unresolve', { hostname: 'db3', unresolved_hostname: 'vip3', last_registered: at }],
    ['hostname_resolve', { hostname: 'db1-old', resolved_hostname: 'db1', resolved_timestamp: at }],
  ]
}

/** Each command with the whole of what it prints. */
const asked: readonly (readonly [args: readonly string[], prints: string])[] = [
  [['-c', 'clusters'], 'db11:3306\ndb1:3306\n'],
  [['-c', 'clusters-alias'], 'db11:3306\tdb11:3306\ndb1:3306\tshop\n'],
  [['-c', 'which-cluster', '-i', 'db3'], 'db1:3306\n'],
  [['-c', 'which-cluster-alias', '-i', 'db3'], 'shop\n'],
  [['-c', 'which-cluster-domain', '-alias', 'shop'], 'shop.example.com\n'],
  [['-c', 'which-cluster-instances', '-alias', 'shop'], 'db1:3306\ndb2:3306\ndb3:3306\ndb4:3306\n'],
  [['-c', 'which-cluster-master', '-alias', 'shop'], 'db1:3306\n'],
  [['-c', 'which-replicas', '-i', 'db1'], 'db2:3306\ndb4:3306\n'],
  [['-c', 'which-master', '-i', 'db3'], 'db2:3306\n'],
  [['-c', 'which-downtimed-instances', '-alias', 'shop'], 'db4:3306\n'],
  [['-c', 'which-downtimed-instances', '-alias', 'db11'], ''],
  [['-c', 'tags', '-i', 'db2'], 'role=spare\n'],
  [['-c', 'tag-value', '-i', 'db2', '-tag', 'role'], 'spare\n'],
  [['-c', 'tagged', '-tag', 'role=spare'], 'db2:3306\n'],
  [['-c', 'tagged', '-tag', 'drained'], 'db3:3306\n'],
  [['-c', 'which-heuristic-cluster-pool-instances', '-alias', 'shop'], 'db2:3306\ndb3:3306\n'],
  [['-c', 'show-resolve-hosts'], 'db1-old db1\n'],
  [['-c', 'show-unresolve-hosts'], 'db3 vip3\n'],
  [['-c', 'topology', '-alias', 'shop'], [
    'db1:3306     [0s,ok,8.0.36,rw,ROW,>>,GTID]',
    '+ db2:3306   [0s,ok,8.0.36,ro,ROW,>>,GTID]',
    '  + db3:3306 [42s,lag,8.0.36,ro,ROW,>>,GTID]',
    '- db4:3306   [null,nonreplicating,8.0.36,ro,ROW,>>,GTID,downtimed]',
    '',
  ].join('\n')],
  [['-c', 'replication-analysis'], [
    'db11:3306 (cluster db11:3306): DeadMaster',
    'db12:3306 (cluster db11:3306): FirstTierReplicaFailingToConnectToMaster',
    'db13:3306 (cluster db11:3306): FirstTierReplicaFailingToConnectToMaster',
    '',
  ].join('\n')],
]

async function write(engine: StoreEngine, now: number): Promise<void> {
  for (const [table, row] of rows(now)) await engine.sql(`insert into ${table} (${Object.keys(row).join(', ')}) values (${Object.values(row).map(literal).join(', ')})`)
}

for (const [name, open] of [['SQLite', sqliteEngine], ['MySQL', mysqlEngine]] as const) {
  test(`${name}: commands answer from rows that people wrote by SQL alone`, async () => {
    const engine = await open()
    try {
      await engine.reset()
      await (await engine.open()).close()
      await write(engine, Date.now())
      using folder = temporaryFolder()
      const { host, port, sqliteFile } = engine.settings
      const backend = engine.kind === 'sqlite' ? { SQLite3DataFile: sqliteFile } : { ...onMysql({ host, port }), MySQLOrchestratorDatabase: 'orc' }
      // Whether a server was seen lately is judged by the poll's interval: the test may take its time.
      const configuration = writeConfiguration(folder.path, { ...backend, InstancePollSeconds: 300 })
      const differ: string[] = []
      for (const [args, prints] of asked) {
        const { stdout, stderr, status } = runProgram(['-config', configuration, ...args])
        if (status !== 0 || stdout !== prints) differ.push(`${args.join(' ')}: ${status}\n${stdout}${stderr}instead of\n${prints}`)
      }
      assert.deepEqual(differ, [])
    } finally {
      await engine.end()
    }
  })
}
