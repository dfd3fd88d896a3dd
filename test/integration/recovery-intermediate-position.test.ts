import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Recovery } from '../../src/model/recovery/records.ts'
import { Lab } from '../harness/lab/lab.ts'
import { refresh } from '../harness/lab/logged-run.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

// `primary` ← `middle` and `sibling`; `middle` ← `below`, by file and position.
const waitMilliseconds = 120_000
const verbose = process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}

async function servers(options: readonly string[], gtid: boolean): Promise<Sandbox> {
  const sandbox = await Sandbox.start({ servers: ['primary', 'middle', 'sibling', 'below'].map(name => ({ name, options })) })
  await Promise.all(['middle', 'sibling'].map(name => sandbox.replicate(name, 'primary', { gtid })))
  await sandbox.replicate('below', 'middle', { gtid: false })
  for (const name of ['middle', 'sibling', 'below']) await sandbox.server(name).sql('SET GLOBAL super_read_only = ON')
  return sandbox
}

async function recoveryOfMiddle(lab: Lab): Promise<{ readonly recovery: Recovery; readonly messages: readonly string[] }> {
  const recovery = await lab.recoveryOf('middle', waitMilliseconds)
  return { recovery, messages: (await lab.store.recoveries.steps(recovery.uid)).map(({ message }) => message) }
}

test('a replica whose link does not use the GTIDs that all servers keep is saved by them when its source dies, and uses them from then on', async () => {
  await using sandbox = await servers([], true)
  await using lab = await Lab.start(sandbox, verbose)
  await using writer = await Writer.start(sandbox.server('primary'), () => [sandbox.server('primary')])
  await lab.until('rows reach the last one', async () => (await sandbox.server('below').sql('SELECT id FROM drill.rows_written').catch(() => [])).length > 20, waitMilliseconds)
  assert.deepEqual([lab.instance('below').replication?.gtid, lab.instance('below').gtidMode], ['none', 'ON'])
  await sandbox.server('middle').kill()
  const { recovery, messages } = await recoveryOfMiddle(lab)
  assert.deepEqual([recovery.isSuccessful, lab.nameOf(recovery.successor), recovery.lostReplicas, recovery.errors], [true, 'sibling', [], []], messages.join('\n'))
  await writer.stop()
  await lab.until('no row is missing', async () => (await writer.missingOn(sandbox.server('below'))) === 0, waitMilliseconds)
  await refresh(lab)
  const { replication } = lab.instance('below')
  assert.deepEqual([lab.nameOf(replication?.source ?? null), replication?.gtid], ['sibling', 'mysql'])
  assert.ok(writer.acknowledged.length > 20)
})

test('without GTID and Pseudo-GTID a replica of a dead source is left as it is, with the reason and what a person can do, and goes on by itself when its source returns', async () => {
  await using sandbox = await servers(['--gtid-mode=OFF', '--enforce-gtid-consistency=OFF'], false)
  await using lab = await Lab.start(sandbox, verbose)
  await using writer = await Writer.start(sandbox.server('primary'), () => [sandbox.server('primary')])
  await lab.until('rows reach the last one', async () => (await sandbox.server('below').sql('SELECT id FROM drill.rows_written').catch(() => [])).length > 20, waitMilliseconds)
  await sandbox.server('middle').kill()
  const { recovery, messages } = await recoveryOfMiddle(lab)
  assert.deepEqual([recovery.isSuccessful, recovery.successor], [false, null])
  const says = messages.find(message => message.includes('goes on by itself when'))
  assert.ok(says !== undefined && says.includes(lab.key('below')) && says.includes(`of the log of ${lab.key('sibling')}`) && says.includes('mysqlbinlog'), messages.join('\n'))
  const status = await sandbox.server('below').row('SHOW REPLICA STATUS')
  assert.deepEqual([Number(status['Source_Port']), status['Replica_IO_Running'] === 'No', status['Replica_SQL_Running']], [sandbox.server('middle').port, false, 'Yes'], 'nothing was touched')
  await sandbox.server('middle').start()
  await sandbox.server('middle').sql('SET GLOBAL super_read_only = ON')
  await sandbox.untilReplicating('below')
  await writer.stop()
  await lab.until('no row is missing', async () => (await writer.missingOn(sandbox.server('below'))) === 0, waitMilliseconds)
})
