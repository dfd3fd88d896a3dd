import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { instanceKey, type InstanceKey } from '../../src/model/topology/instance-key.ts'
import { isLastCheckValid } from '../../src/model/topology/instance.ts'
import type { Trigger } from '../../src/model/recovery/evidence.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'
import { type Rig, startRig, until } from './discovery-rig.ts'

const wasRead = (inventory: Rig['inventory'], key: InstanceKey): boolean => typeof inventory.get(key)?.check.lastSeenAt === 'number'

const names = ['primary', 'replica-1', 'replica-2', 'sub-replica']

describe('discovery of four real MySQL servers', () => {
  let sandbox: Sandbox
  let keys: InstanceKey[]
  before(async () => {
    sandbox = await Sandbox.fourServers()
    keys = names.map(name => sandbox.server(name).key)
  })
  after(() => sandbox?.stop())

  const key = (name: string): InstanceKey => sandbox.server(name).key

  async function seesAll({ inventory }: Rig): Promise<void> {
    await until('all four servers are read', () => keys.every(known => wasRead(inventory, known)))
    const shape = names.map(name => {
      const instance = inventory.get(key(name))
      return [name, instance?.clusterName, instance?.replicationDepth, inventory.topology.replicasOf(key(name)).map(replica => replica.key)]
    })
    const cluster = key('primary')
    assert.deepEqual(shape, [
      ['primary', cluster, 0, [key('replica-1'), key('replica-2')].sort()],
      ['replica-1', cluster, 1, []],
      ['replica-2', cluster, 1, [key('sub-replica')]],
      ['sub-replica', cluster, 2, []],
    ])
    assert.equal(inventory.topology.clusters.size, 1)
  }

  for (const name of names) {
    test(`from ${name} alone all four are found, up and down, with their places in one cluster`, async context => {
      const rig = await startRig(context)
      const answer = await rig.discovery.discover(key(name))
      assert.ok(answer.ok && answer.value?.key === key(name))
      await seesAll(rig)
      for (const known of keys) assert.equal(rig.inventory.get(known)?.errantGtidSet, '')
    })
  }

  test('a seed is enough to find all', async context => {
    await seesAll(await startRig(context, { discovery: { seeds: [key('replica-1')] } }))
  })

  test('filters leave out servers, replicas and sources', async context => {
    const port = key('sub-replica').split(':')[1]
    const byServer = await startRig(context, { discovery: { ignoreHosts: [`:${port}$`] } })
    assert.deepEqual(await byServer.discovery.discover(key('sub-replica')), { ok: true, value: null })
    await byServer.discovery.discover(key('primary'))
    await until('three are read', () => byServer.inventory.topology.instances.size === 3)
    const upwards = await startRig(context, { discovery: { ignoreSources: ['127'] } })
    await upwards.discovery.discover(key('replica-2'))
    await until('the replica below is read', () => upwards.inventory.get(key('sub-replica')) !== undefined)
    await sleep(300)
    assert.equal(upwards.inventory.get(key('primary')), undefined)
    const byUser = await startRig(context, { discovery: { ignoreReplicationUsers: ['^repl$'] } })
    assert.deepEqual(await byUser.discovery.discover(key('replica-1')), { ok: true, value: null })
    assert.equal(byUser.inventory.get(key('replica-1')), undefined)
  })

  test('each server is polled once per interval, at its own place in it', async context => {
    const rig = await startRig(context)
    await rig.discovery.discover(key('primary'))
    await seesAll(rig)
    await sleep(500)
    const from = Date.now()
    await sleep(4_000)
    for (const known of keys) {
      const polls = rig.discovery.metrics.since(from).filter(metric => metric.key === known)
      assert.ok(polls.length >= 3 && polls.length <= 5, `${known}: ${polls.length} polls in 4 intervals`)
      const gaps = polls.slice(1).map((poll, place) => poll.at - (polls[place]?.at ?? 0))
      for (const gap of gaps) assert.ok(gap > 800 && gap < 1_300, `${known}: ${gaps.join(', ')}`)
    }
  })

  test('a local write on a replica is an errant transaction, and nothing that is only on its way is', async context => {
    const rig = await startRig(context)
    await rig.discovery.discover(key('primary'))
    await seesAll(rig)
    await sandbox.server('primary').sql('CREATE DATABASE traffic')
    await until('the write is seen on the sub-replica', () => (rig.inventory.get(key('sub-replica'))?.executedGtidSet ?? '') === rig.inventory.get(key('primary'))?.executedGtidSet)
    for (const known of keys) assert.equal(rig.inventory.get(known)?.errantGtidSet, '')
    const leaf = sandbox.server('sub-replica')
    await leaf.sql('SET GLOBAL super_read_only = OFF')
    await leaf.sql('CREATE DATABASE stray')
    await until('the stray write is errant', () => rig.inventory.get(leaf.key)?.errantGtidSet === `${rig.inventory.get(leaf.key)?.serverUuid}:1`)
    assert.equal(rig.inventory.get(key('replica-2'))?.errantGtidSet, '')
  })

  test('what is found is in the store, and is back after a restart before anything is polled', async context => {
    const folder = await mkdtemp(join(tmpdir(), 'orc-discovery-'))
    context.after(() => rm(folder, { recursive: true }))
    const storeFile = join(folder, 'orchestrator.db')
    const first = await startRig(context, { storeFile })
    await first.discovery.discover(key('primary'))
    await seesAll(first)
    await first.inventory.forget([])
    await first.discovery.stop()
    await first.inventory.flush()
    assert.deepEqual(first.inventory.saveStatus, { failing: null, waiting: 0 })
    const second = await startRig(context, { storeFile, discovery: { ignoreHosts: ['.'] } }) // polls nothing
    assert.deepEqual([...second.inventory.topology.instances.keys()].sort(), [...keys].sort())
    const [before, again] = [first.inventory.get(key('replica-2')), second.inventory.get(key('replica-2'))]
    assert.equal(again?.replication?.source, key('primary'))
    assert.equal(again?.clusterName, before?.clusterName)
    assert.equal(again?.serverUuid, before?.serverUuid)
  })

  test('a forgotten server stays away for three intervals although its neighbours name it, then is found again', async context => {
    const rig = await startRig(context)
    await rig.discovery.discover(key('primary'))
    await seesAll(rig)
    const begun = Date.now()
    await rig.inventory.forget([key('replica-1')])
    assert.equal(rig.inventory.get(key('replica-1')), undefined)
    await until('it is found again', () => rig.inventory.get(key('replica-1')) !== undefined)
    assert.ok(Date.now() - begun >= 3_000, `${Date.now() - begun} ms`)
  })

  test('a server that hangs costs its own deadline and nobody else anything; its source of evidence is a failed probe', async context => {
    const rig = await startRig(context)
    await rig.discovery.discover(key('primary'))
    await seesAll(rig)
    const triggers: Trigger[] = []
    rig.discovery.onEvidence(trigger => void triggers.push(trigger))
    const frozen = sandbox.server('replica-1')
    const from = Date.now()
    frozen.freeze()
    try {
      await until('the poll fails', () => rig.inventory.get(frozen.key)?.check.failure?.kind === 'timeout', 8_000)
      assert.ok(triggers.some(trigger => trigger.noticed === 'probe-failed' && trigger.server === frozen.key))
      for (const other of keys.filter(known => known !== frozen.key)) {
        const ends = rig.discovery.metrics.since(from).filter(metric => metric.key === other).map(metric => metric.at)
        for (const [place, at] of ends.slice(1).entries()) assert.ok(at - (ends[place] ?? 0) < 1_400, `${other} waited ${at - (ends[place] ?? 0)} ms`)
      }
      const kept = rig.inventory.get(frozen.key)
      assert.equal(kept?.replication?.receiver, 'running') // the last good facts stay
      assert.equal(kept !== undefined && isLastCheckValid(kept), false)
    } finally {
      frozen.resume()
    }
    await until('it is read again', () => rig.inventory.get(frozen.key)?.check.failure === null)
  })

  test('kill -9 of the primary is noticed at once, whatever the interval, and by its replicas too', async context => {
    const rig = await startRig(context, { discovery: { pollIntervalSeconds: 60, deadIntervalMaxSeconds: 300 } })
    await rig.discovery.discover(key('primary'))
    await seesAll(rig)
    const noticed: { trigger: Trigger; at: number }[] = []
    rig.discovery.onEvidence(trigger => void noticed.push({ trigger, at: performance.now() }))
    const primary = sandbox.server('primary')
    const killedAt = performance.now()
    process.kill(primary.pid ?? 0, 'SIGKILL')
    await until('the lost connection is told', () => noticed.some(({ trigger }) => trigger.noticed === 'connection-lost' && trigger.server === primary.key), 3_000)
    const lostAfter = (noticed[0]?.at ?? Infinity) - killedAt
    assert.ok(lostAfter < 1_000, `${lostAfter} ms`)
    await until('the server is marked', () => ['refused', 'connection-lost'].includes(rig.inventory.get(primary.key)?.check.failure?.kind ?? ''), 2_000)
    const replicas = await rig.discovery.probeNow([key('replica-1'), key('replica-2'), key('sub-replica')])
    assert.deepEqual([...replicas.values()].map(replica => replica?.key), [key('replica-1'), key('replica-2'), key('sub-replica')])
    await until('a replica tells that its receiver has no source', () => {
      void rig.discovery.look(key('replica-1'), 1_000)
      return noticed.some(({ trigger }) => trigger.noticed === 'receiver-changed' && trigger.replica === key('replica-1'))
    }, 5_000)
    await primary.kill()
    await primary.start()
    assert.ok(await rig.discovery.look(primary.key, 3_000))
    assert.equal(rig.inventory.get(primary.key)?.check.failure, null)
  })
})

