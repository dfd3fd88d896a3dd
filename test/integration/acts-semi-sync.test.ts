import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planSemiSync } from '../../src/model/planning/semi-sync.ts'
import { Lab } from '../harness/lab/lab.ts'
import { loggedRun, sameStatements } from '../harness/lab/logged-run.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

test('semi-sync is switched on and off on both sides; a running receiver is restarted so that it holds', async () => {
  await using sandbox = await Sandbox.fourServers()
  await using lab = await Lab.start(sandbox, { pollSeconds: 60 })
  const missing = planSemiSync(lab.inventory.topology, lab.key('primary'), 'source', true)
  assert.ok('refused' in missing)
  assert.equal(missing.refused.text, "Error 1193 (HY000): Unknown system variable 'rpl_semi_sync_master_enabled'")

  await sandbox.server('replica-1').sql('SET GLOBAL super_read_only = OFF')
  await sandbox.server('replica-1').sql("INSTALL PLUGIN rpl_semi_sync_replica SONAME 'semisync_replica.so'")
  await sandbox.server('replica-1').sql('SET GLOBAL super_read_only = ON')
  await sandbox.server('primary').sql("INSTALL PLUGIN rpl_semi_sync_source SONAME 'semisync_source.so'")
  // What people do who have loaded a plugin; the connections stay as they are.
  for (const name of ['primary', 'replica-1']) assert.ok((await lab.discovery.discover(lab.key(name), { learnsAgain: true })).ok)

  const run = async (name: string, side: 'source' | 'replica', enabled: boolean): Promise<readonly string[]> => {
    const { outcome, shown, sent } = await loggedRun(lab, topology => planSemiSync(topology, lab.key(name), side, enabled))
    assert.deepEqual([outcome.state, outcome.failure], ['done', null])
    assert.deepEqual(Object.keys(sent), Object.keys(shown))
    assert.ok(sameStatements(shown[name] ?? [], sent[name] ?? []), JSON.stringify([shown, sent]))
    return sent[name] ?? []
  }
  assert.deepEqual(await run('primary', 'source', true), ['SET GLOBAL rpl_semi_sync_source_enabled = 1'])
  assert.deepEqual(await run('replica-1', 'replica', true), ['SET GLOBAL rpl_semi_sync_replica_enabled = 1', 'STOP REPLICA IO_THREAD', 'START REPLICA IO_THREAD'])
  await lab.until('the replica counts', async () => Number((await sandbox.server('primary').row<{ Value: string }>("SHOW STATUS LIKE 'Rpl_semi_sync_source_clients'")).Value) === 1)
  assert.deepEqual(await run('replica-1', 'replica', true), [], 'it is so already')
  await run('replica-1', 'replica', false)
  await run('primary', 'source', false)
  await lab.until('nobody counts', async () => Number((await sandbox.server('primary').row<{ Value: string }>("SHOW STATUS LIKE 'Rpl_semi_sync_source_clients'")).Value) === 0)
})
