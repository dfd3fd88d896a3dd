import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Step } from '../../../model/planning/step.ts'
import { bareInstance, bareLink } from '../../../model/topology/fresh-instance.ts'
import { instanceKey } from '../../../model/topology/instance-key.ts'
import { parseVersion } from '../../../model/topology/version.ts'
import { chooseDialect } from '../dialects/choose.ts'
import { Rows } from '../driver/rows.ts'
import { queriedCredentials, storedCredentials, useCredentials } from './change-source.ts'
import { heldSet } from './gtid-answers.ts'
import { quoted } from './quote.ts'
import { stepStatements } from './step-statements.ts'

const on = instanceKey('db2', 3306)
const to = instanceKey('db1', 3307)
const said = (step: Step, version: string): readonly string[] => {
  const dialect = chooseDialect(parseVersion(version, ''))
  return stepStatements(step, bareInstance(on), { dialect, quote: text => quoted(text, false), setOf: reference => ('set' in reference ? reference.set : null) })
    .map(statement => statement.sql)
}

test('following another source names host and port alone, unless a GTID position is to be named too', () => {
  const change = (way: Extract<Step, { do: 'change-source' }>['way'], version: string): readonly string[] => said({ do: 'change-source', on, to, way }, version)
  assert.deepEqual(change('receiver-only', '9.7.4'), ["CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'db1', SOURCE_PORT = 3307"])
  assert.deepEqual(change('auto-position', '9.7.4'), ["CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'db1', SOURCE_PORT = 3307, SOURCE_AUTO_POSITION = 1"])
  assert.deepEqual(change('auto-position', '5.7.44'), ["CHANGE MASTER TO MASTER_HOST = 'db1', MASTER_PORT = 3307, MASTER_AUTO_POSITION = 1"])
  assert.deepEqual(change('slave-pos', '10.11.2-MariaDB'), ["CHANGE MASTER TO MASTER_HOST = 'db1', MASTER_PORT = 3307, MASTER_USE_GTID = slave_pos"])
  assert.deepEqual(change('current-pos', '10.11.2-MariaDB'), ["CHANGE MASTER TO MASTER_HOST = 'db1', MASTER_PORT = 3307, MASTER_USE_GTID = current_pos"])
})

test('the heartbeat period that is known is named again, because servers set it back whenever a host is named', () => {
  const link = { ...bareLink(to), options: { ...bareLink(to).options, heartbeatPeriodSeconds: 2.5 } }
  const dialect = chooseDialect(parseVersion('9.7.4', ''))
  const [statement] = stepStatements({ do: 'change-source', on, to, way: 'receiver-only' }, { ...bareInstance(on), replication: link, channels: [link] }, { dialect, quote: text => quoted(text, false), setOf: () => null })
  assert.equal(statement?.sql, "CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'db1', SOURCE_PORT = 3307, SOURCE_HEARTBEAT_PERIOD = 2.5")
})

test('super_read_only is named only where the server knows it', () => {
  assert.deepEqual(said({ do: 'set-read-only', on, alsoSuper: true }, '8.0.30'), ['SET GLOBAL super_read_only = 1'])
  assert.deepEqual(said({ do: 'set-read-only', on, alsoSuper: false }, '8.0.30'), ['SET GLOBAL read_only = 1'])
  assert.deepEqual(said({ do: 'set-read-only', on, alsoSuper: true }, '10.11.2-MariaDB'), ['SET GLOBAL read_only = 1'])
})

test('stopping the receiver and reading how far it got is one batch', () => {
  assert.deepEqual(said({ do: 'stop-receiver', on }, '8.4.0'), ['STOP REPLICA IO_THREAD', 'SHOW REPLICA STATUS'])
})

test('only where a receiver cannot be stopped while it tries to connect is it started with little patience, and the setting is put back by the same statement', () => {
  const step: Step = { do: 'start-receiver', on, connectsLater: true, triesSeconds: 2 }
  assert.deepEqual(said(step, '9.7.4'), ['START REPLICA IO_THREAD'])
  const [sql = '', ...more] = said(step, '11.8.3-MariaDB')
  assert.deepEqual(more, [])
  assert.match(sql, /SET GLOBAL slave_net_timeout = LEAST\(usual, 2\); START SLAVE IO_THREAD; .*SET GLOBAL slave_net_timeout = usual; END$/)
  assert.deepEqual(said({ do: 'start-receiver', on }, '11.8.3-MariaDB'), ['START SLAVE IO_THREAD'])
})

