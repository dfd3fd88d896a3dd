import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lab } from '../harness/lab/lab.ts'
import { refresh } from '../harness/lab/logged-run.ts'
import { WritableServers } from '../harness/lab/writable-servers.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

test('a living primary without GTID that is replaced by force refuses writes first, and its log is read to the end: nothing acknowledged is lost', async () => {
  const options = ['--gtid-mode=OFF', '--enforce-gtid-consistency=OFF']
  await using sandbox = await Sandbox.start({ servers: ['primary', 'one', 'two'].map(name => ({ name, options })) })
  for (const name of ['one', 'two']) {
    await sandbox.replicate(name, 'primary', { gtid: false })
    await sandbox.server(name).sql('SET GLOBAL super_read_only = ON')
  }
  await using lab = await Lab.start(sandbox, process.env['LAB_VERBOSE'] ? { onLog: console.log } : {})
  const shown = await lab.recoveries.dryRun(lab.key('primary'))
  assert.ok(shown.refusal === null && [lab.key('one'), lab.key('two')].some(key => key === shown.successor), 'what would be done is shown as well')
  assert.ok(shown.stages.some(({ name }) => name === 'settle'))
  const writable = WritableServers.watch(sandbox.servers)
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await lab.until('rows are written', () => writer.acknowledged.length > 50)
  const replaced = await lab.recoveries.forceFailover(lab.instance('primary').clusterName, { designated: null, by: 'test' })
  assert.ok(replaced.ok, replaced.ok ? '' : replaced.failure.text)
  const count = writer.acknowledged.length
  await lab.until('rows are written again', () => writer.acknowledged.length > count + 20)
  await writer.stop()
  await writable[Symbol.asyncDispose]()
  assert.deepEqual(writable.pairs, [])
  const successor = lab.nameOf(replaced.value.successor)
  assert.deepEqual([replaced.value.isSuccessful, replaced.value.lostReplicas], [true, []])
  assert.equal(await writer.missingOn(sandbox.server(successor)), 0)
  await refresh(lab)
  const other = successor === 'one' ? 'two' : 'one'
  assert.equal(lab.nameOf(lab.instance(other).replication?.source ?? null), successor)
  await lab.until('the other one has every row', async () => (await writer.missingOn(sandbox.server(other))) === 0)
})
