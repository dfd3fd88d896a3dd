import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RecoveryDryRunView, RecoverySummary } from '../../src/contract/views.ts'
import type { Foreseen } from '../../src/contract/what-if.ts'
import { Api, until } from '../harness/recorded/api.ts'
import { isRunning, runProgram, type RunningProgram, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'
import type { SandboxServer } from '../harness/sandbox/sandbox-server.ts'

describe('what would be done if a server died now', () => {
  const folder = temporaryFolder()
  let sandbox: Sandbox
  let program: RunningProgram
  let api: Api
  let configuration = ''
  const key = (name: string): string => sandbox.server(name).key

  before(async () => {
    sandbox = await Sandbox.fourServers()
    configuration = writeConfiguration(folder.path, {
      DetectClusterAliasQuery: "select 'shop'", RecoverMasterClusterFilters: ['*'], RecoverIntermediateMasterClusterFilters: ['*'],
      PostMasterFailoverProcesses: ['echo from {failedHost}:{failedPort} to {successorHost}:{successorPort}'],
    })
    const started = await startProgram(['--config', configuration])
    assert.ok(isRunning(started), 'stderr' in started ? started.stderr : '')
    program = started
    api = new Api(program.address)
    await api.former(`discover/${key('primary').replace(':', '/')}`)
    await until(() => api.get<{ members?: readonly unknown[] }>('/api/v2/clusters/shop'), view => view.members?.length === 4)
  })
  after(async () => {
    await program?.stop()
    await sandbox?.stop()
    folder[Symbol.dispose]()
  })

  async function ask(input: Readonly<Record<string, string>>): Promise<readonly RecoveryDryRunView[]> {
    const answer = await api.operation('what-if', input, { wait: true })
    assert.equal(answer.state, 'done', JSON.stringify(answer))
    // The output is of this operation.
    return (answer.output as Foreseen).servers
  }
  const one = async (name: string): Promise<RecoveryDryRunView> => {
    const [view] = await ask({ instance: key(name) })
    assert.ok(view !== undefined)
    return view
  }
  const riskOf = (view: RecoveryDryRunView): readonly string[] => (view.risk ?? []).map(({ code }) => code)
  const countOf = async (server: SandboxServer): Promise<string> => (await server.row<{ executed: string }>('SELECT @@global.gtid_executed AS executed')).executed

  test('of a living primary: who would take its place and why, the stages, the hooks as they would be sent, and what would be at risk', async () => {
    const before = await Promise.all(sandbox.servers.map(countOf))
    const view = await one('primary')
    assert.equal(view.isConfirmedDead, false)
    assert.equal(view.refusal, null)
    assert.ok(['replica-1', 'replica-2'].map(key).includes(view.successor ?? ''), String(view.successor))
    assert.equal(view.candidates.length, 2)
    const stages = view.stages.map(({ name }) => name)
    assert.equal(stages[0], 'stop-receivers')
    for (const stage of ['promote', 'repoint']) assert.ok(stages.includes(stage), stages.join(' '))
    const hook = view.hooks.find(({ list }) => list === 'PostMasterFailoverProcesses')?.commands[0] ?? ''
    assert.equal(hook, `echo from ${key('primary')} to ${view.successor ?? ''}`)
    assert.deepEqual(riskOf(view), ['risk-none', 'risk-asynchronous'])
    assert.deepEqual(await Promise.all(sandbox.servers.map(countOf)), before, 'nothing was touched')
    assert.equal((await sandbox.server('primary').row<{ locked: number }>('SELECT @@global.read_only AS locked')).locked, 0)
  })

  test('what no replica has received is counted: just as many transactions as would be lost', async () => {
    for (const name of ['replica-1', 'replica-2']) await sandbox.server(name).sql('STOP REPLICA IO_THREAD')
    for (const name of ['one', 'two', 'three']) await sandbox.server('primary').sql(`CREATE DATABASE ${name}`)
    const view = await until(() => one('primary'), ({ risk = [] }) => risk.some(({ parameters }) => parameters['count'] === 3))
    assert.deepEqual(riskOf(view), ['risk-some', 'risk-asynchronous'])
    for (const name of ['replica-1', 'replica-2']) await sandbox.server(name).sql('START REPLICA IO_THREAD')
    await until(() => one('primary'), each => riskOf(each)[0] === 'risk-none')
  })

  test('of an intermediate server: its replicas find another source, and nothing is at risk; of a leaf there is nothing to recover', async () => {
    const view = await one('replica-2')
    assert.equal(view.refusal, null)
    assert.notEqual(view.successor, null)
    assert.deepEqual(riskOf(view), ['risk-follows-another'])
    assert.notEqual((await one('sub-replica')).refusal, null)
  })

  test('of a cluster: every server that others follow, and nobody else; of a server that nobody knows a refusal', async () => {
    assert.deepEqual((await ask({ cluster: 'shop' })).map(({ server }) => server).sort(), [key('primary'), key('replica-2')].sort())
    assert.deepEqual((await ask({})).map(({ server }) => server), [key('primary')])
    const answer = await api.operation('what-if', { instance: '127.0.0.1:1' }, { wait: true })
    assert.equal(answer.state, 'refused')
  })

  test('the command prints it for people, as a word by itself too', async () => {
    const told = runProgram(['--config', configuration, '-c', 'what-if', '-i', key('primary')])
    assert.equal(told.status, 0, told.stderr)
    assert.match(told.stdout, /answers; this is what would be done if it died now\./)
    assert.match(told.stdout, /At risk:\n {2}! /)
    assert.match(runProgram(['--config', configuration, 'what-if', '-alias', 'shop']).stdout, new RegExp(`DeadIntermediateMaster\\S* of ${key('replica-2')}`))
  })

  test('when the primary dies the one that was foreseen takes its place', async () => {
    // Commands that ran to their end stood in the way of everything here: a connection that the service closed meanwhile is noticed first.
    await sleep(20)
    const { successor } = await one('primary')
    await sandbox.server('primary').kill()
    const recoveries = await until(
      () => api.get<{ recoveries?: readonly RecoverySummary[] }>('/api/v2/recoveries'), ({ recoveries = [] }) => recoveries[0]?.endedAt !== null && recoveries.length === 1)
    assert.equal(recoveries.recoveries?.[0]?.successor, successor)
  })
})
