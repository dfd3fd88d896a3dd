import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { contract } from '../../src/contract/all.ts'
import type { ClusterView, FindingView, RecoverySummary, StatusView } from '../../src/contract/views.ts'
import { SmallDisk, whyNoSmallDisk } from '../harness/lab/small-disk.ts'
import { WritableServers } from '../harness/lab/writable-servers.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Api, until } from '../harness/recorded/api.ts'
import { databaseStatements, onMysql } from '../harness/recorded/managers.ts'
import { isRunning, type RunningProgram, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

/** The back end is away for so long. */
const awayMilliseconds = 60_000
const patience = 40_000

async function start(configuration: string): Promise<RunningProgram> {
  const program = await startProgram(['--config', configuration])
  assert.ok(isRunning(program), 'stderr' in program ? program.stderr : '')
  return program
}

const statusOf = (api: Api): Promise<StatusView> => api.get<StatusView>('/api/v2/status')
const recoveriesOf = async (api: Api): Promise<readonly RecoverySummary[]> => (await api.get<{ recoveries: readonly RecoverySummary[] }>('/api/v2/recoveries')).recoveries
const rowsOf = (file: string, statement: string): readonly Readonly<Record<string, unknown>>[] => {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return database.prepare(statement).all().map(row => ({ ...row }))
  } finally {
    database.close()
  }
}

/** Former routes that are answered from memory, whatever becomes of the database. */
const fromMemory: ReadonlySet<string> = new Set([
  'clusters', 'clusters-info', 'cluster/:clusterHint', 'cluster-info/:clusterHint', 'all-instances', 'instance/:host/:port', 'instance-replicas/:host/:port', 'topology/:clusterHint', 'masters', 'master/:clusterHint',
  'problems', 'replication-analysis', 'search', 'downtimed', 'check-global-recoveries', 'automated-recovery-filters', 'cluster-osc-replicas/:clusterHint', 'bulk-instances',
])

interface ReadAnswer {
  readonly route: string
  readonly status: number
  readonly message: string
}

/** Every former route that reads, about what is there; each must answer. */
async function readAll(address: string, server: string): Promise<readonly ReadAnswer[]> {
  const [host = '', port = ''] = server.split(':')
  const valueOf = (name: string): string => (/port$/i.test(name) ? port : /host$/i.test(name) ? host : /cluster|hint/i.test(name) ? 'ci' : /^(id|page|seconds|seedId|logPos)$/i.test(name) ? '1' : 'x')
  const left = Object.values(contract).flatMap(({ access, former }) => (access === 'read' ? former?.routes ?? [] : [])).values()
  const found: ReadAnswer[] = []
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (const route of left) {
      const response = await fetch(`${address}/api/${route.replaceAll(/:(\w+)/g, (_all, name: string) => valueOf(name))}`, { signal: AbortSignal.timeout(patience), headers: { connection: 'close' } })
      const text = await response.text()
      found.push({ route, status: response.status, message: response.status === 200 ? '' : /"Message":"([^"]+)"/.exec(text)?.[1] ?? (/leader-check|health/.test(route) ? text : '') })
    }
  }))
  return found
}

async function cluster(names: readonly string[] = []): Promise<Sandbox> {
  const sandbox = await Sandbox.start({ servers: [...names, 'primary', 'replica-1', 'replica-2'].map(name => ({ name })) })
  for (const name of ['replica-1', 'replica-2']) {
    await sandbox.replicate(name, 'primary')
    await sandbox.server(name).sql('SET GLOBAL super_read_only = 1')
  }
  return sandbox
}

async function discover(api: Api, sandbox: Sandbox): Promise<void> {
  await api.former(`discover/${sandbox.server('primary').key.replace(':', '/')}`)
  await until(() => api.get<ClusterView>('/api/v2/clusters/ci'), ({ members }) => members?.length === 3 && members.every(({ statuses }) => statuses[0]?.severity === 'ok'), patience)
}

