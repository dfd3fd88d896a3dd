import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OperationName } from '../contract/all.ts'
import { ok } from '../kit/result.ts'
import { bareInstance, bareLink } from '../model/topology/fresh-instance.ts'
import { noThreadError, type Instance, type ThreadState } from '../model/topology/instance.ts'
import { instanceKey } from '../model/topology/instance-key.ts'
import type { TextInput } from './caller.ts'
import { parseArguments } from './flags.ts'
import { runCommand, type CommandResult } from './run-command.ts'

const failed = { number: 1062, text: 'Duplicate entry', at: null }

function replica(port: number, receiver: ThreadState, applier: ThreadState, error = noThreadError): Instance {
  const source = instanceKey('db1', 3306)
  return { ...bareInstance(instanceKey('db1', port)), replication: { ...bareLink(source), receiver, applier, applierError: error } }
}

/** Runs a command line on a service that answers `output`, and tells what it was asked. */
async function run(argv: readonly string[], output: unknown): Promise<CommandResult & { readonly asked: readonly (readonly [OperationName, TextInput])[] }> {
  const parsed = parseArguments(argv)
  assert.ok(parsed.ok && parsed.value !== 'help')
  const asked: (readonly [OperationName, TextInput])[] = []
  const caller = {
    run: (name: OperationName, input: TextInput) => {
      asked.push([name, input])
      return Promise.resolve(ok(output))
    },
    dryRun: () => assert.fail('nothing asks for a preview'), close: () => Promise.resolve(), describe: () => '',
  }
  return { ...(await runCommand(parsed.value.flags.c, parsed.value.flags, caller, { hostname: 'here', user: 'ann' })), asked }
}

test('a replica is broken that has stopped with an error, and not one that was stopped', async () => {
  const replicas = [replica(1, 'running', 'running'), replica(2, 'running', 'stopped', failed), replica(3, 'stopped', 'stopped'), replica(4, 'running', 'running', failed)]
  assert.deepEqual((await run(['-c', 'which-broken-replicas', '-i', 'db1'], replicas)).lines, ['db1:2'])
})

test('of the replicas that a schema change should watch those are told that replicate', async () => {
  const replicas = [replica(1, 'running', 'running'), replica(2, 'connecting', 'running'), replica(3, 'running', 'stopped')]
  assert.deepEqual((await run(['-c', 'which-cluster-osc-running-replicas', '-alias', 'shop'], replicas)).lines, ['db1:1'])
})

test('the dominant data centre has the most primaries, the later by name of two that have as many', async () => {
  const primaries = ['b', 'a', 'b', 'c', 'c'].map((dataCenter, index) => ({ ...bareInstance(instanceKey('db1', index + 1)), dataCenter }))
  assert.deepEqual((await run(['-c', 'dominant-dc'], primaries)).lines, ['c'])
  assert.deepEqual((await run(['-c', 'dominant-dc'], [])).lines, [])
})

test('whose downtime is asked for, and which cluster is forgotten, is never taken from the name of this machine', async () => {
  assert.deepEqual((await run(['-c', 'downtimed'], [])).asked, [['downtimed', {}]])
  assert.deepEqual((await run(['-c', 'downtimed', '-alias', 'shop'], [])).asked, [['downtimed', { cluster: 'shop' }]])
  assert.deepEqual((await run(['-c', 'forget-cluster'], {})).asked, [['forget-cluster', {}]])
  assert.deepEqual((await run(['-c', 'forget-cluster', '-i', 'db1:3306'], {})).asked, [['forget-cluster', { cluster: 'db1:3306' }]])
})

test('a delay needs its seconds, and is answered by them', async () => {
  const without = await run(['-c', 'delay-replication', '-i', 'db1:1'], null)
  assert.deepEqual([without.fatal, without.asked], ['--seconds option required', []])
  const given = await run(['-c', 'delay-replication', '-i', 'db1:1', '-seconds', '60'], { replica: replica(1, 'running', 'running'), seconds: 60 })
  assert.deepEqual([given.lines, given.asked], [['60'], [['delay-replication', { instance: 'db1:1', seconds: '60' }]]])
})
