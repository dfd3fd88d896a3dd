import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lab } from '../harness/lab/lab.ts'
import { accounts } from '../harness/sandbox/accounts.ts'
import { reservePorts } from '../harness/sandbox/free-ports.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const verbose = process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}
const members = ['member-1', 'member-2', 'member-3']

test('the asynchronous replicas of a group member that dies follow another member, and the group itself is left to itself', async () => {
  const ports = await reservePorts(members.length)
  try {
    const seeds = ports.ports.map(port => `127.0.0.1:${port}`)
    const options = (index: number): readonly string[] => [
      '--plugin-load-add=group_replication.so', '--loose-group-replication-group-name=a1a1a1a1-b2b2-c3c3-d4d4-e5e5e5e5e5e5', '--loose-group-replication-start-on-boot=OFF',
      `--loose-group-replication-local-address=${seeds[index]}`, `--loose-group-replication-group-seeds=${seeds.join(',')}`, '--loose-group-replication-recovery-get-public-key=ON',
    ]
    await using sandbox = await Sandbox.start({ servers: [...members.map((name, index) => ({ name, options: options(index) })), { name: 'reader' }, { name: 'second-reader' }] })
    // A grant that members need to be read; unlogged, or every member would have a transaction of its own.
    for (const server of sandbox.servers) {
      const session = await server.connect()
      await session.query('SET SESSION sql_log_bin = 0')
      await session.query(`GRANT SELECT ON performance_schema.replication_group_members TO '${accounts.orchestrator.user}'@'%'`)
      await session.end()
    }
    for (const name of members) {
      const server = sandbox.server(name)
      await server.sql(`CHANGE REPLICATION SOURCE TO SOURCE_USER='${accounts.replication.user}', SOURCE_PASSWORD='${accounts.replication.password}' FOR CHANNEL 'group_replication_recovery'`)
      if (name === 'member-1') await server.sql('SET GLOBAL group_replication_bootstrap_group = ON')
      await server.sql('START GROUP_REPLICATION')
      if (name === 'member-1') await server.sql('SET GLOBAL group_replication_bootstrap_group = OFF')
    }
    await sandbox.replicate('reader', 'member-3')
    await sandbox.replicate('second-reader', 'member-3')
    for (const name of ['reader', 'second-reader']) await sandbox.server(name).sql('SET GLOBAL super_read_only = 1')
    await using lab = await Lab.start(sandbox, verbose)
    await lab.until('the group is known', () => members.every(name => lab.inventory.get(lab.key(name))?.group?.memberState === 'ONLINE' && lab.inventory.get(lab.key(name))?.group?.members.length === 2))
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
  } finally {
    await ports.release()
  }
})
