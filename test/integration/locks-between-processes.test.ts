import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ClusterView } from '../../src/contract/views.ts'
import { hold } from '../harness/lab/hold.ts'
import { Api, until } from '../harness/recorded/api.ts'
import { isRunning, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

interface Lock {
  readonly Key: { readonly Hostname: string; readonly Port: number }
  readonly Owner: string
  readonly Reason: string
}

interface Audit {
  readonly AuditType: string
  readonly Message: string
}

const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts')

const start = (args: readonly string[]): ChildProcess => spawn(process.execPath, [main, ...args], { cwd: tmpdir(), stdio: 'ignore' })

/** Runs a command line without standing still meanwhile. */
const ended = (args: readonly string[]): Promise<number | null> => new Promise(resolve => start(args).once('close', resolve))

async function killed(command: ChildProcess): Promise<void> {
  if (command.exitCode !== null) return
  const over = new Promise(resolve => command.once('close', resolve))
  command.kill('SIGKILL')
  await over
}

const boundMilliseconds = 120_000

test('what a command line changes is locked for the service, a person\'s lock is seen by both, a lock goes with the process that is killed, and the service finishes what it had begun', { timeout: boundMilliseconds }, async () => {
  await using sandbox = await Sandbox.fourServers()
  using folder = temporaryFolder()
  const configuration = writeConfiguration(folder.path, { AuditToBackendDB: true })
  const started = await startProgram(['--config', configuration])
  assert.ok(isRunning(started), 'stderr' in started ? started.stderr : '')
  await using program = started
  const api = new Api(program.address)
  await api.former(`discover/${sandbox.server('primary').key.replace(':', '/')}`)
  await until(() => api.get<ClusterView>('/api/v2/clusters/ci'), ({ members }) => members?.length === 4)
  const [one, two] = [sandbox.server('replica-1'), sandbox.server('replica-2')]
  const path = (server: { readonly key: string }): string => server.key.replace(':', '/')
  const locks = (): Promise<readonly Lock[]> => api.get<readonly Lock[]>('/api/maintenance')
  const cli = (...args: string[]): readonly string[] => ['--config', configuration, ...args]

  // A person's lock, taken by a command line, holds off the service.
  assert.equal(await ended(cli('-c', 'begin-maintenance', '-i', two.key, '--reason', 'disk', '--owner', 'ann')), 0)
  assert.match((await api.former(`stop-replica/${path(two)}`)).Message, /^Cannot begin maintenance on .*in maintenance by ann: disk/)
  await until(() => api.get<ClusterView>('/api/v2/clusters/ci'), ({ members }) => JSON.stringify(members).includes('disk'))
  assert.equal((await api.former(`end-maintenance/${path(two)}`)).Code, 'OK')
  assert.equal((await api.former(`restart-replica/${path(two)}`)).Code, 'OK')
  assert.deepEqual(await locks(), [], 'an operation that is over holds nothing')

  // A command line that waits for an applier which cannot go on, and is killed meanwhile.
  await sandbox.server('primary').sql('CREATE DATABASE held')
  await sandbox.server('primary').sql('CREATE TABLE held.up (id INT PRIMARY KEY)')
  await sandbox.untilCaughtUp('replica-1', 'primary')
  const reader = await hold(one, 'LOCK TABLES held.up READ')
  await sandbox.server('primary').sql('INSERT INTO held.up VALUES (1)')
  const command = start(cli('-c', 'disable-gtid', '-i', one.key))
  try {
    const [lock] = await until(locks, all => all.length > 0, 30_000)
    assert.equal(`${lock?.Key.Hostname}:${lock?.Key.Port}`, one.key)
    assert.match(lock?.Reason ?? '', /replicate by file and position/, 'it says what is being done')
    assert.match((await api.former(`restart-replica/${path(one)}`)).Message, /^Cannot begin maintenance on /)
  } finally {
    await killed(command)
    await reader.release()
  }
  // The service, which was running all the while, goes on with what the command line had begun.
  const [entry] = await until(async () => (await api.get<readonly Audit[]>('/api/audit')).filter(({ AuditType: kind }) => kind === 'interrupted-plan'), all => all.length > 0, 30_000)
  assert.match(entry?.Message ?? '', /was interrupted; it was finished$/)
  assert.equal(Number((await one.row('SHOW REPLICA STATUS'))['Auto_Position']), 0, 'it replicates by file and position, as was asked for')
  await sandbox.untilCaughtUp('replica-1', 'primary')
  assert.deepEqual(await one.row('SELECT COUNT(*) AS held FROM held.up'), { held: 1 })
  await until(locks, all => all.length === 0)
  assert.equal((await api.former(`restart-replica/${path(one)}`)).Code, 'OK')
  assert.equal((await api.get<readonly Audit[]>('/api/audit')).filter(({ AuditType: kind }) => kind === 'interrupted-plan').length, 1, 'once')
})
