import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clusterIdentity, identifyAll, isDescendantByUuid, primaryOf, writablePrimaryOf } from './cluster.ts'
import { clusterOfHint, fuzzyKey, searchInstances, suggestedAlias } from './cluster-hint.ts'
import { bareInstance, bareLink } from './fresh-instance.ts'
import type { Instance } from './instance.ts'
import { type InstanceKey, instanceKey } from './instance-key.ts'
import { noDecisions, Topology } from './topology.ts'

const key = (name: string): InstanceKey => instanceKey(name, 3306)

function server(name: string, source: string | null, more: Partial<Instance> = {}): Instance {
  const link = source === null ? null : { ...bareLink(key(source)), sourceUuid: `uuid-${source}`, gtid: 'mysql' as const }
  return { ...bareInstance(key(name)), serverUuid: `uuid-${name}`, replication: link, clusterName: '', ...more }
}

const known = (...servers: readonly Instance[]): Map<InstanceKey, Instance> => new Map(servers.map(instance => [instance.key, instance]))
const identified = (...servers: readonly Instance[]): Topology => new Topology(1, identifyAll(known(...servers)))
const told = (topology: Topology): Record<string, string> => Object.fromEntries([...topology.instances.values()].map(
  instance => [instance.key.slice(0, -5), `${instance.clusterName.slice(0, -5)} ${instance.replicationDepth}${instance.isCoPrimary ? ' co' : ''} ${instance.ancestryUuid}`]))

test('a chain is one cluster named after its top, whatever order its servers are known in', () => {
  const chain = identified(server('sub', 'mid'), server('mid', 'top'), server('top', null, { suggestedClusterAlias: 'orders' }), server('other', 'top'))
  assert.deepEqual(told(chain), {
    sub: 'top 2 uuid-top,uuid-mid,uuid-sub', mid: 'top 1 uuid-top,uuid-mid', top: 'top 0 uuid-top', other: 'top 1 uuid-top,uuid-other',
  })
  assert.deepEqual([...chain.instances.values()].map(instance => instance.suggestedClusterAlias), ['orders', 'orders', 'orders', 'orders'])
  assert.equal(primaryOf(chain, key('top'))?.key, key('top'))
})

test('names spread one level per probe when only the stored record above is used', () => {
  const [top, mid, sub] = [server('top', null, { clusterName: key('top') }), server('mid', 'top'), server('sub', 'mid')]
  const stored = known(top, mid, sub)
  assert.equal(clusterIdentity(sub, at => stored.get(at)).clusterName, key('sub'))
  stored.set(mid.key, { ...mid, ...clusterIdentity(mid, at => stored.get(at)) })
  assert.equal(clusterIdentity(sub, at => stored.get(at)).clusterName, key('top'))
})

test('co-primaries are one cluster of depths 0 and 1 that do not grow over 20 probes', () => {
  const pair = known(server('a', 'b'), server('b', 'a'), server('c', 'b'))
  for (let probe = 0; probe < 20; probe += 1) {
    for (const instance of pair.values()) pair.set(instance.key, { ...instance, ...clusterIdentity(instance, at => pair.get(at)) })
  }
  const expected = { a: 'a 0 co uuid-b,uuid-a', b: 'a 1 co uuid-a,uuid-b', c: 'a 2 uuid-a,uuid-b,uuid-c' }
  assert.deepEqual(told(new Topology(1, pair)), expected)
  assert.deepEqual(told(new Topology(1, identifyAll(pair))), expected)
  assert.deepEqual(told(identified(server('a', 'b'), server('b', 'a'), server('c', 'b'))), expected, 'at once from nothing')
})

test('co-primaries keep the name they had, when it is the name of one of them', () => {
  const pair = identified(server('a', 'b', { clusterName: key('b') }), server('b', 'a', { clusterName: key('b') }))
  assert.deepEqual(told(pair), { a: 'b 1 co uuid-b,uuid-a', b: 'b 0 co uuid-a,uuid-b' })
})

test('a ring of three has one top and does not grow', () => {
  const ring = known(server('a', 'c'), server('b', 'a'), server('c', 'b'), server('leaf', 'c'))
  for (let probe = 0; probe < 10; probe += 1) {
    for (const instance of ring.values()) ring.set(instance.key, { ...instance, ...clusterIdentity(instance, at => ring.get(at)) })
  }
  assert.deepEqual([...ring.values()].map(instance => `${instance.clusterName} ${instance.replicationDepth}`), ['a:3306 0', 'a:3306 1', 'a:3306 2', 'a:3306 3'])
  assert.deepEqual(told(new Topology(1, identifyAll(ring))), told(new Topology(1, ring)))
})

