import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lab } from '../harness/lab/lab.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const verbose = process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}

/** The replica has a row of its own under a key that the primary writes next: its applier fails, at each start anew. */
async function breakApplier(sandbox: Sandbox, names: readonly string[]): Promise<void> {
  const primary = sandbox.server('primary')
  for (const statement of ['CREATE DATABASE stuck', 'CREATE TABLE stuck.t (id INT PRIMARY KEY)']) await primary.sql(statement)
  for (const name of ['replica-1', 'replica-2']) await sandbox.untilReplicating(name)
  for (const name of names) {
    const session = await sandbox.server(name).connect()
    for (const statement of ['SET GLOBAL super_read_only = 0', 'SET sql_log_bin = 0', 'INSERT INTO stuck.t VALUES (7)', 'SET GLOBAL super_read_only = 1']) await session.query(statement)
    await session.end()
  }
  await primary.sql('INSERT INTO stuck.t VALUES (7)')
}

const hasFailed = (lab: Lab, name: string): boolean => {
  const link = lab.instance(name).replication
  return link?.applier === 'stopped' && link.applierError.number !== 0
}

test('the replica that received most, whose applier fails at each start, delays nobody: one that can apply is promoted, and what only the other received is counted', async () => {
  await using sandbox = await Sandbox.fourServers()
  await using lab = await Lab.start(sandbox, verbose)
  await breakApplier(sandbox, ['replica-1'])
  await sandbox.server('replica-2').sql('STOP REPLICA IO_THREAD')
  await sandbox.server('primary').sql('INSERT INTO stuck.t VALUES (8)')
  await lab.until('its applier has failed', () => hasFailed(lab, 'replica-1'))
  await sandbox.server('primary').kill()
  const recovery = await lab.recoveryOf('primary')
  assert.deepEqual([recovery.isSuccessful, lab.nameOf(recovery.successor)], [true, 'replica-2'])
  const told = (await lab.store.recoveries.steps(recovery.uid)).map(({ stage, message }) => `${stage}: ${message}`).join('\n')
  assert.match(told, /cannot execute what is waited for: its applier stopped with Error \d+/)
  assert.match(told, /feed: .*were left behind/)
})

test('where every applier fails nobody waits for what cannot come: the recovery ends with the errors of all of them', async () => {
  await using sandbox = await Sandbox.fourServers()
  await using lab = await Lab.start(sandbox, verbose)
  await breakApplier(sandbox, ['replica-1', 'replica-2'])
  await lab.until('both appliers have failed', () => hasFailed(lab, 'replica-1') && hasFailed(lab, 'replica-2'))
  await sandbox.server('primary').kill()
  const recovery = await lab.recoveryOf('primary')
  assert.deepEqual([recovery.isSuccessful, recovery.successor], [false, null])
  for (const name of ['replica-1', 'replica-2']) assert.ok(recovery.errors.join().includes(`${lab.key(name)} cannot execute what is waited for`), recovery.errors.join())
})
