import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ClusterView } from '../../src/contract/views.ts'
import { Api, until } from '../harness/recorded/api.ts'
import { isRunning, runProgram, type RunningProgram, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const folder = temporaryFolder()
let sandbox: Sandbox
let program: RunningProgram
let api: Api
let configuration = ''

const key = (name: string): string => sandbox.server(name).key
const path = (name: string): string => key(name).replace(':', '/')

before(async () => {
  sandbox = await Sandbox.fourServers()
  configuration = writeConfiguration(folder.path, { AuditToBackendDB: true })
  const started = await startProgram(['--config', configuration])
  assert.ok(isRunning(started), 'stderr' in started ? started.stderr : '')
  program = started
  api = new Api(program.address)
  await api.former(`discover/${path('sub-replica')}`)
  await until(() => api.get<ClusterView>(`/api/v2/clusters/${encodeURIComponent(key('primary'))}`), ({ members }) => members?.length === 4)
})

after(async () => {
  await program?.stop()
  await sandbox?.stop()
  folder[Symbol.dispose]()
})

const details = (answer: { readonly Details: unknown }): Readonly<Record<string, unknown>> => answer.Details as Record<string, unknown> // the record of a server

/** Route, its answer as the original words it, and what the answered record says. */
const asked = async (route: string, message: string, record: Readonly<Record<string, unknown>> = {}): Promise<void> => {
  const answer = await api.former(route)
  assert.deepEqual([answer.Code, answer.Message], ['OK', message], route)
  for (const [name, value] of Object.entries(record)) assert.deepEqual(details(answer)[name], value, `${route}: ${name}`)
}

test('acts on one server answer as the original does, under every spelling', async () => {
  const [replica, primary] = [key('replica-1'), key('primary')]
  const [r, p] = [path('replica-1'), path('primary')]
  const source = { Hostname: sandbox.server('primary').host, Port: sandbox.server('primary').port }
  const detached = { MasterKey: { ...source, Hostname: `//${source.Hostname}` }, IsDetachedMaster: true }
  for (const [detach, reattach] of [['detach-slave', 'reattach-slave'], ['detach-replica-master-host', 'reattach-replica-master-host']] as const) {
    await asked(`${detach}/${r}`, `Replica detached: ${replica}`, detached)
    await asked(`${reattach}/${r}`, `Replica reattached: ${replica}`, { MasterKey: source, IsDetachedMaster: false, ReplicationIOThreadState: 1, ReplicationSQLThreadState: 1 })
  }
  // A name that was given to the cluster that it is while detached goes with it.
  await asked(`detach-replica/${r}`, `Replica detached: ${replica}`, detached)
  await until(() => api.former(`set-cluster-alias/${encodeURIComponent(replica)}?alias=own`), ({ Code }) => Code === 'OK')
  await asked(`reattach-replica/${r}`, `Replica reattached: ${replica}`)
  const { ClusterAlias } = await api.get<{ readonly ClusterAlias: string }>(`/api/cluster-info/${encodeURIComponent(primary)}`)
  assert.equal(ClusterAlias, 'own')
  await sandbox.server('primary').sql('CREATE DATABASE something')
  await sandbox.untilCaughtUp('replica-1', 'primary')
  await asked(`disable-gtid/${r}`, `Disabled GTID on ${replica}`, { UsingOracleGTID: false })
  await asked(`enable-gtid/${r}`, `Enabled GTID on ${replica}`, { UsingOracleGTID: true })
  await asked(`stop-slave-nice/${r}`, `Replica stopped nicely: ${replica}`, { ReplicationIOThreadState: 0, ReplicationSQLThreadState: 0 })
  await asked(`change-master-credentials/${r}`, `Replication credentials re-applied on ${replica}`)
  await asked(`start-replica/${r}`, `Replica started: ${replica}`)
  await asked(`flush-binary-logs/${r}`, `Binary logs flushed on: ${replica}`)
  await asked(`purge-binary-logs/${r}/latest`, `Binary logs flushed on: ${replica}`)
  await asked(`reset-slave/${p}`, `Replica reset on ${primary}`)
  assert.deepEqual(await api.former(`delay-replication/${r}/3`), { Code: 'OK', Message: `Replication delayed: ${replica}`, Details: 3 })
  assert.deepEqual(await api.former(`delay-replication/${r}/0`), { Code: 'OK', Message: `Replication delayed: ${replica}`, Details: 0 })
  assert.deepEqual(await api.former(`restart-slave-statements/${r}?q=${encodeURIComponent('set global foo=1')}`), {
    Code: 'OK', Message: `statements for: ${replica}`,
    Details: ['stop replica io_thread;', 'stop replica sql_thread;', 'set global foo=1;', 'start replica sql_thread;', 'start replica io_thread;'],
  })
  await asked(`reset-replica/${path('sub-replica')}`, `Replica reset on ${key('sub-replica')}`, { MasterKey: { Hostname: '', Port: 0 } })
})

test('errant transactions are located in their binary logs, and injected by the count', async () => {
  const replica = sandbox.server('replica-2')
  await api.former(`flush-binary-logs/${path('replica-2')}`)
  await replica.sql('SET GLOBAL super_read_only = OFF')
  await replica.sql('CREATE DATABASE errant_one')
  const { File: first } = await replica.row('SHOW BINARY LOG STATUS')
  await api.former(`flush-binary-logs/${path('replica-2')}`)
  await replica.sql('CREATE DATABASE errant_two')
  const { File: second } = await replica.row('SHOW BINARY LOG STATUS')
  await api.former(`flush-binary-logs/${path('replica-2')}`)
  await replica.sql('SET GLOBAL super_read_only = ON')
  assert.deepEqual(await api.former(`locate-gtid-errant/${path('replica-2')}`), { Code: 'OK', Message: 'located errant GTID', Details: [first, second] })
  const located = runProgram(['-c', 'locate-gtid-errant', '-i', key('replica-2')], { ORCHESTRATOR_API: program.address })
  assert.equal(located.stdout, `${String(first)}\n${String(second)}\n`)
  await asked(`gtid-errant-inject-empty/${path('replica-2')}`, `Have injected 2 transactions on cluster master ${key('primary')}`)
  await sandbox.untilCaughtUp('replica-1', 'primary')
  const answer = await until(() => api.former(`locate-gtid-errant/${path('replica-2')}`), ({ Code }) => Code === 'ERROR')
  assert.equal(answer.Message, `locate-errant-gtid: no errant-gtid on ${key('replica-2')}`)
})

test('what cannot be done is refused with the words of the original', async () => {
  const [replica, primary] = [key('replica-1'), key('primary')]
  const [r, p] = [path('replica-1'), path('primary')]
  for (const [route, message] of [
    [`detach-replica/${p}`, `instance is not a replica: ${primary}`], [`reattach-replica/${r}`, `instance does not seem to be detached: ${replica}`],
    [`enable-gtid/${r}`, `${replica} already uses GTID`], [`skip-query/${r}`, `Replication SQL thread is running on ${replica}`],
    [`gtid-errant-inject-empty/${r}`, `gtid-errant-inject-empty will not operate on ${replica} because no errant GTID is found`],
    [`gtid-errant-reset-master/${r}`, `gtid-errant-reset-master will not operate on ${replica} because no errant GTID is found`],
    [`delay-replication/${r}/x`, 'Invalid value provided for seconds'], [`delay-replication/${r}/-5`, 'invalid seconds: -5, it should be greater or equal to 0'],
    [`enable-semi-sync-replica/${r}`, "Error 1193 (HY000): Unknown system variable 'rpl_semi_sync_slave_enabled'"],
    [`enable-semi-sync-source/${p}`, "Error 1193 (HY000): Unknown system variable 'rpl_semi_sync_master_enabled'"],
    [`kill-query/${r}/abc`, 'strconv.ParseInt: parsing "abc": invalid syntax'], [`change-master-credentials/${p}`, 'Empty username found in mysql.slave_master_info'],
  ] as const) assert.deepEqual(await api.former(route), { Code: 'ERROR', Message: message, Details: null }, route)
  for (const [route, message] of [
    [`kill-query/${r}/999999`, 'Error 1094 (HY000): Unknown thread id: 999999'], [`purge-binary-logs/${r}/nosuch.000001`, 'Error 1373 (HY000): Target log not found in binlog index'],
  ] as const) {
    const answer = await api.former(route)
    assert.deepEqual([answer.Code, answer.Message], ['ERROR', message])
  }
})

test('an act is shown with its statements first, and only what was shown is run', async () => {
  const input = { instance: key('replica-1') }
  const plan = await api.plan('detach-replica', input)
  assert.deepEqual(plan.steps.flatMap(step => step.statements).filter(statement => !statement.startsWith('SHOW')),
    ['STOP REPLICA IO_THREAD', `CHANGE REPLICATION SOURCE TO SOURCE_HOST = '//127.0.0.1', SOURCE_PORT = ${sandbox.server('primary').port}, SOURCE_HEARTBEAT_PERIOD = 30`])
  assert.equal(plan.after[key('replica-1')], `//${key('primary')}`)
  const stale = await api.operation('detach-replica', input, { fingerprint: '0000000000000000' })
  assert.ok(stale.state === 'refused' && stale.refused.code === 'fingerprint-stale')
  assert.equal((await sandbox.server('replica-1').row('SHOW REPLICA STATUS'))['Source_Host'], '127.0.0.1')
})

test('commands do the same and print what the original prints', async () => {
  const ended = (...args: readonly string[]) => {
    const { stdout, stderr, status } = runProgram(args, { ORCHESTRATOR_API: program.address })
    return { stdout, last: (stderr.trim().split('\n').at(-1) ?? '').replace(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [A-Z]+ )+/, ''), status }
  }
  const replica = key('replica-1')
  assert.deepEqual(ended('-c', 'detach-slave-master-host', '-i', replica), { stdout: `${replica}\n`, last: '', status: 0 })
  assert.deepEqual(ended('-c', 'reattach-replica', '-i', replica), { stdout: `${replica}\n`, last: '', status: 0 })
  assert.deepEqual(ended('-c', 'enable-gtid', '-i', replica), { stdout: '', last: `${replica} already uses GTID`, status: 1 })
  assert.deepEqual(ended('-c', 'purge-binary-logs', '-i', replica), { stdout: '', last: 'expecting --binlog value', status: 1 })
  assert.deepEqual(ended('-c', 'master-pos-wait', '-i', replica), { stdout: '', last: 'Expecing --binlog argument as file:pos', status: 1 })
  assert.equal(ended('-c', 'restart-slave-statements', '-i', replica, '--statement', 'set global foo=1').stdout,
    'stop replica io_thread;\nstop replica sql_thread;\nset global foo=1;\nstart replica sql_thread;\nstart replica io_thread;\n')
  const { File, Position } = await sandbox.server('primary').row('SHOW BINARY LOG STATUS')
  assert.deepEqual(ended('-c', 'master-pos-wait', '-i', replica, '--binlog', `${String(File)}:${String(Position)}`), { stdout: `${replica}\n`, last: '', status: 0 })
  const { audit } = await until(() => api.get<{ audit: { kind: string }[] }>('/api/v2/audit'), found => found.audit.some(({ kind }) => kind === 'repoint'))
  for (const kind of ['repoint', 'reset-slave', 'delay-replication', 'flush-binary-logs', 'purge-binary-logs', 'enable-gtid', 'disable-gtid']) assert.ok(audit.some(entry => entry.kind === kind), kind)
})
