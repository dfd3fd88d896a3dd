import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReturnedPrimary } from '../../src/contract/returned.ts'
import type { ClusterView } from '../../src/contract/views.ts'
import { Api, until } from '../harness/recorded/api.ts'
import { isRunning, runProgram, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

test('the command and the API list a replaced primary that is back, show the plan that lets it follow, and carry it out', async () => {
  await using sandbox = await Sandbox.start({ servers: ['primary', 'replica-1', 'replica-2'].map(name => ({ name })) })
  for (const replica of ['replica-1', 'replica-2']) {
    await sandbox.replicate(replica, 'primary')
    await sandbox.server(replica).sql('SET GLOBAL super_read_only = 1')
  }
  using folder = temporaryFolder()
  const configuration = writeConfiguration(folder.path, { RecoverMasterClusterFilters: ['*'], InstancePollSeconds: 1 })
  const program = await startProgram(['--config', configuration])
  assert.ok(isRunning(program), 'stderr' in program ? program.stderr : '')
  try {
    const api = new Api(program.address)
    const key = (name: string): string => sandbox.server(name).key
    await api.former(`discover/${key('primary').replace(':', '/')}`)
    await until(() => api.get<ClusterView>(`/api/v2/clusters/${encodeURIComponent(key('primary'))}`), ({ members }) => members?.length === 3)
    await sandbox.server('primary').kill()
    const command = (...args: readonly string[]): string => {
      const { stdout, stderr, status } = runProgram(['--config', configuration, ...args], { ORCHESTRATOR_API: `${program.address}/api` })
      assert.equal(status, 0, stderr)
      return stdout
    }
    const returned = async (): Promise<readonly ReturnedPrimary[]> => {
      const { state, ...answer } = await api.operation('returned-primaries', {})
      assert.equal(state, 'done')
      return (answer as { readonly output: readonly ReturnedPrimary[] }).output // the operation's own answer
    }
    await until(returned, all => all.length === 1 && all[0]?.verdict === 'not-seen', 20_000)
    await sandbox.server('primary').start()
    const [judged] = await until(returned, all => all[0]?.verdict === 'clean', 20_000)
    assert.deepEqual([judged?.server, judged?.offers.map(({ offer }) => offer), judged?.diverged], [key('primary'), ['rejoin', 'keep'], null])
    assert.match(command('-c', 'returned-primaries'), new RegExp(`^${key('primary')}: .* has nothing that ${judged?.primary} does not have.*\\n  Let it follow: orchestrator -c rejoin-primary -i ${key('primary')}\\n`))
    const plan = await api.plan('rejoin-primary', { instance: key('primary') })
    assert.ok(plan.steps.some(({ statements }) => statements.some(statement => statement.startsWith('CHANGE REPLICATION SOURCE TO'))))
    assert.deepEqual(await sandbox.server('primary').sql('SHOW REPLICA STATUS'), [], 'a plan that is shown touches nothing')
    assert.equal(command('-c', 'rejoin-primary', '-i', key('primary')), `${key('primary')}<${judged?.primary}\n`)
    await sandbox.untilReplicating('primary')
    assert.deepEqual(await until(returned, all => all.length === 0), [])
    const again = await api.operation('rejoin-primary', { instance: key('primary') })
    assert.ok(again.state === 'refused' && again.refused.code === 'rejoin-not-replaced')
  } finally {
    await program.stop()
  }
})
