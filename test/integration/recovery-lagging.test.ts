import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lab } from '../harness/lab/lab.ts'
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
    assert.ok((await lab.store.detections.list({ page: 0 })).some(({ code }) => code === 'UnreachableMasterWithLaggingReplicas'), 'it is told before')
    assert.deepEqual([recovery.code, recovery.isSuccessful, recovery.lostReplicas], ['DeadMaster', true, []])
  } finally {
    sandbox.server('primary').resume()
  }
})
