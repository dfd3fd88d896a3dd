import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRefusal } from '../../src/model/planning/plan.ts'
import { planReprovision } from '../../src/model/planning/reprovision.ts'
import { defaultReplicationPolicy as policy } from '../../src/model/topology/replication-rules.ts'
import { Lab } from '../harness/lab/lab.ts'
import { refresh } from '../harness/lab/logged-run.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const verbose = process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}
const names = ['primary', 'replica-1', 'replica-2']

test('a replaced primary with transactions of its own gets the data of a replica by a real clone and follows; without the privilege it keeps all it has', async () => {
  await using sandbox = await Sandbox.start({ servers: names.map(name => ({ name, options: ['--plugin-load-add=mysql_clone.so'] })) })
  await sandbox.server('primary').sql("GRANT SELECT ON performance_schema.* TO orchestrator@'%'")
  for (const replica of ['replica-1', 'replica-2']) {
    await sandbox.replicate(replica, 'primary', { heartbeatSeconds: 2.5 })
    await sandbox.server(replica).sql('SET GLOBAL super_read_only = 1')
  }
  await sandbox.server('primary').sql('CREATE DATABASE kept')
  await sandbox.server('primary').sql('CREATE TABLE kept.rows_kept (id INT PRIMARY KEY, filling LONGTEXT)')
  await sandbox.server('primary').sql("INSERT INTO kept.rows_kept VALUES (1, REPEAT('x', 4000000)), (2, REPEAT('y', 4000000))")
  for (const replica of ['replica-1', 'replica-2']) await sandbox.untilCaughtUp(replica, 'primary')
  await using lab = await Lab.start(sandbox, verbose)
  await sandbox.server('primary').kill()
  const recovery = await lab.recoveryOf('primary')
  const successor = lab.nameOf(recovery.successor)
  const other = successor === 'replica-1' ? 'replica-2' : 'replica-1'
  await sandbox.server('primary').start()
  await lab.until('it is fenced or written to', async () => {
    await sandbox.server('primary').sql('SET GLOBAL super_read_only = 0, GLOBAL read_only = 0')
    return sandbox.server('primary').sql('CREATE DATABASE mine').then(() => true, () => false)
  })
  await lab.until('a clone is offered', () => lab.audited.some(line => line.startsWith('returned-primary') && line.includes('has 1 transactions that') && line.includes('-c reprovision')))
  await lab.until('it is read-only', () => lab.instance('primary').readOnly)
  await refresh(lab)
  const made = () => {
    const plan = planReprovision(lab.inventory.topology, { old: lab.key('primary'), donor: null, source: lab.key(successor) }, policy)
    if (isRefusal(plan)) throw new Error(plan.refused.text)
    return plan
  }
  assert.deepEqual(made().warnings.map(({ code }) => code), ['reprovision-destroys', 'reprovision-loses'])
  assert.equal(made().steps.find(({ step }) => step.do === 'clone-from')?.step.do === 'clone-from' && made().steps[0]?.step.on, lab.key(other), 'a replica gives its data, not the primary')

  const refused = await lab.execution.run(made(), { by: 'test' })
  assert.equal(refused.state, 'failed')
  assert.match(refused.failure?.text ?? '', /CLONE_ADMIN|BACKUP_ADMIN/)
  assert.equal((await sandbox.server('primary').sql("SHOW DATABASES LIKE 'mine'")).length, 1, 'nothing was dropped')

  await sandbox.server(successor).sql("GRANT BACKUP_ADMIN, CLONE_ADMIN ON *.* TO orchestrator@'%'")
  await sandbox.untilCaughtUp(other, successor)
  const session = await sandbox.server('primary').connect()
  await session.query('SET SESSION sql_log_bin = 0')
  await lab.until('the account may clone', async () => {
    await session.query('SET GLOBAL super_read_only = 0')
    return session.query("GRANT CLONE_ADMIN ON *.* TO orchestrator@'%'").then(() => true, () => false)
  })
  await session.end()
  await lab.until('it is read-only again', async () => {
    await refresh(lab)
    return lab.instance('primary').readOnly
  })
  const running = lab.execution.run(made(), { by: 'test' })
  // Nobody watches over the servers of a test: one that ends is started here, as a service manager would.
  await lab.until('it ends to begin anew', () => !sandbox.server('primary').isRunning, 60_000)
  await sandbox.server('primary').start()
  const outcome = await running
  assert.deepEqual([outcome.state, outcome.failure], ['done', null])
  await sandbox.untilCaughtUp('primary', successor)
  const primary = sandbox.server('primary')
  assert.deepEqual([(await primary.sql("SHOW DATABASES LIKE 'mine'")).length, (await primary.row<{ n: number }>('SELECT COUNT(*) AS n FROM kept.rows_kept')).n], [0, 2])
  assert.equal((await primary.row<{ port: number }>('SELECT PORT AS port FROM performance_schema.replication_connection_configuration')).port, sandbox.server(successor).port)
  assert.equal((await primary.row<{ sro: number }>('SELECT @@super_read_only AS sro')).sro, 1)
  assert.equal(Number((await primary.row<{ Heartbeat: number }>('SELECT Heartbeat FROM mysql.slave_master_info')).Heartbeat), 2.5)
  const progress = await lab.servers.cloneProgress(lab.key('primary'), 5000)
  assert.ok(progress.ok, progress.ok ? '' : progress.failure.text)
  assert.equal(progress.value.state, 'Completed')
  assert.ok((progress.value.stages.find(({ stage }) => stage === 'FILE COPY')?.bytesDone ?? 0) > 8_000_000)
  await lab.until('it is no deposed primary any more', () => lab.recoveries.deposed().length === 0)
})

test('a primary that was replaced while it lived may be cloned over at once, although it lists the replicas that left until it sends them something', async () => {
  await using sandbox = await Sandbox.start({ servers: names.map(name => ({ name, options: ['--plugin-load-add=mysql_clone.so'] })) })
  for (const replica of ['replica-1', 'replica-2']) {
    await sandbox.replicate(replica, 'primary', { heartbeatSeconds: 300 })
    await sandbox.server(replica).sql('SET GLOBAL super_read_only = 1')
  }
  await using lab = await Lab.start(sandbox, verbose)
  const forced = await lab.recoveries.forceFailover(lab.instance('primary').clusterName, { designated: null, by: 'test' })
  assert.ok(forced.ok && forced.value.successor !== null, forced.ok ? '' : forced.failure.text)
  await refresh(lab)
  assert.equal(lab.instance('primary').listedReplicas.length, 2, 'it has not noticed yet')
  const plan = planReprovision(lab.inventory.topology, { old: lab.key('primary'), donor: null, source: forced.value.successor }, policy)
  assert.ok(!isRefusal(plan), isRefusal(plan) ? plan.refused.text : '')
  const run = await lab.execution.run(plan, { by: 'test' })
  assert.match(run.failure?.text ?? '', /CLONE_ADMIN|BACKUP_ADMIN/, 'it came as far as the clone itself')
})
