import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lab } from '../harness/lab/lab.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const waitMilliseconds = 60_000

test('a primary that is told to stop is replaced while it still waits for its idle clients, and no row is lost', async () => {
  await using sandbox = await Sandbox.start({ servers: ['primary', 'replica-1', 'replica-2'].map(name => ({ name })) })
  // Heartbeats come all the while: they must not be taken for a sign of life.
  for (const name of ['replica-1', 'replica-2']) await sandbox.replicate(name, 'primary')
  for (const name of ['replica-1', 'replica-2']) {
    await sandbox.server(name).sql('STOP REPLICA IO_THREAD')
    await sandbox.server(name).sql('CHANGE REPLICATION SOURCE TO SOURCE_HEARTBEAT_PERIOD = 0.3')
    await sandbox.server(name).sql('START REPLICA IO_THREAD')
    await sandbox.server(name).sql('SET GLOBAL read_only = ON')
    await sandbox.untilReplicating(name)
  }
  await using lab = await Lab.start(sandbox, process.env['LAB_VERBOSE'] ? { onLog: console.log } : {})
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await lab.until('rows are written', () => writer.acknowledged.length > 20)
  const idle = await sandbox.server('primary').connect({})
  idle.on('error', () => {}) // it is ended with its server
  let isOver = false
  const from = performance.now()
  const stopping = sandbox.server('primary').stop().finally(() => (isOver = true))
  try {
    const { isSuccessful, successor, lostReplicas, code, errors } = await lab.recoveryOf('primary', waitMilliseconds)
    if (process.env['LAB_VERBOSE']) console.log(`stopped: recovered after ${(performance.now() - from).toFixed(0)} ms`)
    assert.deepEqual([isOver, isSuccessful, code, lostReplicas, errors], [false, true, 'DeadMaster', [], []])
    const restarted = lab.audited.filter(line => line.startsWith('emergently-restart-replication-topology-instance')).map(line => line.split(' ')[1])
    assert.deepEqual(restarted.sort(), [lab.key('replica-1'), lab.key('replica-2')].sort(), 'each replica was made to connect anew, once')
    const before = writer.acknowledged.length
    await lab.until('clients write to the successor', () => writer.acknowledged.length > before + 10)
    const rows = await sandbox.server(lab.nameOf(successor)).sql<{ id: number }>('SELECT id FROM drill.rows_written')
    const present = new Set(rows.map(({ id }) => Number(id)))
    const written = writer.acknowledged.slice(0, before)
    assert.deepEqual(written.filter(({ id }) => !present.has(id)), [])
  } finally {
    idle.destroy()
    await sandbox.server('primary').kill()
    await stopping
  }
})
