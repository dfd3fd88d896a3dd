import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClusterView, RecoverySummary, RecoveryView } from '../../src/contract/views.ts'
import { Api, until } from '../harness/recorded/api.ts'
import { isRunning, runProgram, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

async function twoServers(): Promise<Sandbox> {
  const sandbox = await Sandbox.start({ servers: [{ name: 'primary' }, { name: 'replica' }] })
  await sandbox.replicate('replica', 'primary')
  await sandbox.server('replica').sql('SET GLOBAL super_read_only = ON')
  return sandbox
}

/** A takeover asked of a service with these hooks, which must refuse it and leave the primary writable; with the steps of the record, if there is one. */
async function refusedTakeover(sandbox: Sandbox, hooks: Readonly<Record<string, unknown>>): Promise<{ readonly message: string; readonly steps: RecoveryView['steps'] }> {
  using folder = temporaryFolder()
  const started = await startProgram(['--config', writeConfiguration(folder.path, hooks)])
  assert.ok(isRunning(started), 'stderr' in started ? started.stderr : '')
  await using program = started
  const api = new Api(program.address)
  await api.former(`discover/${sandbox.server('primary').key.replace(':', '/')}`)
  await until(() => api.get<ClusterView>('/api/v2/clusters/ci'), ({ members }) => members?.length === 2 && members.every(({ statuses }) => statuses[0]?.severity === 'ok'))
  const taken = runProgram(['-c', 'graceful-master-takeover-auto', '-alias', 'ci', '-d', sandbox.server('replica').key], { ORCHESTRATOR_API: program.address })
  assert.equal(taken.status, 1, taken.stdout)
  assert.deepEqual(await sandbox.server('primary').row('SELECT @@read_only AS ro, @@super_read_only AS sro'), { ro: 0, sro: 0 })
  assert.deepEqual(await sandbox.server('replica').row('SELECT @@read_only AS ro'), { ro: 1 })
  const [recovery] = (await api.get<{ recoveries: readonly RecoverySummary[] }>('/api/v2/recoveries')).recoveries
  const steps = recovery === undefined ? [] : (await api.get<RecoveryView>(`/api/v2/recoveries/${encodeURIComponent(recovery.uid)}`)).steps
  return { message: taken.stderr, steps }
}

test('asked by command, a takeover whose hook fails or hangs is not done, says which hook it was, and leaves the primary writable', async () => {
  await using sandbox = await twoServers()
  const early = await refusedTakeover(sandbox, { PreGracefulTakeoverProcesses: ['echo not today; exit 3'] })
  assert.match(early.message, /FATAL .*PreGracefulTakeoverProcesses.*exit status 3/s)
  assert.deepEqual(early.steps, [], 'nothing was begun')
  const begun = performance.now()
  const hanging = await refusedTakeover(sandbox, { PreFailoverProcesses: ['sleep 60'], HookTimeoutSeconds: 1 })
  assert.match(hanging.message, /FATAL .*PreFailoverProcesses.*ended because its time was over/s)
  assert.ok(performance.now() - begun < 30_000)
  const stages = hanging.steps.map(({ stage }) => stage)
  assert.ok(stages.indexOf('fence') < stages.indexOf('hooks-before') && stages.lastIndexOf('hooks-before') < stages.indexOf('undo'), stages.join(' '))
})
