import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lab, stopsAppliersMilliseconds } from '../harness/lab/lab.ts'
import { refresh } from '../harness/lab/logged-run.ts'
import { WritableServers } from '../harness/lab/writable-servers.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

// MySQL 9.7 with GTIDs, of which only `auto` replicates by them: `primary` ← `auto`, `place`, `late`.

test('a dead primary whose replicas replicate partly by position: the successor is fed by one of those, and each follows by its place or, where it lacks the newest, by GTID, and says so', async () => {
  await using sandbox = await Sandbox.start({ servers: ['primary', 'auto', 'place', 'late'].map(name => ({ name })) })
  for (const name of ['auto', 'place', 'late']) {
    await sandbox.replicate(name, 'primary', { gtid: name === 'auto' })
    await sandbox.server(name).sql('SET GLOBAL super_read_only = ON')
  }
  await using lab = await Lab.start(sandbox, process.env['LAB_VERBOSE'] ? { onLog: console.log } : {})
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await using writable = WritableServers.watch(sandbox.servers)
  const rowsOn = async (name: string): Promise<number> => Number((await sandbox.server(name).row<{ n: number }>('SELECT COUNT(*) AS n FROM drill.rows_written').catch(() => ({ n: 0 }))).n)
  // One after the other fetches nothing more, so that only `place` has everything.
  for (const name of ['late', 'auto']) {
    await lab.until(`rows are on ${name}`, async () => (await rowsOn(name)) > 20)
    await sandbox.server(name).sql('STOP REPLICA IO_THREAD')
    const before = writer.acknowledged.length
    await lab.until('more rows are written', () => writer.acknowledged.length > before + 30)
  }
  await writer.stop()
  await lab.until('one has every row', async () => (await writer.missingOn(sandbox.server('place'))) === 0)
  // A dry run shows what the newest readings say.
  await refresh(lab)
  const shown = await lab.recoveries.dryRun(lab.key('primary'))
  assert.deepEqual([shown.refusal, shown.successor, shown.lost], [null, lab.key('auto'), []])
  await sandbox.server('primary').kill()
  const recovery = await lab.recoveryOf('primary', stopsAppliersMilliseconds)
  assert.deepEqual([lab.nameOf(recovery.successor), recovery.isSuccessful, recovery.lostReplicas.map(key => lab.nameOf(key)), recovery.errors], ['auto', true, [], []])
  const link = async (name: string): Promise<readonly unknown[]> => {
    const { Source_Port: port, Auto_Position: auto } = await sandbox.server(name).row<{ Source_Port: number; Auto_Position: number }>('SHOW REPLICA STATUS')
    return [port === sandbox.server('auto').port, Number(auto)]
  }
  assert.deepEqual([await link('place'), await link('late')], [[true, 0], [true, 1]])
  const steps = await lab.store.recoveries.steps(recovery.uid)
  assert.ok(steps.some(({ message }) => message.includes('it follows by GTID from now on')), 'that the way of replication changed is said')
  await sandbox.server('auto').sql('INSERT INTO drill.rows_written VALUES (1000000, 1)')
  for (const name of ['place', 'late']) {
    await sandbox.untilReplicating(name)
    await lab.until(`${name} has every row`, async () => (await rowsOn(name)) === (await rowsOn('auto')))
  }
  assert.equal(await writer.missingOn(sandbox.server('auto')), 0, 'what only one by position had was not lost')
  const sums = await Promise.all(['auto', 'place', 'late'].map(name => sandbox.server(name).row('CHECKSUM TABLE drill.rows_written')))
  assert.equal(new Set(sums.map(row => String(row['Checksum']))).size, 1)
  assert.deepEqual(writable.pairs, [])
})
