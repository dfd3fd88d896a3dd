import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { PlanOutcome } from '../../src/engine/execution/plan-outcome.ts'
import { filesToBegin, gatheredServers, planLeaderStands, planNumberLogs, planRollForward } from '../../src/model/planning/failover-binlog-server.ts'
import type { Plan } from '../../src/model/planning/plan.ts'
import type { Recovery } from '../../src/model/recovery/records.ts'
import { FakeMaxscale } from '../harness/binlog-server/fake-maxscale.ts'
import { Lab } from '../harness/lab/lab.ts'
import { refresh } from '../harness/lab/logged-run.ts'
import { Writer } from '../harness/lab/writer.ts'
import { accounts } from '../harness/sandbox/accounts.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'
import type { SandboxServer } from '../harness/sandbox/sandbox-server.ts'

// MySQL 9.7 with GTID off: `primary` ← binlog servers `left` and `right`; `left` ← `plain` (logs nothing that it replicates), `right` ← `logging`.
const host = '127.0.0.1'
const withoutGtid = ['--gtid-mode=OFF', '--enforce-gtid-consistency=OFF']
const waitMilliseconds = 120_000

async function replicateThrough(replica: SandboxServer, through: number, primary: SandboxServer): Promise<void> {
  const at = await primary.row('SHOW BINARY LOG STATUS')
  const { user, password } = accounts.replication
  await replica.sql(`CHANGE REPLICATION SOURCE TO SOURCE_HOST = '${host}', SOURCE_PORT = ${through}, SOURCE_USER = '${user}', SOURCE_PASSWORD = '${password}', SOURCE_SSL = 0,`
    + ` GET_SOURCE_PUBLIC_KEY = 1, SOURCE_CONNECT_RETRY = 1, SOURCE_LOG_FILE = '${String(at['File'])}', SOURCE_LOG_POS = ${String(at['Position'])}, SOURCE_AUTO_POSITION = 0`)
  await replica.sql('START REPLICA')
  await replica.sql('SET GLOBAL super_read_only = ON')
}

