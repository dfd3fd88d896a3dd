import type { ChangeWords, Dialect } from './dialect.ts'
import { mysql57, writeWaitsIn } from './mysql-5-7.ts'

const change80: ChangeWords = {
  ...mysql57.change, publicKeyPath: 'MASTER_PUBLIC_KEY_PATH', getPublicKey: 'GET_MASTER_PUBLIC_KEY',
}

/** 8.0 before 8.0.19: old words; the tables of 8.0. */
export const mysql80: Dialect = {
  ...mysql57,
  name: 'mysql-8.0',
  groupMembers: {
    sql: 'SELECT member_id, member_host, member_port, member_state, member_role, @@global.group_replication_group_name AS group_name,'
      + " @@global.group_replication_single_primary_mode AS single_primary FROM performance_schema.replication_group_members WHERE member_state <> 'OFFLINE'",
    needs: 'SELECT ON performance_schema.replication_group_members',
  },
  receiverTimes: {
    sql: 'SELECT channel_name, UNIX_TIMESTAMP(last_heartbeat_timestamp) AS heartbeat_at,'
      + " UNIX_TIMESTAMP(last_queued_transaction_end_queue_timestamp) AS queued_at, queueing_transaction <> '' AS is_queueing,"
      + ' UNIX_TIMESTAMP(NOW(6)) AS read_at FROM performance_schema.replication_connection_status',
    needs: 'SELECT ON performance_schema.*',
  },
  // A replica says by variables of its connection who it is and that it acknowledges; the server counts a connection for as long as its thread has not ended.
  acknowledgers: {
    sql: 'SELECT DISTINCT CAST(COALESCE(u.variable_value, s.thread_id) AS CHAR) AS acknowledger, u.variable_value IS NOT NULL AS is_uuid'
      + ' FROM performance_schema.user_variables_by_thread s'
      + " LEFT JOIN performance_schema.user_variables_by_thread u ON u.thread_id = s.thread_id AND RIGHT(u.variable_name, 5) = '_uuid'"
      + " WHERE LEFT(s.variable_name, 14) = 'rpl_semi_sync_'",
    needs: 'SELECT ON performance_schema.*',
  },
  storedCredentials: {
    sql: 'SELECT user_name, user_password, enabled_ssl, ssl_ca, ssl_capath, ssl_cert, ssl_cipher, ssl_crl, ssl_crlpath, ssl_key, ssl_verify_server_cert,'
      + ' tls_version, public_key_path, get_public_key, heartbeat, connect_retry, retry_count'
      + " FROM mysql.slave_master_info WHERE user_name <> '' LIMIT 1",
    needs: 'SELECT ON mysql.slave_master_info',
  },
  change: change80,
}

/** 8.0.19: ciphersuites and (8.0.18) compression of the channel are stored. */
export const mysql8019: Dialect = {
  ...mysql80,
  name: 'mysql-8.0.19',
  storedOptions: {
    sql: "SELECT channel_name, user_name <> '' AS has_user, heartbeat, bind, tls_ciphersuites, master_compression_algorithm AS compression"
      + ' FROM mysql.slave_master_info',
    needs: 'SELECT ON mysql.slave_master_info',
  },
  storedCredentials: {
    sql: 'SELECT user_name, user_password, enabled_ssl, ssl_ca, ssl_capath, ssl_cert, ssl_cipher, ssl_crl, ssl_crlpath, ssl_key, ssl_verify_server_cert,'
      + ' tls_version, tls_ciphersuites, public_key_path, get_public_key, heartbeat, connect_retry, retry_count'
      + " FROM mysql.slave_master_info WHERE user_name <> '' LIMIT 1",
    needs: 'SELECT ON mysql.slave_master_info',
  },
  change: { ...change80, tlsCiphersuites: 'MASTER_TLS_CIPHERSUITES' },
}

