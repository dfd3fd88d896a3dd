import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planForRun } from '../../src/engine/execution/by-fingerprint.ts'
import type { PlanOutcome } from '../../src/engine/execution/plan-outcome.ts'
import { isRefusal } from '../../src/model/planning/plan.ts'
import { planRelocate, type RelocatePlan } from '../../src/model/planning/relocate.ts'
import { defaultRelocatePolicy } from '../../src/model/planning/relocate-judgement.ts'
import { Lab } from '../harness/lab/lab.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const verbose = process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}

const plan = (lab: Lab, replica: string, target: string): ReturnType<typeof planRelocate> =>
  planRelocate(lab.inventory.topology, { replica: lab.key(replica), target: lab.key(target) }, defaultRelocatePolicy, Date.now())

async function relocate(lab: Lab, replica: string, target: string): Promise<PlanOutcome> {
  const planned = plan(lab, replica, target)
  if ('refused' in planned) throw new Error(planned.refused.text)
  return lab.execution.run(planned, { by: 'test' })
}

/** Everything of a channel that is an option; what moves with the data, or is the source's name, left out. */
const optionsOf = (status: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(status).filter(([name]) =>
    /^(Source_User|Connect_Retry|Source_SSL|Source_TLS|Source_Retry|Source_Bind|Source_public|Get_Source|Auto_Position|SQL_Delay|Replicate_|Channel_Name|Network_Namespace|Until_)/.test(name)))

test('a replica with TLS and options of its own keeps them all when it moves below its sibling and back', async () => {
  await using sandbox = await Sandbox.fourServers()
  await using lab = await Lab.start(sandbox, verbose)
  const replica = sandbox.server('replica-1')
  await replica.sql('STOP REPLICA')
  await replica.sql(`CHANGE REPLICATION SOURCE TO SOURCE_SSL = 1, SOURCE_SSL_CA = '${sandbox.server('primary').certificateAuthority}', SOURCE_SSL_VERIFY_SERVER_CERT = 0, SOURCE_TLS_VERSION = 'TLSv1.3', SOURCE_HEARTBEAT_PERIOD = 1.5, SOURCE_CONNECT_RETRY = 7, SOURCE_RETRY_COUNT = 77, SOURCE_COMPRESSION_ALGORITHMS = 'zstd,uncompressed'`)
  await replica.sql('START REPLICA')
  await sandbox.untilReplicating('replica-1')
  await lab.discovery.readAgain([lab.key('replica-1'), lab.key('replica-2'), lab.key('primary')])
  const status = async (): Promise<Record<string, unknown>> => optionsOf(await replica.row('SHOW REPLICA STATUS'))
  const stored = (): Promise<Record<string, unknown>> =>
    replica.row('SELECT User_name, User_password, Enabled_ssl, Ssl_ca, Ssl_verify_server_cert, Tls_version, Heartbeat, Connect_retry, Retry_count, Get_public_key, Public_key_path, Master_compression_algorithm FROM mysql.slave_master_info')
  const before = { status: await status(), stored: await stored() }
  assert.equal(before.status['Source_SSL_Allowed'], 'Yes')
  for (const [target, depth] of [['replica-2', 2], ['primary', 1]] as const) {
    const outcome = await relocate(lab, 'replica-1', target)
    assert.deepEqual([outcome.state, outcome.failure], ['done', null])
    assert.ok(outcome.steps.every(({ state }) => state === 'done'))
    assert.equal((await replica.row<{ Source_Port: number }>('SHOW REPLICA STATUS')).Source_Port, sandbox.server(target).port)
    assert.deepEqual({ status: await status(), stored: await stored() }, before)
    assert.equal(lab.instance('replica-1').replicationDepth, depth)
    await sandbox.server('primary').sql(`CREATE DATABASE moved_to_${target.replace('-', '_')}`)
    await sandbox.untilCaughtUp('replica-1', 'primary')
  }
})

test('moves that cannot be are refused and send nothing, and a plan whose servers changed since it was shown is not run', async () => {
  await using sandbox = await Sandbox.fourServers()
  await using lab = await Lab.start(sandbox, verbose)
  const refusal = (replica: string, target: string): string => {
    const planned = plan(lab, replica, target)
    return isRefusal(planned) ? planned.refused.code : 'planned'
  }
  assert.equal(refusal('replica-1', 'replica-1'), 'same-as-itself')
  assert.equal(refusal('replica-2', 'sub-replica'), 'below-own-replica')
  assert.equal(refusal('primary', 'replica-1'), 'below-own-replica')

  const shown = plan(lab, 'replica-1', 'replica-2')
  assert.ok(!isRefusal(shown))
  await sandbox.server('replica-1').sql('STOP REPLICA SQL_THREAD')
  await lab.discovery.readAgain([lab.key('replica-1'), lab.key('replica-2')])
  const again = planForRun(() => plan(lab, 'replica-1', 'replica-2'), { fingerprint: shown.fingerprint, plan: shown })
  assert.ok('refused' in again && again.refused.code === 'fingerprint-stale', JSON.stringify(again))

  // A lock that is held sends nothing.
  const taken = lab.execution.locks.take([lab.key('replica-1')], 'somebody')
  assert.ok('lock' in taken)
  const busy = await lab.execution.run(shown, { by: 'test' })
  taken.lock.release()
  assert.deepEqual([busy.state, busy.failure?.code], ['refused', 'server-busy'])
  // The condition of the first step no longer holds: the plan that was shown stops before it does anything.
  const stale = await lab.execution.run(shown, { by: 'test' })
  assert.deepEqual([stale.state, stale.failure?.code], ['failed', 'condition-applier-running'])
  assert.equal((await sandbox.server('replica-1').row<{ Replica_IO_Running: string }>('SHOW REPLICA STATUS')).Replica_IO_Running, 'Yes')
  assert.deepEqual(await lab.store.intents.open(), [])
})

test('a plan that a crash cut off after any of its steps is finished at the next start, with nothing lost', async () => {
  await using sandbox = await Sandbox.fourServers()
  await using lab = await Lab.start(sandbox, verbose)
  for (const [index, target] of ['replica-2', 'primary', 'replica-2'].entries()) {
    const planned = plan(lab, 'replica-1', target)
    assert.ok(!('refused' in planned))
    await runOnly(lab, planned, index + 1)
    await sandbox.server('primary').sql(`CREATE DATABASE during_${index}`)
    const [intent, ...more] = await lab.store.intents.open()
    assert.ok(intent !== undefined && more.length === 0)
    const outcome = await lab.execution.resume(intent)
    assert.deepEqual([outcome.state, outcome.failure], ['done', null])
    assert.deepEqual(await lab.store.intents.open(), [])
    await sandbox.untilReplicating('replica-1')
    await sandbox.untilCaughtUp('replica-1', 'primary')
    assert.equal(lab.instance('replica-1').replication?.source, lab.key(target))
  }
})

/** The first steps of a plan, done and written down as if the program had died right after them: the last one is not marked as done. */
async function runOnly(lab: Lab, plan: RelocatePlan, count: number): Promise<void> {
  const id = await lab.store.intents.begin({ plan, by: 'test', recoveryUid: '', startedAt: Date.now() })
  for (const planned of plan.steps.slice(0, count)) {
    await lab.store.intents.step(id, planned.number, 'begun')
    const on = lab.inventory.get(planned.step.on)
    assert.ok(on)
    const done = await lab.servers.perform(planned.step, on, { deadlineMilliseconds: 5000, bindings: new Map() })
    assert.ok(done.ok)
    if (planned.number < count) await lab.store.intents.step(id, planned.number, 'done')
  }
}