test('a primary dies below which there are binlog servers alone: a replica of theirs goes on in the file after theirs, takes writes, and everybody follows without a row lost; then a binlog server dies too', async () => {
  const names = ['primary', 'plain', 'logging']
  await using sandbox = await Sandbox.start({ servers: names.map(name => ({ name, options: [...withoutGtid, ...(name === 'plain' ? ['--log-replica-updates=OFF'] : [])] })) })
  const [primary, plain, logging] = [sandbox.server('primary'), sandbox.server('plain'), sandbox.server('logging')]
  const writable: SandboxServer[] = [primary]
  // Its log is some files further than that of the one that will take over.
  for (let files = 0; files < 5; files += 1) await primary.sql('FLUSH BINARY LOGS')
  const ports = { left: 23_071, right: 23_072 }
  await using left = await FakeMaxscale.start({ host, port: ports.left, source: primary, serverId: 911 })
  await using right = await FakeMaxscale.start({ host, port: ports.right, source: primary, serverId: 912 })
  await replicateThrough(plain, ports.left, primary)
  await replicateThrough(logging, ports.right, primary)
  await using lab = await Lab.start(sandbox, { mysql: { skipMaxScaleCheck: false }, recovery: { blockSeconds: 1 }, ...(process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}) })
  await lab.discovery.discover(left.key)
  await lab.discovery.discover(right.key)
  await lab.until('both binlog servers are known', () => [left, right].every(({ key }) => lab.inventory.get(key)?.isBinlogServer === true), waitMilliseconds)
  await using writer = await Writer.start(primary, () => writable)
  await lab.until('rows are written', () => writer.acknowledged.length > 50, waitMilliseconds)
  const lastFile = String((await primary.row('SHOW BINARY LOG STATUS'))['File'])
  const written = writer.acknowledged.length

  await primary.kill()
  writable.splice(0, 1, plain)
  const recovery = await lab.recoveryOf('primary', waitMilliseconds)
  const steps = (await lab.store.recoveries.steps(recovery.uid)).map(({ message }) => message)
  assert.deepEqual(
    [recovery.isSuccessful, recovery.method, lab.nameOf(recovery.successor), recovery.lostReplicas, recovery.errors], [true, 'MasterRecoveryBinlogServer', 'plain', [], []], steps.join('\n'),
  )
  await lab.until('rows are written again', () => writer.acknowledged.length > written + 50, waitMilliseconds)

  // Its log has the next number, and none before it.
  const [first] = await plain.sql('SHOW BINARY LOGS')
  assert.equal(Number(String(first?.['Log_name']).split('.')[1]), Number(lastFile.split('.')[1]) + 1)
  assert.deepEqual(await plain.sql('SHOW REPLICA STATUS'), [])
  assert.deepEqual([left.source, right.source].toSorted(), [lab.key('plain'), lab.key('plain')], 'both binlog servers read from the new primary')

  // The other replica goes on at the same place of the same log, which another binlog server hands on.
  const before = writer.acknowledged.length
  await right.stop()
  let second: Recovery | undefined
  await lab.until('the replicas of the dead binlog server are looked after', async () => {
    second = (await lab.store.recoveries.list({ page: 0 })).find(({ key, endedAt }) => key === right.key && endedAt !== null)
    return second !== undefined
  }, waitMilliseconds)
  const told = (await lab.store.recoveries.steps(second?.uid ?? '')).map(({ message }) => message)
  assert.deepEqual([second?.isSuccessful, second?.successor, second?.lostReplicas, second?.errors], [true, left.key, [], []], told.join('\n'))
  await lab.until('rows are written', () => writer.acknowledged.length > before + 20, waitMilliseconds)
  await writer.stop()

  await lab.until('the other replica has every row', async () => (await writer.missingOn(plain)) === (await writer.missingOn(logging)), waitMilliseconds)
  const missing = await writer.missingOn(plain)
  assert.ok(missing <= 5, `${missing} acknowledged rows were on no binlog server`)
  await lab.until('both hold the same', async () => {
    const sums = await Promise.all([plain, logging].map(server => server.row('CHECKSUM TABLE drill.rows_written')))
    return sums[0]?.['Checksum'] === sums[1]?.['Checksum']
  }, waitMilliseconds)
  await refresh(lab)
  assert.equal(lab.instance('logging').replication?.source, left.key)
  assert.deepEqual([left.refused, right.refused], [[], []], 'nothing was asked that a binlog router does not know')
})