test('a detached server and one whose source nobody knows are clusters of their own', () => {
  const topology = identified(server('p', null), server('gone', '//p'), server('orphan', 'nobody'))
  assert.deepEqual([...topology.clusters.keys()].sort(), ['gone:3306', 'orphan:3306', 'p:3306'])
})

test('a group secondary is below the primary of its group, and shares its ancestry with the group name', () => {
  const group = { name: 'grp', isSinglePrimary: true, memberState: 'ONLINE', members: [], primary: key('g1') }
  const topology = identified(
    server('g1', null, { group: { ...group, memberRole: 'PRIMARY' } }), server('g2', null, { group: { ...group, memberRole: 'SECONDARY' } }))
  assert.deepEqual(told(topology), { g1: 'g1 0 uuid-g1,grp', g2: 'g1 1 uuid-g1,grp,uuid-g2,grp' })
})

test('a descendant is known by the UUID of its ancestor, and a server is its own descendant', () => {
  const topology = identified(server('top', null), server('mid', 'top'), server('sub', 'mid'))
  const [top, mid, sub] = ['top', 'mid', 'sub'].map(name => topology.get(key(name)))
  assert.ok(top && mid && sub)
  assert.deepEqual([isDescendantByUuid(sub, top), isDescendantByUuid(sub, sub), isDescendantByUuid(mid, sub)], [true, true, false])
  assert.equal(isDescendantByUuid({ ...sub, ancestryUuid: '' }, { ...top, serverUuid: '' }), false)
})

test('the primary of co-primaries is the writable one, and a read-only cluster has no writable primary', () => {
  const readOnly = { readOnly: true }
  assert.equal(primaryOf(identified(server('a', 'b', readOnly), server('b', 'a')), key('a'))?.key, key('b'))
  const both = identified(server('a', 'b', readOnly), server('b', 'a', readOnly))
  assert.equal(primaryOf(both, key('a'))?.key, key('a'))
  assert.equal(writablePrimaryOf(both, key('a')), undefined)
})

const fleet = new Topology(1, identifyAll(known(server('db1.prod', null), server('db2.prod', 'db1.prod'), server('db22.prod', 'db1.prod'), server('10.0.0.12', null))), {
  ...noDecisions, aliases: new Map([['db1.prod:3306', 'orders']]),
})

test('a part of a host means a server only when exactly one has it on that port', () => {
  assert.equal(fuzzyKey(fleet, key('db22')), key('db22.prod'))
  assert.equal(fuzzyKey(fleet, key('db2')), key('db2'), 'two hosts contain it')
  assert.equal(fuzzyKey(fleet, instanceKey('db22', 3307)), instanceKey('db22', 3307), 'other port')
  assert.equal(fuzzyKey(fleet, key('0.0.0.1')), key('0.0.0.1'), 'an address is never a part')
})

test('a cluster is found by its name, its alias, a server or a part of one; anything else is refused in the known words', () => {
  for (const hint of ['db1.prod:3306', 'orders', 'db2.prod:3306', 'db22', 'db2.prod']) assert.deepEqual(clusterOfHint(fleet, hint), { ok: true, value: 'db1.prod:3306' }, hint)
  const refused = { '': 'Unable to determine cluster name by empty hint', nosuch: 'Unable to determine cluster name. clusterHint=nosuch', 'a:b:c': 'Unable to determine cluster name. clusterHint=a:b:c', "o'x": "Invalid cluster name: o'x" }
  for (const [hint, failure] of Object.entries(refused)) assert.deepEqual(clusterOfHint(fleet, hint), { ok: false, failure }, hint)
})

test('search finds by part of a key, by port, and everything for no text; upper servers with more replicas come first', () => {
  assert.deepEqual(searchInstances(fleet, 'DB2').map(instance => instance.key), [key('db2.prod'), key('db22.prod')])
  assert.deepEqual(searchInstances(fleet, '').map(instance => instance.key), [key('db1.prod'), key('10.0.0.12'), key('db2.prod'), key('db22.prod')])
  assert.equal(searchInstances(fleet, '3306').length, 4)
})

test('an alias is the override, else the inherited, else the detected, else the first pattern that fits', () => {
  const none = { override: '', inherited: '', detected: '', patterns: [{ pattern: /nope/, alias: 'n' }, { pattern: /db1/, alias: 'by pattern' }] }
  assert.deepEqual(
    [{ ...none, override: 'o', inherited: 'i' }, { ...none, inherited: 'i', detected: 'd' }, { ...none, detected: 'd' }, none].map(from => suggestedAlias('db1:3306', from)),
    ['o', 'i', 'd', 'by pattern'])
  assert.equal(suggestedAlias('other:1', none), '')
})
