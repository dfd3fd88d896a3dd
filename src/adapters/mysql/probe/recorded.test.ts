import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ok } from '../../../kit/result.ts'
import { defaultValues } from '../../../kit/setting.ts'
import { instanceKey } from '../../../model/topology/instance-key.ts'
import { parseVersion } from '../../../model/topology/version.ts'
import type { ServerFacts } from '../../../ports/servers.ts'
import {
  recordedMariadb, recordedMysql57, recordedMysql8019, recordedMysql8032, recordedMysql84, type RecordedServer,
} from '../../../../test/fixtures/recorded-answers.ts'
import { type Cell, Rows } from '../driver/rows.ts'
import { chooseDialect } from '../dialects/choose.ts'
import { mysqlSettings } from '../settings.ts'
import { Answers, batchOf } from './batch.ts'
import { fullFacts } from './facts.ts'
import { type Knowledge, nothingDetected } from './knowledge.ts'

const key = instanceKey('db2', 3306)
const settings = { ...defaultValues(mysqlSettings), discoverByShowReplicas: true }

const rowsOf = (rows: readonly Readonly<Record<string, Cell>>[]): Rows => new Rows(Object.keys(rows[0] ?? {}), rows.map(row => Object.values(row)))

function factsOf(server: RecordedServer): ServerFacts {
  const version = parseVersion(server.version, server.comment)
  const knowledge: Knowledge = {
    generation: 1, learntAtMonotonic: 0, isDetectDue: false, lastFacts: null, listingWorks: true, detected: nothingDetected, probeWay: { way: 'status', missingGrants: [] },
    learnt: {
      version, dialect: chooseDialect(version), account: "'orchestrator'@'%'", plainBackslash: false, utcOffsetMinutes: 120, startedAtMonotonic: -3_600_000,
      semiSync: null, hasGroupPlugin: false, readable: new Set(), storedOptions: new Map([['', {
        hasUser: true, heartbeatPeriodSeconds: 30, bind: '', tlsCiphersuites: 'TLS_AES_256_GCM_SHA384', compression: 'zstd',
      }]]),
    },
  }
  const batch = batchOf(knowledge, settings, 'full')
  const variables = rowsOf([{ version: server.version, versionComment: server.comment, ...server.variables }])
  const given = { variables, status: rowsOf(server.status), binlogStatus: rowsOf(server.binlogStatus), listing: rowsOf(server.listing) }
  assert.deepEqual([...batch.keys()], Object.keys(given))
  const answers = new Answers(batch, Object.values(given).map(rows => ok(rows)))
  const { first } = variables
  assert.ok(first)
  return fullFacts({ asked: key, key, knowledge, answers, variables: first, status: given.status, settings, isIgnoredUser: () => false, nowMonotonic: 0, now: 0 })
}

for (const [name, server] of Object.entries({ '5.7': recordedMysql57, '8.0.19': recordedMysql8019, '8.0.32': recordedMysql8032, '8.4': recordedMysql84 })) {
  describe(`what MySQL ${name} answers`, () => {
    const facts = factsOf(server)
    const { replication } = facts

    test('becomes the same record whatever the words, and no digit is lost', () => {
      assert.equal(facts.serverId, 4294967295)
      assert.equal(facts.uptimeSeconds, 3600)
      assert.deepEqual([facts.readOnly, facts.superReadOnly, facts.logBin, facts.logReplicaUpdates], [true, false, true, true])
      assert.deepEqual(facts.binlogCoordinates, { file: 'binlog.000003', position: 18446744073709551615n })
      assert.ok(facts.executedGtidSet.endsWith(':1-9007199254740993'))
      assert.ok(replication)
      assert.equal(replication.source, instanceKey('db1', 3306))
      assert.equal(replication.sourceUuid, '3e11fa47-71ca-11e1-9e33-c80aa9429562')
      assert.deepEqual([replication.receiver, replication.applier, replication.gtid, replication.delaySeconds], ['connecting', 'running', 'mysql', 3600])
      assert.deepEqual(replication.readCoordinates, { file: 'binlog.000042', position: 18446744073709551615n })
      assert.deepEqual(replication.executedCoordinates, { file: 'binlog.000041', position: 9007199254740993n })
      assert.deepEqual(replication.relayLogCoordinates, { file: 'relay.000007', position: 367n })
      assert.equal(replication.secondsBehindSource, null)
      assert.equal(facts.replicationLagSeconds, null)
    })

    test('a thread error has its number and, in our time, its moment', () => {
      assert.deepEqual(replication?.receiverError, { number: 2003, text: "error connecting to source 'repl@db1:3306'", at: Date.UTC(2026, 10, 22, 3, 55, 26) })
      assert.deepEqual(replication?.applierError, { number: 0, text: '', at: null })
    })

    test('every option of the channel is known, also those that the status does not show', () => {
      const { options } = replication ?? assert.fail()
      assert.deepEqual(
        [options.tlsAllowed, options.tlsCaFile, options.tlsCert, options.tlsKey, options.tlsCrlFile, options.tlsVerifyServerCert, options.tlsVersion, options.tlsCiphersuites],
        [true, '/etc/ca.pem', '/etc/c.pem', '/etc/k.pem', '/etc/crl.pem', true, 'TLSv1.2', 'TLS_AES_256_GCM_SHA384'],
      )
      assert.deepEqual([options.connectRetrySeconds, options.retryCount, options.heartbeatPeriodSeconds, options.compression, options.bind], [60, 86400, 30, 'zstd', '10.0.0.2'])
      assert.deepEqual([replication?.hasFilters, options.filters], [true, 'replicate_do_db=shop,crm'])
    })

    test('replicas are listed', () => {
      assert.deepEqual(facts.listedReplicas, [instanceKey('db3', 3307)])
      assert.equal(facts.replicationCredentialsAvailable, true)
    })
  })
}

