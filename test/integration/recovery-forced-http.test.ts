import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { ClusterView } from '../../src/contract/views.ts'
import { Api, until } from '../harness/recorded/api.ts'
import { isRunning, runProgram, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

test('by route and by command a primary is replaced by force; a durability policy is kept until a reason is given, and hooks and records know the command', async () => {
  await using sandbox = await Sandbox.fourServers()
  using folder = temporaryFolder()
  const told = `${folder.path}/told`
  const started = await startProgram(['--config', writeConfiguration(folder.path, {
    DurabilityPolicy: { 'alias=ci': 'semi-sync' }, PostMasterFailoverProcesses: [`echo {command} {successorHost}:{successorPort} >> ${told}`],
  })])
  assert.ok(isRunning(started), 'stderr' in started ? started.stderr : '')
  await using program = started
  const api = new Api(program.address)
  const environment = { ORCHESTRATOR_API: program.address }
  const key = (name: string): string => sandbox.server(name).key
  const path = (name: string): string => key(name).replace(':', '/')
  await api.former(`discover/${path('sub-replica')}`)
  await until(() => api.get<ClusterView>('/api/v2/clusters/ci'), ({ members }) => members?.length === 4 && members.every(({ statuses }) => statuses[0]?.severity === 'ok'))

  const child = await api.former(`force-master-takeover/ci/${path('sub-replica')}`)
  assert.deepEqual([child.Code, child.Message], ['ERROR', `You may only promote a direct child of the master ${key('primary')}. The master of ${key('sub-replica')} is ${key('replica-2')}.`])
  const without = runProgram(['-c', 'force-master-takeover', '-alias', 'ci'], environment)
  assert.deepEqual([without.status, without.stderr.includes('Cannot deduce destination, the instance to promote')], [1, true], without.stderr)
  const dry = await api.former(`force-master-failover/${path('primary')}?dryRun=true`)
  assert.equal(dry.Code, 'ERROR', 'what the policy forbids is told beforehand')
  assert.match(dry.Message, /policy semi-sync: .* was no working semi-sync source/)
  const kept = await api.former(`force-master-failover/${path('primary')}`)
  assert.deepEqual([kept.Code, kept.Message.includes('policy semi-sync')], ['ERROR', true], kept.Message)
  assert.deepEqual(await api.get('/api/audit-recovery'), [])

  const taken = await api.former(`force-master-takeover/${path('primary')}/${path('replica-1')}?reason=${encodeURIComponent('the rack is moved')}`)
  assert.deepEqual([taken.Code, taken.Message], ['OK', 'Master failed over'])
  const { Hostname, Port } = (taken.Details as { readonly SuccessorKey: { readonly Hostname: string; readonly Port: number } }).SuccessorKey // the record of a recovery
  assert.equal(`${Hostname}:${Port}`, key('replica-1'))
  await until(() => api.get<ClusterView>('/api/v2/clusters/ci'), ({ members }) => members?.filter(member => member.key !== key('primary')).every(({ statuses }) => statuses[0]?.severity === 'ok') === true)
  const back = runProgram(['-c', 'force-master-failover', '-alias', 'ci', '--reason', 'once more'], environment)
  // The first primary follows again by itself under a policy, so it may be the one.
  const next = back.stdout.trim()
  assert.deepEqual([back.status, [key('primary'), key('replica-2')].includes(next)], [0, true], back.stdout + back.stderr)
  assert.deepEqual(await sandbox.server('replica-1').row('SELECT @@super_read_only AS sro'), { sro: 1 })
  assert.equal(await readFile(told, 'utf8'), `force-master-takeover ${key('replica-1')}\nforce-master-failover ${next}\n`)
})
