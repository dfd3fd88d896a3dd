import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Lab, type LabWish, stopsAppliersMilliseconds } from '../harness/lab/lab.ts'
import { refresh } from '../harness/lab/logged-run.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

// MySQL 9.7 with GTID off: `primary` ← `one`, `two`, `behind`; `one` ← `below`.
const withoutGtid = ['--gtid-mode=OFF', '--enforce-gtid-consistency=OFF']
const pattern = { pattern: 'drop view if exists `_pseudo_gtid_`', isFixedSubstring: true, monotonicHint: 'asc:', injects: true }
const verbose = process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}

async function servers(): Promise<Sandbox> {
  const sandbox = await Sandbox.start({ servers: ['primary', 'one', 'two', 'behind', 'below'].map(name => ({ name, options: withoutGtid })) })
  await Promise.all(['one', 'two', 'behind'].map(name => sandbox.replicate(name, 'primary', { gtid: false })))
  await sandbox.replicate('below', 'one', { gtid: false })
  for (const name of ['one', 'two', 'behind', 'below']) await sandbox.server(name).sql('SET GLOBAL super_read_only = ON')
  await sandbox.server('primary').sql('CREATE DATABASE drill')
  await sandbox.server('primary').sql("GRANT DROP ON `_pseudo_gtid_`.* TO 'orchestrator'@'%'")
  await sandbox.server('primary').sql('CREATE TABLE drill.rows_written (id BIGINT PRIMARY KEY, at DOUBLE NOT NULL)')
  for (const { name } of sandbox.servers) {
    for (let tries = 0; tries < 400 && (await sandbox.server(name).sql("SHOW TABLES FROM drill LIKE 'rows_written'").catch(() => [])).length === 0; tries += 1) await sleep(25)
  }
  return sandbox
}

const start = (sandbox: Sandbox, wish: LabWish): Promise<Lab> => Lab.start(sandbox, { ...verbose, ...wish })

const rowsOn = async (sandbox: Sandbox, name: string): Promise<number> => Number((await sandbox.server(name).row<{ n: number }>('SELECT COUNT(*) AS n FROM drill.rows_written')).n)

/** `behind` fetches nothing more, and rows are written that the others get. */
async function leaveBehind(sandbox: Sandbox, lab: Lab, writer: Writer): Promise<void> {
  await lab.until('rows are on the last replica', async () => (await rowsOn(sandbox, 'behind')) > 20)
  await lab.pseudoGtid.injector.round()
  await sleep(200)
  await sandbox.server('behind').sql('STOP REPLICA IO_THREAD')
  const before = writer.acknowledged.length
  await lab.until('more rows are written', () => writer.acknowledged.length > before + 30)
}

test('a killed primary without GTID: the most advanced replica takes over, one behind it is matched by Pseudo-GTID, and every row that a replica had is on all of them', async () => {
  await using sandbox = await servers()
  await using lab = await start(sandbox, { pseudoGtid: pattern, recovery: { pseudoGtidPattern: pattern.pattern } })
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await leaveBehind(sandbox, lab, writer)
  const acknowledged = writer.acknowledged.length
  await sandbox.server('primary').kill()
  const recovery = await lab.recoveryOf('primary', stopsAppliersMilliseconds)
  await lab.until('rows are written again', () => writer.acknowledged.length > acknowledged + 20)
  await writer.stop()
  const successor = lab.nameOf(recovery.successor)
  assert.ok(['one', 'two'].includes(successor), `${successor} was promoted`)
  assert.deepEqual([recovery.isSuccessful, recovery.method, recovery.lostReplicas, recovery.errors], [true, 'MasterRecoveryPseudoGTID', [], []])
  await refresh(lab)
  const other = successor === 'one' ? 'two' : 'one'
  assert.deepEqual([other, 'behind', 'below'].map(name => lab.nameOf(lab.instance(name).replication?.source ?? null)), [successor, successor, 'one'])
  assert.deepEqual(await sandbox.server(successor).sql('SHOW REPLICA STATUS'), [])
  for (const name of [other, 'behind', 'below']) {
    await sandbox.untilReplicating(name)
    await lab.until(`${name} has every row`, async () => (await rowsOn(sandbox, name)) === (await rowsOn(sandbox, successor)))
  }
  const missing = await writer.missingOn(sandbox.server(successor))
  assert.ok(missing <= 5, `${missing} acknowledged rows were on no replica`)
  const sums = await Promise.all([successor, other, 'behind', 'below'].map(name => sandbox.server(name).row('CHECKSUM TABLE drill.rows_written')))
  assert.equal(new Set(sums.map(row => String(row['Checksum']))).size, 1, 'every server has the same rows')
  const steps = await lab.store.recoveries.steps(recovery.uid)
  assert.ok(steps.some(({ message }) => message.includes('cannot be counted')), 'that nothing is counted without GTID is said')
})

