import assert from 'node:assert/strict'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DoctorReport } from '../../src/contract/doctor.ts'
import type { ClusterView } from '../../src/contract/views.ts'
import type { Severity } from '../../src/model/doctor/check.ts'
import { instanceKey } from '../../src/model/topology/instance-key.ts'
import { Api, until } from '../harness/recorded/api.ts'
import { isRunning, runProgram, type RunningProgram, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'
import type { SandboxServer } from '../harness/sandbox/sandbox-server.ts'
import { startServers } from './discovery-rig.ts'

/** A service over the servers of a sandbox that were found from one of them. */
async function serviceOver(folder: string, from: SandboxServer, primary: SandboxServer, members: number, more: Readonly<Record<string, unknown>> = {}): Promise<{ program: RunningProgram; api: Api; configuration: string }> {
  const configuration = writeConfiguration(folder, { DetectClusterAliasQuery: '', ...more })
  const program = await startProgram(['--config', configuration])
  assert.ok(isRunning(program), 'stderr' in program ? program.stderr : '')
  const api = new Api(program.address)
  await api.former(`discover/${from.key.replace(':', '/')}`)
  await until(() => api.get<ClusterView>(`/api/v2/clusters/${encodeURIComponent(primary.key)}`), view => view.members?.length === members)
  return { program, api, configuration }
}

async function ask(api: Api, input: Readonly<Record<string, string>>): Promise<DoctorReport> {
  // A program that ran to its end has stood in the way of everything here: a connection that the service closed meanwhile is noticed first.
  await sleep(20)
  const answer = await api.operation('doctor', input, { wait: true })
  assert.equal(answer.state, 'done', JSON.stringify(answer))
  // The output is of this operation.
  return answer.output as DoctorReport
}

const codes = (report: DoctorReport, severity: Severity, server?: string): readonly string[] =>
  [...new Set(report.complaints.filter(complaint => complaint.severity === severity && (server === undefined || complaint.server === server)).map(({ code }) => code))].sort()
const mendOf = (report: DoctorReport, code: string, server: string): string => report.complaints.find(complaint => complaint.code === code && complaint.server === server)?.mend.text ?? ''

describe('the doctor on MySQL', () => {
  const folder = temporaryFolder()
  let sandbox: Sandbox
  let primary: SandboxServer
  let good: SandboxServer
  let wrong: SandboxServer
  let program: RunningProgram
  let api: Api
  let configuration = ''

  before(async () => {
    const hook = join(folder.path, 'hook.sh')
    writeFileSync(hook, '#!/bin/sh\n')
    chmodSync(hook, 0o644)
    // The doctor looks at exactly what this spares: commits are to be synced here.
    delete process.env['SANDBOX_SYNC']
    sandbox = await Sandbox.start({ servers: [
      { name: 'primary' }, { name: 'good', options: ['--replica-net-timeout=10'] },
      { name: 'wrong', serverId: 102, options: [
        '--relay-log-recovery=ON', '--binlog-row-image=MINIMAL', '--sync-binlog=0', '--replica-net-timeout=3600', '--replica-preserve-commit-order=OFF',
        '--log-replica-updates=OFF', '--report-host=',
      ] },
    ] })
    primary = sandbox.server('primary')
    good = sandbox.server('good')
    wrong = sandbox.server('wrong')
    await Promise.all([sandbox.replicate('good', 'primary', { more: { SOURCE_RETRY_COUNT: 86_400 } }), sandbox.replicate('wrong', 'primary')])
    await good.sql('SET GLOBAL super_read_only = ON')
    const started = await serviceOver(folder.path, good, primary, 2, {
      MySQLHostnameResolveMethod: 'none', Nosuchkey: 1, RecoverIntermediateMasterClusterFilters: ['alias=nosuch'],
      PreFailoverProcesses: ['echo before', '/nosuch/hook {failureType}'], PostFailoverProcesses: [`${hook} {failedHost}`, 'sh -c true', '$HOME/x'],
    })
    ;({ program, api, configuration } = started)
    await api.former(`discover/${wrong.key.replace(':', '/')}`)
    await until(() => api.get<ClusterView>(`/api/v2/clusters/${encodeURIComponent(primary.key)}`), view => view.members?.length === 3)
  })
  after(async () => {
    await program?.stop()
    await sandbox?.stop()
    folder[Symbol.dispose]()
  })

  test('a replica that is set well has nothing bad, and says what was looked at', async () => {
    const report = await ask(api, { instance: good.key })
    assert.deepEqual(report.about, { what: 'server', name: good.key })
    assert.deepEqual(report.complaints.filter(({ server }) => server === good.key && server !== null).map(({ code }) => code), ['table-not-readable'])
    assert.match(mendOf(report, 'table-not-readable', good.key), /^GRANT SELECT ON performance_schema\.replication_connection_status TO 'orchestrator'@'%'$/)
    for (const code of ['privilege-missing', 'report-host-missing', 'relay-log-recovery', 'heartbeat-too-rare', 'replica-writable', 'credentials-unknown', 'clock-differs', 'gtid-not-enforced', 'commits-not-durable']) {
      assert.ok(report.well.some(found => found.code === code), code)
    }
  })

  test('what was set wrong on purpose is found on that server, and only there', async () => {
    const report = await ask(api, { cluster: primary.key })
    assert.equal(report.isWell, false)
    assert.equal(report.servers.length, 3)
    assert.deepEqual(codes(report, 'bad', wrong.key), ['replica-updates-not-logged', 'replica-writable', 'report-host-missing'])
    assert.deepEqual(codes(report, 'warning', wrong.key), ['binlog-row-image', 'commits-not-durable', 'commits-out-of-order', 'net-timeout-long', 'receiver-gives-up', 'relay-log-recovery', 'table-not-readable'])
    assert.deepEqual(codes(report, 'bad', good.key), [])
    assert.deepEqual(report.complaints.filter(({ code }) => code === 'duplicate-server-id').map(({ says }) => says.parameters['value']), ['102'])
    assert.ok(report.well.some(({ code, count }) => code === 'several-channels' && count === 2))
  })

  test('a heartbeat that comes later than the replica waits is bad, and more channels than one', async () => {
    await wrong.sql('STOP REPLICA')
    await wrong.sql('SET GLOBAL replica_net_timeout = 5')
    assert.ok(codes(await ask(api, { instance: wrong.key }), 'bad', wrong.key).includes('heartbeat-too-rare'))
    await wrong.sql('CHANGE REPLICATION SOURCE TO SOURCE_HEARTBEAT_PERIOD = 2')
    const mended = await ask(api, { instance: wrong.key })
    assert.ok(mended.well.some(({ code }) => code === 'heartbeat-too-rare'))
    await wrong.sql("CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = 1, SOURCE_USER = 'x' FOR CHANNEL 'second'")
    assert.ok(codes(await ask(api, { instance: wrong.key }), 'bad', wrong.key).includes('several-channels'))
    await wrong.sql("RESET REPLICA ALL FOR CHANNEL 'second'")
  })

  test('settings are mended as the doctor says, and it has no more to say of them', async () => {
    assert.match(mendOf(await ask(api, { instance: wrong.key }), 'commits-not-durable', wrong.key), /^SET GLOBAL sync_binlog = 1,/)
    await wrong.sql('SET GLOBAL sync_binlog = 1')
    await wrong.sql('SET GLOBAL read_only = 1')
    const report = await ask(api, { instance: wrong.key })
    assert.ok(!codes(report, 'warning').includes('commits-not-durable') && !codes(report, 'bad').includes('replica-writable'))
    assert.ok(codes(report, 'warning').includes('super-read-only-off'))
  })

  test('missing privileges are named with the grant, those that a role gives count, and a refused login too', async context => {
    await primary.sql("CREATE USER 'few'@'%' IDENTIFIED BY 'Few-pass-1'")
    await primary.sql("GRANT REPLICATION CLIENT, REPLICATION SLAVE, PROCESS ON *.* TO 'few'@'%'")
    await primary.sql("CREATE ROLE 'acting'")
    await primary.sql("GRANT REPLICATION_SLAVE_ADMIN, CONNECTION_ADMIN ON *.* TO 'acting'")
    await primary.sql("GRANT 'acting' TO 'few'@'%'")
    await primary.sql("SET DEFAULT ROLE 'acting' TO 'few'@'%'")
    const servers = startServers(context, { user: 'few', password: 'Few-pass-1' })
    const few = await servers.examine(primary.key, { deadlineMilliseconds: 5000 })
    assert.ok(few.ok, JSON.stringify(few))
    assert.equal(few.value.account, "'few'@'%'")
    assert.deepEqual(few.value.privileges, ['CONNECTION_ADMIN', 'PROCESS', 'REPLICATION CLIENT', 'REPLICATION SLAVE', 'REPLICATION_SLAVE_ADMIN'])
    assert.ok(Math.abs(few.value.clockAheadMilliseconds) < 1000, String(few.value.clockAheadMilliseconds))
    assert.deepEqual(few.value.variables.get('sync_binlog'), { name: 'sync_binlog', value: '1' })

    const denied = await startServers(context, { user: 'few', password: 'not this' }).examine(primary.key, { deadlineMilliseconds: 5000 })
    assert.equal(denied.ok ? '' : denied.failure.kind, 'access-denied')

    const own = temporaryFolder()
    context.after(() => own[Symbol.dispose]())
    const weak = runProgram(['--config', writeConfiguration(own.path, { MySQLTopologyUser: 'few', MySQLTopologyPassword: 'Few-pass-1', MySQLHostnameResolveMethod: 'none' }), '-c', 'discover', '-i', primary.key])
    assert.equal(weak.status, 0, weak.stderr)
    const told = runProgram(['--config', join(own.path, 'orchestrator.conf.json'), '-c', 'doctor', '-i', primary.key])
    assert.equal(told.status, 1)
    for (const privilege of ['SYSTEM_VARIABLES_ADMIN', 'RELOAD']) assert.match(told.stdout, new RegExp(`mend: GRANT ${privilege} ON \\*\\.\\* TO 'few'@'%'`))
    assert.doesNotMatch(told.stdout, /lacks (REPLICATION|PROCESS|CONNECTION)/)
  })

  test('the configuration is looked at when no server is named', async () => {
    const report = await ask(api, {})
    assert.equal(report.about.what, 'configuration')
    assert.deepEqual(codes(report, 'bad'), ['hook-not-executable', 'hook-not-found'])
    const says = report.complaints.map(complaint => complaint.says.text)
    assert.ok(says.some(text => text.includes('PreFailoverProcesses: there is no program /nosuch/hook')), says.join('\n'))
    assert.ok(says.some(text => /unknown key Nosuchkey/.test(text)))
    assert.ok(says.some(text => text.startsWith('alias=nosuch in RecoverIntermediateMasterClusterFilters matches none of the 1 known clusters')))
    assert.ok(report.well.some(({ code }) => code === 'no-account'))
  })

  test('the command prints a list and its exit status says whether something is bad', () => {
    const bad = runProgram(['--config', configuration, '-c', 'doctor', '-i', wrong.key])
    assert.equal(bad.status, 1)
    assert.match(bad.stdout, new RegExp(`^Server ${wrong.key}\n✖ `))
    assert.match(bad.stdout, /\n! \S.*\n {4}mend: \S/)
    assert.match(bad.stdout, /\n✓ the server answers\n/)
    assert.match(bad.stderr, /FATAL \d of \d+ complaints must be mended/)
    const cluster = runProgram(['--config', configuration, 'doctor', '-alias', primary.key])
    assert.match(cluster.stdout, new RegExp(`^Cluster ${primary.key}, 3 servers\n`))
    assert.equal(runProgram(['--config', configuration, '-c', 'doctor']).status, 1)
  })

  test('a dead member and one that nobody knows are named, and the others are looked at all the same', async () => {
    await wrong.kill()
    const report = await ask(api, { cluster: primary.key })
    assert.ok(codes(report, 'bad', wrong.key).includes('server-unreachable'))
    assert.ok(report.well.some(({ code, count }) => code === 'privilege-missing' && count === 2))
    const everything = await ask(api, { all: 'true' })
    assert.deepEqual([everything.about.what, everything.servers.length, everything.unexamined], ['fleet', 3, []])
    assert.ok(codes(everything, 'bad', wrong.key).includes('server-unreachable'))
    assert.ok(codes(everything, 'bad').includes('hook-not-found'), 'the configuration is looked at too')
    assert.ok(codes(everything, 'warning', good.key).includes('table-not-readable'))
    const told = runProgram(['--config', configuration, 'doctor', '-all'])
    assert.match(told.stdout, /^The configuration and all clusters, 3 servers\n/)
    const stranger = instanceKey('127.0.0.1', 1)
    const { complaints } = await ask(api, { instance: stranger })
    assert.deepEqual(complaints.map(({ code, server }) => [code, server]), [['server-unreachable', stranger]])
  })
})

describe('the doctor on MariaDB', () => {
  test('old names are read, and mended under the names that the server knows', async context => {
    const folder = temporaryFolder()
    const sandbox = await Sandbox.start({ servers: [
      { name: 'primary', flavour: 'mariadb' }, { name: 'replica', flavour: 'mariadb', options: ['--slave-net-timeout=3600', '--gtid-strict-mode=OFF', '--relay-log-recovery=ON'] },
    ] })
    context.after(async () => {
      await sandbox.stop()
      folder[Symbol.dispose]()
    })
    await sandbox.replicate('replica', 'primary')
    const [primary, replica] = [sandbox.server('primary'), sandbox.server('replica')]
    const { program, api } = await serviceOver(folder.path, replica, primary, 2, { MySQLHostnameResolveMethod: 'none' })
    context.after(() => program.stop())
    const report = await ask(api, { cluster: primary.key })
    assert.deepEqual(codes(report, 'bad', replica.key), ['credentials-unknown', 'replica-writable'])
    for (const code of ['net-timeout-long', 'gtid-not-enforced', 'relay-log-recovery']) assert.ok(codes(report, 'warning', replica.key).includes(code), code)
    assert.match(mendOf(report, 'net-timeout-long', replica.key), /^SET GLOBAL slave_net_timeout = 10,/)
    assert.match(mendOf(report, 'gtid-not-enforced', replica.key), /^SET GLOBAL gtid_strict_mode = ON,/)
    assert.deepEqual(codes(report, 'bad', primary.key), [])
    assert.ok(report.well.some(({ code, count }) => code === 'privilege-missing' && count === 2))
    assert.ok(report.well.some(({ code }) => code === 'heartbeat-too-rare'))
    await replica.sql('SET GLOBAL slave_net_timeout = 5')
    assert.ok(codes(await ask(api, { instance: replica.key }), 'bad').includes('heartbeat-too-rare'))
  })
})
