import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planMakeCoPrimary } from '../../src/model/planning/make-co-primary.ts'
import type { Planned } from '../../src/model/planning/plan.ts'
import { planRelocate } from '../../src/model/planning/relocate.ts'
import { defaultRelocatePolicy as policy } from '../../src/model/planning/relocate-judgement.ts'
import { planSemiSync } from '../../src/model/planning/semi-sync.ts'
import { planSingle } from '../../src/model/planning/single.ts'
import type { Topology } from '../../src/model/topology/topology.ts'
import { Lab } from '../harness/lab/lab.ts'
import { loggedRun, refresh, sameStatements } from '../harness/lab/logged-run.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const verbose = process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}
/** MariaDB tells nobody its replication account. */
const account = { credentialsQuery: "SELECT 'repl', 'Repl-pass-1'" }
const mariadb = { flavour: 'mariadb' as const }

interface Status extends Record<string, unknown> {
  readonly Master_Port: number
}

async function statusOf(sandbox: Sandbox, name: string): Promise<Status> {
  return sandbox.server(name).row<Status>('SHOW ALL SLAVES STATUS')
}

async function done(lab: Lab, planned: (topology: Topology) => Planned): Promise<void> {
  const { outcome, shown, sent } = await loggedRun(lab, planned)
  assert.deepEqual([outcome.state, outcome.failure], ['done', null])
  assert.deepEqual(Object.keys(sent), Object.keys(shown))
  for (const [name, statements] of Object.entries(shown)) assert.ok(sameStatements(statements, sent[name] ?? []), JSON.stringify([shown, sent], null, 1))
}

async function nothingIsMissing(lab: Lab, writer: Writer, names: readonly string[]): Promise<void> {
  await writer.stop()
  for (const name of names) await lab.until(`every row is on ${name}`, async () => (await writer.missingOn(lab.sandbox.server(name))) === 0)
}

test('a MariaDB primary hands over under a writer, moves at once as the replica it has become, and is replaced by what only a stopped relay log holds', async () => {
  await using sandbox = await Sandbox.start({ servers: ['primary', 'replica-1', 'replica-2'].map(name => ({ name, ...mariadb })) })
  for (const replica of ['replica-1', 'replica-2']) {
    await sandbox.replicate(replica, 'primary', { tls: {}, heartbeatSeconds: 2.5, connectRetrySeconds: 3 })
    await sandbox.server(replica).sql('SET GLOBAL read_only = 1')
  }
  await using lab = await Lab.start(sandbox, { ...verbose, mysql: account })
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await lab.until('rows are written', () => writer.acknowledged.length > 50)

  const taken = await lab.recoveries.gracefulTakeover(lab.instance('primary').clusterName, { designated: lab.key('replica-1'), auto: true, by: 'test' })
  assert.ok(taken.ok, taken.ok ? '' : taken.failure.text)
  assert.deepEqual([lab.nameOf(taken.value.successor), taken.value.errors, taken.value.lostReplicas], ['replica-1', [], []])
  for (const name of ['primary', 'replica-2']) {
    const status = await statusOf(sandbox, name)
    assert.deepEqual([status.Master_Port, status['Slave_IO_Running'], status['Slave_SQL_Running'], status['Using_Gtid']], [sandbox.server('replica-1').port, 'Yes', 'Yes', 'Slave_Pos'], name)
  }
  const { Slave_heartbeat_period: heartbeat, Connect_Retry: retry, Master_SSL_Allowed: tls } = await statusOf(sandbox, 'replica-2')
  assert.deepEqual([Number(heartbeat), Number(retry), tls], [2.5, 3, 'Yes'], 'a replica keeps its options over the move')
  const count = writer.acknowledged.length
  await lab.until('rows are written again', () => writer.acknowledged.length > count + 20)
  assert.equal(writer.acknowledged.at(-1)?.server, 'replica-1')

  // What it wrote as the primary is waited for by nobody: it has it.
  await refresh(lab)
  await done(lab, topology => planRelocate(topology, { replica: lab.key('primary'), target: lab.key('replica-2') }, policy, Date.now()))
  await done(lab, topology => planRelocate(topology, { replica: lab.key('primary'), target: lab.key('replica-1') }, policy, Date.now()))

  // What only replica-2 has received stands in a relay log that starting either thread throws away.
  await sandbox.server('primary').sql('STOP SLAVE IO_THREAD')
  await sandbox.server('replica-2').sql('STOP SLAVE SQL_THREAD')
  const before = writer.acknowledged.length
  await lab.until('rows are received', () => writer.acknowledged.length > before + 20)
  await writer.stop()
  const newest = (await sandbox.server('replica-1').row<{ at: string }>('SELECT @@gtid_current_pos AS at')).at
  await lab.until('all of them', async () => (await statusOf(sandbox, 'replica-2'))['Gtid_IO_Pos'] === newest)
  await sandbox.server('replica-2').sql('STOP SLAVE')
  assert.ok((await writer.missingOn(sandbox.server('replica-2'))) > 0)
  await refresh(lab)
  await sandbox.server('replica-1').kill()
  await lab.until('it is found dead', () => lab.recoveries.findings().some(({ key, code }) => key === lab.key('replica-1') && code === 'DeadMaster'))
  // Nobody fetched from it, so no replica saw it go: a person says that it is dead.
  const recovered = await lab.recoveries.recover(lab.key('replica-1'), { by: 'test' })
  assert.ok(recovered.ok && recovered.value !== null, recovered.ok ? 'nothing to do' : recovered.failure.text)
  const recovery = recovered.value
  assert.deepEqual([lab.nameOf(recovery.successor), recovery.errors, recovery.lostReplicas], ['replica-2', [], []])
  const steps = await lab.store.recoveries.steps(recovery.uid)
  assert.ok(steps.some(({ message }) => message.startsWith('every transaction that')), 'by its position nothing is missing')
  assert.equal((await statusOf(sandbox, 'primary')).Master_Port, sandbox.server('replica-2').port)
  await nothingIsMissing(lab, writer, ['replica-2', 'primary'])
})