test('the public key of the source is absent in 5.7, a path in 8.0.19, asked for in 8.4', () => {
  const keyFacts = (server: RecordedServer): unknown[] => {
    const { publicKeyPath, getPublicKey } = factsOf(server).replication?.options ?? assert.fail()
    return [publicKeyPath, getPublicKey]
  }
  assert.deepEqual([keyFacts(recordedMysql57), keyFacts(recordedMysql8019), keyFacts(recordedMysql84)], [['', null], ['/etc/key.pem', false], ['', true]])
})

test('the flavour comes from version and comment', () => {
  assert.deepEqual([recordedMysql57, recordedMysql8032, recordedMysql84, recordedMariadb].map(server => factsOf(server).version.flavour), ['MySQL', 'Percona', 'MySQL', 'MariaDB'])
})

test('what MariaDB answers becomes a record without UUID and sets, with its own positions', () => {
  const facts = factsOf(recordedMariadb)
  assert.deepEqual([facts.serverUuid, facts.gtidMode, facts.executedGtidSet, facts.purgedGtidSet], ['', '', '', ''])
  assert.deepEqual(facts.mariadbGtid, { binlogPos: '0-2-18446744073709551615', slavePos: '0-1-100', currentPos: '0-2-101,1-1-5', binlogState: '', strictMode: true })
  assert.deepEqual([facts.replication?.gtid, facts.replication?.sourceUuid, facts.replication?.retrievedGtidSet], ['mariadb-slave-pos', '', '0-1-105'])
  assert.deepEqual([facts.readOnly, facts.superReadOnly, facts.logReplicaUpdates], [false, false, true])
  assert.deepEqual(facts.listedReplicas, [instanceKey('db3', 3307)]) // a row without host ends the listing
})

test('of several channels the last one counts, and all are kept', () => {
  const [row] = recordedMysql84.status
  assert.ok(row)
  const facts = factsOf({ ...recordedMysql84, status: [row, { ...row, Channel_Name: 'zz', Source_Host: 'db9' }] })
  assert.deepEqual([facts.replication?.channel, facts.replication?.source], ['zz', instanceKey('db9', 3306)])
  assert.deepEqual(facts.channels.map(link => link.channel), ['', 'zz'])
})

test('a channel without a usable source, or never started and without GTID, is no replication', () => {
  const [row] = recordedMysql84.status
  assert.ok(row)
  const replicationOf = (changes: Readonly<Record<string, Cell>>): unknown => factsOf({ ...recordedMysql84, status: [{ ...row, ...changes }] }).replication
  assert.equal(replicationOf({ Source_Host: '_' }), null)
  assert.equal(replicationOf({ Source_Host: '' }), null)
  assert.equal(replicationOf({ Source_Log_File: '', Auto_Position: 0 }), null)
  assert.notEqual(replicationOf({ Source_Log_File: '' }), null)
  assert.notEqual(replicationOf({ Source_Host: '//db1' }), null)
})
