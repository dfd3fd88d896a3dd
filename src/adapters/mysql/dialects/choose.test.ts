import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseVersion } from '../../../model/topology/version.ts'
import { chooseDialect } from './choose.ts'
import type { Dialect } from './dialect.ts'

const dialectOf = (version: string): Dialect => chooseDialect(parseVersion(version, ''))

test('each version speaks its own words, by number and never by text', () => {
  const words = ['5.7.44', '8.0.21', '8.0.22', '8.0.23', '8.0.26', '8.1.0', '8.2.0', '8.3.0', '8.4.5', '9.7.4', '10.1.0', '10.11.19-MariaDB', '11.8.2-MariaDB'].map(version => {
    const { replicaStatus, binlogStatus, listReplicas, change, variables } = dialectOf(version)
    return [version, replicaStatus.sql, binlogStatus.sql, listReplicas.sql, change.verb, variables.logReplicaUpdates]
  })
  const [oldVariable, newVariable] = ['@@global.log_slave_updates', '@@global.log_replica_updates']
  assert.deepEqual(words, [
    ['5.7.44', 'SHOW SLAVE STATUS', 'SHOW MASTER STATUS', 'SHOW SLAVE HOSTS', 'CHANGE MASTER TO', oldVariable],
    ['8.0.21', 'SHOW SLAVE STATUS', 'SHOW MASTER STATUS', 'SHOW SLAVE HOSTS', 'CHANGE MASTER TO', oldVariable],
    ['8.0.22', 'SHOW REPLICA STATUS', 'SHOW MASTER STATUS', 'SHOW REPLICAS', 'CHANGE MASTER TO', oldVariable],
    ['8.0.23', 'SHOW REPLICA STATUS', 'SHOW MASTER STATUS', 'SHOW REPLICAS', 'CHANGE REPLICATION SOURCE TO', oldVariable],
    ['8.0.26', 'SHOW REPLICA STATUS', 'SHOW MASTER STATUS', 'SHOW REPLICAS', 'CHANGE REPLICATION SOURCE TO', newVariable],
    ['8.1.0', 'SHOW REPLICA STATUS', 'SHOW MASTER STATUS', 'SHOW REPLICAS', 'CHANGE REPLICATION SOURCE TO', newVariable],
    ['8.2.0', 'SHOW REPLICA STATUS', 'SHOW BINARY LOG STATUS', 'SHOW REPLICAS', 'CHANGE REPLICATION SOURCE TO', newVariable],
    ['8.3.0', 'SHOW REPLICA STATUS', 'SHOW BINARY LOG STATUS', 'SHOW REPLICAS', 'CHANGE REPLICATION SOURCE TO', newVariable],
    ['8.4.5', 'SHOW REPLICA STATUS', 'SHOW BINARY LOG STATUS', 'SHOW REPLICAS', 'CHANGE REPLICATION SOURCE TO', newVariable],
    ['9.7.4', 'SHOW REPLICA STATUS', 'SHOW BINARY LOG STATUS', 'SHOW REPLICAS', 'CHANGE REPLICATION SOURCE TO', newVariable],
    ['10.1.0', 'SHOW REPLICA STATUS', 'SHOW BINARY LOG STATUS', 'SHOW REPLICAS', 'CHANGE REPLICATION SOURCE TO', newVariable],
    ['10.11.19-MariaDB', 'SHOW ALL SLAVES STATUS', 'SHOW MASTER STATUS', 'SHOW SLAVE HOSTS', 'CHANGE MASTER TO', oldVariable],
    ['11.8.2-MariaDB', 'SHOW ALL SLAVES STATUS', 'SHOW MASTER STATUS', 'SHOW SLAVE HOSTS', 'CHANGE MASTER TO', oldVariable],
  ])
})

test('the process list is a table of performance_schema from 8.0.22, never on MariaDB', () => {
  assert.deepEqual(['8.0.21', '8.0.22', '9.7.4', '10.11.19-MariaDB'].map(version => dialectOf(version).connectedReplicas.sql.includes('performance_schema.processlist')), [false, true, true, false])
})

test('from 8.4 on no old word is sent, but for the name of a privilege', () => {
  const { storedCredentials: _credentials, storedOptions: _options, learnReadable: _readable, ...dialect } = dialectOf('8.4.0') // the table keeps its old name
  const sent = JSON.stringify([dialect, dialect.onChannel(dialect.stopReceiver, "'c'"), dialect.waitExecuted("''", 1), dialect.statusValues(['x'])])
  assert.doesNotMatch(sent.replaceAll('REPLICATION SLAVE ON', ''), /master|slave/i)
})

test('no poll asks for SHOW GLOBAL … LIKE', () => {
  for (const version of ['5.7.44', '8.0.32', '9.7.4', '10.11.19-MariaDB']) assert.doesNotMatch(JSON.stringify(dialectOf(version)), /SHOW GLOBAL/i)
})

test('a channel is named where each family wants it', () => {
  const [mysql, mariadb] = [dialectOf('9.7.4'), dialectOf('10.11.19-MariaDB')]
  assert.equal(mysql.onChannel(mysql.stopReceiver, "'c'").sql, "STOP REPLICA IO_THREAD FOR CHANNEL 'c'")
  assert.equal(mariadb.onChannel(mariadb.stopReceiver, "'c'").sql, "STOP SLAVE 'c' IO_THREAD")
  assert.equal(mariadb.onChannel({ sql: "CHANGE MASTER TO MASTER_HOST = 'h'" }, "'c'").sql, "CHANGE MASTER 'c' TO MASTER_HOST = 'h'")
})
