import type { Flavour } from '../../test/harness/sandbox/server-binary.ts'

const common = [
  'server_id', 'port', 'hostname', 'version', 'version_comment', 'read_only', 'log_bin', 'binlog_format', 'binlog_row_image', 'report_host', 'report_port',
  'max_connections', 'datadir', 'basedir', 'sync_binlog', 'innodb_flush_log_at_trx_commit', 'time_zone', 'system_time_zone', 'sql_mode', 'wait_timeout',
  'interactive_timeout', 'max_allowed_packet', 'net_read_timeout', 'net_write_timeout', 'tmpdir', 'socket', 'pid_file', 'log_error', 'storage_engine',
]
const variables: Record<Flavour, readonly string[]> = {
  mysql: [
    ...common.filter(name => name !== 'storage_engine'), 'server_uuid', 'super_read_only', 'gtid_mode', 'enforce_gtid_consistency', 'gtid_executed', 'gtid_purged',
    'log_replica_updates', 'replica_net_timeout', 'relay_log', 'replica_parallel_workers', 'replica_preserve_commit_order', 'default_storage_engine',
  ],
  mariadb: [
    ...common.filter(name => !['binlog_row_image', 'storage_engine'].includes(name)), 'log_slave_updates', 'gtid_binlog_pos', 'gtid_slave_pos', 'gtid_current_pos',
    'gtid_domain_id', 'gtid_strict_mode', 'slave_net_timeout', 'relay_log', 'slave_parallel_threads', 'slave_parallel_mode', 'default_storage_engine',
  ],
}

const status = (name: string) => `(SELECT VARIABLE_VALUE FROM performance_schema.global_status WHERE VARIABLE_NAME = '${name}') AS ${name}`
const replication: Record<Flavour, readonly string[]> = {
  mysql: [
    ...['Uptime', 'Threads_connected'].map(status),
    '(SELECT SERVICE_STATE FROM performance_schema.replication_connection_status LIMIT 1) AS receiver',
    '(SELECT LAST_HEARTBEAT_TIMESTAMP FROM performance_schema.replication_connection_status LIMIT 1) AS heartbeat',
    '(SELECT HOST FROM performance_schema.replication_connection_configuration LIMIT 1) AS source_host',
    '(SELECT PORT FROM performance_schema.replication_connection_configuration LIMIT 1) AS source_port',
    '(SELECT SERVICE_STATE FROM performance_schema.replication_applier_status LIMIT 1) AS applier',
  ],
  mariadb: ['Uptime', 'Threads_connected'].map(status),
}

/** A statement like the poll of the program: about 40 variables and a few subqueries in one SELECT. */
export const pollStatement = (flavour: Flavour): string =>
  `SELECT ${[...variables[flavour].map(name => `@@GLOBAL.${name} AS ${name}`), ...replication[flavour]].join(', ')}`