describe('discovery of other servers', () => {
  test('a MariaDB pair is found from the replica', async context => {
    const sandbox = await Sandbox.start({ servers: [{ name: 'primary', flavour: 'mariadb' }, { name: 'replica', flavour: 'mariadb' }] })
    context.after(() => sandbox.stop())
    await sandbox.replicate('replica', 'primary')
    const rig = await startRig(context)
    const [primary, replica] = [sandbox.server('primary').key, sandbox.server('replica').key]
    await rig.discovery.discover(replica)
    await until('both are read', () => wasRead(rig.inventory, primary))
    assert.equal(rig.inventory.get(replica)?.clusterName, primary)
    assert.deepEqual([rig.inventory.get(primary)?.replicationDepth, rig.inventory.get(replica)?.replicationDepth], [0, 1])
    assert.deepEqual([rig.inventory.get(replica)?.ancestryUuid, rig.inventory.get(replica)?.errantGtidSet], ['', ''])
  })

  test('where every server has the same port, the process list finds the replicas', async context => {
    // 127.0.0.x are hosts of their own with one port, as in production; the replica connects from its own address.
    const probe = createServer()
    const port = await new Promise<number>(resolve => probe.listen(0, '127.0.0.2', () => {
      const address = probe.address()
      resolve(address !== null && typeof address === 'object' ? address.port : 0)
    }))
    await new Promise(resolve => probe.close(resolve))
    const sandbox = await Sandbox.start({ servers: [{ name: 'primary', host: '127.0.0.2', port }, { name: 'replica', host: '127.0.0.3', port }] })
    context.after(() => sandbox.stop())
    await sandbox.replicate('replica', 'primary')
    const replica = sandbox.server('replica')
    await replica.sql('STOP REPLICA')
    await replica.sql("CHANGE REPLICATION SOURCE TO SOURCE_BIND = '127.0.0.3'")
    await replica.sql('START REPLICA')
    await sandbox.untilReplicating('replica')
    const rig = await startRig(context, { mysql: { discoverByShowReplicas: false } })
    await rig.discovery.discover(sandbox.server('primary').key)
    await until('the replica is read', () => wasRead(rig.inventory, replica.key))
    assert.deepEqual([...rig.inventory.topology.instances.keys()].sort(), [sandbox.server('primary').key, replica.key].sort())
  })

  test('servers that cannot be read are refused by name and not remembered', async context => {
    const rig = await startRig(context)
    const kinds: string[] = []
    for (const asked of [instanceKey('127.0.0.1', 1), instanceKey('no-such-host.invalid', 3306), instanceKey('', 3306), instanceKey('//db1', 3306)]) {
      const answer = await rig.discovery.discover(asked)
      assert.ok(!answer.ok)
      kinds.push(answer.failure.kind)
    }
    assert.deepEqual(kinds, ['refused', 'name-unknown', 'name-unknown', 'name-unknown'])
    assert.equal(rig.inventory.topology.instances.size, 0)
  })
})
