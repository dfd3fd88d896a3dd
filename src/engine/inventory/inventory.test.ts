import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bareInstance, bareLink } from '../../model/topology/fresh-instance.ts'
import type { Instance } from '../../model/topology/instance.ts'
import { instanceKey, type InstanceKey } from '../../model/topology/instance-key.ts'
import type { Log } from '../../ports/log.ts'
import type { ServerFacts } from '../../ports/servers.ts'
import { SimulatedClock } from '../../../test/harness/simulated-clock.ts'
import { Inventory, type InventoryOptions } from './inventory.ts'
import type { Observation } from './observation.ts'

const log: Log = { debug: () => {}, info: () => {}, warning: () => {}, error: () => {} }
const [db1, db2, db3] = ['db1', 'db2', 'db3'].map(host => instanceKey(host, 3306)) as [InstanceKey, InstanceKey, InstanceKey] // three hosts, three keys

interface World {
  readonly clock: SimulatedClock
  readonly inventory: Inventory
  readonly saved: (readonly InstanceKey[])[]
  /** What the store does when it is written to. */
  failure: Error | null
  read(key: InstanceKey, source?: InstanceKey | null, changes?: Partial<ServerFacts>): Instance | undefined
  fails(key: InstanceKey, startedAt?: number): Instance | undefined
}

async function world(loaded: readonly Instance[] = [], settings: Partial<InventoryOptions['settings']> = {}): Promise<World> {
  const clock = new SimulatedClock()
  const saved: (readonly InstanceKey[])[] = []
  const made: Partial<World> & { failure: Error | null } = { clock, saved, failure: null }
  const inventory = new Inventory({
    clock, log, settings: { pollIntervalSeconds: 5, flushIntervalMilliseconds: 100, buffersWrites: false, writeBufferSize: 100, clusterNameToAlias: {}, ...settings },
    store: {
      instances: {
        load: async () => loaded,
        save: async instances => {
          if (made.failure !== null) throw made.failure
          saved.push(instances.map(instance => instance.key))
        },
        flush: async () => {},
        forget: async () => {},
      },
      aliases: { load: async () => new Map(), loadByHand: async () => new Map([['kept:3306', 'kept']]), set: async () => {}, register: async () => {}, rename: async () => {} },
      domains: { load: async () => new Map(), set: async () => {} },
      recoverySwitch: { load: async () => null, set: async () => {} },
      candidates: { register: async () => {} },
    },
  })
  await inventory.load()
  const reading = (key: InstanceKey, startedAt: number): Pick<Observation, 'asked' | 'startedAtMonotonic' | 'at' | 'latencyMilliseconds'> =>
    ({ asked: key, startedAtMonotonic: startedAt, at: clock.now(), latencyMilliseconds: 2 })
  return Object.assign(made, {
    inventory,
    read: (key: InstanceKey, source: InstanceKey | null = null, changes: Partial<ServerFacts> = {}) =>
      inventory.apply({ ...reading(key, clock.monotonic()), outcome: 'read', facts: factsOf(key, source, changes) }),
    fails: (key: InstanceKey, startedAt = clock.monotonic()) =>
      inventory.apply({ ...reading(key, startedAt), outcome: 'failed', failure: { partial: false, failure: { kind: 'refused', number: null, text: 'nobody there' } } }),
  }) as World
}

function factsOf(key: InstanceKey, source: InstanceKey | null, changes: Partial<ServerFacts>): ServerFacts {
  const replication = source === null ? null : { ...bareLink(source), receiver: 'running' as const, applier: 'running' as const, gtid: 'mysql' as const }
  return {
    ...bareInstance(key), replication, channels: replication === null ? [] : [replication], serverUuid: `uuid-${key}`,
    detectedClusterAlias: '', detectedClusterDomain: '', detectedPromotionRule: null, ...changes,
  }
}

test('a failed check keeps the last good facts and says why it failed', async () => {
  const { read, fails, clock, inventory } = await world()
  read(db1, null, { readOnly: true })
  await clock.pass(1_000)
  fails(db1)
  const instance = inventory.get(db1)
  assert.equal(instance?.readOnly, true)
  assert.equal(instance?.check.failure?.kind, 'refused')
  assert.equal((instance?.check.lastCheckedAt ?? 0) - (instance?.check.lastSeenAt ?? 0), 1_000)
  assert.equal(fails(db2), undefined) // nobody knows it, so there is nothing to keep
  assert.equal(inventory.get(db2), undefined)
})

