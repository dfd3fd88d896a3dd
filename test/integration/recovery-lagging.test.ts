import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Lab } from '../harness/lab/lab.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const verbose = process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}

test('replicas that lag below a primary that hangs are made to connect anew once; what they say then decides, and the primary is replaced', async () => {
  await using sandbox = await Sandbox.fourServers()
  // Every replica says that it lags; their heartbeats come every 30 s, so that none of them would notice for a minute.
  await using lab = await Lab.start(sandbox, { ...verbose, mysql: { lagQuery: 'select 100' } })
  await lab.until('the lag is known', () => ['replica-1', 'replica-2'].every(name => lab.instance(name).replicationLagSeconds === 100))
  sandbox.server('primary').freeze()
  try {
    const recovery = await lab.recoveryOf('primary', 40_000)
    const restarts = lab.audited.filter(line => line.startsWith('emergently-restart-replication-topology-instance'))
    assert.deepEqual(restarts.sort(), ['replica-1', 'replica-2'].map(name => `emergently-restart-replication-topology-instance ${lab.key(name)} UnreachableMasterWithLaggingReplicas`).sort())
    assert.deepEqual([recovery.code, recovery.isSuccessful, recovery.lostReplicas], ['DeadMaster', true, []])
  } finally {
    sandbox.server('primary').resume()
  }
})

test('a primary that goes on while its recovery stops the receivers keeps its place: the recovery is called off, undone, told to no hook and blocks nothing, and when it hangs again it is replaced', async () => {
  await using sandbox = await Sandbox.fourServers()
  const told = join(sandbox.folder, 'told')
  const hooks = { preFailover: [`echo before >> ${told}`], postUnsuccessfulFailover: [`echo unsuccessful >> ${told}`], postFailover: [`echo after >> ${told}`] }
  await using lab = await Lab.start(sandbox, { ...verbose, recovery: hooks })
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await lab.until('rows are written', () => writer.acknowledged.length > 20)
  const primary = sandbox.server('primary')
  primary.freeze()
  try {
    // From here on each receiver needs two seconds to stop.
    await lab.until('the recovery has begun', () => lab.events.some(({ event }) => event.event === 'step' && event.step.message.startsWith('RecoverDeadMaster: masterRecoveryType')))
  } finally {
    primary.resume()
  }
  const calledOff = await lab.recoveryOf('primary')
  assert.deepEqual([calledOff.isSuccessful, calledOff.successor], [false, null])
  assert.match(calledOff.errors.join(), /answers again: the recovery is called off|let .* in while its receiver was being stopped: the recovery is called off/)
  await lab.until('it blocks nothing', async () => (await lab.store.recoveries.list({ page: 0 })).every(({ isActive, acknowledged }) => !isActive && acknowledged?.by === 'orchestrator'))
  assert.equal(existsSync(told), false, 'nobody is told of a failover that does not come')
  const count = writer.acknowledged.length
  await lab.until('rows are written on where they were', () => writer.acknowledged.length > count + 20)
  assert.ok(writer.acknowledged.every(({ server }) => server === 'primary'))
  for (const name of ['replica-1', 'replica-2']) await sandbox.untilReplicating(name)
  await lab.until('nothing is wrong', () => lab.recoveries.findings().every(({ key, code }) => key !== lab.key('primary') || code === 'NoProblem'))

  primary.freeze()
  try {
    await lab.until('it is replaced', async () => (await lab.store.recoveries.list({ page: 0 })).some(({ isSuccessful, code }) => isSuccessful && code === 'DeadMaster'), 60_000)
    await lab.until('hooks are told of this one', () => existsSync(told) && readFileSync(told, 'utf8') === 'before\nafter\n')
  } finally {
    primary.resume()
  }
})

test('a primary that hangs is replaced in seconds also with heartbeats of 30 s and no grant but the original’s: replicas are made to connect anew, and cannot', async () => {
  await using sandbox = await Sandbox.fourServers()
  await using lab = await Lab.start(sandbox, verbose)
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await lab.until('rows are written', () => writer.acknowledged.length > 20)
  const from = performance.now()
  sandbox.server('primary').freeze()
  try {
    const recovery = await lab.recoveryOf('primary', 30_000)
    if (process.env['LAB_VERBOSE']) console.log(`frozen: recovered after ${(performance.now() - from).toFixed(0)} ms`)
    assert.deepEqual([recovery.code, recovery.isSuccessful, recovery.lostReplicas], ['DeadMaster', true, []])
    const restarts = lab.audited.filter(line => line.startsWith('emergently-restart-replication-topology-instance'))
    assert.deepEqual(restarts.sort(), ['replica-1', 'replica-2'].map(name => `emergently-restart-replication-topology-instance ${lab.key(name)} UnreachableMaster`).sort())
  } finally {
    sandbox.server('primary').resume()
  }
})