test('a failover over binlog servers that was cut off right after the promotion is finished by the next manager: they read on from the new primary', async () => {
  const names = ['primary', 'plain', 'logging']
  await using sandbox = await Sandbox.start({ servers: names.map(name => ({ name, options: [...withoutGtid, ...(name === 'plain' ? ['--log-replica-updates=OFF'] : [])] })) })
  const [primary, plain, logging] = [sandbox.server('primary'), sandbox.server('plain'), sandbox.server('logging')]
  for (let files = 0; files < 3; files += 1) await primary.sql('FLUSH BINARY LOGS')
  const ports = { left: 23_073, right: 23_074 }
  await using left = await FakeMaxscale.start({ host, port: ports.left, source: primary, serverId: 911 })
  await using right = await FakeMaxscale.start({ host, port: ports.right, source: primary, serverId: 912 })
  await replicateThrough(plain, ports.left, primary)
  await replicateThrough(logging, ports.right, primary)
  const settings = { mysql: { skipMaxScaleCheck: false }, databaseFile: join(sandbox.folder, 'shared.sqlite3'), ...(process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}) }
  {
    await using lab = await Lab.start(sandbox, { ...settings, recovery: { primaryFilters: [] } })
    await lab.discovery.discover(left.key)
    await lab.discovery.discover(right.key)
    await lab.until('both binlog servers are known', () => [left, right].every(({ key }) => lab.inventory.get(key)?.isBinlogServer === true), waitMilliseconds)
    await primary.sql('CREATE DATABASE before_it_died')
    await lab.until('both replicas have it', async () => (await Promise.all([plain, logging].map(server => server.sql("SHOW DATABASES LIKE 'before_it_died'")))).every(rows => rows.length === 1), waitMilliseconds)
    await primary.kill()
    await lab.until('it is known to be dead', () => lab.instance('primary').check.failure !== null, waitMilliseconds)
    // What the failover itself does until the promotion, by its own plans; then this manager ends.
    const uid = 'cut:off'
    const run = async (plan: Plan, staysOpen = false): Promise<PlanOutcome> => {
      const outcome = await lab.execution.run(plan, { by: 'orchestrator', recoveryUid: uid, staysOpen })
      assert.equal(outcome.state, 'done', outcome.failure?.text)
      return outcome
    }
    await lab.store.recoveries.register({
      uid, key: lab.key('primary'), code: 'DeadMaster', kind: 'MasterRecovery', method: 'MasterRecoveryBinlogServer', command: '', startedBy: 'orchestrator', clusterName: lab.key('primary'),
      clusterAlias: lab.key('primary'), replicas: [left.key, right.key], successor: null, successorAlias: '', successorCoordinates: null, isSuccessful: false, isActive: true, lostReplicas: [],
      participants: [], errors: [], startedAt: Date.now(), endedAt: null, acknowledged: null, detectionId: 0, nodeHostname: 'elsewhere', nodeToken: 'ended',
    })
    const gathered = gatheredServers(lab.inventory.topology, lab.key('primary'))
    assert.ok(!('refused' in gathered))
    const { key: leader } = gathered.leader
    const standing = await run(planLeaderStands(lab.inventory.topology, lab.key('primary'), gathered.leader))
    const place = (standing.fresh.get(leader) ?? gathered.leader).replication?.executedCoordinates
    assert.ok(place)
    await lab.discovery.look(lab.key('plain'), 5000, 'full')
    await run(planRollForward(lab.inventory.topology, lab.instance('plain'), leader, place, 15_000))
    const files = filesToBegin(lab.instance('plain'), place)
    assert.ok(typeof files === 'number')
    await run(planNumberLogs(lab.inventory.topology, lab.instance('plain'), leader, place, files, true), true)
  }
  await using lab = await Lab.start(sandbox, settings)
  await lab.until('it is finished', async () => (await lab.store.recoveries.list({ page: 0 })).some(({ uid, endedAt }) => uid === 'cut:off' && endedAt !== null), waitMilliseconds)
  const recoveries = await lab.store.recoveries.list({ page: 0 })
  const steps = (await lab.store.recoveries.steps('cut:off')).map(({ message }) => message).join('\n')
  assert.deepEqual(recoveries.map(({ uid, isSuccessful, successor, lostReplicas, errors }) => [uid, isSuccessful, successor, lostReplicas, errors]), [['cut:off', true, lab.key('plain'), [], []]], steps)
  assert.deepEqual(await lab.store.intents.open(), [])
  await plain.sql('CREATE DATABASE after_it_died')
  await lab.until('the other replica follows through them', async () => (await logging.sql("SHOW DATABASES LIKE 'after_it_died'")).length === 1, waitMilliseconds)
  assert.deepEqual(await plain.sql('SHOW REPLICA STATUS'), [])
  assert.deepEqual([left.refused, right.refused], [[], []], 'nothing was asked that a binlog router does not know')
})

