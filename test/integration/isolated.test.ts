import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Lab } from '../harness/lab/lab.ts'
import { Network, whyNoNetwork } from '../harness/network/network.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

/** Set for the process that has a network of its own and does the work. */
const insideVariable = 'ISOLATED_TEST_INSIDE'
const blindMilliseconds = 4000
/** Receivers of one source are restarted for a new failure of it no sooner (receiver-restarts.ts). */
const restMilliseconds = 5500

if (process.env[insideVariable] === undefined) {
  test('a primary that only we cannot reach keeps its place though its replicas were made to connect anew; one that is cut off from everybody is replaced', { skip: (await whyNoNetwork()) ?? false }, () => {
    const { NODE_TEST_CONTEXT: _, ...environment } = process.env
    const { status, stdout, stderr } = spawnSync('unshare', ['--net', process.execPath, import.meta.filename], { env: { ...environment, [insideVariable]: '1' }, encoding: 'utf8', timeout: 120_000 })
    if (process.env['LAB_VERBOSE']) console.log(stdout)
    assert.equal(status, 0, `${stdout}${stderr}`)
  })
} else {
  await blindThenIsolated()
  // The network lives as long as this process.
  process.exit()
}

async function blindThenIsolated(): Promise<void> {
  const names = ['db1', 'db2', 'db3'] as const
  const network = await Network.open([...names, 'manager'], { self: 'manager' })
  await using sandbox = await Sandbox.start({ servers: names.map(name => ({ name, host: network.address(name), port: 3306, inside: network.command(name) })) })
  for (const replica of ['db2', 'db3']) {
    await sandbox.replicate(replica, 'db1')
    await sandbox.server(replica).sql('SET GLOBAL super_read_only = ON')
  }
  let from = performance.now()
  await using lab = await Lab.start(sandbox, { pollSeconds: 5, ...(process.env['LAB_VERBOSE'] ? { onLog: line => console.log((performance.now() - from).toFixed(0), line.slice(0, 200)) } : {}) })
  const restarts = (): number => lab.audited.filter(line => line.startsWith('emergently-restart-replication-topology-instance')).length
  const receives = async (name: string): Promise<boolean> => (await sandbox.server(name).row<{ Replica_IO_Running: string }>('SHOW REPLICA STATUS')).Replica_IO_Running === 'Yes'

  // Nothing is written, and heartbeats come every 30 s: to its replicas it is as silent as a dead one.
  from = performance.now()
  await network.cutBoth('manager', 'db1')
  await lab.until('the replicas are made to connect anew', () => restarts() === 2)
  await sleep(blindMilliseconds)
  assert.deepEqual(await lab.store.recoveries.list({ page: 0 }), [], 'nobody was promoted')
  assert.ok((await receives('db2')) && (await receives('db3')), 'both are connected again')
  const finding = lab.recoveries.findings().find(({ key }) => key === lab.key('db1'))
  assert.ok(finding)
  assert.deepEqual([finding.code, lab.recoveries.outlook(finding).state, lab.recoveries.outlook(finding).reason.code], ['UnreachableMaster', 'waiting-for-evidence', 'suspected'])
  await network.heal()
  await lab.until('it answers again', () => lab.instance('db1').check.failure === null)

  await sleep(restMilliseconds)
  from = performance.now()
  await network.isolate('db1')
  const recovery = await lab.recoveryOf('db1', 40_000)
  assert.deepEqual([recovery.code, recovery.isSuccessful, recovery.lostReplicas], ['DeadMaster', true, []])
  const promoted = lab.events.find(({ event }) => event.event === 'step' && event.step.message === 'set read_only=0' && event.step.outcome === 'done')
  console.log(`cut off: writable after ${((promoted?.at ?? NaN) - from).toFixed(0)} ms`)
  assert.equal(restarts(), 4, 'each was made to connect anew once for each failure')
  await network.heal()
}
