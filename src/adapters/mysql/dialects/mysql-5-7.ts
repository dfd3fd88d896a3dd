import type { Dialect } from './dialect.ts'

const monitor = 'REPLICATION CLIENT ON *.*'
const administer = 'SUPER ON *.*'

/** MySQL and Percona Server 5.7, and 8.0 before 8.0.22 but for the tables that came with 8.0. Base of all the others. */
/**
 * What a statement waits for when all writes do (MySQL manual, "General Thread States"; MariaDB's words are among them). A lock on one table or row,
 * on which only some wait, is not meant.
 */
const waitStates = [
  'Waiting for global read lock', 'Waiting for commit lock', 'Waiting for backup lock', 'Waiting for disk space', 'waiting for handler commit',
  'Waiting for global metadata lock',
]

export const writeWaitsIn = (processlist: string): string =>
  `SELECT COUNT(*) AS waiting, MAX(time) AS seconds, MAX(state) AS state, SUM(state = 'Waiting for disk space') AS on_disk FROM ${processlist}`
  + ` WHERE command NOT IN ('Sleep', 'Daemon', 'Binlog Dump', 'Binlog Dump GTID') AND time > 0`
  + ` AND (state IN (${waitStates.map(state => `'${state}'`).join(', ')}) OR state LIKE 'Waiting for semi-sync ACK%')`