test('with its disk full for a minute the program fails over, refuses what people want remembered, shows what waits, and has written all of it afterwards', { skip: whyNoSmallDisk() ?? false }, async () => {
  using folder = temporaryFolder()
  const place = join(folder.path, 'disk')
  mkdirSync(place)
  using disk = new SmallDisk(place, 16)
  const file = join(place, 'orchestrator.sqlite3')
  await using sandbox = await cluster()
  const told = join(folder.path, 'told')
  const configuration = writeConfiguration(folder.path, { SQLite3DataFile: file, AuditToBackendDB: true, HTTPRequestLog: false, PostMasterFailoverProcesses: [`echo {successorHost}:{successorPort} >> ${told}`] })
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await using writable = WritableServers.watch(sandbox.servers)
  let successor = ''
  {
    await using program = await start(configuration)
    const api = new Api(program.address)
    await discover(api, sandbox)

    const away = performance.now()
    await until(async () => {
      disk.fill()
      // Blocks of the log that is written over again and again are given back, so that the next write needs one.
      const database = new DatabaseSync(file)
      try {
        database.exec('pragma wal_checkpoint(truncate)')
      } catch {
        // the program writes at this moment, or there is no room: the next turn
      } finally {
        database.close()
      }
      disk.fill()
      return statusOf(api)
    }, ({ backend }) => backend.state === 'failing' && backend.failingSince !== null, patience)
    const health = await fetch(`${program.address}/api/health`)
    assert.equal(health.status, 500)
    assert.match(((await health.json()) as { Message: string }).Message, /^Application node is unhealthy .*full.* \(the store fails since \S+; \d+ writes wait for it\)$/)
    const wanted = await api.former(`begin-downtime/${sandbox.server('replica-1').key.replace(':', '/')}/dba/maintenance/1h`)
    assert.equal(wanted.Code, 'ERROR', 'what cannot be remembered is not promised')
    assert.equal((await api.get<ClusterView>('/api/v2/clusters/ci')).members.some(({ downtime }) => downtime !== null), false)

    await sandbox.server('primary').kill()
    const [recovery] = await until(() => recoveriesOf(api), ([newest]) => newest?.isSuccessful === true && newest.endedAt !== null, patience)
    successor = recovery?.successor ?? ''
    const count = writer.acknowledged.length
    await until(async () => writer.acknowledged.length, length => length > count + 20, patience)
    await until(async () => existsSync(told), Boolean, patience)
    await sleep(Math.max(0, awayMilliseconds - (performance.now() - away)))
    const { backend } = await statusOf(api)
    assert.ok(backend.state === 'failing' && backend.pendingWrites > 0 && backend.lostWrites === 0, JSON.stringify(backend))
    assert.deepEqual(rowsOf(file, 'select uid from topology_recovery'), [], 'nothing of it could be written')
    const shown = await recoveriesOf(api)
    assert.deepEqual(shown.map(({ isSuccessful, successor: to }) => [isSuccessful, to]), [[true, successor]], 'all the time it is shown, and done once')

    disk.free()
    await until(() => statusOf(api), status => status.backend.state === 'ok' && status.backend.pendingWrites === 0, patience)
    assert.equal((await fetch(`${program.address}/api/health`)).status, 200)
    const [host = '', port = ''] = successor.split(':')
    assert.deepEqual(rowsOf(file, 'select is_successful, successor_hostname as host, successor_port as port, end_recovery is not null as ended from topology_recovery'), [{ is_successful: 1, host, port: Number(port), ended: 1 }])
    const steps = rowsOf(file, 'select message from topology_recovery_steps order by recovery_step_id').map(({ message }) => String(message))
    assert.match(steps[0] ?? '', /./)
    assert.ok(steps.some(step => step.startsWith('will handle DeadMaster event')) && steps.some(step => /Executed \d+ postponed functions/.test(step)), steps.join('\n'))
    const audited = rowsOf(file, 'select audit_type, message from audit').map(({ audit_type: kind, message }) => `${String(kind)}: ${String(message)}`)
    assert.ok(audited.includes(`recover-dead-master: promoted replica: ${successor}`), audited.join('\n'))
    assert.equal(audited.some(entry => entry.startsWith('begin-downtime: owner: dba')), false)
    assert.equal(rowsOf(file, 'select detection_id from topology_failure_detection').length, 1)
    assert.deepEqual(rowsOf(file, "select port from database_instance_downtime where downtime_active = 1 and reason = 'lost-in-recovery'"), [{ port: sandbox.server('primary').port }])
  }
  await using again = await start(configuration)
  const [only, ...others] = await recoveriesOf(new Api(again.address))
  assert.deepEqual([only?.isSuccessful, only?.successor, others.length], [true, successor, 0])
  assert.equal(readFileSync(told, 'utf8').trim(), successor, 'the hooks ran once')
  await writer.stop()
  const winner = sandbox.servers.find(({ key }) => key === successor)
  assert.ok(winner)
  assert.ok(await writer.lacksOnlyTheEndOf(sandbox.server('primary'), winner))
  assert.deepEqual(writable.pairs, [])
})

