import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { RecoverySummary } from '../../src/contract/views.ts'
import { RealEtcd } from '../harness/etcd/real-etcd.ts'
import { Writer } from '../harness/lab/writer.ts'
import { WritableServers } from '../harness/lab/writable-servers.ts'
import { Managers } from '../harness/raft/managers.ts'
import { type Api, until } from '../harness/recorded/api.ts'
import { temporaryFolder } from '../harness/recorded/program.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const patience = 60_000

/** A hook that sleeps the first time and does nothing afterwards; `pid` is where it writes its process id. */
const sleepsOnce = (pid: string): string => `test -e ${pid} || { echo $$ > ${pid}; exec sleep 60; }`
const recoveriesOf = async (api: Api): Promise<readonly RecoverySummary[]> => (await api.get<{ recoveries: readonly RecoverySummary[] }>('/api/v2/recoveries')).recoveries

test('managers of an etcd: a member of etcd dies, then the primary; the manager that replaces it is killed in the midst, the next one finishes, and writes go on', async () => {
  await using sandbox = await Sandbox.fourServers()
  await using etcd = await RealEtcd.start({ members: 3 })
  using folder = temporaryFolder()
  const pid = join(folder.path, 'hook.pid')
  await using managers = await Managers.start({ RaftEnabled: false, EtcdEndpoints: etcd.endpoints, PreFailoverProcesses: [sleepsOnce(pid)] }, false)
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await using writable = WritableServers.watch(sandbox.servers)
  const first = await managers.all()
  await managers.change(first.number, `discover/${sandbox.server('primary').key.replace(':', '/')}`)
  // Each reads all servers by itself; what it says of them is the leader's word, so its own database is asked.
  for (const number of managers.running.keys()) await until(async () => managers.serversReadBy(number), count => count === 4, patience)
  await etcd.kill('e0')
  await sandbox.server('primary').kill()
  await until(async () => existsSync(pid), Boolean, patience)
  const acting = await managers.leader()
  await managers.kill(acting.number)
  process.kill(Number(readFileSync(pid, 'utf8')), 'SIGKILL') // the hook outlives the program that was killed
  const next = await managers.leader()
  const recoveries = await until(() => recoveriesOf(next.api), all => all.some(({ isSuccessful }) => isSuccessful === true) && all.every(({ endedAt }) => endedAt !== null), patience)
  assert.equal(recoveries.filter(({ isSuccessful }) => isSuccessful === true).length, 1, JSON.stringify(recoveries))
  const count = writer.acknowledged.length
  await until(async () => writer.acknowledged.length, length => length > count + 20, patience)
  await writer.stop()
  assert.deepEqual(writable.pairs, [])
  assert.ok(sandbox.servers.some(({ key }) => key === recoveries.find(({ isSuccessful }) => isSuccessful === true)?.successor))
  await managers.start(acting.number)
  for (const { api } of managers.running.values()) {
    await until(() => recoveriesOf(api), all => JSON.stringify(all.map(({ uid, successor: promoted }) => [uid, promoted])) === JSON.stringify(recoveries.map(({ uid, successor: promoted }) => [uid, promoted])), patience)
  }
})
