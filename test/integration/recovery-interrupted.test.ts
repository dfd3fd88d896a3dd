import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { planPromotion, planStopReceivers } from '../../src/model/planning/failover.ts'
import type { Plan } from '../../src/model/planning/plan.ts'
import { lostInRecoveryDowntime } from '../../src/model/recovery/lifecycle.ts'
import { planRepairSemiSync } from '../../src/model/planning/repair-semi-sync.ts'
import { planTakeoverFence, planTakeoverPromotion } from '../../src/model/planning/takeover.ts'
import { Lab } from '../harness/lab/lab.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const verbose = process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}
const databaseFile = (sandbox: Sandbox, name = 'first'): string => join(sandbox.folder, `${name}.sqlite3`)

/** What a manager leaves in the store that is ended in the middle of a recovery. */
async function leaveBehind(lab: Lab, command: string, plans: readonly Plan[]): Promise<string> {
  const uid = 'left:behind'
  await lab.store.recoveries.register({
    uid, key: lab.key('primary'), code: 'DeadMaster', kind: 'MasterRecovery', method: 'MasterRecoveryGTID', command, startedBy: 'orchestrator',
    clusterName: lab.key('primary'), clusterAlias: lab.key('primary'), replicas: [lab.key('replica-1'), lab.key('replica-2')], successor: null, successorAlias: '',
    successorCoordinates: null, isSuccessful: false, isActive: true, lostReplicas: [], participants: [], errors: [], startedAt: Date.now(), endedAt: null,
    acknowledged: null, detectionId: 0, nodeHostname: 'elsewhere', nodeToken: 'ended',
  })
  for (const plan of plans) {
    const id = await lab.store.intents.begin({ plan, by: 'orchestrator', recoveryUid: uid, startedAt: Date.now() })
    for (const { number } of plan.steps) await lab.store.intents.step(id, number, 'begun')
  }
  return uid
}

test('a failover that was cut off after the promotion is finished by the next manager, and nobody else is promoted beside it', async () => {
  await using sandbox = await Sandbox.fourServers()
  const file = databaseFile(sandbox)
  {
    await using lab = await Lab.start(sandbox, { ...verbose, databaseFile: file, recovery: { primaryFilters: [] } })
    await leaveBehind(lab, '', [planPromotion(lab.inventory.topology, lab.instance('replica-1'))])
    // It was lost in an earlier recovery and has come back since.
    await lab.journal.propose({ do: 'begin-downtime', key: lab.key('replica-1'), downtime: lostInRecoveryDowntime('lab', Date.now()) })
    await sandbox.server('primary').kill()
    await lab.until('both have lost it', () => ['replica-1', 'replica-2'].every(name => lab.instance(name).replication?.receiver === 'connecting'))
    for (const name of ['replica-1', 'replica-2']) await sandbox.server(name).sql('STOP REPLICA IO_THREAD')
    await sandbox.server('replica-1').sql('SET GLOBAL super_read_only = 0, GLOBAL read_only = 0')
    await lab.until('the primary is known to be dead', () => lab.instance('primary').check.failure !== null)
  }
  await using lab = await Lab.start(sandbox, { ...verbose, databaseFile: file })
  const recovery = await lab.recoveryOf('primary')
  assert.deepEqual([recovery.uid, recovery.isSuccessful, lab.nameOf(recovery.successor)], ['left:behind', true, 'replica-1'])
  assert.equal((await lab.store.recoveries.list({ page: 0 })).length, 1)
  assert.equal((await sandbox.server('replica-2').row<{ Source_Port: number }>('SHOW REPLICA STATUS')).Source_Port, sandbox.server('replica-1').port)
  await sandbox.untilReplicating('replica-2')
  assert.deepEqual(await sandbox.server('replica-1').sql('SHOW REPLICA STATUS'), [])
  assert.deepEqual(await sandbox.server('replica-2').row('SELECT @@read_only AS ro'), { ro: 1 })
  assert.deepEqual(await lab.store.intents.open(), [])
  assert.equal(lab.instance('replica-1').downtime, null, 'its own next failure is not passed over')
})