/** 8.0.22: replica instead of slave in statements and columns, and the process list as a table that takes no lock. */
export const mysql8022: Dialect = {
  ...mysql8019,
  name: 'mysql-8.0.22',
  replicaStatus: { ...mysql8019.replicaStatus, sql: 'SHOW REPLICA STATUS' },
  statusColumns: {
    ...mysql8019.statusColumns, sourceHost: 'source_host', sourcePort: 'source_port', sourceUuid: 'source_uuid', user: 'source_user',
    receiver: 'replica_io_running', applier: 'replica_sql_running', readFile: 'source_log_file', readPosition: 'read_source_log_pos',
    executedFile: 'relay_source_log_file', executedPosition: 'exec_source_log_pos', secondsBehind: 'seconds_behind_source',
    retryCount: 'source_retry_count', bind: 'source_bind', tlsAllowed: 'source_ssl_allowed', tlsCaFile: 'source_ssl_ca_file',
    tlsCaPath: 'source_ssl_ca_path', tlsCert: 'source_ssl_cert', tlsCipher: 'source_ssl_cipher', tlsKey: 'source_ssl_key',
    tlsCrlFile: 'source_ssl_crl', tlsCrlPath: 'source_ssl_crlpath', tlsVerify: 'source_ssl_verify_server_cert', tlsVersion: 'source_tls_version',
    publicKeyPath: 'source_public_key_path', getPublicKey: 'get_source_public_key',
  },
  listReplicas: { ...mysql8019.listReplicas, sql: 'SHOW REPLICAS' },
  connectedReplicas: { ...mysql8019.connectedReplicas, sql: mysql8019.connectedReplicas.sql.replace('information_schema.', 'performance_schema.') },
  writeWaits: { ...mysql8019.writeWaits, sql: writeWaitsIn('performance_schema.processlist') },
  stopReceiver: { ...mysql8019.stopReceiver, sql: 'STOP REPLICA IO_THREAD' },
  startReceiver: { ...mysql8019.startReceiver, sql: 'START REPLICA IO_THREAD' },
  startApplier: { ...mysql8019.startApplier, sql: 'START REPLICA SQL_THREAD' },
  stopApplier: { ...mysql8019.stopApplier, sql: 'STOP REPLICA SQL_THREAD' },
  stopReplication: { ...mysql8019.stopReplication, sql: 'STOP REPLICA' },
  startReplication: { ...mysql8019.startReplication, sql: 'START REPLICA' },
  forgetSource: { ...mysql8019.forgetSource, sql: 'RESET REPLICA ALL' },
}

/** 8.0.23: CHANGE REPLICATION SOURCE. */
export const mysql8023: Dialect = {
  ...mysql8022,
  name: 'mysql-8.0.23',
  change: {
    verb: 'CHANGE REPLICATION SOURCE TO', host: 'SOURCE_HOST', port: 'SOURCE_PORT', user: 'SOURCE_USER', password: 'SOURCE_PASSWORD',
    logFile: 'SOURCE_LOG_FILE', logPosition: 'SOURCE_LOG_POS', delay: 'SOURCE_DELAY', autoPosition: 'SOURCE_AUTO_POSITION', useGtid: null, ssl: 'SOURCE_SSL', sslCa: 'SOURCE_SSL_CA', sslCaPath: 'SOURCE_SSL_CAPATH',
    sslCert: 'SOURCE_SSL_CERT', sslCipher: 'SOURCE_SSL_CIPHER', sslCrl: 'SOURCE_SSL_CRL', sslCrlPath: 'SOURCE_SSL_CRLPATH', sslKey: 'SOURCE_SSL_KEY',
    sslVerify: 'SOURCE_SSL_VERIFY_SERVER_CERT', tlsVersion: 'SOURCE_TLS_VERSION', tlsCiphersuites: 'SOURCE_TLS_CIPHERSUITES',
    publicKeyPath: 'SOURCE_PUBLIC_KEY_PATH', getPublicKey: 'GET_SOURCE_PUBLIC_KEY', heartbeat: 'SOURCE_HEARTBEAT_PERIOD',
    connectRetry: 'SOURCE_CONNECT_RETRY', retryCount: 'SOURCE_RETRY_COUNT',
  },
}

/** 8.0.26: log_replica_updates, sql_replica_skip_counter, source_pos_wait. */
export const mysql8026: Dialect = {
  ...mysql8023,
  name: 'mysql-8.0.26',
  variables: { ...mysql8023.variables, logReplicaUpdates: '@@global.log_replica_updates' },
  waitPosition: (file, position, seconds) => ({ sql: `SELECT SOURCE_POS_WAIT(${file}, ${position}, ${seconds}) AS answer` }),
  skipNextEvent: { ...mysql8023.skipNextEvent, sql: 'SET GLOBAL sql_replica_skip_counter = 1' },
}
