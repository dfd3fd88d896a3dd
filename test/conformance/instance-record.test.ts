import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plainJson } from '../../src/contract/wire.ts'
import { formerInstance } from '../../src/http/former/instance.ts'
import { quotedAscii } from '../../src/http/former/quoted-ascii.ts'
import { bareInstance, bareLink, defaultReplicationOptions } from '../../src/model/topology/fresh-instance.ts'
import { defaultFreshnessPolicy } from '../../src/model/topology/freshness.ts'
import type { Instance } from '../../src/model/topology/instance.ts'
import { instanceKey } from '../../src/model/topology/instance-key.ts'
import { golden } from '../harness/recorded/recorded-topology.ts'
import { aSecond, fullPrimary, fullReplica, mariadbReplica } from './store-instances.ts'

type Json = Readonly<Record<string, unknown>>

const now = aSecond + 3_000
/** The host of the first one has an agent. */
const context = { policy: defaultFreshnessPolicy, now, snapshotsOf: (host: string) => (host === 'db1.example.com' ? 3 : 0) }
const record = (instance: Instance): Json => JSON.parse(plainJson(formerInstance(instance, context))) as Json
const recordings = ['instance/instance-3308.json', 'instance/instance-3309.json', 'instance/instance-3311.json', 'instance/instance-mysql-backend.json'].map(name => JSON.parse(golden(name)) as Json)

/** Servers that between them have every fact. */
const described: readonly Instance[] = [
  fullPrimary, fullReplica, mariadbReplica,
  { ...fullPrimary, isCoPrimary: true, usingPseudoGtid: true, unresolvedHostname: 'vip', promotionRule: 'prefer', downtime: { owner: 'ann', reason: 'disk', beginsAt: aSecond, endsAt: now + 1 } },
  {
    ...fullReplica,
    semiSync: {
      sourcePluginLoaded: true, replicaPluginLoaded: true, newNames: true, sourceEnabled: false, replicaEnabled: true, sourceActive: false, replicaActive: true,
      clients: 0, waitForReplicaCount: 0, timeoutMilliseconds: 0n, priority: 0,
    },
    replication: fullReplica.replication && {
      ...fullReplica.replication, executedCoordinates: { file: '//binlog.1', position: 4n }, applierError: { number: 1062, text: 'Duplicate', at: null },
      options: {
        ...defaultReplicationOptions, tlsCaPath: '/p', tlsCert: '/c', tlsCipher: 'x', tlsKey: '/k', tlsCrlFile: '/l', tlsCrlPath: '/m', tlsVersion: 'TLSv1.3',
        tlsCiphersuites: 'y', publicKeyPath: '/q', getPublicKey: true, tlsCaFile: '/a', tlsVerifyServerCert: true, tlsAllowed: true,
      },
    },
  },
]

test('a record has the members of every recording, in their order', () => {
  for (const recording of recordings) for (const instance of described) assert.deepEqual(Object.keys(record(instance)), Object.keys(recording))
})

test('every member of a recording has its kind of value in ours', () => {
  const kind = (value: unknown): unknown =>
    Array.isArray(value) ? 'array' : typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, kind(member)])) : typeof value
  for (const recording of recordings) {
    for (const instance of described) {
      const ours = record(instance)
      for (const [name, value] of Object.entries(recording)) assert.deepEqual([name, kind(ours[name])], [name, kind(value)])
    }
  }
})

/** Agents are not served, and one member is an accident that has nothing in it. */
const always: ReadonlySet<string> = new Set(['CountMySQLSnapshots', 'QSP'])

test('no member says the same of every server: each comes from a fact', () => {
  const bare = record(bareInstance(instanceKey('bare', 1)))
  const records = described.map(record)
  const silent = Object.keys(bare).filter(name => !always.has(name) && records.every(ours => JSON.stringify(ours[name]) === JSON.stringify(bare[name])))
  assert.deepEqual(silent, [])
})

test('pairs of members that stand for the same fact are always equal', () => {
  const pairs = [
    ['LogSlaveUpdatesEnabled', 'LogReplicationUpdatesEnabled'], ['Slave_SQL_Running', 'ReplicationSQLThreadRuning'], ['Slave_IO_Running', 'ReplicationIOThreadRuning'],
    ['SlaveLagSeconds', 'ReplicationLagSeconds'], ['SlaveHosts', 'Replicas'],
  ] as const
  for (const ours of described.map(record)) for (const [old, new_] of pairs) assert.deepEqual(ours[old], ours[new_])
})

test('a server that never read from its source counts as no replica and shows what it was told; MariaDB says No for a UUID', () => {
  const told = { ...bareLink(instanceKey('db9', 3307)), receiver: 'connecting', applier: 'running', user: 'repl', receiverError: { number: 2003, text: 'no way', at: null } } as const
  const ours = record({ ...bareInstance(instanceKey('bare', 1)), channels: [told], check: fullPrimary.check })
  assert.deepEqual(
    ['MasterKey', 'ReplicationIOThreadState', 'ReplicationSQLThreadState', 'LastIOError', 'HasReplicationCredentials', 'ReplicationDepth', 'Problems'].map(name => ours[name]),
    [{ Hostname: 'db9', Port: 3307 }, 2, 1, '"no way"', true, 0, ['not_replicating']],
  )
  assert.deepEqual([record(mariadbReplica)['MasterUUID'], record(fullPrimary)['MasterUUID']], ['No', ''])
})

test('the volumes that the agent of the host told of are counted, by its host name', () => {
  assert.deepEqual([fullPrimary, fullReplica].map(instance => [instance.key, record(instance)['CountMySQLSnapshots']]), [['db1.example.com:3306', 3], ['db2.example.com:3306', 0]])
})

test('numbers keep all their digits, and lag is whole', () => {
  assert.match(plainJson(formerInstance(fullPrimary, context)), /"SelfBinlogCoordinates":\{"LogFile":"binlog\.000123","LogPos":9007199254740993,"Type":0\}/)
  assert.match(plainJson(formerInstance(fullPrimary, context)), /"SemiSyncMasterTimeout":9007199254740995,/)
  assert.deepEqual(record(fullReplica)['ReplicationLagSeconds'], { Int64: 17, Valid: true })
})

test('an error is quoted as the original quotes it', () => {
  assert.equal(quotedAscii('Zeile "1"\n\té\u0001\u007f😀\\'), '"Zeile \\"1\\"\\n\\t\\u00e9\\x01\\x7f\\U0001f600\\\\"')
  assert.equal(record(fullReplica)['LastIOError'], '"error reconnecting to source \\"repl\\"@db1: 110"')
})
