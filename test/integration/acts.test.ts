import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createConnection } from 'mysql2/promise'
import { planFlushBinaryLogs, planPurgeBinaryLogs } from '../../src/model/planning/binary-logs.ts'
import { planCredentials } from '../../src/model/planning/credentials.ts'
import { planDelay } from '../../src/model/planning/delay.ts'
import { planDetach, planReattach } from '../../src/model/planning/detach.ts'
import { planForgetErrant, planInjectErrant } from '../../src/model/planning/errant.ts'
import { planKillQuery } from '../../src/model/planning/kill-query.ts'
import type { Planned } from '../../src/model/planning/plan.ts'
import { defaultRelocatePolicy as policy } from '../../src/model/planning/relocate-judgement.ts'
import { planResetReplica } from '../../src/model/planning/reset-replica.ts'
import { planSkipQuery } from '../../src/model/planning/skip-query.ts'
import { planStopNicely } from '../../src/model/planning/stop-nice.ts'
import { planDisableGtid, planEnableGtid } from '../../src/model/planning/use-gtid.ts'
import { planWaitPosition } from '../../src/model/planning/wait-position.ts'
import type { Topology } from '../../src/model/topology/topology.ts'
import { Lab } from '../harness/lab/lab.ts'
import { type LoggedRun, loggedRun, refresh, sameStatements } from '../harness/lab/logged-run.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

let sandbox: Sandbox
let lab: Lab
let writer: Writer

before(async () => {
  sandbox = await Sandbox.fourServers()
  lab = await Lab.start(sandbox, { pollSeconds: 60, recovery: { primaryFilters: [], intermediateFilters: [] }, ...(process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}) })
  writer = await Writer.start(sandbox.server('primary'), () => [sandbox.server('primary')])
})

after(async () => {
  await writer?.stop()
  await lab?.close()
  await sandbox?.stop()
})

/** Runs an act under the writer: done, every server was told exactly what the plan showed, and in that order. */
async function done(planned: (topology: Topology) => Planned): Promise<LoggedRun> {
  const run = await loggedRun(lab, planned)
  assert.deepEqual([run.outcome.state, run.outcome.failure], ['done', null], JSON.stringify(run.outcome.steps.map(({ step, failure }) => [step, failure]), null, 1))
  assert.deepEqual(Object.keys(run.sent).sort(), Object.keys(run.shown).sort(), 'the same servers')
  for (const [name, shown] of Object.entries(run.shown)) assert.ok(sameStatements(shown, run.sent[name] ?? []), `${name}\nshown ${shown.join('\n      ')}\nsent  ${run.sent[name]?.join('\n      ')}`)
  return run
}

async function refusal(planned: (topology: Topology) => Planned): Promise<string> {
  await refresh(lab)
  const answer = planned(lab.inventory.topology)
  return 'refused' in answer ? answer.refused.text : 'planned'
}

const status = (name: string): Promise<Record<string, unknown>> => sandbox.server(name).row('SHOW REPLICA STATUS')

/** The replica follows the primary again and has every acknowledged row. */
async function whole(...names: readonly string[]): Promise<void> {
  const count = writer.acknowledged.length
  await lab.until('rows are written', () => writer.acknowledged.length > count + 20)
  for (const name of names) {
    await sandbox.untilReplicating(name)
    await sandbox.untilCaughtUp(name, 'primary')
    const written = writer.acknowledged.slice(0, count)
    const have = new Set((await sandbox.server(name).sql<{ id: number }>('SELECT id FROM drill.rows_written')).map(({ id }) => Number(id)))
    assert.equal(written.filter(({ id }) => !have.has(id)).length, 0, `${name} has every acknowledged row`)
  }
}

const options = ({ Source_User, Connect_Retry, Source_Retry_Count, Source_SSL_Allowed, Get_Source_public_key, SQL_Delay }: Record<string, unknown>) =>
  ({ Source_User, Connect_Retry, Source_Retry_Count, Source_SSL_Allowed, Get_Source_public_key, SQL_Delay })