test('a binlog server beside a replica of a dead primary: what only it has read is fed to the replica, whoever is below it follows that one, and it itself is never turned to another log', async () => {
  await using sandbox = await Sandbox.start({ servers: ['primary', 'one', 'below'].map(name => ({ name, options: withoutGtid })) })
  const [primary, one, below] = [sandbox.server('primary'), sandbox.server('one'), sandbox.server('below')]
  const port = 23_075
  await using left = await FakeMaxscale.start({ host, port, source: primary, serverId: 911 })
  await replicateThrough(one, primary.port, primary)
  await replicateThrough(below, port, primary)
  await using lab = await Lab.start(sandbox, { mysql: { skipMaxScaleCheck: false }, ...(process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}) })
  await lab.discovery.discover(left.key)
  await lab.until('the binlog server is known', () => lab.inventory.get(left.key)?.isBinlogServer === true, waitMilliseconds)
  const writable: SandboxServer[] = [primary]
  await using writer = await Writer.start(primary, () => writable)
  await lab.until('rows are written', () => writer.acknowledged.length > 50, waitMilliseconds)
  await one.sql('STOP REPLICA IO_THREAD')
  const count = writer.acknowledged.length
  await lab.until('rows are written that it does not have', () => writer.acknowledged.length > count + 50, waitMilliseconds)
  const foreseen = await lab.recoveries.dryRun(lab.key('primary'))
  assert.deepEqual([foreseen.successor, foreseen.lost.map(({ key }) => key)], [lab.key('one'), [left.key]])

  const written = writer.acknowledged.length
  await primary.kill()
  writable.splice(0, 1, one)
  const recovery = await lab.recoveryOf('primary', waitMilliseconds)
  const steps = (await lab.store.recoveries.steps(recovery.uid)).map(({ message }) => message)
  assert.deepEqual([recovery.isSuccessful, lab.nameOf(recovery.successor), recovery.lostReplicas, recovery.errors], [true, 'one', [left.key], []], steps.join('\n'))
  assert.ok(steps.some(message => message.startsWith(`${lab.key('one')} has read the dead log up to `)), steps.join('\n'))
  assert.ok(steps.some(message => message.includes(`${left.key} is a binlog server and keeps the log of ${lab.key('primary')}`)), steps.join('\n'))
  await lab.until('rows are written again', () => writer.acknowledged.length > written + 20, waitMilliseconds)
  await writer.stop()
  const missing = await writer.missingOn(one)
  assert.ok(missing <= 5, `${missing} acknowledged rows are missing: those that the binlog server alone had are lost`)
  await lab.until('whoever was below the binlog server has every row', async () => (await writer.missingOn(below)) === missing, waitMilliseconds)
  const sums = await Promise.all([one, below].map(server => server.row('CHECKSUM TABLE drill.rows_written')))
  assert.equal(sums[0]?.['Checksum'], sums[1]?.['Checksum'])
  await refresh(lab)
  assert.equal(lab.nameOf(lab.instance('below').replication?.source ?? null), 'one')
  assert.equal(left.source, lab.key('primary'))
  assert.deepEqual(left.refused, [], 'nothing was asked that a binlog router does not know')
})

test('a binlog server beside replicas by GTID: whoever reads by position below it follows the successor too', async () => {
  await using sandbox = await Sandbox.start({ servers: ['primary', 'one', 'below'].map(name => ({ name })) })
  const [primary, one, below] = [sandbox.server('primary'), sandbox.server('one'), sandbox.server('below')]
  const port = 23_076
  await using left = await FakeMaxscale.start({ host, port, source: primary, serverId: 911 })
  await sandbox.replicate('one', 'primary')
  await one.sql('SET GLOBAL super_read_only = ON')
  await replicateThrough(below, port, primary)
  await using lab = await Lab.start(sandbox, { mysql: { skipMaxScaleCheck: false }, ...(process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}) })
  await lab.discovery.discover(left.key)
  await lab.until('the binlog server is known', () => lab.inventory.get(left.key)?.isBinlogServer === true, waitMilliseconds)
  await primary.sql('CREATE DATABASE before_it_died')
  const hasIt = async (server: SandboxServer, name: string): Promise<boolean> => (await server.sql(`SHOW DATABASES LIKE '${name}'`)).length === 1
  await lab.until('both replicas have it', async () => (await hasIt(one, 'before_it_died')) && (await hasIt(below, 'before_it_died')), waitMilliseconds)
  await primary.kill()
  const recovery = await lab.recoveryOf('primary', waitMilliseconds)
  const steps = (await lab.store.recoveries.steps(recovery.uid)).map(({ message }) => message)
  assert.deepEqual([recovery.isSuccessful, lab.nameOf(recovery.successor), recovery.lostReplicas, recovery.errors], [true, 'one', [left.key], []], steps.join('\n'))
  await one.sql('CREATE DATABASE after_it_died')
  await lab.until('it follows', () => hasIt(below, 'after_it_died'), waitMilliseconds)
  await refresh(lab)
  assert.equal(lab.nameOf(lab.instance('below').replication?.source ?? null), 'one')
  assert.deepEqual(left.refused, [], 'nothing was asked that a binlog router does not know')
})
