import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Recovery } from '../../src/model/recovery/records.ts'
import { Lab } from '../harness/lab/lab.ts'
import { refresh } from '../harness/lab/logged-run.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

// MySQL 9.7 with GTID off: `primary` ← `prompt`, `other`, and `late`, which applies 8 s late on purpose.
const waitMilliseconds = 60_000
const delaySeconds = 8

test('a replica without GTID that applies late on purpose holds up neither record nor hooks: it is moved when it has applied what it received', async () => {
  await using sandbox = await Sandbox.start({ servers: ['primary', 'prompt', 'other', 'late'].map(name => ({ name, options: ['--gtid-mode=OFF', '--enforce-gtid-consistency=OFF'] })) })
  const replicas = ['prompt', 'other', 'late']
  await Promise.all(replicas.map(name => sandbox.replicate(name, 'primary', { gtid: false })))
  for (const name of replicas) await sandbox.server(name).sql('SET GLOBAL super_read_only = ON')
  const late = sandbox.server('late')
  await using lab = await Lab.start(sandbox, { mysql: { clusterDomainQuery: "SELECT 'shop.example.com'" }, recovery: { bulkWaitSeconds: 2, postponeMinutes: 0.1 }, ...(process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}) })
  await using writer = await Writer.start(sandbox.server('primary'), () => [sandbox.server('primary')])
  await lab.until('the last one has the table', async () => (await late.sql('SELECT id FROM drill.rows_written').catch(() => [])).length > 5, waitMilliseconds)
  for (const statement of ['STOP REPLICA SQL_THREAD', `CHANGE REPLICATION SOURCE TO SOURCE_DELAY = ${delaySeconds}`, 'START REPLICA SQL_THREAD']) await late.sql(statement)
  await lab.until('the delay is known', () => lab.instance('late').replication?.delaySeconds === delaySeconds, waitMilliseconds)
  const before = writer.acknowledged.length
  await lab.until('rows wait to be applied', () => writer.acknowledged.length > before + 50, waitMilliseconds)
  await writer.stop()
  // One that had received less than the successor would be lost, and rightly: without GTID its place could not be found.
  const last = await sandbox.server('primary').row<{ File: string; Position: number }>('SHOW BINARY LOG STATUS')
  await lab.until('all have received everything', async () => (await Promise.all(replicas.map(async name => {
    const { Source_Log_File: file, Read_Source_Log_Pos: position } = await sandbox.server(name).row<{ Source_Log_File: string; Read_Source_Log_Pos: number }>('SHOW REPLICA STATUS')
    return file === last.File && Number(position) === Number(last.Position)
  }))).every(Boolean), waitMilliseconds)
  await sandbox.server('primary').kill()

  let told: Recovery | undefined
  await lab.until('the record is there', async () => {
    told = (await lab.store.recoveries.list({ page: 0 })).find(({ key, endedAt }) => key === lab.key('primary') && endedAt !== null)
    return told !== undefined
  }, waitMilliseconds)
  assert.ok(told !== undefined)
  assert.deepEqual([told.isSuccessful, told.lostReplicas, lab.recoveries.isUnderWay(told.uid)], [true, [], true], 'one goes on behind the record')
  assert.equal((await late.row<{ Source_Port: number }>('SHOW REPLICA STATUS')).Source_Port, sandbox.server('primary').port)
  const recovery = await lab.recoveryOf('primary', waitMilliseconds)
  const steps = (await lab.store.recoveries.steps(recovery.uid)).map(({ message }) => message)
  assert.deepEqual([recovery.lostReplicas, recovery.errors], [[], []], steps.join('\n'))
  assert.ok(steps.some(message => message.includes('nobody waits for it')), steps.join('\n'))
  await refresh(lab)
  const successor = lab.nameOf(recovery.successor)
  assert.deepEqual([lab.nameOf(lab.instance('late').replication?.source ?? null), lab.instance('late').replication?.delaySeconds], [successor, delaySeconds], 'it keeps its delay')
  assert.equal(await lab.store.attributes.get('shop.example.com'), recovery.successor, 'the domain of the cluster leads to the new primary')
  assert.equal(await writer.missingOn(late), await writer.missingOn(sandbox.server(successor)), 'it has every row')
})