test('a failed transaction is skipped by its own number, also when the replica has numbers of its own', async () => {
  const replica = sandbox.server('replica-1')
  // Its own transactions stand behind those of the primary in the text or before them: it must not matter.
  await replica.sql('SET GLOBAL super_read_only = OFF')
  await replica.sql('CREATE DATABASE own')
  await replica.sql('CREATE TABLE own.t (id INT PRIMARY KEY)')
  await replica.sql('DROP DATABASE own')
  await sandbox.server('primary').sql('CREATE TABLE drill.skipped (id INT PRIMARY KEY)')
  await sandbox.untilCaughtUp('replica-1', 'primary')
  const session = await replica.connect()
  await session.query('SET SESSION sql_log_bin = 0')
  await session.query('INSERT INTO drill.skipped VALUES (1)')
  await session.end()
  await replica.sql('SET GLOBAL super_read_only = ON')
  assert.match(await refusal(topology => planSkipQuery(topology, lab.key('replica-1'))), /^Replication SQL thread is running on /)
  await sandbox.server('primary').sql('INSERT INTO drill.skipped VALUES (1)')
  await lab.until('the applier fails', async () => (await status('replica-1'))['Last_SQL_Errno'] === 1062)
  await done(topology => planSkipQuery(topology, lab.key('replica-1')))
  await whole('replica-1')
  await refresh(lab)
  const errant = lab.instance('replica-1').errantGtidSet
  assert.match(errant, /:1-3$/, 'only its own three transactions are errant, no new number appeared')
})

test('errant transactions are injected on the primary, one empty transaction each, tags included', async () => {
  const replica = sandbox.server('replica-1')
  await replica.sql('SET GLOBAL super_read_only = OFF')
  const session = await replica.connect()
  await session.query("SET GTID_NEXT = 'AUTOMATIC:tag1'")
  await session.query('CREATE DATABASE tagged')
  await session.end()
  await replica.sql('SET GLOBAL super_read_only = ON')
  const missing = await loggedRun(lab, topology => planInjectErrant(topology, lab.key('replica-1')))
  assert.match(missing.outcome.failure?.text ?? '', /\(grant: GRANT TRANSACTION_GTID_TAG, SESSION_VARIABLES_ADMIN ON \*\.\* TO 'orchestrator'@'%'\)$/)
  await sandbox.server('primary').sql("GRANT TRANSACTION_GTID_TAG, SESSION_VARIABLES_ADMIN ON *.* TO 'orchestrator'@'%'")
  lab.servers.release(lab.key('primary'))
  const run = await done(topology => planInjectErrant(topology, lab.key('replica-1')))
  assert.deepEqual(run.plan.steps.map(({ step }) => step.do), ['inject-empty'])
  assert.equal(run.sent['primary']?.filter(statement => statement.startsWith('SET GTID_NEXT')).length, 2, 'the one with a tag; the others were injected before the server refused this one')
  await whole('replica-1', 'replica-2')
  await refresh(lab)
  assert.equal(lab.instance('replica-1').errantGtidSet, '')
  assert.match(await refusal(topology => planInjectErrant(topology, lab.key('replica-1'))), /gtid-errant-inject-empty will not operate on .* because no errant GTID is found$/)
})

test('errant transactions are forgotten, and what is purged is what was executed without them', async () => {
  const replica = sandbox.server('sub-replica')
  await replica.sql('SET GLOBAL super_read_only = OFF')
  await replica.sql('CREATE DATABASE errant_here')
  await replica.sql('SET GLOBAL super_read_only = ON')
  await refresh(lab)
  const errant = lab.instance('sub-replica').errantGtidSet
  assert.notEqual(errant, '')
  assert.match(await refusal(topology => planForgetErrant(topology, lab.key('replica-2'))), /no errant GTID is found$/)
  await done(topology => planForgetErrant(topology, lab.key('sub-replica')))
  const { rest } = await replica.row<{ rest: string }>('SELECT GTID_SUBTRACT(?, @@GLOBAL.gtid_executed) AS rest', [errant])
  assert.equal(rest, errant, 'none of them is executed')
  assert.notEqual((await replica.row<{ purged: string }>('SELECT @@GLOBAL.gtid_purged AS purged')).purged, '')
  await whole('sub-replica')
})

