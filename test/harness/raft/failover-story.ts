import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RecoverySummary } from '../../../src/contract/views.ts'
import { Writer } from '../lab/writer.ts'
import { WritableServers } from '../lab/writable-servers.ts'
import { type Api, until } from '../recorded/api.ts'
import { temporaryFolder } from '../recorded/program.ts'
import { Sandbox } from '../sandbox/sandbox.ts'
import { Managers } from './managers.ts'

const patience = 60_000

/** A hook that sleeps the first time and does nothing afterwards; `pid` is where it writes its process id. */
const sleepsOnce = (pid: string): string => `test -e ${pid} || { echo $$ > ${pid}; exec sleep 60; }`
const recoveriesOf = async (api: Api): Promise<readonly RecoverySummary[]> => (await api.get<{ recoveries: readonly RecoverySummary[] }>('/api/v2/recoveries')).recoveries

export interface FailoverStory {
  readonly settings: Readonly<Record<string, unknown>>
  readonly isBuilt: boolean
  /** Right before the primary dies. */
  harm?(): Promise<void>
}

/**
 * A primary is killed under a writer, and then the manager that replaces it, in the middle of its hook: the next manager finishes it once, no row is lost that
 * a replica had, nobody writes beside, and the records are the same in all databases.
 */
export async function failoverOutlivesItsManager({ settings, isBuilt, harm }: FailoverStory): Promise<void> {
  await using sandbox = await Sandbox.fourServers()
  using folder = temporaryFolder()
  const pid = join(folder.path, 'hook.pid')
  await using managers = await Managers.start({ ...settings, PreFailoverProcesses: [sleepsOnce(pid)] }, isBuilt)
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await using writable = WritableServers.watch(sandbox.servers)
  const first = await managers.all()
  await managers.change(first.number, `discover/${sandbox.server('primary').key.replace(':', '/')}`)
  // Each reads all servers by itself; what it says of them is the leader's word, so its own database is asked.
  for (const number of managers.running.keys()) await until(async () => managers.serversReadBy(number), count => count === 4, patience)
  await harm?.()
  await sandbox.server('primary').kill()
  await until(async () => existsSync(pid), Boolean, patience)
  const acting = await managers.leader()
  await managers.kill(acting.number)
  process.kill(Number(readFileSync(pid, 'utf8')), 'SIGKILL') // the hook outlives the program that was killed
  const next = await managers.leader()
  const recoveries = await until(() => recoveriesOf(next.api), all => all.some(({ isSuccessful }) => isSuccessful === true) && all.every(({ endedAt }) => endedAt !== null), patience)
  assert.equal(recoveries.filter(({ isSuccessful }) => isSuccessful === true).length, 1, JSON.stringify(recoveries))
  const successor = sandbox.servers.find(({ key }) => key === recoveries.find(({ isSuccessful }) => isSuccessful === true)?.successor)
  assert.ok(successor !== undefined)
  const count = writer.acknowledged.length
  await until(async () => writer.acknowledged.length, length => length > count + 20, patience)
  await writer.stop()
  assert.ok(await writer.lacksOnlyTheEndOf(sandbox.server('primary'), successor), 'only what no replica had received died with the primary')
  assert.deepEqual(writable.pairs, [])
  // The one that was killed learns of it, too.
  await managers.start(acting.number)
  await managers.all()
  const known = JSON.stringify(recoveries.map(({ uid, successor: promoted }) => [uid, promoted]).toSorted())
  for (const number of managers.running.keys()) await until(async () => JSON.stringify(managers.recoveriesIn(number).toSorted()), own => own === known, patience)
}
