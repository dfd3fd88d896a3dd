import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClusterView, RecoverySummary, RecoveryView } from '../../src/contract/views.ts'
import { hold } from '../harness/lab/hold.ts'
import { WritableServers } from '../harness/lab/writable-servers.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Api, until } from '../harness/recorded/api.ts'
import { isRunning, type RunningProgram, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

// The program is ended by kill -9 in the moment in which the successor takes writes already and another replica is still on its way: there is no GTID, so that
// only what was written down before the switch says from where that one goes on.

async function start(configuration: string): Promise<RunningProgram> {
  const program = await startProgram(['--config', configuration])
  assert.ok(isRunning(program), 'stderr' in program ? program.stderr : '')
  return program
}

const recoveriesOf = async (api: Api): Promise<readonly RecoverySummary[]> => (await api.get<{ recoveries: readonly RecoverySummary[] }>('/api/v2/recoveries')).recoveries
const recordOf = (api: Api, uid: string): Promise<RecoveryView> => api.get<RecoveryView>(`/api/v2/recoveries/${encodeURIComponent(uid)}`)
const isWritable = async (sandbox: Sandbox, name: string): Promise<boolean> => Number((await sandbox.server(name).row<{ ro: number }>('SELECT @@read_only AS ro')).ro) === 0
const allAreWell = (api: Api, count: number): Promise<ClusterView> =>
  until(() => api.get<ClusterView>('/api/v2/clusters/ci'), ({ members }) => members?.length === count && members.every(({ statuses }) => statuses[0]?.severity === 'ok'), 20_000)

async function follows(sandbox: Sandbox, name: string, source: string): Promise<void> {
  await until(() => sandbox.server(name).row<{ Source_Port: number }>('SHOW REPLICA STATUS'), row => row.Source_Port === sandbox.server(source).port, 20_000)
  await sandbox.untilReplicating(name)
}

async function everyoneHasTheSameRows(sandbox: Sandbox, names: readonly string[]): Promise<void> {
  const sums = (): Promise<readonly string[]> => Promise.all(names.map(async name => String((await sandbox.server(name).row('CHECKSUM TABLE drill.rows_written'))['Checksum'])))
  await until(sums, all => new Set(all).size === 1, 20_000)
}

test('a takeover and a failover without GTID that a kill -9 cuts off after the switch are finished by the restarted program: whoever was on its way goes on from its true place', async () => {
  const options = ['--gtid-mode=OFF', '--enforce-gtid-consistency=OFF']
  await using sandbox = await Sandbox.start({ servers: ['primary', 'one', 'two'].map(name => ({ name, options })) })
  for (const name of ['one', 'two']) {
    await sandbox.replicate(name, 'primary', { gtid: false })
    await sandbox.server(name).sql('SET GLOBAL super_read_only = ON')
  }
  using folder = temporaryFolder()
  const configuration = writeConfiguration(folder.path, { RecoveryPeriodBlockSeconds: 1, ReasonableMaintenanceReplicationLagSeconds: 60, InstanceBulkOperationsWaitTimeoutSeconds: 60 })
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await using writable = WritableServers.watch(sandbox.servers)
  await until(async () => writer.acknowledged.length, length => length > 50)
  {
    await using program = await start(configuration)
    const api = new Api(program.address)
    await api.former(`discover/${sandbox.server('primary').key.replace(':', '/')}`)
    await allAreWell(api, 3)
    const lock = await hold(sandbox.server('two'), 'FLUSH TABLES drill.rows_written WITH READ LOCK')
    void api.operation('graceful-takeover-auto', { cluster: 'ci', designated: sandbox.server('one').key }).catch(() => undefined)
    await until(() => isWritable(sandbox, 'one'), Boolean, 20_000)
    await program.kill()
    const count = writer.acknowledged.length
    await until(async () => writer.acknowledged.length, length => length > count + 20)
    await lock.release()
  }
  {
    await using program = await start(configuration)
    const api = new Api(program.address)
    const [finished] = await until(() => recoveriesOf(api), ([newest]) => typeof newest?.endedAt === 'number', 20_000)
    assert.deepEqual([finished?.isSuccessful, finished?.successor], [true, sandbox.server('one').key], JSON.stringify(await recordOf(api, finished?.uid ?? '')))
    for (const name of ['primary', 'two']) await follows(sandbox, name, 'one')
    await allAreWell(api, 3)
    await writer.stop()
    await everyoneHasTheSameRows(sandbox, ['primary', 'one', 'two'])
    for (const server of sandbox.servers) assert.equal(await writer.missingOn(server), 0, server.name)

    // The same with a failover. Both have read as much; the one that cannot apply it is not the one that is liked best.
    await api.former(`register-candidate/${sandbox.server('primary').key.replace(':', '/')}/prefer`)
    const lock = await hold(sandbox.server('two'), 'FLUSH TABLES drill.rows_written WITH READ LOCK')
    for (let id = 2_000_000; id < 2_000_020; id += 1) await sandbox.server('one').sql(`INSERT INTO drill.rows_written VALUES (${id}, 1)`)
    const end = await sandbox.server('one').row<{ File: string; Position: number }>('SHOW BINARY LOG STATUS')
    for (const name of ['primary', 'two']) {
      await until(() => sandbox.server(name).row<{ Source_Log_File: string; Read_Source_Log_Pos: number }>('SHOW REPLICA STATUS'), row => row.Source_Log_File === end.File && row.Read_Source_Log_Pos === end.Position)
    }
    await sandbox.server('one').kill()
    await until(() => isWritable(sandbox, 'primary'), Boolean, 30_000)
    await program.kill()
    await sandbox.server('primary').sql('INSERT INTO drill.rows_written VALUES (3000000, 1)')
    await lock.release()
  }
  await using program = await start(configuration)
  const api = new Api(program.address)
  const [finished] = await until(() => recoveriesOf(api), ([newest]) => typeof newest?.endedAt === 'number' && newest.successor === sandbox.server('primary').key, 20_000)
  const record = await recordOf(api, finished?.uid ?? '')
  assert.deepEqual([finished?.isSuccessful, record.lostReplicas], [true, []], JSON.stringify(record))
  await follows(sandbox, 'two', 'primary')
  await everyoneHasTheSameRows(sandbox, ['primary', 'two'])
  const { rows } = await sandbox.server('two').row<{ rows: number }>('SELECT COUNT(*) AS `rows` FROM drill.rows_written WHERE id >= 2000000')
  assert.equal(Number(rows), 21)
  await writable[Symbol.asyncDispose]()
  assert.deepEqual(writable.pairs, [], 'never two that take writes')
})