test('what only a MariaDB replica holds that may not be promoted is fetched by the one that is', async () => {
  await using sandbox = await Sandbox.start({ servers: ['primary', 'replica-1', 'replica-2'].map(name => ({ name, ...mariadb })) })
  for (const replica of ['replica-1', 'replica-2']) {
    await sandbox.replicate(replica, 'primary')
    await sandbox.server(replica).sql('SET GLOBAL read_only = 1')
  }
  await using lab = await Lab.start(sandbox, verbose)
  lab.inventory.setPromotionRule(lab.key('replica-1'), 'must_not')
  await sandbox.server('replica-2').sql('STOP SLAVE IO_THREAD')
  await sandbox.server('primary').sql('CREATE DATABASE fetched')
  await lab.until('replica-1 has it', async () => (await sandbox.server('replica-1').sql("SHOW DATABASES LIKE 'fetched'")).length === 1)
  await refresh(lab)
  await sandbox.server('primary').kill()
  const recovery = await lab.recoveryOf('primary')
  assert.deepEqual([lab.nameOf(recovery.successor), recovery.errors, recovery.lostReplicas], ['replica-2', [], []])
  assert.equal((await sandbox.server('replica-2').sql("SHOW DATABASES LIKE 'fetched'")).length, 1)
  await sandbox.untilReplicating('replica-1')
  assert.equal((await statusOf(sandbox, 'replica-1')).Master_Port, sandbox.server('replica-2').port)
})

