import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lab } from '../harness/lab/lab.ts'
import { WritableServers } from '../harness/lab/writable-servers.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const verbose = process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}
const stateOf = (sandbox: Sandbox, name: string): Promise<unknown> => sandbox.server(name).row('SELECT @@read_only AS ro, @@super_read_only AS sro')
const sourceOf = async (sandbox: Sandbox, name: string): Promise<number | undefined> =>
  (await sandbox.server(name).sql<{ Source_Port: number }>('SHOW REPLICA STATUS'))[0]?.Source_Port

test('a living primary that is replaced by force refuses writes first: nothing acknowledged is lost and never two take writes', async () => {
  await using sandbox = await Sandbox.fourServers()
  await using lab = await Lab.start(sandbox, verbose)
  const cluster = lab.instance('primary').clusterName
  const wrong = await lab.recoveries.forceFailover(cluster, { designated: lab.key('sub-replica'), by: 'test' })
  assert.equal(wrong.ok ? '' : wrong.failure.text,
    `You may only promote a direct child of the master ${lab.key('primary')}. The master of ${lab.key('sub-replica')} is ${lab.key('replica-2')}.`)
  assert.deepEqual(await lab.store.recoveries.list({ page: 0 }), [], 'a refusal leaves no record')
  const shown = await lab.recoveries.dryRunForced(cluster, { designated: lab.key('replica-1'), by: 'test' })
  assert.equal(shown.ok && shown.value.successor, lab.key('replica-1'))

  const writable = WritableServers.watch(sandbox.servers)
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await lab.until('rows are written', () => writer.acknowledged.length > 100)
  const replaced = await lab.recoveries.forceFailover(cluster, { designated: lab.key('replica-1'), by: 'test' })
  assert.ok(replaced.ok, replaced.ok ? '' : replaced.failure.text)
  const count = writer.acknowledged.length
  await lab.until('rows are written again', () => writer.acknowledged.length > count + 50)
  await writer.stop()
  await writable[Symbol.asyncDispose]()

  assert.deepEqual(writable.pairs, [])
  const recovery = replaced.value
  assert.deepEqual([recovery.command, recovery.code, lab.nameOf(recovery.successor), recovery.errors, recovery.lostReplicas], ['force-master-takeover', 'DeadMaster', 'replica-1', [], []])
  await sandbox.untilCaughtUp('replica-2', 'replica-1')
  assert.equal(await writer.missingOn(sandbox.server('replica-1')), 0)
  assert.equal(await sourceOf(sandbox, 'replica-2'), sandbox.server('replica-1').port)
  assert.deepEqual(await stateOf(sandbox, 'primary'), { ro: 1, sro: 1 })
  assert.equal(await sourceOf(sandbox, 'primary'), undefined, 'the old primary is made no replica')
})

test('when one of two co-primaries dies the other one leads, and the first stays read-only when it returns', async () => {
  await using sandbox = await Sandbox.fourServers()
  await sandbox.replicate('primary', 'replica-1')
  await using lab = await Lab.start(sandbox, verbose)
  await lab.until('both are known as co-primaries', () => lab.instance('primary').isCoPrimary && lab.instance('replica-1').isCoPrimary)
  const shown = await lab.recoveries.dryRun(lab.key('primary'))
  assert.deepEqual([shown.code, shown.successor, shown.refusal], ['DeadCoMaster', lab.key('replica-1'), null])
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await lab.until('rows are written', () => writer.acknowledged.length > 100)
  await sandbox.server('primary').kill()
  const recovery = await lab.recoveryOf('primary')
  const count = writer.acknowledged.length
  await lab.until('rows are written again', () => writer.acknowledged.length > count + 20)
  await writer.stop()
  assert.deepEqual([recovery.code, recovery.kind, recovery.isSuccessful, lab.nameOf(recovery.successor), recovery.lostReplicas], ['DeadCoMaster', 'CoMasterRecovery', true, 'replica-1', []])
  assert.deepEqual(recovery.errors, [])
  assert.equal(await sourceOf(sandbox, 'replica-2'), sandbox.server('replica-1').port)
  assert.ok((await writer.missingOn(sandbox.server('replica-1'))) <= 5, 'what a replica held is not lost')

  // It comes back as it was: writable, and a replica of the one that leads now.
  await sandbox.server('primary').start()
  await lab.until('it is made read-only', async () => (await sandbox.server('primary').row<{ sro: number }>('SELECT @@super_read_only AS sro')).sro === 1)
})
