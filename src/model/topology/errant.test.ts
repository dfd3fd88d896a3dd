import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errantGtidSet } from './errant.ts'
import { bareInstance, bareLink } from './fresh-instance.ts'
import type { Instance } from './instance.ts'
import { instanceKey } from './instance-key.ts'

const [primaryUuid, sourceUuid, replicaUuid, strangerUuid] = ['a', 'b', 'c', 'd'].map(letter => `${letter.repeat(8)}-0000-0000-0000-000000000000`)
const [sourceKey, replicaKey] = [instanceKey('source', 3306), instanceKey('replica', 3306)]

function server(role: 'source' | 'replica', readAt: number, executed: string, more: Partial<Instance> = {}): Instance {
  const instance = bareInstance(role === 'source' ? sourceKey : replicaKey)
  const link = role === 'replica' ? { ...bareLink(sourceKey), sourceUuid: sourceUuid ?? '', gtid: 'mysql' as const } : { ...bareLink(instanceKey('primary', 3306)), sourceUuid: primaryUuid ?? '' }
  return {
    ...instance, serverUuid: (role === 'source' ? sourceUuid : replicaUuid) ?? '', executedGtidSet: executed, replication: link,
    ancestryUuid: `${primaryUuid},${sourceUuid},${replicaUuid}`, check: { ...instance.check, lastSeenAt: readAt, latencyMilliseconds: 0 }, ...more,
  }
}

test('a transaction of a stranger that is on its way from the source never looks errant', () => {
  const sourceBefore = server('source', 1000, `${primaryUuid}:1-9`)
  const replica = server('replica', 2000, `${primaryUuid}:1-9,${strangerUuid}:1`)
  assert.equal(errantGtidSet(replica, server('replica', 900, `${primaryUuid}:1-9`), sourceBefore), '')
  const sourceAfter = server('source', 3000, `${primaryUuid}:1-9,${strangerUuid}:1`)
  assert.equal(errantGtidSet({ ...replica, check: { ...replica.check, lastSeenAt: 4000 } }, replica, sourceAfter), '')
})

test('a transaction of a stranger that the source still lacks when it is read later is errant', () => {
  const replica = server('replica', 2000, `${primaryUuid}:1-9,${strangerUuid}:1`)
  const sourceAfter = server('source', 3000, `${primaryUuid}:1-12`)
  assert.equal(errantGtidSet(replica, undefined, sourceAfter), `${strangerUuid}:1`)
  const replicaAgain = server('replica', 4000, `${primaryUuid}:1-12,${strangerUuid}:1-2`)
  assert.equal(errantGtidSet(replicaAgain, replica, sourceAfter), `${strangerUuid}:1`, 'only what the replica had when the source was read')
})

test('what a replica wrote itself is errant at once, but not what it received under its own UUID', () => {
  const source = server('source', 1000, `${primaryUuid}:1-9`)
  const wrote = server('replica', 2000, `${primaryUuid}:1-9,${replicaUuid}:1-2`)
  assert.equal(errantGtidSet(wrote, undefined, source), `${replicaUuid}:1-2`)
  const received = { ...wrote, replication: { ...bareLink(sourceKey), sourceUuid: sourceUuid ?? '', retrievedGtidSet: `${replicaUuid}:1-2` } }
  assert.equal(errantGtidSet(received, undefined, source), '')
})

test('what was errant stays errant while the source cannot be read, and is gone when the source has it', () => {
  const source = server('source', 1000, `${primaryUuid}:1-9`)
  const before = server('replica', 2000, `${primaryUuid}:1-9,${strangerUuid}:1`, { errantGtidSet: `${strangerUuid}:1` })
  const now = server('replica', 5000, `${primaryUuid}:1-9,${strangerUuid}:1`)
  assert.equal(errantGtidSet(now, before, source), `${strangerUuid}:1`)
  assert.equal(errantGtidSet(now, before, server('source', 4000, `${primaryUuid}:1-9,${strangerUuid}:1`)), '')
})

test('a primary, and a replica whose source was never read, have no errant transactions', () => {
  const primary = server('source', 1, `${strangerUuid}:1`, { replication: null })
  assert.equal(errantGtidSet(primary, undefined, undefined), '')
  assert.equal(errantGtidSet(server('replica', 1, `${strangerUuid}:1`), undefined, undefined), '')
})
