import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lab } from '../harness/lab/lab.ts'
import { refresh } from '../harness/lab/logged-run.ts'
import { WritableServers } from '../harness/lab/writable-servers.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

test('a takeover of MariaDB servers that replicate by position loses nothing, and the sibling goes on from the place where the successor stood', async () => {
  await using sandbox = await Sandbox.start({ servers: ['primary', 'one', 'two'].map(name => ({ name, flavour: 'mariadb' as const })) })
  for (const name of ['one', 'two']) {
    await sandbox.replicate(name, 'primary', { gtid: false })
    await sandbox.server(name).sql('SET GLOBAL read_only = ON')
  }
  await using lab = await Lab.start(sandbox, process.env['LAB_VERBOSE'] ? { onLog: console.log } : {})
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await using writable = WritableServers.watch(sandbox.servers)
  await lab.until('rows are written', () => writer.acknowledged.length > 30)
  const taken = await lab.recoveries.gracefulTakeover(lab.instance('primary').clusterName, { designated: lab.key('one'), auto: true, by: 'test' })
  assert.ok(taken.ok, taken.ok ? '' : taken.failure.text)
  assert.deepEqual([lab.nameOf(taken.value.successor), taken.value.errors, taken.value.lostReplicas], ['one', [], []])
  const count = writer.acknowledged.length
  await lab.until('rows are written again', () => writer.acknowledged.length > count + 10)
  await writer.stop()
  await refresh(lab)
  const links = ['primary', 'two'].map(name => lab.instance(name).replication)
  assert.deepEqual(links.map(link => [lab.nameOf(link?.source ?? null), link?.gtid]), [['one', 'none'], ['one', 'none']])
  await lab.until('the sibling has every acknowledged row', async () => (await writer.missingOn(sandbox.server('two'))) === 0)
  assert.equal(await writer.missingOn(sandbox.server('one')), 0)
  assert.deepEqual(writable.pairs, [])
})
