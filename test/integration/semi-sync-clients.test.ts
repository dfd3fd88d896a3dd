import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import { Lab } from '../harness/lab/lab.ts'
import { accounts } from '../harness/sandbox/accounts.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const verbose = process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}
const options = [
  '--plugin-load-add=semisync_source.so', '--plugin-load-add=semisync_replica.so', '--rpl-semi-sync-replica-enabled=ON', '--rpl-semi-sync-source-timeout=4294967295',
]

const says = 'connections that replicas have left, which the server counts for a while, are not taken for replicas that nobody knows: the primary is replaced'

for (const isExact of [false, true]) test(`${says}; ${isExact ? 'where performance_schema may be read' : 'with the rights that the original asked for'}`, async () => {
  await using sandbox = await Sandbox.fourServers({ options })
  const primary = sandbox.server('primary')
  await primary.sql('SET GLOBAL rpl_semi_sync_source_enabled = 1')
  if (isExact) await primary.sql(`GRANT SELECT ON performance_schema.* TO '${accounts.orchestrator.user}'@'%'`)
  await using lab = await Lab.start(sandbox, { ...verbose, mysql: { discoverByShowReplicas: isExact }, recovery: { durability: { '*': 'semi-sync' } } })
  await lab.until('the primary counts its replicas', () => lab.instance('primary').semiSync?.clients === 2 && lab.instance('primary').semiSync?.sourceActive === true)
  const counted = async (): Promise<number> => Number((await primary.row<{ Value: string }>("SHOW STATUS LIKE 'Rpl_semi_sync_source_clients'")).Value)
  let seenAt = Infinity
  await lab.until('the primary is read while it counts more than there are', async () => {
    for (const statement of ['STOP REPLICA IO_THREAD', 'START REPLICA IO_THREAD']) await sandbox.server('replica-1').sql(statement)
    await sleep(50)
    if (await counted() < 4) seenAt = Infinity
    else seenAt = Math.min(seenAt, Date.now())
    return (lab.instance('primary').check.lastSeenAt ?? 0) > seenAt && await counted() >= 4
  })
  await primary.kill()
  const recovery = await lab.recoveryOf('primary')
  assert.deepEqual([recovery.isSuccessful, recovery.errors], [true, []])
  assert.ok((await lab.store.recoveries.steps(recovery.uid)).some(({ stage, message }) => stage === 'prove' && message.startsWith('2 of 2 semi-sync replicas of')))
})
