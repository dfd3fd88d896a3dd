import type { Dialect } from './dialect.ts'
import { mysql57 } from './mysql-5-7.ts'

const administer = 'REPLICATION SLAVE ADMIN ON *.*'
const { publicKeyPath: _publicKeyPath, getPublicKey: _getPublicKey, tlsVersion: _tlsVersion, ...sharedColumns } = mysql57.statusColumns

/** MariaDB 10.x, 11.x and later: the old words, its own GTIDs, connection names instead of channels. */
export const mariadb: Dialect = {
  ...mysql57,
  name: 'mariadb',
  family: 'mariadb',
  variables: {
    version: '@@global.version', versionComment: '@@global.version_comment', hostname: '@@global.hostname', reportHost: '@@global.report_host',
    serverId: '@@global.server_id', readOnly: '@@global.read_only', logBin: '@@global.log_bin', logReplicaUpdates: '@@global.log_slave_updates',
    binlogFormat: '@@global.binlog_format', gtidBinlogPos: '@@global.gtid_binlog_pos', gtidSlavePos: '@@global.gtid_slave_pos',
    gtidCurrentPos: '@@global.gtid_current_pos', gtidBinlogState: '@@global.gtid_binlog_state',
    gtidStrictMode: '@@global.gtid_strict_mode',
  },
  replicaStatus: { sql: 'SHOW ALL SLAVES STATUS', needs: 'SLAVE MONITOR ON *.*' },
  statusColumns: { ...sharedColumns, channel: 'connection_name', usingGtid: 'using_gtid', gtidIoPos: 'gtid_io_pos', heartbeat: 'slave_heartbeat_period' },
  binlogStatus: { sql: 'SHOW MASTER STATUS', needs: 'BINLOG MONITOR ON *.*' },
  listReplicas: { sql: 'SHOW SLAVE HOSTS', needs: 'REPLICATION MASTER ADMIN ON *.*' },
  receiverTimes: null,
  acknowledgers: null,
  groupMembers: null,
  storedOptions: null,
  storedCredentials: null,
  learn: {
    sql: "SELECT (SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'UPTIME') AS uptime,"
      + " IF(@@session.time_zone = 'SYSTEM', TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(), NOW()), NULL) AS utc_offset_minutes,"
      + " FIND_IN_SET('NO_BACKSLASH_ESCAPES', @@session.sql_mode) > 0 AS plain_backslash, CURRENT_USER() AS account",
  },
  learnPlugins: {
    sql: "SELECT variable_name FROM information_schema.global_variables WHERE variable_name IN ('RPL_SEMI_SYNC_MASTER_ENABLED', 'RPL_SEMI_SYNC_SLAVE_ENABLED')",
  },
  learnReadable: null,
  statusValues: names => ({
    sql: `SELECT variable_name, variable_value FROM information_schema.global_status WHERE variable_name IN (${names.map(name => `'${name}'`).join(', ')})`,
  }),
  stopReceiver: { sql: 'STOP SLAVE IO_THREAD', needs: administer },
  startReceiver: { sql: 'START SLAVE IO_THREAD', needs: administer },
  // A receiver takes over slave_net_timeout when it begins to connect. One statement, which the server ends even if we do not live to see it.
  startTrying: ({ sql }, seconds) => ({
    sql: 'BEGIN NOT ATOMIC DECLARE usual INT DEFAULT @@GLOBAL.slave_net_timeout;'
      + ' DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN SET GLOBAL slave_net_timeout = usual; RESIGNAL; END;'
      + ` SET GLOBAL slave_net_timeout = LEAST(usual, ${seconds}); ${sql}; DO SLEEP(0.1); SET GLOBAL slave_net_timeout = usual; END`,
    needs: administer,
  }),
  startApplier: { sql: 'START SLAVE SQL_THREAD', needs: administer },
  stopApplier: { sql: 'STOP SLAVE SQL_THREAD', needs: administer },
  skipNextEvent: { sql: 'SET GLOBAL sql_slave_skip_counter = 1', needs: administer },
  stopReplication: { sql: 'STOP SLAVE', needs: administer },
  startReplication: { sql: 'START SLAVE', needs: administer },
  setReadOnly: { sql: 'SET GLOBAL read_only = 1', needs: 'READ_ONLY ADMIN ON *.*' },
  setSuperReadOnly: null,
  setWritable: { sql: 'SET GLOBAL read_only = 0', needs: 'READ_ONLY ADMIN ON *.*' },
  change: { ...mysql57.change, autoPosition: null, useGtid: 'MASTER_USE_GTID', tlsVersion: null, retryCount: null },
  onChannel: (statement, name) => ({ ...statement, sql: statement.sql.replace(/^((?:START|STOP|RESET) SLAVE|CHANGE MASTER)/, `$1 ${name}`) }),
  waitExecuted: (set, seconds) => ({ sql: `SELECT MASTER_GTID_WAIT(${set}, ${seconds}) AS answer` }),
}