test('a set that is not known yet is shown by its name', () => {
  assert.deepEqual(said({ do: 'wait-executed', on, what: { boundTo: 'most-advanced' }, timeoutMilliseconds: 1500 }, '8.4.0'), ['SELECT WAIT_FOR_EXECUTED_GTID_SET({most-advanced}, 1.5) AS answer'])
  assert.deepEqual(said({ do: 'wait-executed', on, what: { set: 'a:1-3,\nb:1' }, timeoutMilliseconds: 1000 }, '8.4.0'), ["SELECT WAIT_FOR_EXECUTED_GTID_SET('a:1-3,b:1', 1) AS answer"])
})

test('no text gets out of its quotes, in either mode of the backslash', () => {
  const nasty = String.raw`it's \' -- \\`
  assert.equal(quoted(nasty, false), String.raw`'it''s \\'' -- \\\\'`)
  assert.equal(quoted(nasty, true), String.raw`'it''s \'' -- \\'`)
  assert.throws(() => quoted('a\0b', false))
  const hostile = instanceKey("x', SOURCE_PASSWORD = 'y", 3306)
  assert.deepEqual(said({ do: 'change-source', on, to: hostile, way: 'receiver-only' }, '9.7.4'), ["CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'x'', SOURCE_PASSWORD = ''y', SOURCE_PORT = 3306"])
})

