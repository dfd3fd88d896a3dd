import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lab } from '../harness/lab/lab.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

/** Both sides of semi-sync are there, off; a commit that nobody acknowledges waits for ever. */
const semiSync = ['--plugin-load-add=semisync_source.so', '--plugin-load-add=semisync_replica.so', '--rpl-semi-sync-source-timeout=4294967295']
const verbose = process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}
/** Everybody has priority 1 but the one of the given port. */
const mysql = (portWithout = 0) => ({ semiSyncPriorityQuery: `select if(@@port = ${portWithout}, 0, 1)` })
const analysis = { lockedSemiSyncSeconds: 1 }

const status = async (sandbox: Sandbox, what: string): Promise<number> =>
  Number((await sandbox.server('primary').row<{ Value: string }>(`SHOW STATUS LIKE 'Rpl_semi_sync_source_${what}'`)).Value)
const acknowledges = async (sandbox: Sandbox, name: string): Promise<number> =>
  (await sandbox.server(name).row<{ on: number }>('SELECT @@rpl_semi_sync_replica_enabled AS `on`')).on

test('a semi-sync primary whose commits are blocked gets a replica that acknowledges, and what was blocked is committed', async () => {
  await using sandbox = await Sandbox.fourServers({ options: semiSync })
  const primary = sandbox.server('primary')
  await primary.sql('CREATE DATABASE drill')
  await primary.sql('CREATE TABLE drill.rows_kept (id INT PRIMARY KEY)')
  await primary.sql('SET GLOBAL rpl_semi_sync_source_enabled = 1')
  let isCommitted = false
  const blocked = primary.sql('INSERT INTO drill.rows_kept VALUES (1)').then(() => (isCommitted = true))
  {
    await using lab = await Lab.start(sandbox, { ...verbose, analysis, mysql: mysql(sandbox.server('replica-1').port) })
    await lab.until('it is told why nothing is done', () => lab.audited.some(line => line.includes('neither RecoverLockedSemiSyncMaster nor EnforceExactSemiSyncReplicas is set')))
    assert.deepEqual(await lab.store.recoveries.list({ page: 0 }), [], 'nothing is registered that would block a failover')
    const [detected] = await lab.store.detections.list({ page: 0 })
    assert.equal(detected?.code, 'LockedSemiSyncMaster')
  }
  assert.equal(isCommitted, false, 'it was blocked all the time')
  await using lab = await Lab.start(sandbox, { ...verbose, analysis, mysql: mysql(sandbox.server('replica-1').port), recovery: { recoverLockedSemiSync: true } })
  const recovery = await lab.recoveryOf('primary')
  assert.deepEqual([recovery.code, recovery.isSuccessful, lab.nameOf(recovery.successor), recovery.errors], ['LockedSemiSyncMaster', true, 'primary', []])
  await blocked
  assert.equal(await status(sandbox, 'wait_sessions'), 0)
  assert.deepEqual([await acknowledges(sandbox, 'replica-1'), await acknowledges(sandbox, 'replica-2')], [0, 1], 'who has no priority stays asynchronous')
  await primary.sql('INSERT INTO drill.rows_kept VALUES (2)')
  await sandbox.untilCaughtUp('replica-1', 'primary')
  assert.equal((await sandbox.server('replica-1').sql('SELECT * FROM drill.rows_kept')).length, 2)
  await lab.until('nothing is wrong any more', () => lab.recoveries.findings().every(({ code }) => code === 'NoProblem'))
})

test('where exactly so many replicas are to acknowledge, one too many is made asynchronous', async () => {
  await using sandbox = await Sandbox.fourServers({ options: semiSync })
  await sandbox.server('primary').sql('SET GLOBAL rpl_semi_sync_source_enabled = 1')
  for (const name of ['replica-1', 'replica-2']) {
    await sandbox.server(name).sql('SET GLOBAL rpl_semi_sync_replica_enabled = 1')
    await sandbox.server(name).sql('STOP REPLICA IO_THREAD')
    await sandbox.server(name).sql('START REPLICA IO_THREAD')
  }
  await using lab = await Lab.start(sandbox, { ...verbose, analysis: { ...analysis, enforceExactSemiSyncReplicas: true }, mysql: mysql(), recovery: { exactSemiSyncReplicas: true } })
  const recovery = await lab.recoveryOf('primary')
  assert.deepEqual([recovery.code, recovery.isSuccessful, recovery.errors], ['MasterWithTooManySemiSyncReplicas', true, []])
  assert.deepEqual([await acknowledges(sandbox, 'replica-1') + await acknowledges(sandbox, 'replica-2'), await status(sandbox, 'clients')], [1, 1])
})

test('a primary that refuses writes takes them again where that is wished, and was not promoted by it', async () => {
  await using sandbox = await Sandbox.fourServers()
  const primary = sandbox.server('primary')
  await using lab = await Lab.start(sandbox, { ...verbose, analysis: { recoverReadOnlyPrimary: true } })
  await primary.sql('SET GLOBAL super_read_only = 1')
  const recovery = await lab.recoveryOf('primary')
  assert.deepEqual([recovery.code, recovery.isSuccessful, lab.nameOf(recovery.successor)], ['NoWriteableMasterStructureWarning', true, 'primary'])
  assert.deepEqual(await primary.row('SELECT @@read_only AS ro, @@super_read_only AS sro'), { ro: 0, sro: 0 })
  // It was not promoted: acknowledged, the same thing is mended again.
  await lab.recoveries.acknowledge({}, { at: Date.now(), by: 'test', comment: 'seen' })
  await primary.sql('SET GLOBAL read_only = 1')
  await lab.until('it takes writes again', async () => (await primary.row<{ ro: number }>('SELECT @@read_only AS ro')).ro === 0)
})

test('on MariaDB too a blocked primary gets a replica that acknowledges; its relay log is applied before its receiver starts anew', async () => {
  const options = ['--rpl-semi-sync-master-timeout=100000000']
  await using sandbox = await Sandbox.start({ servers: ['primary', 'replica-1', 'replica-2'].map(name => ({ name, flavour: 'mariadb' as const, options })) })
  for (const replica of ['replica-1', 'replica-2']) await sandbox.replicate(replica, 'primary')
  const primary = sandbox.server('primary')
  await primary.sql('CREATE DATABASE drill')
  await primary.sql('CREATE TABLE drill.rows_kept (id INT PRIMARY KEY)')
  await primary.sql('SET GLOBAL rpl_semi_sync_master_enabled = 1')
  const blocked = primary.sql('INSERT INTO drill.rows_kept VALUES (1)')
  await using lab = await Lab.start(sandbox, { ...verbose, analysis, mysql: mysql(sandbox.server('replica-1').port), recovery: { recoverLockedSemiSync: true } })
  const recovery = await lab.recoveryOf('primary')
  assert.deepEqual([recovery.code, recovery.isSuccessful, recovery.errors], ['LockedSemiSyncMaster', true, []])
  const enabled = async (name: string): Promise<number> => (await sandbox.server(name).row<{ enabled: number }>('SELECT @@rpl_semi_sync_slave_enabled AS enabled')).enabled
  assert.deepEqual([await enabled('replica-1'), await enabled('replica-2')], [0, 1])
  await primary.sql('INSERT INTO drill.rows_kept VALUES (2)')
  await blocked
  await lab.until('both rows are everywhere', async () => (await sandbox.server('replica-1').sql('SELECT id FROM drill.rows_kept')).length === 2 && (await sandbox.server('replica-2').sql('SELECT id FROM drill.rows_kept')).length === 2)
})
