import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bareInstance, bareLink } from '../topology/fresh-instance.ts'
import type { Instance, SemiSync } from '../topology/instance.ts'
import { instanceKey, type InstanceKey } from '../topology/instance-key.ts'
import { acknowledgersElsewhere, hasLeft, proofOf } from './durability.ts'

const key = (name: string): InstanceKey => instanceKey(name, 3306)
const off: SemiSync = {
  sourcePluginLoaded: true, replicaPluginLoaded: true, newNames: true, sourceEnabled: false, replicaEnabled: false, sourceActive: false, replicaActive: false,
  clients: 0, waitForReplicaCount: 1, timeoutMilliseconds: 4_294_967_295n, priority: 1,
}

function server(name: string, source: string | null, more: Partial<Instance> = {}): Instance {
  const bare = bareInstance(key(name))
  const link = source === null ? null : { ...bareLink(key(source)), receiver: 'running' as const, applier: 'running' as const, gtid: 'mysql' as const }
  return {
    ...bare, serverUuid: `uuid-${name}`, replication: link, channels: link === null ? [] : [link], check: { ...bare.check, lastSeenAt: 1 },
    semiSync: { ...off, replicaEnabled: source !== null, replicaActive: source !== null }, ...more,
  }
}

/** db2 replicates from the dead db1; db3 did until a moment ago, and follows db2 now. */
function judge(acknowledgers: SemiSync['acknowledgers'], { moved = server('db3', 'db2'), more = [] as readonly Instance[], clients = 2 } = {}) {
  const named = acknowledgers === undefined ? {} : { acknowledgers }
  const failed = server('db1', null, { semiSync: { ...off, sourceEnabled: true, sourceActive: true, clients, ...named } })
  const db2 = server('db2', 'db1')
  const known = [failed, db2, moved, ...more]
  const left = acknowledgersElsewhere(failed, [db2], known).servers.filter(each => hasLeft(each, failed.key))
  const { proven, because } = proofOf(failed, [db2], new Set([db2, ...left].map(each => each.key)), known)
  return [proven, because.code]
}

const both = ['uuid-db2', 'uuid-db3']

test('who was moved away a moment before is known by its UUID: reached where it is now, it proves with the others that nothing is missing', () => {
  for (const exact of [true, false]) assert.deepEqual(judge({ uuids: both, exact }), [true, 'durability-proven'])
  assert.deepEqual(judge(undefined), [false, 'durability-unknown-replicas'], 'without names it is somebody that nobody knows')
})

test('one that was moved away and does not answer, was never read, or receives from the failed one on another channel is missing', () => {
  const failure = { kind: 'refused', number: null, text: 'refused' } as const
  const gone = server('db3', 'db2')
  const channels = [...gone.channels, { ...bareLink(key('db1')), channel: 'two' }]
  for (const moved of [{ ...gone, check: { ...gone.check, failure } }, { ...gone, check: { ...gone.check, lastSeenAt: null } }, { ...gone, channels }]) {
    assert.deepEqual(judge({ uuids: both, exact: true }, { moved }), [false, 'durability-too-few'])
  }
})

test('a UUID that no server has, or two of them, is somebody that nobody knows', () => {
  const unknown = [false, 'durability-unknown-replicas']
  for (const exact of [true, false]) {
    assert.deepEqual(judge({ uuids: ['uuid-db2', 'uuid-db9'], exact }), unknown)
    assert.deepEqual(judge({ uuids: both, exact }, { more: [server('db4', 'db2', { serverUuid: 'uuid-db3' })] }), unknown)
    assert.deepEqual(judge({ uuids: both, exact }, { moved: server('db3', 'db2', { serverUuid: '' }) }), unknown)
    assert.deepEqual(judge({ uuids: [...both, 'uuid-db9'], exact }), unknown, 'of three two acknowledge, and one of them may be the unknown one')
  }
})

test('a registered replica that nobody knows need not acknowledge: where no more are counted than are known it changes nothing', () => {
  const uuids = ['uuid-db2', 'uuid-db9']
  assert.deepEqual([judge({ uuids, exact: false }, { clients: 1 }), judge({ uuids, exact: true }, { clients: 1 })], [[true, 'durability-proven'], [false, 'durability-unknown-replicas']])
})
