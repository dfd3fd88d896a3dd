import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClusterView, RecoverySummary } from '../../src/contract/views.ts'
import { WritableServers } from '../harness/lab/writable-servers.ts'
import { until } from '../harness/recorded/api.ts'
import { databaseStatements, Managers, onMysql, otherManagers } from '../harness/recorded/managers.ts'
import { temporaryFolder } from '../harness/recorded/program.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

/** Statements that change a server, as its general log keeps them. */
const changes = "argument regexp '^(STOP|START|CHANGE|RESET|SET GLOBAL|SET PERSIST|FLUSH)' and user_host like '%orchestrator%'"

test('a process that stands still in the middle of a failover, which another one finishes, changes nothing when it wakes up', async () => {
  await using sandbox = await Sandbox.start({ servers: [{ name: 'backend' }, { name: 'primary' }, { name: 'replica-1' }, { name: 'replica-2' }] })
  for (const name of ['replica-1', 'replica-2']) {
    await sandbox.replicate(name, 'primary')
    await sandbox.server(name).sql('SET GLOBAL super_read_only = 1')
  }
  const server = sandbox.server('backend')
  for (const statement of databaseStatements) await server.sql(statement)
  using folder = temporaryFolder()
  const began = join(folder.path, 'began')
  // The first time it takes so long that there is time to freeze the process that waits for it.
  const hook = `test -e ${began} || { touch ${began}; exec sleep 2; }`
  await using managers = new Managers(folder.path, { ...onMysql(server), PreFailoverProcesses: [hook] })
  await managers.startAll()
  await using watch = managers.watch()
  const first = (await watch.nextLeader(watch.now)).name
  await managers.api(first).former(`discover/${sandbox.server('primary').key.replace(':', '/')}`)
  await until(() => managers.api(first).get<ClusterView>('/api/v2/clusters/ci'), view => view.members?.length === 3 && view.members.every(({ statuses }) => statuses[0]?.severity === 'ok'), 20_000)
  const managed = sandbox.servers.filter(({ name }) => name !== 'backend')
  await using writable = WritableServers.watch(managed)
  await sandbox.server('primary').kill()
  await until(async () => existsSync(began), Boolean, 20_000)
  managers.program(first).freeze()
  const recoveries = async (): Promise<readonly RecoverySummary[]> => (await managers.api(otherManagers(first)[0] ?? '').get<{ recoveries: readonly RecoverySummary[] }>('/api/v2/recoveries')).recoveries
  const [done, cutOff] = await until(recoveries, all => all.some(({ isSuccessful }) => isSuccessful) && all.every(({ endedAt }) => endedAt !== null), 40_000)
  assert.deepEqual([done?.isSuccessful, cutOff?.isSuccessful, cutOff?.acknowledged?.comment], [true, false, 'detected crashed recovery'])
  const successor = sandbox.servers.find(({ key }) => key === done?.successor)
  assert.ok(successor !== undefined)
  const replicas = managed.filter(({ name }) => name !== 'primary')
  await sleep(1000)
  for (const each of replicas) for (const statement of ["SET GLOBAL log_output = 'TABLE'", 'SET GLOBAL general_log = 1']) await each.sql(statement)

  managers.program(first).resume()
  await until(async () => (await fetch(`${managers.program(first).address}/api/leader-check`)).status, status => status === 404, 20_000)
  await sleep(3000)
  for (const each of replicas) assert.deepEqual(await each.sql(`select convert(argument using utf8mb4) as told from mysql.general_log where ${changes}`), [], each.name)
  assert.deepEqual(await successor.row('SELECT @@super_read_only AS sro'), { sro: 0 })
  assert.equal((await recoveries()).length, 2)
  assert.deepEqual(writable.pairs, [])
  assert.deepEqual(watch.both, [], watch.story)
})