test('a reading that began before the one that is shown is dropped', async () => {
  const { read, fails, clock, inventory } = await world()
  const begun = clock.monotonic()
  await clock.pass(10)
  read(db1)
  fails(db1, begun)
  assert.equal(inventory.get(db1)?.check.failure, null)
})

test('a name reaches the lowest replica as soon as it is known above, in whatever order servers are read', async () => {
  const { read, inventory } = await world()
  read(db3, db2)
  read(db2, db1)
  assert.equal(inventory.get(db3)?.clusterName, db2)
  read(db1)
  assert.deepEqual([db1, db2, db3].map(key => [inventory.get(key)?.clusterName, inventory.get(key)?.replicationDepth]), [[db1, 0], [db1, 1], [db1, 2]])
  assert.equal(inventory.get(db3)?.ancestryUuid, `uuid-${db1},uuid-${db2},uuid-${db3}`)
})

test('a snapshot does not change, is made once per change, and is numbered', async () => {
  const { read, inventory } = await world()
  read(db1)
  const before = inventory.topology
  assert.equal(inventory.topology, before)
  read(db2, db1)
  const after = inventory.topology
  assert.equal(before.instances.size, 1)
  assert.equal(after.instances.size, 2)
  assert.equal(after.number, before.number + 1)
  assert.deepEqual(after.replicasOf(db1).map(replica => replica.key), [db2])
})

test('listeners hear once of all that changed together, and not of times alone', async () => {
  const { read, inventory, clock } = await world()
  const heard: InstanceKey[][] = []
  inventory.onChange(changed => void heard.push([...changed]))
  read(db1)
  read(db2, db1)
  await clock.settle()
  assert.deepEqual(heard, [[db1, db2]])
  await clock.pass(1_000)
  read(db1, null, { uptimeSeconds: 1 })
  await clock.settle()
  assert.equal(heard.length, 1)
  read(db2, db1, { readOnly: true })
  await clock.settle()
  assert.deepEqual(heard.at(-1), [db2])
})

test('what is read is saved behind, together, and once', async () => {
  const { read, clock, saved } = await world()
  read(db1)
  read(db2, db1)
  read(db2, db1)
  assert.equal(saved.length, 0)
  await clock.pass(150)
  assert.deepEqual(saved, [[db1, db2]])
})

test('a store that fails loses nothing: it is told, and tried again', async () => {
  const made = await world()
  const { read, clock, saved, inventory } = made
  made.failure = new Error('disk full')
  read(db1)
  await clock.pass(200)
  assert.deepEqual([inventory.saveStatus.failing?.text, inventory.saveStatus.waiting], ['disk full', 1])
  assert.equal(inventory.get(db1)?.key, db1)
  made.failure = null
  await clock.pass(1_500)
  assert.deepEqual(inventory.saveStatus, { failing: null, waiting: 0 })
  assert.deepEqual(saved, [[db1]])
})

test('a forgotten server is not taken in for three intervals', async () => {
  const { read, inventory, clock } = await world()
  read(db1)
  await inventory.forget([db1])
  assert.equal(read(db1), undefined)
  await clock.pass(14_000)
  assert.equal(read(db1), undefined)
  await clock.pass(1_100)
  assert.notEqual(read(db1), undefined)
})

test('decisions stay with a server through every reading', async () => {
  const { read, inventory } = await world()
  read(db1)
  const downtime = { owner: 'me', reason: 'disk', beginsAt: 1, endsAt: 2 }
  inventory.setDowntime(db1, downtime)
  inventory.setPromotionRule(db1, 'prefer')
  read(db1, null, { uptimeSeconds: 9 })
  assert.deepEqual([inventory.get(db1)?.downtime, inventory.get(db1)?.promotionRule], [downtime, 'prefer'])
  read(db1, null, { detectedPromotionRule: 'must_not' })
  assert.equal(inventory.get(db1)?.promotionRule, 'must_not')
})

test('a cluster is called as its primary suggests, as a pattern says, or as people decided', async () => {
  const { read, inventory } = await world([], { clusterNameToAlias: { '^db3': 'three' } })
  read(db1, null, { detectedClusterAlias: 'shop' })
  read(db2, db1)
  read(db3)
  assert.deepEqual([inventory.topology.aliasOf(db1), inventory.topology.aliasOf(db3), inventory.get(db2)?.suggestedClusterAlias], ['shop', 'three', 'shop'])
  inventory.setAlias(db1, 'decided')
  assert.equal(inventory.topology.aliasOf(db1), 'decided')
  assert.equal(inventory.topology.aliasOf('kept:3306'), 'kept')
})

