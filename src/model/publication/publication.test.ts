import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bareInstance } from '../topology/fresh-instance.ts'
import type { Instance } from '../topology/instance.ts'
import { instanceKey } from '../topology/instance-key.ts'
import { noDecisions, Topology } from '../topology/topology.ts'
import { keyPrefix, pairsOf } from './pairs.ts'
import { isCertain, writersOf } from './writers.ts'

const [one, two] = [instanceKey('db1', 3306), instanceKey('db2', 3307)]
const now = 1_000_000
const check = { lastAttemptedAt: now, lastCheckedAt: now, lastSeenAt: now, partialSuccess: true, failure: null, latencyMilliseconds: 1 }
const server = (key: typeof one, more: Partial<Instance> = {}): Instance => ({ ...bareInstance(key), clusterName: one, check, ...more })
const topologyOf = (...servers: readonly Instance[]): Topology =>
  new Topology(1, new Map(servers.map(instance => [instance.key, instance])), { ...noDecisions, aliases: new Map([[one, 'shop']]) })

test('the prefix ends in one stroke, however many it was written with', () => {
  assert.deepEqual(['/', 'a/b', 'a/b///', 'mysql/master'].map(keyPrefix), ['/', 'a/b/', 'a/b/', 'mysql/master/'])
})

test('a cluster has five pairs, and none without an alias', () => {
  assert.deepEqual(pairsOf('mysql/master', 'shop', two, { ipv4: '10.0.0.2', ipv6: null }).map(({ key, value }) => `${key}=${value}`), [
    'mysql/master/shop=db2:3307', 'mysql/master/shop/hostname=db2', 'mysql/master/shop/port=3307', 'mysql/master/shop/ipv4=10.0.0.2', 'mysql/master/shop/ipv6=',
  ])
  assert.deepEqual(pairsOf('mysql/master', '', two, { ipv4: null, ipv6: null }), [])
})

test('the writable primary is the writer; a read-only one is none, and without an alias the name of the cluster stands for it', () => {
  assert.deepEqual(writersOf(topologyOf(server(one))), [{ clusterName: one, alias: 'shop', primary: one }])
  assert.deepEqual(writersOf(topologyOf(server(one, { readOnly: true }))), [])
  assert.deepEqual(writersOf(topologyOf(server(two, { clusterName: two }))), [{ clusterName: two, alias: two, primary: two }])
})

test('of two writable ones the one that was published stays', () => {
  const both = topologyOf(server(one), server(two, { isCoPrimary: true, replicationDepth: 1 }))
  assert.deepEqual(writersOf(both).map(({ primary }) => primary), [one])
  assert.deepEqual(writersOf(both, () => two).map(({ primary }) => primary), [two])
})

test('a primary that is not read, or is in a downtime, is not named unasked', () => {
  const writer = { clusterName: one, alias: 'shop', primary: one }
  assert.equal(isCertain(topologyOf(server(one)), writer, now), true)
  assert.equal(isCertain(topologyOf(server(one, { check: { ...check, lastSeenAt: now - 1, failure: { kind: 'refused', number: null, text: 'x' } } })), writer, now), false)
  assert.equal(isCertain(topologyOf(server(one, { downtime: { owner: 'o', reason: 'lost-in-recovery', beginsAt: 0, endsAt: now + 1 } })), writer, now), false)
  assert.equal(isCertain(topologyOf(), writer, now), false)
})