test('without GTID and Pseudo-GTID who stands at the same place follows, and who is behind is listed as lost and detached, with its place kept', async () => {
  await using sandbox = await servers()
  await using lab = await start(sandbox, {})
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await leaveBehind(sandbox, lab, writer)
  await writer.stop()
  await lab.until('both have every row', async () => (await Promise.all(['one', 'two'].map(name => writer.missingOn(sandbox.server(name))))).every(missing => missing === 0))
  await sandbox.server('primary').kill()
  const recovery = await lab.recoveryOf('primary', stopsAppliersMilliseconds)
  const successor = lab.nameOf(recovery.successor)
  const other = successor === 'one' ? 'two' : 'one'
  assert.deepEqual([recovery.isSuccessful, recovery.lostReplicas], [true, [lab.key('behind')]])
  await refresh(lab)
  assert.equal(lab.nameOf(lab.instance(other).replication?.source ?? null), successor)
  const kept = await sandbox.server('behind').row<{ Source_Host: string; Relay_Source_Log_File: string; Exec_Source_Log_Pos: number }>('SHOW REPLICA STATUS')
  assert.ok(kept.Source_Host.startsWith('//') && kept.Relay_Source_Log_File.startsWith('binlog.') && Number(kept.Exec_Source_Log_Pos) > 4, JSON.stringify(kept))
  assert.equal(lab.instance('behind').downtime?.reason, 'lost-in-recovery')
  const steps = await lab.store.recoveries.steps(recovery.uid)
  assert.ok(steps.some(({ message }) => message.includes('without GTID and Pseudo-GTID the place in the new log cannot be found')))
  await sandbox.server(successor).sql('INSERT INTO drill.rows_written VALUES (1000000, 1)')
  await lab.until('what is written now reaches who followed', async () => (await rowsOn(sandbox, other)) === (await rowsOn(sandbox, successor)))
})

test('a dead intermediate source without GTID: its replicas are matched by Pseudo-GTID below a server that lives, and have every row in the end', async () => {
  await using sandbox = await servers()
  await sandbox.replicate('behind', 'one', { gtid: false })
  await using lab = await start(sandbox, { pseudoGtid: pattern, recovery: { pseudoGtidPattern: pattern.pattern } })
  await using writer = await Writer.start(sandbox.server('primary'), () => [sandbox.server('primary')])
  await lab.until('rows are on both replicas', async () => (await Promise.all(['behind', 'below'].map(name => rowsOn(sandbox, name)))).every(count => count > 10))
  await lab.pseudoGtid.injector.round()
  const before = writer.acknowledged.length
  await lab.until('more rows are written', () => writer.acknowledged.length > before + 30)
  await sandbox.server('one').kill()
  const recovery = await lab.recoveryOf('one', stopsAppliersMilliseconds)
  assert.deepEqual([recovery.code, recovery.isSuccessful, recovery.lostReplicas, recovery.errors], ['DeadIntermediateMaster', true, [], []])
  await refresh(lab)
  const sources = ['behind', 'below'].map(name => lab.nameOf(lab.instance(name).replication?.source ?? null))
  assert.deepEqual(sources, [lab.nameOf(recovery.successor), lab.nameOf(recovery.successor)])
  await writer.stop()
  for (const name of ['two', 'behind', 'below']) await lab.until(`${name} has every row`, async () => (await writer.missingOn(sandbox.server(name))) === 0)
  const sums = await Promise.all(['primary', 'two', 'behind', 'below'].map(name => sandbox.server(name).row('CHECKSUM TABLE drill.rows_written')))
  assert.equal(new Set(sums.map(row => String(row['Checksum']))).size, 1, 'every server has the same rows')
})