test('who was filed below a former name belongs below the new one', async () => {
  const { read, inventory } = await world()
  const address = instanceKey('10.0.0.1', 3306)
  inventory.addBare(address)
  read(db2, address)
  read(db1)
  inventory.renamed(address, db1)
  assert.equal(inventory.get(address), undefined)
  assert.equal(inventory.get(db2)?.replication?.source, db1)
})

test('two that replicate from each other are one cluster, and stay at their places', async () => {
  const { read, inventory } = await world()
  for (let poll = 0; poll < 5; poll++) {
    read(db1, db2)
    read(db2, db1)
  }
  assert.equal(inventory.topology.clusters.size, 1)
  const places = [db1, db2].map(key => inventory.get(key)?.replicationDepth)
  assert.deepEqual(places.sort(), [0, 1])
  assert.ok([db1, db2].every(key => inventory.get(key)?.isCoPrimary))
})

test('what was decided of a server that is not known holds as soon as it is, and outlasts its being forgotten', async () => {
  const { read, inventory, clock } = await world()
  const downtime = { owner: 'ann', reason: 'disk', beginsAt: 0, endsAt: 9e12 }
  inventory.setDowntime(db1, downtime)
  inventory.setPromotionRule(db1, 'must_not')
  inventory.setVirtualName(db1.slice(0, db1.lastIndexOf(':')), 'vip')
  read(db1)
  assert.deepEqual([inventory.get(db1)?.downtime, inventory.get(db1)?.promotionRule, inventory.get(db1)?.unresolvedHostname], [downtime, 'must_not', 'vip'])
  await inventory.forget([db1])
  inventory.setDowntime(db1, null)
  await clock.pass(16_000)
  read(db1)
  assert.deepEqual([inventory.get(db1)?.downtime, inventory.get(db1)?.promotionRule, inventory.get(db1)?.unresolvedHostname], [null, 'must_not', 'vip'])
  inventory.setVirtualName(db1.slice(0, db1.lastIndexOf(':')), '')
  assert.equal(inventory.get(db1)?.unresolvedHostname, '')
})

test('what was read is written within a tenth of a second; with BufferInstanceWrites it waits for the time, or until so many servers wait', async () => {
  const at = { flushIntervalMilliseconds: 2000, writeBufferSize: 3 }
  const direct = await world([], at)
  direct.read(db1)
  await direct.clock.pass(150)
  assert.equal(direct.saved.length, 1)
  const buffered = await world([], { ...at, buffersWrites: true })
  buffered.read(db1)
  await buffered.clock.pass(1500)
  assert.equal(buffered.saved.length, 0)
  await buffered.clock.pass(600)
  assert.equal(buffered.saved.length, 1)
  for (const host of ['full1', 'full2', 'full3']) buffered.read(instanceKey(host, 3306))
  await buffered.clock.pass(1)
  assert.deepEqual(buffered.saved.slice(1).map(keys => keys.length), [3])
})

test('what another manager read of a server counts until it is read here, and then no more', async () => {
  const { clock, inventory, fails, read } = await world()
  inventory.setPromotionRule(db1, 'must_not')
  const told = { ...bareInstance(db1), serverUuid: 'a', listedReplicas: [db2], promotionRule: 'must' as const, check: { ...bareInstance(db1).check, lastSeenAt: clock.now() + 60_000, latencyMilliseconds: 9 } }
  inventory.addBare(db1)
  fails(db1)
  await clock.pass(1000)
  assert.equal(inventory.believe(told), true)
  const { serverUuid, promotionRule, check } = inventory.get(db1) ?? bareInstance(db1)
  assert.deepEqual([serverUuid, promotionRule, check.lastSeenAt], ['a', 'must_not', clock.now()], 'a clock that is ahead tells of nothing to come')
  assert.equal(check.failure?.kind, 'refused', 'our own check stands')
  assert.equal(inventory.believe({ ...told, serverUuid: 'b' }), false)
  read(db1, null, { serverUuid: 'c' })
  assert.equal(inventory.believe(told), false)
  assert.equal(inventory.get(db1)?.serverUuid, 'c')
  await inventory.forget([db1])
  assert.equal(inventory.believe(told), false, 'forgotten on purpose')
})
