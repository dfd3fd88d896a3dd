import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bareInstance, bareLink } from '../../model/topology/fresh-instance.ts'
import type { Instance } from '../../model/topology/instance.ts'
import { type InstanceKey, instanceKey } from '../../model/topology/instance-key.ts'
import { Topology } from '../../model/topology/topology.ts'
import { SilentSources } from './silent-sources.ts'

const now = 1_000_000_000
const key = (name: string): InstanceKey => instanceKey(name, 3306)
const check = (at: number): Instance['check'] => ({ lastAttemptedAt: at, lastCheckedAt: at, lastSeenAt: at, partialSuccess: false, failure: null, latencyMilliseconds: 1 })
const place = (position: bigint): Instance['binlogCoordinates'] => ({ file: 'binlog.000001', position })
const topologyOf = (end: bigint, ...replicas: readonly (readonly [read: bigint, at: number])[]): Topology => {
  const source: Instance = { ...bareInstance(key('db1')), binlogCoordinates: place(end), check: check(now) }
  const below = replicas.map(([read, at], index): Instance => {
    const replication = { ...bareLink(key('db1')), receiver: 'running' as const, applier: 'running' as const, readCoordinates: place(read) }
    return { ...bareInstance(key(`db${index + 2}`)), replication, channels: [replication], check: check(at) }
  })
  return new Topology(1, new Map([source, ...below].map(instance => [instance.key, instance])))
}
const noWaits = (): number => 0

test('replicas that seem to lack what their source has written are read out of turn, once a second, until it is clear whether anything comes', () => {
  const sources = new SilentSources()
  const behind = topologyOf(200n, [100n, now], [100n, now])
  assert.deepEqual(sources.round(behind, noWaits, now), { silent: [], ask: [] }, 'it was read before they were')
  assert.deepEqual(sources.round(behind, noWaits, now + 1000), { silent: [], ask: [key('db2'), key('db3')] })
  const half = topologyOf(200n, [100n, now + 1000], [100n, now])
  assert.deepEqual(sources.round(half, noWaits, now + 1500), { silent: [], ask: [key('db3')] }, 'one has just been read')
  const standing = topologyOf(200n, [100n, now + 2600], [100n, now + 2600])
  assert.deepEqual(sources.round(standing, noWaits, now + 2700), { silent: [key('db1')], ask: [] })
  sources.noteRestarted(key('db1'), standing)
  assert.deepEqual(sources.round(standing, noWaits, now + 9000), { silent: [], ask: [] }, 'they were made to connect anew at this place')
})

test('nobody is read out of turn where something comes', () => {
  const sources = new SilentSources()
  for (let second = 0; second < 10; second += 1) {
    const at = now + 1000 * second
    const moving = topologyOf(BigInt(200 + 100 * second), [BigInt(100 + 100 * second), at], [BigInt(100 + 100 * second), at])
    assert.deepEqual(sources.round(moving, noWaits, at), { silent: [], ask: [] })
  }
})