test('a failover that was cut off before the promotion is ended with a record that says so, and handled from scratch', async () => {
  await using sandbox = await Sandbox.fourServers()
  const file = databaseFile(sandbox)
  {
    await using lab = await Lab.start(sandbox, { ...verbose, databaseFile: file, recovery: { primaryFilters: [] } })
    await leaveBehind(lab, '', [])
    await sandbox.server('primary').kill()
    await lab.until('the primary is known to be dead', () => lab.instance('primary').check.failure !== null)
  }
  await using lab = await Lab.start(sandbox, { ...verbose, databaseFile: file })
  await lab.until('it is recovered anew', async () => (await lab.store.recoveries.list({ page: 0 })).some(({ uid, isSuccessful }) => uid !== 'left:behind' && isSuccessful))
  const [first] = await lab.store.recoveries.list({ page: 0, uid: 'left:behind' })
  assert.deepEqual([first?.isActive, first?.isSuccessful, first?.acknowledged?.comment], [false, false, 'detected crashed recovery'])
  assert.ok(first?.endedAt)
})

test('replicas whose receivers an interrupted failover had stopped bear witness again, and the primary is replaced', async () => {
  await using sandbox = await Sandbox.fourServers()
  const file = databaseFile(sandbox)
  {
    await using lab = await Lab.start(sandbox, { ...verbose, databaseFile: file, recovery: { primaryFilters: [] } })
    await leaveBehind(lab, '', [planStopReceivers(lab.inventory.topology, lab.key('primary'))])
    // Stopped before they noticed anything: what they say of the primary is nothing at all.
    for (const name of ['replica-1', 'replica-2']) await sandbox.server(name).sql('STOP REPLICA IO_THREAD')
    await sandbox.server('primary').kill()
    await lab.until('the primary is known to be dead', () => lab.instance('primary').check.failure !== null)
  }
  await using lab = await Lab.start(sandbox, { ...verbose, databaseFile: file })
  await lab.until('it is recovered anew', async () => (await lab.store.recoveries.list({ page: 0 })).some(({ uid, isSuccessful }) => uid !== 'left:behind' && isSuccessful))
  assert.deepEqual(await lab.store.intents.open(), [])
})

test('a repair of semi-sync that was cut off while a receiver stood is finished by the next manager', async () => {
  const options = ['--plugin-load-add=semisync_source.so', '--plugin-load-add=semisync_replica.so', '--rpl-semi-sync-source-timeout=4294967295']
  await using sandbox = await Sandbox.fourServers({ options })
  await sandbox.server('primary').sql('SET GLOBAL rpl_semi_sync_source_enabled = 1')
  const file = databaseFile(sandbox)
  const wish = { ...verbose, databaseFile: file, mysql: { semiSyncPriorityQuery: 'select 1' } }
  {
    await using lab = await Lab.start(sandbox, wish)
    await lab.until('priorities are known', () => ['primary', 'replica-1', 'replica-2'].every(name => lab.instance(name).semiSync?.priority === 1))
    const plan = planRepairSemiSync(lab.inventory.topology, lab.instance('primary'), 'enough', { drainMilliseconds: 1000 })
    assert.ok(!('refused' in plan))
    const [set] = plan.steps
    assert.ok(set)
    await leaveBehind(lab, '', [])
    const id = await lab.store.intents.begin({ plan, by: 'orchestrator', recoveryUid: 'left:behind', startedAt: Date.now() })
    await lab.store.intents.step(id, set.number, 'done')
    await lab.store.intents.step(id, set.number + 1, 'done')
    const name = lab.nameOf(set.step.on)
    await sandbox.server(name).sql('SET GLOBAL rpl_semi_sync_replica_enabled = 1')
    await sandbox.server(name).sql('STOP REPLICA IO_THREAD')
  }
  await using lab = await Lab.start(sandbox, wish)
  await lab.until('the record is ended', async () => (await lab.store.recoveries.list({ page: 0, uid: 'left:behind' }))[0]?.endedAt !== null)
  await sandbox.untilReplicating('replica-1')
  await sandbox.untilReplicating('replica-2')
  await lab.until('nothing is open', async () => (await lab.store.intents.open()).length === 0)
})