test('while its file is held by another program a manager answers at once, and writes all of it afterwards', async () => {
  using folder = temporaryFolder()
  const file = join(folder.path, 'orchestrator.sqlite3')
  await using sandbox = await cluster()
  await using program = await start(writeConfiguration(folder.path, { SQLite3DataFile: file, AuditToBackendDB: true, HTTPRequestLog: false }))
  const api = new Api(program.address)
  await discover(api, sandbox)
  const holder = new DatabaseSync(file, { timeout: 10_000 })
  holder.exec('begin immediate')
  try {
    await until(() => statusOf(api), ({ backend }) => backend.state === 'failing' && backend.failingSince !== null, patience)
    await sandbox.server('primary').kill()
    const [recovery] = await until(() => recoveriesOf(api), ([newest]) => newest?.isSuccessful === true && newest.endedAt !== null, patience)
    assert.ok(recovery)
  } finally {
    holder.exec('rollback')
    holder.close()
  }
  await until(() => statusOf(api), status => status.backend.state === 'ok' && status.backend.pendingWrites === 0, patience)
  assert.deepEqual(rowsOf(file, 'select is_successful, end_recovery is not null as ended from topology_recovery'), [{ is_successful: 1, ended: 1 }])
})

test('with its MySQL stopped for a minute the program sees a dead primary, says why it does nothing, and replaces it once when MySQL is there again', async () => {
  await using sandbox = await cluster(['backend'])
  const backend = sandbox.server('backend')
  for (const statement of databaseStatements) await backend.sql(statement)
  using folder = temporaryFolder()
  await using program = await start(writeConfiguration(folder.path, { ...onMysql(backend), AuditToBackendDB: true, HTTPRequestLog: false }))
  const api = new Api(program.address)
  await discover(api, sandbox)
  await using writable = WritableServers.watch(sandbox.servers.filter(({ name }) => name !== 'backend'))

  await backend.kill()
  const away = performance.now()
  await until(() => statusOf(api), status => status.backend.state === 'failing' && status.backend.failingSince !== null, patience)
  assert.equal((await fetch(`${program.address}/api/health`)).status, 500)
  for (const path of ['recoveries', 'recoveries/1', 'recoveries/1/story', 'recoveries/1/story.md', 'detections', 'audit']) {
    const answer = await fetch(`${program.address}/api/v2/${path}`)
    const reason = (await answer.json()) as { readonly code: string; readonly text: string }
    assert.deepEqual([path, answer.status, reason.code], [path, 503, 'store-unread'], reason.text)
    assert.match(reason.text, /^The managers' database cannot be read: ./)
  }
  const reads = await readAll(program.address, sandbox.server('replica-1').key)
  assert.deepEqual(reads.filter(({ status, message }) => status !== 200 && message === '').map(({ route }) => route), [], 'whatever cannot be told says why')
  assert.deepEqual(reads.filter(({ route, status }) => status !== 200 && fromMemory.has(route)), [], 'what is in memory is told')
  await sandbox.server('primary').kill()
  const analysis = async (): Promise<string> => JSON.stringify(await api.former('replication-analysis'))
  await until(analysis, text => text.includes('"DeadMaster"'), patience)
  const dead = sandbox.server('primary').key
  const { members, allFindings } = await api.get<ClusterView>('/api/v2/clusters/ci')
  assert.notEqual(members.find(({ key }) => key === dead)?.statuses[0]?.severity, 'ok', 'the page of the cluster shows it')
  assert.equal(allFindings.some(({ server }) => server === dead), true)
  await sleep(Math.max(0, awayMilliseconds - (performance.now() - away)))
  for (const name of ['replica-1', 'replica-2']) assert.deepEqual(await sandbox.server(name).row('SELECT @@super_read_only AS sro'), { sro: 1 }, 'without its lease it acts on nothing')
  const { findings } = await api.get<{ findings: readonly FindingView[] }>('/api/v2/findings')
  const outlook = findings.find(({ server, code }) => server === dead && code === 'DeadMaster')?.outlook
  assert.deepEqual([outlook?.state, outlook?.reason.code], ['blocked', 'store-silent'], JSON.stringify(outlook))

  await backend.start()
  const [recovery] = await until(() => recoveriesOf(api), ([newest]) => newest?.isSuccessful === true && newest.endedAt !== null, patience)
  assert.ok(recovery)
  await until(() => statusOf(api), status => status.backend.state === 'ok' && status.backend.pendingWrites === 0, patience)
  const rows = await backend.sql<{ ok: number }>('select is_successful as ok from orchestrator.topology_recovery')
  assert.deepEqual(rows.map(({ ok }) => Number(ok)), [1])
  const audited = await backend.sql<{ kind: string }>("select audit_type as kind from orchestrator.audit where audit_type like 'recover%'")
  assert.ok(audited.some(({ kind }) => kind === 'recover-dead-master'), JSON.stringify(audited))
  assert.deepEqual(writable.pairs, [])
})
