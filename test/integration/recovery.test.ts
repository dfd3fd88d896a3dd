import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RowDataPacket } from 'mysql2'
import { hold } from '../harness/lab/hold.ts'
import { Lab } from '../harness/lab/lab.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

test('a primary that is killed under a writer is replaced, every survivor follows, and nothing acknowledged that a replica held is lost', async () => {
  await using sandbox = await Sandbox.fourServers()
  const told = join(sandbox.folder, 'told')
  const hook = (name: string) => [`echo "${name} {failureType} {failedHost}:{failedPort} {successorHost}:{successorPort} {isSuccessful} $ORC_RECOVERY_UID $ORC_COUNT_REPLICAS" >> ${told}`]
  await using lab = await Lab.start(sandbox, {
    recovery: {
      onFailureDetection: hook('detected'), preFailover: hook('before'), postPrimaryFailover: hook('master'), postFailover: hook('after'), postUnsuccessfulFailover: hook('unsuccessful'),
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

const sourceOf = async (sandbox: Sandbox, name: string): Promise<number> => (await sandbox.server(name).row<{ Source_Port: number }>('SHOW REPLICA STATUS')).Source_Port
const verbose = process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}

test('switched off, blocked and acknowledged: each prevents or allows a failover with a reason, and former primaries that return are made super_read_only', async () => {
  await using sandbox = await Sandbox.fourServers()
  const databaseFile = join(sandbox.folder, 'orchestrator.sqlite3')
  const successors: string[] = []
  {
    await using lab = await Lab.start(sandbox, { ...verbose, databaseFile })
    await lab.journal.propose({ do: 'switch-recoveries', disabled: { since: Date.now(), by: 'test' } })
    await sandbox.server('primary').kill()
    await lab.until('the reason is audited', () => lab.audited.some(line => line.includes('automatic recovery is off (switched off by test)')))
    assert.deepEqual(await lab.store.recoveries.list({ page: 0 }), [])
    assert.equal((await lab.store.detections.list({ page: 0 }))[0]?.code, 'DeadMaster', 'it is detected all the same')
    await lab.journal.propose({ do: 'switch-recoveries', disabled: null })
    const first = await lab.recoveryOf('primary')
    const second = lab.nameOf(first.successor)
    successors.push(second)

    await lab.until('everybody follows', () => lab.inventory.topology.replicasOf(lab.key(second)).length >= 1)
    await sandbox.server(second).kill()
    await lab.until('the block is recorded', async () => (await lab.store.recoveries.blocked({})).length === 1)
    const [blocked] = await lab.store.recoveries.blocked({})
    assert.deepEqual([blocked?.key, blocked?.blockingRecoveryId], [lab.key(second), first.id])
    assert.ok(lab.audited.some(line => line.includes('has recently been promoted')))
    assert.equal((await lab.store.recoveries.list({ page: 0 })).length, 1)
    const finding = lab.recoveries.findings().find(({ key }) => key === lab.key(second))
    assert.equal(finding && lab.recoveries.outlook(finding).state, 'blocked')
    assert.equal(await lab.recoveries.acknowledge({ key: lab.key('primary') }, { at: Date.now(), by: 'test', comment: 'seen' }), 1)
    const third = await lab.recoveryOf(second)
    assert.equal(third.isSuccessful, true)
    assert.deepEqual(await lab.store.recoveries.blocked({}), [])
    successors.push(lab.nameOf(third.successor))

    await sandbox.server('primary').start()
    await lab.until('the former primary is super_read_only', async () => (await sandbox.server('primary').row<{ sro: number }>('SELECT @@super_read_only AS sro')).sro === 1)
    await lab.until('and that is told', () => lab.audited.some(line => line.startsWith('deposed-primary-fenced')))
  }
  // Another run of the program knows from the records who was replaced.
  await sandbox.server(successors[0] ?? '').start()
  await sandbox.server(successors[0] ?? '').sql('SET GLOBAL super_read_only = 0, GLOBAL read_only = 0')
  await using lab = await Lab.start(sandbox, { ...verbose, databaseFile })
  await lab.until('the second former primary is super_read_only', async () => (await sandbox.server(successors[0] ?? '').row<{ sro: number }>('SELECT @@super_read_only AS sro')).sro === 1)
})

test('an intermediate source that dies gives its replicas to its sibling; one in a downtime, or outside the filters, is left alone and the reason is told', async () => {
  await using sandbox = await Sandbox.fourServers()
  {
    await using lab = await Lab.start(sandbox, { ...verbose, recovery: { intermediateFilters: [] } })
    await sandbox.server('replica-2').kill()
    await lab.until('the reason is audited', () => lab.audited.some(line => line.includes('outside RecoverIntermediateMasterClusterFilters')))
    await sandbox.server('replica-2').start()
    await sandbox.untilReplicating('sub-replica')
  }
  {
    await using lab = await Lab.start(sandbox, verbose)
    await lab.journal.propose({ do: 'begin-downtime', key: lab.key('replica-2'), downtime: { owner: 'test', reason: 'work', beginsAt: Date.now(), endsAt: Date.now() + 3_600_000 } })
    await sandbox.server('replica-2').kill()
    await lab.until('it is found dead', () => lab.recoveries.findings().some(({ key, code }) => key === lab.key('replica-2') && code === 'DeadIntermediateMasterWithSingleReplicaFailingToConnect'))
    const finding = lab.recoveries.findings().find(({ key }) => key === lab.key('replica-2'))
    assert.equal(finding && lab.recoveries.outlook(finding).state, 'downtimed')
    assert.deepEqual(await lab.store.recoveries.list({ page: 0 }), [])
    assert.equal(await sourceOf(sandbox, 'sub-replica'), sandbox.server('replica-2').port)
    await lab.journal.propose({ do: 'end-downtime', key: lab.key('replica-2'), kind: 'end-downtime' })
    const recovery = await lab.recoveryOf('replica-2')
    assert.deepEqual([recovery.kind, recovery.isSuccessful, lab.nameOf(recovery.successor)], ['IntermediateMasterRecovery', true, 'replica-1'])
    assert.equal(await sourceOf(sandbox, 'sub-replica'), sandbox.server('replica-1').port)
    await sandbox.untilReplicating('sub-replica')
  }
})

test('a primary that dies together with a replica: the other one is promoted and the dead one is listed as lost', async () => {
  await using sandbox = await Sandbox.fourServers()
  await using lab = await Lab.start(sandbox, verbose)
  await Promise.all([sandbox.server('replica-1').kill(), sandbox.server('primary').kill()])
  const recovery = await lab.recoveryOf('primary')
  assert.equal(recovery.code, 'DeadMasterAndSomeReplicas')
  assert.equal(lab.nameOf(recovery.successor), 'replica-2')
  assert.deepEqual(recovery.lostReplicas.map(key => lab.nameOf(key)), ['replica-1'])
  assert.equal(lab.instance('replica-1').downtime?.reason, 'lost-in-recovery')
})

test('what a replica has received and not applied is not lost: it is applied before the promotion', async () => {
  await using sandbox = await Sandbox.fourServers()
  await using lab = await Lab.start(sandbox, verbose)
  const primary = sandbox.server('primary')
  await primary.sql('CREATE DATABASE kept')
  await primary.sql('CREATE TABLE kept.rows_kept (id INT PRIMARY KEY)')
  for (const replica of ['replica-1', 'replica-2']) await sandbox.untilCaughtUp(replica, 'primary')
  await sandbox.server('replica-2').sql('STOP REPLICA IO_THREAD')
  const holder = await hold(sandbox.server('replica-1'), 'FLUSH TABLES kept.rows_kept WITH READ LOCK')
  for (let id = 1; id <= 20; id += 1) await primary.sql('INSERT INTO kept.rows_kept VALUES (?)', [id])
  const { gtids } = await primary.row<{ gtids: string }>('SELECT @@gtid_executed AS gtids')
  await lab.until('replica-1 has received them', async () =>
    Number((await sandbox.server('replica-1').row<{ has: number }>('SELECT GTID_SUBSET(GTID_SUBTRACT(?, @@gtid_executed), received_transaction_set) AS has FROM performance_schema.replication_connection_status', [gtids])).has) === 1)
  await primary.kill()
  await lab.until('the recovery has begun', () => lab.recoveries.activeRecoveries().length === 1)
  await sleep(1500)
  await holder.release()
  const recovery = await lab.recoveryOf('primary')
  assert.equal(lab.nameOf(recovery.successor), 'replica-1')
  for (const name of ['replica-1', 'replica-2']) {
    await sandbox.untilCaughtUp(name, 'replica-1')
    assert.equal((await sandbox.server(name).row<{ n: number }>('SELECT COUNT(*) AS n FROM kept.rows_kept')).n, 20, name)
  }
})

test('what only a replica holds that may not be promoted is fetched by the one that is', async () => {
  await using sandbox = await Sandbox.fourServers()
  await using lab = await Lab.start(sandbox, verbose)
  const primary = sandbox.server('primary')
  lab.inventory.setPromotionRule(lab.key('replica-1'), 'must_not')
  await sandbox.server('replica-2').sql('STOP REPLICA IO_THREAD')
  await primary.sql('CREATE DATABASE fetched')
  await sandbox.untilCaughtUp('replica-1', 'primary')
  await primary.kill()
  const recovery = await lab.recoveryOf('primary')
  assert.equal(lab.nameOf(recovery.successor), 'replica-2')
  assert.deepEqual(recovery.lostReplicas, [])
  assert.deepEqual(recovery.errors, [])
  assert.equal((await sandbox.server('replica-2').sql("SHOW DATABASES LIKE 'fetched'")).length, 1)
  assert.equal(await sourceOf(sandbox, 'replica-1'), sandbox.server('replica-2').port)
  await sandbox.untilReplicating('replica-1')
})

test('a dry run says what would be done and touches nothing, and a recovery by command does it with the candidate that is named', async () => {
  await using sandbox = await Sandbox.fourServers()
  await using lab = await Lab.start(sandbox, { ...verbose, recovery: { primaryFilters: [], postFailover: ['echo {successorPort}'] } })
  const view = await lab.recoveries.dryRun(lab.key('primary'))
  assert.deepEqual([view.code, view.isConfirmedDead, view.refusal, view.lost], ['DeadMaster', false, null, []])
  assert.deepEqual(view.stages.map(stage => stage.name), ['stop-receivers', 'promote', 'repoint', 'fence'])
  assert.ok(view.stages.every(stage => stage.steps.every(step => step.statements.length > 0)))
  assert.equal(view.candidates.filter(({ verdict }) => verdict === 'best').length, 1)
  assert.match(view.hooks.find(({ list }) => list === 'PostFailoverProcesses')?.commands[0] ?? '', /^echo \d+$/)
  assert.deepEqual(await sandbox.server('primary').row('SELECT @@read_only AS ro'), { ro: 0 })
  const healthy = await lab.recoveries.recover(lab.key('primary'), { by: 'test' })
  assert.deepEqual(healthy, { ok: true, value: null })
  await sandbox.server('primary').kill()
  await lab.until('the reason is audited', () => lab.audited.some(line => line.includes('outside RecoverMasterClusterFilters')))
  const recovered = await lab.recoveries.recover(lab.key('primary'), { candidate: lab.key('replica-2'), by: 'test' })
  assert.ok(recovered.ok && recovered.value !== null)
  assert.deepEqual([lab.nameOf(recovered.value.successor), recovered.value.startedBy, recovered.value.command], ['replica-2', 'test', 'recover'])
})

test('a primary that only we cannot reach is never failed over', async () => {
  await using sandbox = await Sandbox.fourServers()
  await using lab = await Lab.start(sandbox, verbose)
  const primary = sandbox.server('primary')
  const session = await primary.connect()
  await session.query('SET sql_log_bin = 0')
  await session.query("ALTER USER orchestrator@'%' ACCOUNT LOCK")
  const [connections] = await session.query<RowDataPacket[]>("SELECT id FROM information_schema.processlist WHERE user = 'orchestrator'")
  for (const { id } of connections) await session.query(`KILL ${Number(id)}`)
  await lab.until('we cannot log in any more', () => lab.instance('primary').check.failure !== null)
  await sleep(3000)
  assert.deepEqual(await lab.store.recoveries.list({ page: 0 }), [])
  const finding = lab.recoveries.findings().find(({ key }) => key === lab.key('primary'))
  assert.equal(finding?.code, 'UnreachableMaster')
  assert.equal(finding && lab.recoveries.outlook(finding).state, 'waiting-for-evidence')
  await session.query("ALTER USER orchestrator@'%' ACCOUNT UNLOCK")
  await session.end()
  await lab.until('all is well again', () => lab.instance('primary').check.failure === null && lab.recoveries.findings().length === 0)
})

test('a primary that hangs without closing anything is replaced in seconds, and is made read-only when it goes on', async () => {
  await using sandbox = await Sandbox.fourServers()
  // With this grant the manager knows when each replica last heard of its source, and need not wait for replica_net_timeout.
  await sandbox.server('primary').sql("GRANT SELECT ON performance_schema.* TO orchestrator@'%'")
  for (const replica of ['replica-1', 'replica-2', 'sub-replica']) await sandbox.untilCaughtUp(replica, 'primary')
  for (const replica of ['replica-1', 'replica-2']) {
    await sandbox.server(replica).sql('STOP REPLICA')
    await sandbox.server(replica).sql('CHANGE REPLICATION SOURCE TO SOURCE_HEARTBEAT_PERIOD = 1')
    await sandbox.server(replica).sql('START REPLICA')
    await sandbox.untilReplicating(replica)
  }
  await using lab = await Lab.start(sandbox, verbose)
  await sleep(2000)
  const frozenAt = performance.now()
  sandbox.server('primary').freeze()
  const recovery = await lab.recoveryOf('primary', 60_000)
  const took = performance.now() - frozenAt
  sandbox.server('primary').resume()
  assert.equal(recovery.isSuccessful, true)
  assert.ok(took < 20_000, `it took ${took} ms`)
  if (process.env['LAB_VERBOSE']) console.log(`frozen: ${took.toFixed(0)} ms`)
  await lab.until('the former primary is super_read_only', async () => (await sandbox.server('primary').row<{ sro: number }>('SELECT @@super_read_only AS sro')).sro === 1)
})

test('a MariaDB primary is replaced too: each replica applies what it received before its source changes', async () => {
  await using sandbox = await Sandbox.start({ servers: ['primary', 'replica-1', 'replica-2'].map(name => ({ name, flavour: 'mariadb' as const })) })
  for (const replica of ['replica-1', 'replica-2']) {
    await sandbox.replicate(replica, 'primary')
    await sandbox.server(replica).sql('SET GLOBAL read_only = 1')
  }
  await using lab = await Lab.start(sandbox, verbose)
  await sandbox.server('primary').sql('CREATE DATABASE kept')
  await lab.until('both have it', async () => (await Promise.all(['replica-1', 'replica-2'].map(name => sandbox.server(name).sql("SHOW DATABASES LIKE 'kept'")))).every(rows => rows.length === 1))
  await sandbox.server('primary').kill()
  const recovery = await lab.recoveryOf('primary')
  assert.deepEqual([recovery.isSuccessful, recovery.errors, recovery.lostReplicas], [true, [], []])
  const successor = lab.nameOf(recovery.successor)
  const other = successor === 'replica-1' ? 'replica-2' : 'replica-1'
  await sandbox.untilReplicating(other)
  assert.equal((await sandbox.server(other).row<{ Master_Port: number }>('SHOW SLAVE STATUS')).Master_Port, sandbox.server(successor).port)
  assert.deepEqual(await sandbox.server(successor).sql('SHOW SLAVE STATUS'), [])
  assert.equal((await sandbox.server(successor).row<{ ro: number }>('SELECT @@read_only AS ro')).ro, 0)
  const steps = await lab.store.recoveries.steps(recovery.uid)
  assert.ok(steps.some(({ message }) => message.startsWith('every transaction that')), 'by its position nothing is missing')
})
