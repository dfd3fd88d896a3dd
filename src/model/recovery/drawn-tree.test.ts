import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bareInstance, bareLink } from '../topology/fresh-instance.ts'
import type { Instance } from '../topology/instance.ts'
import { instanceKey } from '../topology/instance-key.ts'
import { Topology } from '../topology/topology.ts'
import { drawTree, readTree } from './drawn-tree.ts'

const key = (name: string) => instanceKey(name, 3306)
const good = { lastAttemptedAt: 1, lastCheckedAt: 1, lastSeenAt: 1, partialSuccess: false, failure: null, latencyMilliseconds: 1 }
const primary = (name: string, changes: Partial<Instance> = {}): Instance => ({ ...bareInstance(key(name)), clusterName: key('db1'), check: good, readOnly: false, ...changes })
const replica = (name: string, source: string, changes: Partial<Instance> = {}): Instance => {
  const replication = { ...bareLink(key(source)), gtid: 'mysql' as const, receiver: 'running' as const, applier: 'running' as const }
  return primary(name, { replication, channels: [replication], readOnly: true, ...changes })
}
const topologyOf = (...instances: readonly Instance[]): Topology => new Topology(1, new Map(instances.map(instance => [instance.key, instance])))
const stopped = (server: Instance): Instance => (server.replication === null ? server : { ...server, replication: { ...server.replication, applier: 'stopped' } })
const away: Partial<Instance> = { check: { ...good, lastSeenAt: 0, failure: { kind: 'refused', text: 'refused', number: null } } }
const cluster = new Set([key('db1')])

test('a cluster is one line: each server with its state, those that replicate from it in brackets, and it is read again as it was', () => {
  const topology = topologyOf(primary('db1', away), replica('db2', 'db1'), stopped(replica('db3', 'db1')), replica('db4', 'db2'), primary('other', { clusterName: 'other:3306' }))
  const line = drawTree(topology, cluster)
  assert.equal(line, 'db1:3306 unreachable [db2:3306 following [db4:3306 following], db3:3306 not-following]')
  assert.deepEqual(readTree(line), {
    roots: [{
      key: 'db1:3306', state: 'unreachable', replicas: [
        { key: 'db2:3306', state: 'following', replicas: [{ key: 'db4:3306', state: 'following', replicas: [] }] },
        { key: 'db3:3306', state: 'not-following', replicas: [] },
      ],
    }], more: 0,
  })
})

test('who takes writes stands before who was left behind, and co-primaries are drawn once each', () => {
  assert.equal(drawTree(topologyOf(primary('db1', { readOnly: true }), primary('db2'), replica('db3', 'db2')), cluster), 'db2:3306 writable [db3:3306 following]; db1:3306 read-only')
  assert.equal(drawTree(topologyOf(replica('db1', 'db2'), replica('db2', 'db1')), cluster), 'db1:3306 following [db2:3306 following]')
})

test('a cluster with thousands of servers is drawn in part, and says how many are missing', () => {
  const many = Array.from({ length: 3000 }, (_, index) => replica(`r${index}`, 'db1'))
  const line = drawTree(topologyOf(primary('db1'), ...many), cluster)
  assert.ok(line.length < 10_000, String(line.length))
  const tree = readTree(line)
  assert.equal(tree?.more, 3001 - 150)
  assert.equal(tree?.roots[0]?.replicas.length, 149)
  assert.deepEqual(readTree(drawTree(topologyOf(), cluster)), { roots: [], more: 0 })
})

test('a line that is no tree is none, rather than half of one', () => {
  for (const text of ['db1:3306', 'db1:3306 dreaming', 'db1:3306 writable [db2:3306]', 'db1:3306 writable [db2:3306 following', 'words of somebody']) assert.equal(readTree(text), null, text)
})