test('a replica is detached and attached again with its options, and nothing it has received is lost', async () => {
  const kept = options(await status('replica-1'))
  await done(topology => planDetach(topology, lab.key('replica-1'), policy))
  const detached = await status('replica-1')
  assert.deepEqual([detached['Source_Host'], detached['Replica_IO_Running'], detached['Replica_SQL_Running'], detached['Auto_Position']], ['//127.0.0.1', 'No', 'Yes', 1])
  assert.match(await refusal(topology => planDetach(topology, lab.key('replica-1'), policy)), /^instance already detached: /)
  await done(topology => planReattach(topology, lab.key('replica-1'), policy))
  assert.deepEqual(options(await status('replica-1')), kept)
  assert.match(await refusal(topology => planReattach(topology, lab.key('replica-1'), policy)), /^instance does not seem to be detached: /)
  await whole('replica-1')
})

test('a replica goes over to file and position, is detached and attached by position, and goes back to GTID', async () => {
  await done(topology => planDisableGtid(topology, lab.key('replica-1'), policy))
  assert.equal((await status('replica-1'))['Auto_Position'], 0)
  await whole('replica-1')
  await done(topology => planDetach(topology, lab.key('replica-1'), policy))
  assert.equal((await status('replica-1'))['Source_Host'], '//127.0.0.1')
  await done(topology => planReattach(topology, lab.key('replica-1'), policy))
  await whole('replica-1')
  await done(topology => planEnableGtid(topology, lab.key('replica-1'), policy))
  assert.equal((await status('replica-1'))['Auto_Position'], 1)
  assert.match(await refusal(topology => planEnableGtid(topology, lab.key('replica-1'), policy)), /already uses GTID$/)
  await whole('replica-1')
})

test('a delay is set and taken away while the receiver goes on and keeps what it has', async () => {
  await done(topology => planDelay(topology, lab.key('replica-1'), '2', policy))
  assert.equal((await status('replica-1'))['SQL_Delay'], 2)
  await done(topology => planDelay(topology, lab.key('replica-1'), '0', policy))
  await whole('replica-1')
  // Stopped, with received transactions that wait: its source holds them, so that nothing is lost.
  await sandbox.server('replica-1').sql('STOP REPLICA SQL_THREAD')
  await lab.until('something waits', async () => Number((await status('replica-1'))['Read_Source_Log_Pos']) > Number((await status('replica-1'))['Exec_Source_Log_Pos']))
  await sandbox.server('replica-1').sql('STOP REPLICA')
  const run = await done(topology => planDelay(topology, lab.key('replica-1'), '1', policy))
  assert.ok(run.plan.steps[0]?.requires.some(({ holds }) => holds === 'source-holds-received'))
  assert.deepEqual([(await status('replica-1'))['Replica_IO_Running'], (await status('replica-1'))['Replica_SQL_Running']], ['No', 'No'], 'it was stopped on purpose and stays so')
  await done(topology => planDelay(topology, lab.key('replica-1'), '0', policy))
  await sandbox.server('replica-1').sql('START REPLICA')
  await whole('replica-1')
})

test('replication is stopped nicely, its account written again, and it goes on', async () => {
  await done(topology => planStopNicely(topology, lab.key('replica-1'), policy))
  const stopped = await status('replica-1')
  assert.deepEqual([stopped['Replica_IO_Running'], stopped['Replica_SQL_Running'], stopped['Read_Source_Log_Pos']], ['No', 'No', stopped['Exec_Source_Log_Pos']])
  assert.match(await refusal(topology => planCredentials(topology, lab.key('replica-2'))), /because replication is running$/)
  const kept = options(stopped)
  const run = await done(topology => planCredentials(topology, lab.key('replica-1')))
  assert.doesNotMatch(JSON.stringify([run.outcome, run.shown]), /Repl-pass-1/, 'the password is nowhere')
  assert.deepEqual(options(await status('replica-1')), kept)
  await sandbox.server('replica-1').sql('START REPLICA')
  await whole('replica-1')
})

