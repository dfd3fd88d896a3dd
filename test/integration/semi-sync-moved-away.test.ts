import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lab } from '../harness/lab/lab.ts'
import { accounts } from '../harness/sandbox/accounts.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const verbose = process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}
const options = [
  '--plugin-load-add=semisync_source.so', '--plugin-load-add=semisync_replica.so', '--rpl-semi-sync-replica-enabled=ON', '--rpl-semi-sync-source-timeout=4294967295',
]

const says = 'a semi-sync replica that was moved away a moment before its primary dies is no stranger: it is read where it is, and the primary is replaced'

for (const isExact of [false, true]) test(`${says}; ${isExact ? 'where performance_schema may be read' : 'with the rights that the original asked for'}`, async () => {
  await using sandbox = await Sandbox.fourServers({ options })
  const [primary, moved] = [sandbox.server('primary'), sandbox.server('replica-1')]
  await primary.sql('SET GLOBAL rpl_semi_sync_source_enabled = 1')
  if (isExact) await primary.sql(`GRANT SELECT ON performance_schema.* TO '${accounts.orchestrator.user}'@'%'`)
  await using lab = await Lab.start(sandbox, { ...verbose, recovery: { durability: { '*': 'semi-sync' } } })
  await lab.until('the primary knows who acknowledges', () => {
    const { semiSync } = lab.instance('primary')
    return semiSync?.clients === 2 && semiSync.sourceActive && semiSync.acknowledgers?.uuids.length === 2 && semiSync.acknowledgers.exact === isExact
  })
  await moved.sql('STOP REPLICA')
  await moved.sql(`CHANGE REPLICATION SOURCE TO SOURCE_PORT = ${sandbox.server('replica-2').port}`)
  await primary.kill()
  await moved.sql('START REPLICA')
  await lab.discovery.readAgain([lab.key('replica-1')])
  assert.deepEqual([lab.instance('replica-1').replication?.source, lab.instance('primary').semiSync?.clients], [lab.key('replica-2'), 2])
  const recovery = await lab.recoveryOf('primary')
  assert.deepEqual([recovery.isSuccessful, lab.nameOf(recovery.successor), recovery.errors], [true, 'replica-2', []])
  assert.ok((await lab.store.recoveries.steps(recovery.uid)).some(({ stage, message }) => stage === 'prove' && message.startsWith('2 of 2 semi-sync replicas of')))
})