test('co-primaries are made by GTID under a writer; a start that would throw received transactions away is refused; MySQL beside it is shown and left apart', async () => {
  await using sandbox = await Sandbox.start({ servers: [{ name: 'primary', ...mariadb }, { name: 'replica', ...mariadb }, { name: 'stray', ...mariadb }, { name: 'mysql' }] })
  await sandbox.replicate('replica', 'primary')
  await sandbox.server('replica').sql('SET GLOBAL read_only = 1')
  // It cannot connect, for want of the plugin that MySQL's accounts need; it is configured all the same, and belongs to the tree.
  await sandbox.replicate('stray', 'mysql', { gtid: false, wait: false })
  await using lab = await Lab.start(sandbox, { ...verbose, mysql: account, recovery: { primaryFilters: [], intermediateFilters: [] } })
  await using writer = await Writer.start(sandbox.server('primary'), () => [sandbox.server('primary')])
  await lab.until('rows are written', () => writer.acknowledged.length > 20)
  await refresh(lab)

  assert.deepEqual([lab.instance('stray').version.flavour, lab.instance('stray').replication?.source, lab.instance('stray').clusterName], ['MariaDB', lab.key('mysql'), lab.key('mysql')])
  for (const target of ['primary', 'replica']) {
    const refused = planRelocate(lab.inventory.topology, { replica: lab.key('replica'), target: lab.key('mysql') }, policy, Date.now())
    assert.equal('refused' in refused ? refused.refused.code : '', 'mixed-flavours', target)
  }

  // Semi-sync is built in, under its old names.
  await done(lab, topology => planSemiSync(topology, lab.key('primary'), 'source', true))
  await done(lab, topology => planSemiSync(topology, lab.key('replica'), 'replica', true))
  await done(lab, topology => planSingle(topology, lab.key('replica'), 'restart-replica', { alsoSuper: true }))
  const served = writer.acknowledged.length
  await lab.until('commits are acknowledged', () => writer.acknowledged.length > served + 5)
  // A receiver that was started connects a moment later.
  const semiSync = (): readonly unknown[] => {
    const { sourceActive, clients, waitForReplicaCount, newNames } = lab.instance('primary').semiSync ?? assert.fail('no semi-sync')
    return [sourceActive, clients, waitForReplicaCount, newNames, lab.instance('replica').semiSync?.replicaActive]
  }
  await lab.until('the source waits for its replica', async () => {
    await refresh(lab)
    return JSON.stringify(semiSync()) === JSON.stringify([true, 1, 1, false, true])
  })

  await done(lab, topology => planMakeCoPrimary(lab.key('replica'), { topology, policy, now: Date.now() }))
  const status = await statusOf(sandbox, 'primary')
  assert.deepEqual([status.Master_Port, status['Slave_IO_Running'], status['Slave_SQL_Running'], status['Using_Gtid']], [sandbox.server('replica').port, 'Yes', 'Yes', 'Slave_Pos'])
  const count = writer.acknowledged.length
  await lab.until('rows are written on', () => writer.acknowledged.length > count + 20)
  await sandbox.untilReplicating('replica')

  await sandbox.server('replica').sql('STOP SLAVE SQL_THREAD')
  const before = writer.acknowledged.length
  await lab.until('rows are received', () => writer.acknowledged.length > before + 10)
  await writer.stop()
  await sandbox.server('replica').sql('STOP SLAVE')
  await refresh(lab)
  await done(lab, topology => planSingle(topology, lab.key('replica'), 'start-replica', { alsoSuper: true }))
  await sandbox.server('replica').sql('STOP SLAVE SQL_THREAD')
  await sandbox.server('primary').sql('CREATE DATABASE held')
  await lab.until('it is received', async () => (await statusOf(sandbox, 'replica'))['Gtid_IO_Pos'] !== (await statusOf(sandbox, 'replica'))['Gtid_Slave_Pos'])
  await sandbox.server('replica').sql('STOP SLAVE')
  await refresh(lab)
  const plan = planSingle(lab.inventory.topology, lab.key('replica'), 'start-replica', { alsoSuper: true })
  assert.ok(!('refused' in plan))
  await sandbox.server('primary').kill()
  const outcome = await lab.execution.run(plan, { by: 'test' })
  assert.deepEqual([outcome.state, outcome.failure?.code, outcome.steps.flatMap(({ statements }) => statements)], ['failed', 'condition-is-reachable', []])
  assert.notEqual((await statusOf(sandbox, 'replica'))['Gtid_IO_Pos'], (await statusOf(sandbox, 'replica'))['Gtid_Slave_Pos'], 'what it has received is still there')
})
