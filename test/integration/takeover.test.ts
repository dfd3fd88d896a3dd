import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { hold } from '../harness/lab/hold.ts'
import { Lab } from '../harness/lab/lab.ts'

import { Writer } from '../harness/lab/writer.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const verbose = process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}

test('a takeover under a writer loses nothing, and the old primary follows the new one with the others', async () => {
  await using sandbox = await Sandbox.fourServers()
  await using lab = await Lab.start(sandbox, verbose)
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await lab.until('rows are written', () => writer.acknowledged.length > 100)
  const wish = { designated: lab.key('replica-1'), auto: true, by: 'test' }
  const shown = await lab.recoveries.previewTakeover(lab.instance('primary').clusterName, wish)
  assert.ok(shown.ok, shown.ok ? '' : shown.failure.text)
  const other = await lab.recoveries.gracefulTakeover(lab.instance('primary').clusterName, { ...wish, designated: lab.key('replica-2'), fingerprint: shown.value.plan.fingerprint })
  assert.equal(other.ok ? '' : other.failure.code, 'fingerprint-stale', 'another plan than the one shown is not run')
  const begun = performance.now()
  const taken = await lab.recoveries.gracefulTakeover(lab.instance('primary').clusterName, { ...wish, fingerprint: shown.value.plan.fingerprint })
  assert.ok(taken.ok, taken.ok ? '' : taken.failure.text)
  const count = writer.acknowledged.length
  await lab.until('rows are written again', () => writer.acknowledged.length > count + 50)
  await writer.stop()

  assert.equal(taken.value.successor, lab.key('replica-1'))
  assert.deepEqual(taken.value.errors, [])
  assert.equal(taken.value.command, 'graceful-master-takeover')
  assert.equal(writer.acknowledged.at(-1)?.server, 'replica-1')
  assert.ok(writer.gap(begun) < 1000, `writes stood still for ${writer.gap(begun)} ms`)
  for (const replica of ['primary', 'replica-2']) {
    await sandbox.untilCaughtUp(replica, 'replica-1')
    assert.equal((await sandbox.server(replica).row<{ Source_Port: number }>('SHOW REPLICA STATUS')).Source_Port, sandbox.server('replica-1').port)
    assert.deepEqual(await sandbox.server(replica).row('SELECT @@read_only AS ro, @@super_read_only AS sro'), { ro: 1, sro: 1 })
  }
  await sandbox.untilCaughtUp('sub-replica', 'replica-1')
  assert.deepEqual(await sandbox.server('replica-1').sql('SHOW REPLICA STATUS'), [])
  for (const server of sandbox.servers) assert.equal(await writer.missingOn(server), 0, `${server.name} has every acknowledged row`)
  assert.equal(lab.instance('primary').downtime, null)
  assert.deepEqual(await lab.store.intents.open(), [], 'nothing is left that a restart would take for half done')
})

test('a takeover whose successor cannot catch up is undone: the old primary takes writes again and the record says so', async () => {
  await using sandbox = await Sandbox.fourServers()
  await using lab = await Lab.start(sandbox, { ...verbose, recovery: { reasonableMaintenanceLagSeconds: 2 } })
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await lab.until('rows are written', () => writer.acknowledged.length > 50)
  // The applier runs, and waits for this lock with the next row.
  const holder = await hold(sandbox.server('replica-1'), 'FLUSH TABLES drill.rows_written WITH READ LOCK')
  await sleep(50)
  const taken = await lab.recoveries.gracefulTakeover(lab.instance('primary').clusterName, { designated: lab.key('replica-1'), auto: true, by: 'test' })
  await holder.release()
  assert.equal(taken.ok, false)
  assert.match(taken.ok ? '' : taken.failure.text, /reached maxWait 2s on/)
  assert.deepEqual(await sandbox.server('primary').row('SELECT @@read_only AS ro, @@super_read_only AS sro'), { ro: 0, sro: 0 })
  const count = writer.acknowledged.length
  await lab.until('rows are written again', () => writer.acknowledged.length > count + 20)
  await writer.stop()
  for (const replica of ['replica-1', 'replica-2']) {
    assert.equal((await sandbox.server(replica).row<{ Source_Port: number }>('SHOW REPLICA STATUS')).Source_Port, sandbox.server('primary').port)
    await sandbox.untilCaughtUp(replica, 'primary')
  }
  const [recovery] = await lab.store.recoveries.list({ page: 0 })
  assert.equal(recovery?.isSuccessful, false)
  assert.equal(recovery?.isActive, false, 'nothing is blocked')
  const steps = await lab.store.recoveries.steps(recovery?.uid ?? '')
  assert.ok(steps.some(step => step.stage === 'undo' && step.outcome === 'done'), 'the undo is recorded')
})

test('a takeover that cannot stop writes in time is given up, and no statement makes the old primary read-only later', async () => {
  await using sandbox = await Sandbox.fourServers()
  await using lab = await Lab.start(sandbox, verbose)
  await sandbox.server('primary').sql('CREATE DATABASE held')
  await sandbox.server('primary').sql('CREATE TABLE held.rows_held (id INT PRIMARY KEY)')
  await sandbox.untilCaughtUp('replica-1', 'primary')
  const holder = await hold(sandbox.server('primary'), 'LOCK TABLES held.rows_held WRITE')
  const taken = await lab.recoveries.gracefulTakeover(lab.instance('primary').clusterName, { designated: lab.key('replica-1'), auto: true, by: 'test' })
  assert.equal(taken.ok, false)
  await holder.release()
  await sleep(500)
  assert.deepEqual(await sandbox.server('primary').row('SELECT @@read_only AS ro, @@super_read_only AS sro'), { ro: 0, sro: 0 })
})

test('a takeover is refused before anything is touched: not chosen, not a replica, banned, broken', async () => {
  await using sandbox = await Sandbox.fourServers()
  await using lab = await Lab.start(sandbox, verbose)
  const cluster = lab.instance('primary').clusterName
  const refusal = async (designated: string | null, auto: boolean): Promise<string> => {
    const taken = await lab.recoveries.gracefulTakeover(cluster, { designated: designated === null ? null : lab.key(designated), auto, by: 'test' })
    return taken.ok ? 'taken' : taken.failure.text
  }
  assert.match(await refusal(null, false), /^GracefulMasterTakeover: target instance not indicated, auto=false, and master .* has 2 replicas\. orchestrator cannot choose where to failover to\. Aborting$/)
  assert.match(await refusal('sub-replica', true), /must be directly replicating from the master/)
  lab.inventory.setPromotionRule(lab.key('replica-1'), 'must_not')
  assert.match(await refusal('replica-1', true), /cannot be promoted due to promotion rule/)
  lab.inventory.setPromotionRule(lab.key('replica-1'), 'neutral')
  await sandbox.server('replica-1').sql('STOP REPLICA SQL_THREAD')
  assert.match(await refusal('replica-1', true), /is not replicating/)
  await sandbox.server('replica-2').sql('STOP REPLICA')
  await sandbox.server('replica-1').sql('START REPLICA')
  await sandbox.untilReplicating('replica-1')
  await sandbox.server('replica-1').sql('SET GLOBAL super_read_only = OFF')
  await sandbox.server('replica-1').sql('CREATE DATABASE errant')
  assert.match(await refusal('replica-1', true), /has transactions that the master does not have/)
  assert.deepEqual(await sandbox.server('primary').row('SELECT @@read_only AS ro'), { ro: 0 })
  assert.deepEqual(await lab.store.recoveries.list({ page: 0 }), [])
})
