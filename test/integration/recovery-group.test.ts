import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lab } from '../harness/lab/lab.ts'
import { accounts } from '../harness/sandbox/accounts.ts'
import { groupMembers, withReplicationGroup } from '../harness/sandbox/replication-group.ts'
import type { Sandbox } from '../harness/sandbox/sandbox.ts'

const verbose = process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}

test('the asynchronous replicas of a group member that dies follow another member, and the group itself is left to itself', async () => {
  // A grant that members need to be read; unlogged, or every member would have a transaction of its own.
  const grant = async (sandbox: Sandbox): Promise<void> => {
    for (const server of sandbox.servers) {
      const session = await server.connect()
      await session.query('SET SESSION sql_log_bin = 0')
      await session.query(`GRANT SELECT ON performance_schema.replication_group_members TO '${accounts.orchestrator.user}'@'%'`)
      await session.end()
    }
  }
  await withReplicationGroup({ beside: ['reader', 'second-reader'], before: grant }, async sandbox => {
    await sandbox.replicate('reader', 'member-3')
    await sandbox.replicate('second-reader', 'member-3')
    for (const name of ['reader', 'second-reader']) await sandbox.server(name).sql('SET GLOBAL super_read_only = 1')
    await using lab = await Lab.start(sandbox, verbose)
    await lab.until('the group is known', () => groupMembers.every(name => lab.inventory.get(lab.key(name))?.group?.memberState === 'ONLINE' && lab.inventory.get(lab.key(name))?.group?.members.length === 2))
    await sandbox.server('member-3').kill()
    const recovery = await lab.recoveryOf('member-3', 30_000)
    assert.deepEqual([recovery.code, recovery.kind, recovery.isSuccessful, recovery.errors, recovery.lostReplicas], ['DeadReplicationGroupMemberWithReplicas', 'ReplicationGroupMemberRecovery', true, [], []])
    assert.equal(lab.nameOf(recovery.successor), 'member-1', 'the primary of the group is taken before another member')
    for (const name of ['reader', 'second-reader']) {
      await sandbox.untilReplicating(name)
      assert.equal((await sandbox.server(name).row<{ Source_Port: number }>('SHOW REPLICA STATUS')).Source_Port, sandbox.server('member-1').port)
    }
    await sandbox.server('member-1').sql('CREATE DATABASE drill')
    await sandbox.untilCaughtUp('reader', 'member-1')
    assert.equal(lab.instance('member-2').group?.memberRole, 'SECONDARY')
  })
})
