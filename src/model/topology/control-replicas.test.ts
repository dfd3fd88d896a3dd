import assert from 'node:assert/strict'
import { test } from 'node:test'
import { controlReplicas, largestLag, rowLogReplicas } from './control-replicas.ts'
import { bareInstance, bareLink } from './fresh-instance.ts'
import type { Instance } from './instance.ts'
import { instanceKey } from './instance-key.ts'
import { Topology } from './topology.ts'

const key = (name: string) => instanceKey(name, 3306)
const seen = { lastAttemptedAt: 1, lastCheckedAt: 1, lastSeenAt: 1, partialSuccess: true, failure: null, latencyMilliseconds: 1 }

function server(name: string, source: string | null, depth: number, more: Partial<Instance> = {}): Instance {
  return {
    ...bareInstance(key(name)), clusterName: 'p:3306', replicationDepth: depth, replication: source === null ? null : bareLink(key(source)), check: seen,
    binlogFormat: 'ROW', logBin: true, logReplicaUpdates: true, replicationLagSeconds: 0, ...more,
  }
}

const topologyOf = (...instances: Instance[]): Topology => new Topology(1, new Map(instances.map(instance => [instance.key, instance])))
const names = (instances: readonly Instance[]): string => instances.map(instance => instance.key.replace(':3306', '')).join(' ')

test('two of each data center stand for the first tier, the busiest and then the most lagging, with their two busiest replicas', () => {
  const topology = topologyOf(
    server('p', null, 0),
    server('a', 'p', 1, { dataCenter: 'one' }), server('b', 'p', 1, { dataCenter: 'one', replicationLagSeconds: 2 }), server('c', 'p', 1, { dataCenter: 'one', replicationLagSeconds: 7 }),
    server('d', 'p', 1, { dataCenter: 'two' }),
    server('a1', 'a', 2), server('a2', 'a', 2, { replicationLagSeconds: 3 }), server('a3', 'a', 2, { replicationLagSeconds: 1 }),
    server('deep', 'a1', 3, { dataCenter: 'two' }),
  )
  assert.equal(names(controlReplicas(topology, 'p:3306', [])), 'a c d a1 a2 deep')
  assert.equal(largestLag(controlReplicas(topology, 'p:3306', [])), 7)
})

test('what cannot be read, binlog servers and ignored hosts are left out', () => {
  const topology = topologyOf(
    server('p', null, 0), server('a', 'p', 1, { isBinlogServer: true }), server('b', 'p', 1, { check: { ...seen, lastCheckedAt: 2 } }), server('osc', 'p', 1), server('c', 'p', 1),
  )
  assert.equal(names(controlReplicas(topology, 'p:3306', [/^osc/])), 'c')
  assert.equal(largestLag([]), null)
})

test('a row-based log is read from the least busy replica that writes one', () => {
  const topology = topologyOf(
    server('p', null, 0), server('a', 'p', 1), server('a1', 'a', 2), server('b', 'p', 1), server('c', 'p', 1, { binlogFormat: 'STATEMENT' }), server('d', 'p', 1, { logReplicaUpdates: false }),
  )
  assert.equal(names(rowLogReplicas(topology, 'p:3306')), 'a1 b a')
})