test('a copied account brings its way to connect, in the words of the server that gets it, and is masked where shown', () => {
  const quote = (text: string): string => quoted(text, false)
  const row = new Rows(
    ['User_name', 'User_password', 'Enabled_ssl', 'Ssl_ca', 'Ssl_verify_server_cert', 'Tls_version', 'Public_key_path', 'Get_public_key', 'Heartbeat', 'Connect_retry', 'Retry_count'],
    [['repl', "pa'ss", 1, '/ca.pem', 1, 'TLSv1.3', '', 0, '30.000', 60, '86400']],
  ).first
  assert.ok(row)
  const credentials = storedCredentials(row, quote)
  const mysql = chooseDialect(parseVersion('8.4.0', ''))
  assert.equal(
    useCredentials(mysql, credentials, quote, true).sql,
    "CHANGE REPLICATION SOURCE TO SOURCE_USER = 'repl', SOURCE_PASSWORD = 'pa''ss', SOURCE_SSL = 1, SOURCE_SSL_CA = '/ca.pem', SOURCE_SSL_VERIFY_SERVER_CERT = 1,"
    + " SOURCE_TLS_VERSION = 'TLSv1.3', GET_SOURCE_PUBLIC_KEY = 0, SOURCE_HEARTBEAT_PERIOD = 30, SOURCE_CONNECT_RETRY = 60, SOURCE_RETRY_COUNT = 86400",
  )
  assert.doesNotMatch(useCredentials(mysql, credentials, quote, false).sql, /pa'+ss/)
  const mariadb = chooseDialect(parseVersion('10.11.2-MariaDB', ''))
  assert.doesNotMatch(useCredentials(mariadb, credentials, quote, true).sql, /PUBLIC_KEY|TLS_VERSION|RETRY_COUNT|SOURCE_/)
})

test('without TLS and key the public key of the source is asked for', () => {
  const quote = (text: string): string => quoted(text, false)
  const row = new Rows(['user_name', 'user_password', 'enabled_ssl', 'public_key_path', 'get_public_key'], [['repl', 'p', 0, '', 0]]).first
  assert.equal(row && storedCredentials(row, quote).options.getPublicKey, '1')
  const queried = new Rows(['u', 'p', 'ca', 'cert', 'key'], [['repl', 'p', '/ca', null, null]]).first
  assert.deepEqual(queried && queriedCredentials(queried, quote), { user: 'repl', password: 'p', options: { ssl: '1', sslCa: "'/ca'", getPublicKey: '1' } })
})

test('what a server holds is the union of executed and retrieved', () => {
  const uuid = '3e11fa47-71ca-11e1-9e33-c80aa9429562'
  assert.deepEqual(heldSet(`${uuid}:1-5`, `${uuid}:4-9`, 'mysql'), { ok: true, value: `${uuid}:1-9` })
  assert.deepEqual(heldSet(`${uuid}:1-5`, '', 'mysql'), { ok: true, value: `${uuid}:1-5` })
  assert.deepEqual(heldSet('0-1-5', '0-1-9', 'mariadb'), { ok: true, value: '0-1-9' })
  assert.equal(heldSet('nonsense', '', 'mysql').ok, false)
})

test('acts on one server are worded for each version', () => {
  const everywhere = (step: Step): readonly string[] => ['5.7.44', '8.0.36', '8.4.5', '9.7.4', '10.11.2-MariaDB'].map(version => said(step, version).join('; '))
  assert.deepEqual(everywhere({ do: 'stop-applier', on }), ['STOP SLAVE SQL_THREAD', 'STOP REPLICA SQL_THREAD', 'STOP REPLICA SQL_THREAD', 'STOP REPLICA SQL_THREAD', 'STOP SLAVE SQL_THREAD'])
  assert.deepEqual(everywhere({ do: 'set-delay', on, seconds: 5 }), [
    'CHANGE MASTER TO MASTER_DELAY = 5', ...Array<string>(3).fill('CHANGE REPLICATION SOURCE TO SOURCE_DELAY = 5'), 'CHANGE MASTER TO MASTER_DELAY = 5',
  ])
  assert.deepEqual(everywhere({ do: 'skip-next-event', on }), [
    'SET GLOBAL sql_slave_skip_counter = 1', ...Array<string>(3).fill('SET GLOBAL sql_replica_skip_counter = 1'), 'SET GLOBAL sql_slave_skip_counter = 1',
  ])
  assert.deepEqual(everywhere({ do: 'wait-position', on, upTo: 'binlog.000007:120', timeoutMilliseconds: 1500 }), [
    "SELECT MASTER_POS_WAIT('binlog.000007', 120, 1.5) AS answer", ...Array<string>(3).fill("SELECT SOURCE_POS_WAIT('binlog.000007', 120, 1.5) AS answer"),
    "SELECT MASTER_POS_WAIT('binlog.000007', 120, 1.5) AS answer",
  ])
  assert.deepEqual(everywhere({ do: 'forget-gtids', on, set: '3e11fa47-71ca-11e1-9e33-c80aa9429562:1' }).slice(0, 4), ['RESET MASTER', 'RESET MASTER', 'RESET BINARY LOGS AND GTIDS', 'RESET BINARY LOGS AND GTIDS'])
  assert.deepEqual(everywhere({ do: 'set-semi-sync', on, side: 'source', enabled: true }), Array<string>(5).fill('SET GLOBAL rpl_semi_sync_master_enabled = 1'))
  assert.deepEqual(everywhere({ do: 'purge-binary-logs', on, upTo: "bin'log.000002" }), Array<string>(5).fill("PURGE BINARY LOGS TO 'bin''log.000002'"))
  assert.deepEqual(everywhere({ do: 'kill-query', on, thread: 12 }), Array<string>(5).fill('KILL QUERY 12'))
})

test('a place that the server alone knows is shown as such until its thread stands, and then named', () => {
  const link = { ...bareLink(to), readCoordinates: { file: 'binlog.000003', position: 500n }, executedCoordinates: { file: 'binlog.000003', position: 400n } }
  const worded = (step: Step, receiver: 'running' | 'stopped', version = '9.7.4'): string =>
    stepStatements(step, { ...bareInstance(on), replication: { ...link, receiver, applier: receiver } }, {
      dialect: chooseDialect(parseVersion(version, '')), quote: text => quoted(text, false), setOf: () => null,
    }).map(({ sql }) => sql).join('; ')
  const turn = (way: 'read-position' | 'executed-position'): Step => ({ do: 'change-source', on, to, way })
  assert.match(worded(turn('read-position'), 'running'), /SOURCE_LOG_FILE = \{known when it runs\}, SOURCE_LOG_POS = \{known when it runs\}$/)
  assert.match(worded(turn('read-position'), 'stopped'), /SOURCE_LOG_FILE = 'binlog.000003', SOURCE_LOG_POS = 500$/)
  assert.match(worded(turn('executed-position'), 'stopped'), /SOURCE_LOG_FILE = 'binlog.000003', SOURCE_LOG_POS = 400, SOURCE_AUTO_POSITION = 0$/)
  assert.match(worded(turn('executed-position'), 'stopped', '10.11.2-MariaDB'), /MASTER_LOG_FILE = 'binlog.000003', MASTER_LOG_POS = 400, MASTER_USE_GTID = no$/)
})

test('empty transactions take each number once and give the session its own numbers back', () => {
  const uuid = '3e11fa47-71ca-11e1-9e33-c80aa9429562'
  assert.deepEqual(said({ do: 'inject-empty', on, set: `${uuid}:7-8:tag1:3` }, '9.7.4'), [
    `SET GTID_NEXT = '${uuid}:7'`, 'START TRANSACTION', 'COMMIT', `SET GTID_NEXT = '${uuid}:8'`, 'START TRANSACTION', 'COMMIT',
    `SET GTID_NEXT = '${uuid}:tag1:3'`, 'START TRANSACTION', 'COMMIT', "SET GTID_NEXT = 'AUTOMATIC'",
  ])
  assert.throws(() => said({ do: 'inject-empty', on, set: `${uuid}:1-9000000000` }, '9.7.4'))
})