export const mysql57: Dialect = {
  name: 'mysql-5.7',
  family: 'mysql',
  variables: {
    version: '@@global.version', versionComment: '@@global.version_comment', hostname: '@@global.hostname', reportHost: '@@global.report_host',
    serverId: '@@global.server_id', readOnly: '@@global.read_only', superReadOnly: '@@global.super_read_only', logBin: '@@global.log_bin',
    logReplicaUpdates: '@@global.log_slave_updates', binlogFormat: '@@global.binlog_format', binlogRowImage: '@@global.binlog_row_image',
    gtidMode: '@@global.gtid_mode', serverUuid: '@@global.server_uuid', gtidExecuted: '@@global.gtid_executed', gtidPurged: '@@global.gtid_purged',
  },
  replicaStatus: { sql: 'SHOW SLAVE STATUS', needs: monitor },
  statusColumns: {
    channel: 'channel_name', sourceHost: 'master_host', sourcePort: 'master_port', sourceUuid: 'master_uuid', user: 'master_user',
    receiver: 'slave_io_running', applier: 'slave_sql_running',
    receiverErrorNumber: 'last_io_errno', receiverErrorText: 'last_io_error', receiverErrorAt: 'last_io_error_timestamp',
    applierErrorNumber: 'last_sql_errno', applierErrorText: 'last_sql_error', applierErrorAt: 'last_sql_error_timestamp',
    readFile: 'master_log_file', readPosition: 'read_master_log_pos', executedFile: 'relay_master_log_file', executedPosition: 'exec_master_log_pos',
    relayFile: 'relay_log_file', relayPosition: 'relay_log_pos', retrievedGtidSet: 'retrieved_gtid_set', executedGtidSet: 'executed_gtid_set',
    autoPosition: 'auto_position', secondsBehind: 'seconds_behind_master', delay: 'sql_delay', connectRetry: 'connect_retry',
    retryCount: 'master_retry_count', bind: 'master_bind', tlsAllowed: 'master_ssl_allowed', tlsCaFile: 'master_ssl_ca_file',
    tlsCaPath: 'master_ssl_ca_path', tlsCert: 'master_ssl_cert', tlsCipher: 'master_ssl_cipher', tlsKey: 'master_ssl_key',
    tlsCrlFile: 'master_ssl_crl', tlsCrlPath: 'master_ssl_crlpath', tlsVerify: 'master_ssl_verify_server_cert', tlsVersion: 'master_tls_version',
    publicKeyPath: 'master_public_key_path', getPublicKey: 'get_master_public_key',
  },
  filterColumns: [
    'replicate_do_db', 'replicate_ignore_db', 'replicate_do_table', 'replicate_ignore_table', 'replicate_wild_do_table', 'replicate_wild_ignore_table',
  ],
  binlogStatus: { sql: 'SHOW MASTER STATUS', needs: monitor },
  listReplicas: { sql: 'SHOW SLAVE HOSTS', needs: 'REPLICATION SLAVE ON *.*' },
  connectedReplicas: {
    sql: "SELECT user, SUBSTRING_INDEX(host, ':', 1) AS replica_host FROM information_schema.processlist WHERE command IN ('Binlog Dump', 'Binlog Dump GTID')",
    needs: 'PROCESS ON *.*',
  },
  writeWaits: { sql: writeWaitsIn('information_schema.processlist'), needs: 'PROCESS ON *.*' },
  acknowledgers: null,
  receiverTimes: null, // it tells heartbeats only, which are not sent while events flow, so nothing follows from their age
  groupMembers: null,
  storedOptions: {
    sql: "SELECT channel_name, user_name <> '' AS has_user, heartbeat, bind FROM mysql.slave_master_info",
    needs: 'SELECT ON mysql.slave_master_info',
  },
  storedCredentials: {
    sql: 'SELECT user_name, user_password, enabled_ssl, ssl_ca, ssl_capath, ssl_cert, ssl_cipher, ssl_crl, ssl_crlpath, ssl_key, ssl_verify_server_cert,'
      + " tls_version, heartbeat, connect_retry, retry_count FROM mysql.slave_master_info WHERE user_name <> '' LIMIT 1",
    needs: 'SELECT ON mysql.slave_master_info',
  },
  learn: {
    sql: "SELECT (SELECT variable_value FROM performance_schema.global_status WHERE variable_name = 'Uptime') AS uptime,"
      + " IF(@@session.time_zone = 'SYSTEM', TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(), NOW()), NULL) AS utc_offset_minutes,"
      + " FIND_IN_SET('NO_BACKSLASH_ESCAPES', @@session.sql_mode) > 0 AS plain_backslash, CURRENT_USER() AS account",
  },
  learnPlugins: {
    sql: "SELECT variable_name FROM performance_schema.global_variables WHERE variable_name LIKE 'rpl\\_semi\\_sync\\_%' OR variable_name = 'group_replication_group_name'",
  },
  learnReadable: {
    sql: "SELECT LOWER(CONCAT(table_schema, '.', table_name)) AS name FROM information_schema.tables"
      + " WHERE (table_schema = 'mysql' AND table_name = 'slave_master_info')"
      + " OR (table_schema = 'performance_schema' AND table_name IN ('replication_connection_status', 'replication_group_members', 'user_variables_by_thread'))",
  },
  statusValues: names => ({
    sql: `SELECT variable_name, variable_value FROM performance_schema.global_status WHERE variable_name IN (${names.map(name => `'${name}'`).join(', ')})`,
  }),
  stopReceiver: { sql: 'STOP SLAVE IO_THREAD', needs: administer },
  startReceiver: { sql: 'START SLAVE IO_THREAD', needs: administer },
  startTrying: null,
  startApplier: { sql: 'START SLAVE SQL_THREAD', needs: administer },
  stopApplier: { sql: 'STOP SLAVE SQL_THREAD', needs: administer },
  stopReplication: { sql: 'STOP SLAVE', needs: administer },
  startReplication: { sql: 'START SLAVE', needs: administer },
  forgetSource: { sql: 'RESET SLAVE ALL', needs: 'RELOAD ON *.*' },
  setReadOnly: { sql: 'SET GLOBAL read_only = 1', needs: administer },
  setSuperReadOnly: { sql: 'SET GLOBAL super_read_only = 1', needs: administer },
  setWritable: { sql: 'SET GLOBAL super_read_only = 0, GLOBAL read_only = 0', needs: administer },
  change: {
    verb: 'CHANGE MASTER TO', host: 'MASTER_HOST', port: 'MASTER_PORT', user: 'MASTER_USER', password: 'MASTER_PASSWORD',
    logFile: 'MASTER_LOG_FILE', logPosition: 'MASTER_LOG_POS', delay: 'MASTER_DELAY', autoPosition: 'MASTER_AUTO_POSITION', useGtid: null, ssl: 'MASTER_SSL', sslCa: 'MASTER_SSL_CA', sslCaPath: 'MASTER_SSL_CAPATH',
    sslCert: 'MASTER_SSL_CERT', sslCipher: 'MASTER_SSL_CIPHER', sslCrl: 'MASTER_SSL_CRL', sslCrlPath: 'MASTER_SSL_CRLPATH', sslKey: 'MASTER_SSL_KEY',
    sslVerify: 'MASTER_SSL_VERIFY_SERVER_CERT', tlsVersion: 'MASTER_TLS_VERSION', tlsCiphersuites: null, publicKeyPath: null, getPublicKey: null,
    heartbeat: 'MASTER_HEARTBEAT_PERIOD', connectRetry: 'MASTER_CONNECT_RETRY', retryCount: 'MASTER_RETRY_COUNT',
  },
  onChannel: (statement, channel) => ({ ...statement, sql: `${statement.sql} FOR CHANNEL ${channel}` }),
  waitExecuted: (set, seconds) => ({ sql: `SELECT WAIT_FOR_EXECUTED_GTID_SET(${set}, ${seconds}) AS answer` }),
  waitPosition: (file, position, seconds) => ({ sql: `SELECT MASTER_POS_WAIT(${file}, ${position}, ${seconds}) AS answer` }),
  resetBinlogs: { sql: 'RESET MASTER', needs: 'RELOAD ON *.*' },
  skipNextEvent: { sql: 'SET GLOBAL sql_slave_skip_counter = 1', needs: administer },
}
