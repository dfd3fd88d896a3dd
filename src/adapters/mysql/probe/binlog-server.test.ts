import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fail, ok, type Result } from '../../../kit/result.ts'
import { defaultValues } from '../../../kit/setting.ts'
import type { ServerFailure } from '../../../model/topology/instance.ts'
import { instanceKey } from '../../../model/topology/instance-key.ts'
import { Deadline } from '../driver/deadline.ts'
import type { Connection, Statement } from '../driver/driver.ts'
import { type Cell, Rows } from '../driver/rows.ts'
import { mysqlSettings } from '../settings.ts'
import { learnMaxscale, readBinlogServer } from './binlog-server.ts'
import { type Knowledge, nothingDetected } from './knowledge.ts'
import { readClusterNodes } from './replica-listing.ts'

type Answers = Readonly<Record<string, readonly Readonly<Record<string, Cell>>[]>>

const clock = { monotonic: () => 0 }
const deadline = new Deadline(clock, 1000)
const refused: ServerFailure = { kind: 'statement-rejected', number: 1064, text: 'syntax' }

/** A binlog router that knows these texts and refuses every other one. */
function router(answers: Answers): { readonly connection: Connection; readonly heard: string[] } {
  const heard: string[] = []
  const connection: Connection = {
    isOpen: true, openedAt: 0, isTls: false, account: undefined, isOneByOne: false, close: () => {},
    run: async (statements: readonly Statement[], _deadline, onFailure) => {
      const outcomes: Result<Rows, ServerFailure>[] = []
      for (const { sql } of statements) {
        heard.push(sql)
        const rows = answers[sql]
        outcomes.push(rows === undefined ? fail(refused) : ok(new Rows(Object.keys(rows[0] ?? {}), rows.map(row => Object.values(row)))))
        if (rows === undefined && onFailure === 'stop') break
      }
      return ok(outcomes)
    },
  }
  return { connection, heard }
}

const status = {
  Slave_IO_State: 'Binlog Dump', Master_Host: 'db1', Master_User: 'repl', Master_Port: 3306, Master_Log_File: 'binlog.000007', Read_Master_Log_Pos: '900',
  Relay_Master_Log_File: 'binlog.000007', Exec_Master_Log_Pos: '800', Slave_IO_Running: 'Yes', Slave_SQL_Running: 'Yes', Seconds_Behind_Master: 3,
}

async function factsOf(version: string, answers: Answers) {
  const { connection } = router({ "SHOW VARIABLES LIKE 'maxscale%'": [{ Variable_name: 'MAXSCALE_VERSION', Value: version }], ...answers })
  const learnt = await learnMaxscale(connection, deadline, clock)
  assert.ok(learnt.ok && learnt.value !== null && connection.isOneByOne)
  const knowledge: Knowledge = {
    learnt: learnt.value, detected: nothingDetected, generation: 1, learntAtMonotonic: 0, isDetectDue: false, lastFacts: null, listingWorks: false, probeWay: { way: 'status', missingGrants: [] },
  }
  const settings = { ...defaultValues(mysqlSettings), dataCenterPattern: '^bls-([a-z]+)' }
  return readBinlogServer(connection, { key: instanceKey('bls-east', 5308), knowledge, settings, isIgnoredUser: () => false, depth: 'full' }, deadline)
}

test('a binlog server is read-only, logs what it reads, and stands where it has executed to', async () => {
  const read = await factsOf('2.5.3', {
    'SHOW SLAVE STATUS': [status], 'SELECT @@global.server_id': [{ id: 7 }], 'SELECT @@global.server_uuid': [{ uuid: 'u-7' }],
    'SHOW SLAVE HOSTS': [{ Server_id: 1, Host: 'db2', Port: 3306 }],
  })
  assert.ok(read.ok)
  const { value } = read
  assert.deepEqual([value.version.text, value.version.flavour, value.serverId, value.serverUuid, value.readOnly, value.logBin, value.logReplicaUpdates, value.binlogFormat, value.uptimeSeconds],
    ['2.5.3-maxscale', 'MaxScale', 7, 'u-7', true, true, true, 'INHERIT', 0])
  // It would not tell its own position, so that it is where it has executed to.
  assert.deepEqual([value.binlogCoordinates, value.replication?.source, value.replicationLagSeconds], [{ file: 'binlog.000007', position: 800n }, 'db1:3306', 3])
  assert.deepEqual([value.listedReplicas, value.isBinlogServer, value.dataCenter], [['db2:3306'], true, 'east'])
})

test('without a version it is 0.0.0, and what it refuses stays empty', async () => {
  const read = await factsOf('', { 'SHOW SLAVE STATUS': [status] })
  assert.ok(read.ok)
  assert.deepEqual([read.value.version.text, read.value.serverId, read.value.serverUuid, read.value.listedReplicas], ['0.0.0-maxscale', 0, '', []])
})

test('1.1.0 tells its source by its own host name, and receives only while it says so', async () => {
  const answers: Answers = { 'SHOW SLAVE STATUS': [{ ...status, Master_Host: '', Slave_IO_State: 'Slave stopped' }], 'SELECT @@server_id': [{ id: 8 }], 'SELECT @@hostname': [{ name: 'db1' }] }
  const read = await factsOf('1.1.0', answers)
  assert.ok(read.ok)
  assert.deepEqual([read.value.serverId, read.value.serverUuid, read.value.channels[0]?.source, read.value.channels[0]?.receiver], [8, '', 'db1:3306', 'stopped'])
})

test('one that replicates from nobody is a failed reading', async () => {
  const read = await factsOf('2.5.3', { 'SHOW SLAVE STATUS': [] })
  assert.ok(!read.ok)
  assert.equal(read.failure.text, "No 'SHOW SLAVE STATUS' output found for a MaxScale instance: bls-east:5308")
})

test('a server that has no such variable, or refuses the question, is no binlog server', async () => {
  for (const answers of [{ "SHOW VARIABLES LIKE 'maxscale%'": [] }, {}]) {
    const { connection } = router(answers)
    assert.deepEqual(await learnMaxscale(connection, deadline, clock), ok(null))
    assert.equal(connection.isOneByOne, false)
  }
})

test('the SQL nodes of an NDB Cluster are found as replicas of each other, with the port of this one where none is told', () => {
  const rows = new Rows(['mysql_host'], [['n1'], ['n2:3307'], ['n3/'], ['n1']])
  assert.deepEqual(readClusterNodes(rows, instanceKey('n3', 3306)), ['n1:3306', 'n2:3307'])
})