test('binary logs are flushed up to a file and purged only as far as replicas have come', async () => {
  const file = async (): Promise<string> => String((await sandbox.server('primary').row('SHOW BINARY LOG STATUS'))['File'])
  const first = await file()
  await done(topology => planFlushBinaryLogs(topology, lab.key('primary'), undefined))
  const target = first.replace(/\d+$/, digits => String(Number(digits) + 3).padStart(digits.length, '0'))
  await done(topology => planFlushBinaryLogs(topology, lab.key('primary'), target))
  assert.equal(await file(), target)
  assert.match(await refusal(topology => planFlushBinaryLogs(topology, lab.key('primary'), first)), /^FlushBinaryLogsTo: target log file .* is smaller than current log file /)
  await sandbox.server('replica-1').sql('STOP REPLICA')
  await done(topology => planFlushBinaryLogs(topology, lab.key('primary'), undefined))
  assert.match(await refusal(topology => planPurgeBinaryLogs(topology, lab.key('primary'), 'latest', false)), /^Unsafe to purge binary logs on .* because replica .* has only applied up to /)
  await sandbox.server('replica-1').sql('START REPLICA')
  await whole('replica-1', 'replica-2')
  await done(topology => planPurgeBinaryLogs(topology, lab.key('primary'), 'latest', false))
  assert.deepEqual((await sandbox.server('primary').sql('SHOW BINARY LOGS')).length, 1)
  const missing = await loggedRun(lab, topology => planPurgeBinaryLogs(topology, lab.key('primary'), 'binlog.999999', true))
  assert.match(missing.outcome.failure?.text ?? '', /Target log not found in binlog index$/)
  await whole('replica-1', 'replica-2')
})

test('a statement is ended and its connection stays', async () => {
  const { host, port } = sandbox.server('primary')
  const session = await createConnection({ host, port, user: 'writer', password: 'Writer-pass-1' })
  const sleeping = session.query('SELECT SLEEP(30) AS interrupted')
  await done(topology => planKillQuery(topology, lab.key('primary'), String(session.threadId)))
  const [rows] = await sleeping
  assert.deepEqual(JSON.parse(JSON.stringify(rows)), [{ interrupted: 1 }])
  await session.query('SELECT 1')
  await session.end()
  const unknown = await loggedRun(lab, topology => planKillQuery(topology, lab.key('primary'), '999999'))
  assert.match(unknown.outcome.failure?.text ?? '', /Unknown thread id: 999999$/)
})

test('a replica is waited for until it has applied its source up to a position', async () => {
  const { File, Position } = await sandbox.server('primary').row('SHOW BINARY LOG STATUS')
  await done(topology => planWaitPosition(topology, lab.key('replica-1'), `${String(File)}:${String(Position)}`, policy))
})

test('a replica forgets its source only after it has applied all it has received; a primary has nothing to forget', async () => {
  await done(topology => planResetReplica(topology, lab.key('sub-replica'), policy))
  assert.deepEqual(await sandbox.server('sub-replica').sql('SHOW REPLICA STATUS'), [])
  const nothing = await done(topology => planResetReplica(topology, lab.key('primary'), policy))
  assert.deepEqual(nothing.plan.steps, [])
  // Received, not applied, and its source is gone: nobody else may have it.
  await sandbox.server('replica-1').sql('STOP REPLICA SQL_THREAD')
  const at = writer.acknowledged.length
  await lab.until('rows are written', () => writer.acknowledged.length > at + 10)
  await writer.stop()
  await sandbox.server('replica-1').sql('STOP REPLICA')
  await sandbox.server('primary').kill()
  await lab.discovery.readAgain([lab.key('primary')])
  assert.match(await refusal(topology => planResetReplica(topology, lab.key('replica-1'), policy)), /this would throw them away$/)
})