test('a takeover that was cut off while writes were stopped gives them back; one that was cut off after the switch is finished', async () => {
  await using sandbox = await Sandbox.fourServers()
  const file = databaseFile(sandbox)
  {
    await using lab = await Lab.start(sandbox, { ...verbose, databaseFile: file })
    await leaveBehind(lab, 'graceful-master-takeover', [planTakeoverFence(lab.inventory.topology, lab.instance('primary'), lab.instance('replica-1'), { catchUpMilliseconds: 1000 })])
    await sandbox.server('primary').sql('SET GLOBAL super_read_only = 1')
  }
  {
    await using lab = await Lab.start(sandbox, { ...verbose, databaseFile: file })
    await lab.recoveryOf('primary')
    assert.deepEqual(await sandbox.server('primary').row('SELECT @@read_only AS ro, @@super_read_only AS sro'), { ro: 0, sro: 0 })
    assert.equal((await lab.store.recoveries.list({ page: 0 }))[0]?.isActive, false)
  }
  const second = databaseFile(sandbox, 'second')
  {
    await using lab = await Lab.start(sandbox, { ...verbose, databaseFile: second })
    const [topology, old, successor] = [lab.inventory.topology, lab.instance('primary'), lab.instance('replica-1')]
    await leaveBehind(lab, 'graceful-master-takeover', [planTakeoverFence(topology, old, successor, { catchUpMilliseconds: 1000 }), planTakeoverPromotion(topology, old, successor)])
    await sandbox.server('primary').sql('SET GLOBAL super_read_only = 1')
    await sandbox.server('replica-1').sql('SET GLOBAL super_read_only = 0, GLOBAL read_only = 0')
  }
  await using lab = await Lab.start(sandbox, { ...verbose, databaseFile: second })
  const recovery = await lab.recoveryOf('primary')
  assert.deepEqual([recovery.isSuccessful, lab.nameOf(recovery.successor)], [true, 'replica-1'])
  for (const name of ['primary', 'replica-2']) {
    await sandbox.untilReplicating(name)
    assert.equal((await sandbox.server(name).row<{ Source_Port: number }>('SHOW REPLICA STATUS')).Source_Port, sandbox.server('replica-1').port)
  }
  assert.deepEqual(await sandbox.server('replica-1').sql('SHOW REPLICA STATUS'), [])
})

test('a manager whose lease of the cluster another one has taken over does no further step, and leaves the record to that one', async () => {
  await using sandbox = await Sandbox.fourServers()
  const file = databaseFile(sandbox)
  await using lab = await Lab.start(sandbox, { ...verbose, databaseFile: file, recovery: { preFailover: ['sleep 3'] } })
  await sandbox.server('primary').kill()
  await lab.until('it has begun', async () => (await lab.store.recoveries.list({ page: 0 })).length === 1)
  // As after a freeze in which another manager took over; that one gives signs of life.
  const other = new DatabaseSync(file)
  other.exec("UPDATE recovery_lease SET hostname = 'elsewhere', token = 'other', fencing_number = fencing_number + 1")
  await lab.store.node.beat({ hostname: 'elsewhere', token: 'other', startedAt: Date.now(), version: 'test', command: '', at: Date.now() })
  const beats = setInterval(() => void lab.store.node.beat({ hostname: 'elsewhere', token: 'other', startedAt: Date.now(), version: 'test', command: '', at: Date.now() }), 500)
  await lab.until('it gives up', () => lab.lines.some(line => line.includes('is not ours any more: another process has taken over')))
  for (const name of ['replica-1', 'replica-2']) {
    const { Source_Port: source, Replica_IO_Running: receiver } = await sandbox.server(name).row<{ Source_Port: number; Replica_IO_Running: string }>('SHOW REPLICA STATUS')
    assert.deepEqual([source, receiver], [sandbox.server('primary').port, 'Connecting'])
    assert.deepEqual(await sandbox.server(name).row('SELECT @@read_only AS ro'), { ro: 1 })
  }
  const [recovery] = await lab.store.recoveries.list({ page: 0 })
  assert.deepEqual([recovery?.endedAt, recovery?.isActive], [null, true])
  // The other one is gone: the failure is handled from scratch.
  clearInterval(beats)
  other.exec("DELETE FROM node_health WHERE token = 'other'")
  other.close()
  await lab.until('it is recovered anew', async () => (await lab.store.recoveries.list({ page: 0 })).some(({ isSuccessful }) => isSuccessful))
  const first = (await lab.store.recoveries.list({ page: 0 })).find(({ uid }) => uid === recovery?.uid)
  assert.deepEqual([first?.isSuccessful, first?.isActive], [false, false])
})
