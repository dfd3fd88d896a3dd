import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ClusterView, RecoverySummary, RecoveryView } from '../../src/contract/views.ts'
import { hold } from '../harness/lab/hold.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Api, until } from '../harness/recorded/api.ts'
import { isRunning, type RunningProgram, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'
import { WritableServers } from '../harness/lab/writable-servers.ts'

/** Within this after it is up again, the program has finished or ended what it had begun. */
const settledMilliseconds = 5000

async function start(configuration: string): Promise<RunningProgram> {
  const program = await startProgram(['--config', configuration], true)
  assert.ok(isRunning(program), 'stderr' in program ? program.stderr : '')
  return program
}

/** A hook that sleeps the first time and does nothing afterwards; `pid` is where it writes its process id. */
const sleepsOnce = (pid: string): string => `test -e ${pid} || { echo $$ > ${pid}; exec sleep 30; }`

/** The sleeping hook outlives the program that was killed; it ends here. */
function endHook(pid: string): void {
  if (existsSync(pid)) process.kill(Number(readFileSync(pid, 'utf8')), 'SIGKILL')
}

async function discoverAll(api: Api, sandbox: Sandbox): Promise<void> {
  await api.former(`discover/${sandbox.server('primary').key.replace(':', '/')}`)
  await until(() => api.get<ClusterView>('/api/v2/clusters/ci'), ({ members }) => members?.length === 4 && members.every(({ statuses }) => statuses[0]?.severity === 'ok'))
}

const recoveriesOf = async (api: Api): Promise<readonly RecoverySummary[]> => (await api.get<{ recoveries: readonly RecoverySummary[] }>('/api/v2/recoveries')).recoveries
const settled = (api: Api, holds: (recoveries: readonly RecoverySummary[]) => boolean): Promise<readonly RecoverySummary[]> => until(() => recoveriesOf(api), holds, settledMilliseconds)
const recordOf = (api: Api, uid: string): Promise<RecoveryView> => api.get<RecoveryView>(`/api/v2/recoveries/${encodeURIComponent(uid)}`)

/** All that some replica has executed or received. */
async function heldBy(sandbox: Sandbox, replicas: readonly string[]): Promise<string> {
  const sets = await Promise.all(replicas.map(async name => {
    const row = await sandbox.server(name).row<{ held: string }>('SELECT CONCAT(@@gtid_executed, ",", COALESCE((SELECT MAX(RECEIVED_TRANSACTION_SET) FROM performance_schema.replication_connection_status), "")) AS held')
    return row.held.replaceAll('\n', '')
  }))
  return sets.map(set => set.replace(/,$/, '')).join(',')
}

async function assertHolds(sandbox: Sandbox, name: string, held: string): Promise<void> {
  const { missing } = await sandbox.server(name).row<{ missing: string }>(`SELECT GTID_SUBTRACT('${held}', @@gtid_executed) AS missing`)
  assert.equal(missing, '', `${name} has all that a replica had received`)
}

test('a takeover that is cut off by a kill -9 while writes are stopped is undone after the restart; so is a failover in its first hook, and done anew', async () => {
  await using sandbox = await Sandbox.fourServers()
  using folder = temporaryFolder()
  const [takeoverPid, failoverPid] = [join(folder.path, 'takeover.pid'), join(folder.path, 'failover.pid')]
  const common = { SQLite3DataFile: join(folder.path, 'orchestrator.sqlite3') }
  const first = writeConfiguration(folder.path, { ...common, PreFailoverProcesses: [sleepsOnce(takeoverPid)] })
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await using writable = WritableServers.watch(sandbox.servers)
  {
    await using program = await start(first)
    const api = new Api(program.address)
    await discoverAll(api, sandbox)
    void api.operation('graceful-takeover-auto', { cluster: 'ci', designated: sandbox.server('replica-1').key }).catch(() => undefined)
    await until(async () => existsSync(takeoverPid), Boolean)
    assert.deepEqual(await sandbox.server('primary').row('SELECT @@super_read_only AS sro'), { sro: 1 }, 'writes are stopped')
    await program.kill()
    endHook(takeoverPid)
  }
  const second = writeConfiguration(folder.path, { ...common, PreFailoverProcesses: [sleepsOnce(failoverPid)] })
  {
    await using program = await start(second)
    const api = new Api(program.address)
    const [undone] = await settled(api, ([newest]) => typeof newest?.endedAt === 'number')
    assert.deepEqual([undone?.isSuccessful, undone?.isActive], [false, false])
    assert.match(JSON.stringify(await recordOf(api, undone?.uid ?? '')), /detected crashed recovery/)
    assert.deepEqual(await sandbox.server('primary').row('SELECT @@read_only AS ro, @@super_read_only AS sro'), { ro: 0, sro: 0 })
    const count = writer.acknowledged.length
    await until(async () => writer.acknowledged.length, length => length > count + 20)

    await until(() => api.get<ClusterView>('/api/v2/clusters/ci'), ({ members }) => members.every(({ statuses }) => statuses[0]?.severity === 'ok'))
    await sandbox.server('primary').kill()
    await until(async () => existsSync(failoverPid), Boolean)
    await program.kill()
    endHook(failoverPid)
  }
  const held = await heldBy(sandbox, ['replica-1', 'replica-2'])
  await using program = await start(second)
  const api = new Api(program.address)
  const [again, cutOff] = await settled(api, recoveries => recoveries.length === 3 && recoveries.every(({ endedAt }) => endedAt !== null))
  assert.deepEqual([cutOff?.isSuccessful, cutOff?.acknowledged?.comment, again?.isSuccessful], [false, 'detected crashed recovery', true])
  const successor = sandbox.servers.find(({ key }) => key === again?.successor)
  assert.ok(successor !== undefined)
  const count = writer.acknowledged.length
  await until(async () => writer.acknowledged.length, length => length > count + 20)
  await writer.stop()
  await assertHolds(sandbox, successor.name, held)
  assert.deepEqual(writable.pairs, [])
})

test('a failover that is cut off by a kill -9 after the receivers were stopped loses nothing that a replica had received', async () => {
  await using sandbox = await Sandbox.fourServers()
  using folder = temporaryFolder()
  const configuration = writeConfiguration(folder.path, { DelayMasterPromotionIfSQLThreadNotUpToDate: true })
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await using writable = WritableServers.watch(sandbox.servers)
  await until(async () => writer.acknowledged.length, length => length > 50)
  const replicas = ['replica-1', 'replica-2'] as const
  const locks: { release(): Promise<void> }[] = []
  let held = ''
  {
    await using program = await start(configuration)
    const api = new Api(program.address)
    await discoverAll(api, sandbox)
    // What comes from now on is received and cannot be applied, so that the candidate does not come to its promotion.
    for (const name of replicas) locks.push(await hold(sandbox.server(name), 'FLUSH TABLES drill.rows_written WITH READ LOCK'))
    const count = writer.acknowledged.length
    await until(async () => writer.acknowledged.length, length => length > count + 50)
    await sandbox.server('primary').kill()
    const [running] = await until(() => recoveriesOf(api), recoveries => recoveries.length > 0)
    await until(() => recordOf(api, running?.uid ?? ''), ({ steps }) => steps.some(({ stage }) => stage === 'choose'))
    await program.kill()
    held = await heldBy(sandbox, replicas)
    assert.equal((await sandbox.server('replica-1').row('SHOW REPLICA STATUS'))['Replica_IO_Running'], 'No', 'it was cut off between the two')
  }
  for (const lock of locks) await lock.release()
  await using program = await start(configuration)
  const api = new Api(program.address)
  const recoveries = await settled(api, all => all.some(({ isSuccessful }) => isSuccessful) && all.every(({ endedAt }) => endedAt !== null))
  assert.equal(recoveries.length, 2)
  assert.deepEqual([recoveries[1]?.isSuccessful, recoveries[1]?.acknowledged?.comment], [false, 'detected crashed recovery'])
  const successor = sandbox.servers.find(({ key }) => key === recoveries[0]?.successor)
  assert.ok(successor !== undefined)
  await assertHolds(sandbox, successor.name, held)
  const other = replicas.find(name => name !== successor.name) ?? ''
  await sandbox.untilCaughtUp(other, successor.name)
  await assertHolds(sandbox, other, held)
  await writer.stop()
  assert.deepEqual(writable.pairs, [])
})
