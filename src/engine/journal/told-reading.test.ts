import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bareInstance, bareLink } from '../../model/topology/fresh-instance.ts'
import type { Instance } from '../../model/topology/instance.ts'
import { instanceKey } from '../../model/topology/instance-key.ts'
import type { Json } from '../../ports/group.ts'
import { plainReading, readingFromPlain } from './told-reading.ts'

const [db1, db2] = [instanceKey('db1', 3306), instanceKey('db2', 3306)]
const read: Instance = {
  ...bareInstance(db1), serverUuid: 'a', version: { ...bareInstance(db1).version }, binlogCoordinates: { file: 'binlog.000004', position: 2n ** 60n + 1n }, listedReplicas: [db2],
  semiSync: {
    sourcePluginLoaded: true, replicaPluginLoaded: true, newNames: true, sourceEnabled: true, replicaEnabled: false, sourceActive: true, replicaActive: false, clients: 1,
    acknowledgers: { uuids: ['b'], exact: true }, waitForReplicaCount: 1, timeoutMilliseconds: 1_000_000_000_000_000_000n, priority: 0,
  },
  replication: { ...bareLink(db2), readCoordinates: { file: 'b', position: 4n } },
}

test('what was read of a server is the same after it has travelled as JSON, whole numbers beyond what JSON holds included', () => {
  assert.deepEqual(readingFromPlain(JSON.parse(JSON.stringify(plainReading(read))) as Json), read)
})

for (const [title, spoilt] of [
  ['that lacks a part', { ...plainReading(read) as object, listedReplicas: undefined }],
  ['that lacks a part of a part', { ...plainReading(read) as object, check: { lastSeenAt: 4 } }],
  ['in which a part is of another kind', { ...plainReading(read) as object, readOnly: 'ON' }],
  ['of no server', { ...plainReading(read) as object, key: 'db1' }],
  ['that is none', null],
] as const) {
  test(`a reading ${title} is not believed`, () => assert.equal(readingFromPlain(JSON.parse(JSON.stringify(spoilt)) as Json), null))
}
