import assert from 'node:assert/strict'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Lab } from '../harness/lab/lab.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

test('a primary that is killed under a writer is replaced, every survivor follows, and nothing acknowledged that a replica held is lost', async () => {
  await using sandbox = await Sandbox.fourServers()
  const folder = await mkdtemp(join(tmpdir(), 'orc-hooks-'))
  const told = join(folder, 'told')
  const hook = (name: string) => [`echo "${name} {failureType} {failedHost}:{failedPort} {successorHost}:{successorPort} {isSuccessful} $ORC_RECOVERY_UID $ORC_COUNT_REPLICAS" >> ${told}`]
  await using lab = await Lab.start(sandbox, {
    recovery: {
      onFailureDetection: hook('detected'), preFailover: hook('before'), postMasterFailover: hook('master'), postFailover: hook('after'), postUnsuccessfulFailover: hook('unsuccessful'),
    },
    ...(process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}),
  })
  await lab.journal.propose({ do: 'set-alias', clusterName: lab.key('primary'), alias: 'drill' })
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await lab.until('rows are written', () => writer.acknowledged.length > 200)
  const before = writer.acknowledged.length
  await sandbox.server('primary').kill()
  const recovery = await lab.recoveryOf('primary')
  await lab.until('rows are written again', () => writer.acknowledged.length > before + 50)
  await writer.stop()

  const successor = lab.nameOf(recovery.successor)
  assert.ok(['replica-1', 'replica-2'].includes(successor), `${successor} was promoted`)
  assert.equal(recovery.isSuccessful, true)
  assert.equal(recovery.code, 'DeadMaster')
  assert.equal(recovery.method, 'MasterRecoveryGTID')
  assert.deepEqual(recovery.lostReplicas, [])
  assert.deepEqual(recovery.errors, [])
  const other = successor === 'replica-1' ? 'replica-2' : 'replica-1'
  assert.equal(lab.instance(other).replication?.source, recovery.successor)
  assert.equal(lab.instance('sub-replica').replication?.source, lab.key('replica-2'))
  assert.deepEqual(await sandbox.server(successor).row('SELECT @@read_only AS ro, @@super_read_only AS sro'), { ro: 0, sro: 0 })
  assert.deepEqual(await sandbox.server(successor).sql('SHOW REPLICA STATUS'), [])
  for (const replica of [other, 'sub-replica']) await sandbox.untilCaughtUp(replica, successor)
  // Asynchronous replication may lose what no replica had received; what any replica held must be there.
  const missing = await writer.missingOn(sandbox.server(successor))
  assert.ok(missing <= 5, `${missing} acknowledged rows are missing`)

  const steps = await lab.store.recoveries.steps(recovery.uid)
  assert.ok(steps.some(step => step.stage === 'promote' && step.outcome === 'done' && (step.durationMilliseconds ?? 0) > 0), 'the promotion is recorded with its duration')
  assert.ok(steps.some(step => /last seen with was found|were not found/.test(step.message)), 'what was not found is counted')
  const lines = (await readFile(told, 'utf8')).trim().split('\n').map(line => line.split(' '))
  const [host, port] = [sandbox.server('primary').host, sandbox.server('primary').port]
  const [to] = [sandbox.server(successor)]
  assert.deepEqual(lines.map(([name]) => name), ['detected', 'before', 'master', 'after'])
  for (const [, type, failed, , , , count] of lines) assert.deepEqual([type, failed, count], ['DeadMaster', `${host}:${port}`, '2'])
  assert.deepEqual(lines[1]?.slice(3, 6), ['{successorHost}:{successorPort}', 'false', recovery.uid])
  assert.deepEqual(lines[3]?.slice(3, 6), [`${to.host}:${to.port}`, 'true', recovery.uid])

  assert.equal(lab.inventory.topology.aliasOf(recovery.successor ?? ''), 'drill')
  assert.equal(lab.instance('primary').downtime?.reason, 'lost-in-recovery')
  assert.ok(lab.audited.some(line => line.startsWith('recover-dead-master')))
})
