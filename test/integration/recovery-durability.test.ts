import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lab } from '../harness/lab/lab.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const verbose = process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}
/** Every replica acknowledges, one acknowledgement is waited for, for ever. */
const options = [
  '--plugin-load-add=semisync_source.so', '--plugin-load-add=semisync_replica.so', '--rpl-semi-sync-replica-enabled=ON', '--rpl-semi-sync-source-timeout=4294967295',
]
const policy = { durability: { '*': 'semi-sync' } }

async function semiSync(): Promise<Sandbox> {
  const sandbox = await Sandbox.fourServers({ options })
  await sandbox.server('primary').sql('SET GLOBAL rpl_semi_sync_source_enabled = 1')
  return sandbox
}

const clientsAreKnown = (lab: Lab): Promise<void> => lab.until('the primary counts its replicas', () => lab.instance('primary').semiSync?.clients === 2 && lab.instance('primary').semiSync?.sourceActive === true)
const isReadOnly = async (sandbox: Sandbox, name: string): Promise<number> => (await sandbox.server(name).row<{ ro: number }>('SELECT @@read_only AS ro')).ro

test('under a semi-sync policy a primary that is killed under a writer is replaced, no acknowledged row is lost, and the new one waits for its replicas too', async () => {
  await using sandbox = await semiSync()
  await using lab = await Lab.start(sandbox, { ...verbose, recovery: policy })
  await clientsAreKnown(lab)
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await lab.until('rows are written', () => writer.acknowledged.length > 200)
  await sandbox.server('primary').kill()
  const recovery = await lab.recoveryOf('primary')
  const count = writer.acknowledged.length
  await lab.until('rows are written again', () => writer.acknowledged.length > count + 50)
  await writer.stop()
  const successor = lab.nameOf(recovery.successor)
  assert.deepEqual([recovery.isSuccessful, recovery.errors], [true, []])
  assert.equal(await writer.missingOn(sandbox.server(successor)), 0)
  assert.ok((await lab.store.recoveries.steps(recovery.uid)).some(({ stage, message }) => stage === 'prove' && message.startsWith('2 of 2 semi-sync replicas of')), 'the proof is in the record')
  const state = await sandbox.server(successor).row('SELECT @@rpl_semi_sync_source_enabled AS source')
  assert.deepEqual(state, { source: 1 })
})

test('when one who may have acknowledged is missing nobody is promoted and it is named; once it is back the failover goes on by itself and no row is lost', async () => {
  await using sandbox = await semiSync()
  await using lab = await Lab.start(sandbox, { ...verbose, recovery: policy })
  await clientsAreKnown(lab)
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await lab.until('rows are written', () => writer.acknowledged.length > 100)
  await Promise.all([sandbox.server('replica-1').kill(), sandbox.server('primary').kill()])
  await lab.until('the missing one is named', () => lab.audited.some(line => line.includes(`Missing: ${lab.key('replica-1')}`)))
  assert.deepEqual(await lab.store.recoveries.list({ page: 0 }), [], 'nothing is registered, so nothing blocks')
  assert.equal(await isReadOnly(sandbox, 'replica-2'), 1)
  const finding = lab.recoveries.findings().find(({ key }) => key === lab.key('primary'))
  assert.deepEqual(finding && [lab.recoveries.outlook(finding).state, lab.recoveries.outlook(finding).reason.code], ['waiting-for-evidence', 'durability-refused'])
  const refused = await lab.recoveries.recover(lab.key('primary'), { by: 'test' })
  assert.equal(refused.ok ? '' : refused.failure.code, 'durability-refused', 'a person who gives no reason is refused as well')

  await sandbox.server('replica-1').start(['--super-read-only=ON'])
  const recovery = await lab.recoveryOf('primary')
  await writer.stop()
  assert.equal(recovery.isSuccessful, true)
  assert.equal(await writer.missingOn(sandbox.server(lab.nameOf(recovery.successor))), 0)
})

test('a person may promote in spite of the policy, with a reason that is audited and stands in the record', async () => {
  await using sandbox = await semiSync()
  await using lab = await Lab.start(sandbox, { ...verbose, recovery: policy })
  await clientsAreKnown(lab)
  await Promise.all([sandbox.server('replica-1').kill(), sandbox.server('primary').kill()])
  await lab.until('the missing one is named', () => lab.audited.some(line => line.includes(`Missing: ${lab.key('replica-1')}`)))
  const recovered = await lab.recoveries.recover(lab.key('primary'), { by: 'anna', why: 'the rack burns' })
  assert.ok(recovered.ok, recovered.ok ? '' : recovered.failure.text)
  assert.equal(recovered.value && lab.nameOf(recovered.value.successor), 'replica-2')
  assert.ok(lab.audited.some(line => line.startsWith('durability-overridden') && line.includes('anna accepts that acknowledged writes may be lost (the rack burns)')))
  const steps = await lab.store.recoveries.steps(recovered.value?.uid ?? '')
  assert.ok(steps.some(({ stage, message }) => stage === 'prove' && message.includes('the rack burns')))
  assert.ok(steps.some(({ message }) => message.includes('writes wait until more do')), 'that nobody is left to acknowledge is told')
})

test('a primary that hangs is replaced under a semi-sync policy; what it had begun is never acknowledged, and when it goes on it takes no writes', async () => {
  await using sandbox = await semiSync()
  // With this grant, and heartbeats every second, replicas tell within seconds that they hear nothing.
  await sandbox.server('primary').sql("GRANT SELECT ON performance_schema.* TO orchestrator@'%'")
  for (const replica of ['replica-1', 'replica-2']) {
    await sandbox.untilCaughtUp(replica, 'primary')
    await sandbox.server(replica).sql('STOP REPLICA')
    await sandbox.server(replica).sql('CHANGE REPLICATION SOURCE TO SOURCE_HEARTBEAT_PERIOD = 1')
    await sandbox.server(replica).sql('START REPLICA')
    await sandbox.untilReplicating(replica)
  }
  await using lab = await Lab.start(sandbox, { ...verbose, recovery: policy })
  await clientsAreKnown(lab)
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await lab.until('rows are written', () => writer.acknowledged.length > 100)
  sandbox.server('primary').freeze()
  const recovery = await lab.recoveryOf('primary', 30_000)
  const successor = lab.nameOf(recovery.successor)
  const count = writer.acknowledged.length
  await lab.until('rows are written again', () => writer.acknowledged.length > count + 20)
  sandbox.server('primary').resume()
  await lab.until('it takes no writes', async () => (await isReadOnly(sandbox, 'primary')) === 1)
  await writer.stop()
  assert.equal(await writer.missingOn(sandbox.server(successor)), 0)
  const switchedAt = writer.acknowledged.findIndex(({ server }) => server === successor)
  assert.ok(writer.acknowledged.slice(switchedAt).every(({ server }) => server === successor), 'nobody else acknowledged anything after the switch')
})

test('the policy keeps the roles: replicas are made to acknowledge, then the primary to wait for them, and who leaves its role is put back', async () => {
  await using sandbox = await Sandbox.fourServers({ options: options.filter(option => !option.includes('replica-enabled')) })
  await using lab = await Lab.start(sandbox, { ...verbose, recovery: policy })
  const waits = async (): Promise<number> => (await sandbox.server('primary').row<{ on: number }>('SELECT @@rpl_semi_sync_source_enabled AS `on`')).on
  const acknowledges = async (name: string): Promise<number> => (await sandbox.server(name).row<{ on: number }>('SELECT @@rpl_semi_sync_replica_enabled AS `on`')).on
  await lab.until('replicas acknowledge', async () => (await acknowledges('replica-1')) === 1 && (await acknowledges('replica-2')) === 1)
  await lab.until('the primary waits for them', async () => (await waits()) === 1, 30_000)
  assert.equal(await acknowledges('sub-replica'), 0, 'a replica of a replica acknowledges nothing to the primary')
  await sandbox.server('primary').sql('CREATE DATABASE drill')
  await sandbox.server('replica-1').sql('SET GLOBAL rpl_semi_sync_replica_enabled = 0')
  await lab.until('it is put back', async () => (await acknowledges('replica-1')) === 1, 30_000)
  assert.ok(lab.audited.some(line => line.startsWith('keep-semi-sync-roles')))
})
