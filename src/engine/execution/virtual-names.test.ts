import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fail, ok } from '../../kit/result.ts'
import type { Step } from '../../model/planning/step.ts'
import { bareInstance } from '../../model/topology/fresh-instance.ts'
import { instanceKey } from '../../model/topology/instance-key.ts'
import type { ServerFacts, Servers } from '../../ports/servers.ts'
import type { HostName } from '../../ports/store-facts.ts'
import { type VirtualNameUse, withVirtualNames } from './virtual-names.ts'

const [replica, source, vip] = [instanceKey('r', 3306), instanceKey('p', 3306), instanceKey('vip', 3306)]
const change: Step = { do: 'change-source', on: replica, to: source, way: 'auto-position' }
const limits = { deadlineMilliseconds: 1000, bindings: new Map<string, string>() }

function made(behind: Partial<ServerFacts> | null, virtualName = 'vip', use: VirtualNameUse = 'checked') {
  const [performed, learnt]: [Step[], HostName[]] = [[], []]
  // Only what the wrapper asks of the servers.
  const servers = {
    probe: async () => (behind === null ? fail({ partial: false, failure: { kind: 'refused', number: null, text: 'nobody' } }) : ok({ key: source, serverId: 1, hostname: 'p', serverUuid: 'u', ...behind })),
    perform: async (step: Step) => (performed.push(step), ok({ statements: [] })), statements: (step: Step) => [JSON.stringify(step)],
  } as unknown as Servers
  const known = { ...bareInstance(source), serverUuid: 'u', serverId: 1, hostname: 'p', unresolvedHostname: virtualName }
  const pointed = withVirtualNames(servers, { clock: { now: () => 5 }, get: key => (key === source ? known : undefined), learn: name => void learnt.push(name), use })
  return { pointed, performed, learnt }
}

test('a replica is pointed at the virtual name, and the name is known to mean the host', async () => {
  const { pointed, performed, learnt } = made({})
  assert.ok((await pointed.perform(change, bareInstance(replica), limits)).ok)
  assert.deepEqual(performed, [{ ...change, to: vip }])
  assert.deepEqual(learnt, [{ host: 'vip', name: 'p', at: 5 }])
  assert.match(pointed.statements(change, bareInstance(replica))[0] ?? '', /"vip:3306"/)
})

test('a name behind which another server or nobody is fails the step, and nothing is changed', async () => {
  const other = made({ serverUuid: 'another', key: instanceKey('q', 3306) })
  const failed = await other.pointed.perform(change, bareInstance(replica), limits)
  assert.ok(!failed.ok)
  assert.equal(failed.failure.text, 'Error unresolving; hostname=p, unresolved=vip, re-resolved=q; mismatch. Skip/ignore with --skip-unresolve-check')
  const nobody = made(null)
  assert.equal((await nobody.pointed.perform(change, bareInstance(replica), limits)).ok, false)
  assert.deepEqual([other.performed, nobody.performed, other.learnt], [[], [], []])
})

test('a binlog server is not asked who it is where the setting trusts its name', async () => {
  const { performed } = made({ serverUuid: 'another' })
  const servers = { probe: () => { throw new Error('asked') }, perform: async (step: Step) => (performed.push(step), ok({ statements: [] })) } as unknown as Servers
  const known = { ...bareInstance(source), isBinlogServer: true, unresolvedHostname: 'vip' }
  const pointed = withVirtualNames(servers, { clock: { now: () => 5 }, get: () => known, learn: () => {}, trustsBinlogServers: () => true })
  assert.ok((await pointed.perform(change, bareInstance(replica), limits)).ok)
  assert.deepEqual(performed, [{ ...change, to: vip }])
})

test('where the check is left out, a name that leads elsewhere gives way to the host itself; where names are left out, nobody is asked', async () => {
  const elsewhere = made({ serverUuid: 'another' }, 'vip', 'unchecked')
  assert.ok((await elsewhere.pointed.perform(change, bareInstance(replica), limits)).ok)
  assert.deepEqual([elsewhere.performed, elsewhere.learnt], [[change], []])
  const right = made({}, 'vip', 'unchecked')
  await right.pointed.perform(change, bareInstance(replica), limits)
  assert.deepEqual(right.performed, [{ ...change, to: vip }])
  const unused = made({}, 'vip', 'unused')
  await unused.pointed.perform(change, bareInstance(replica), limits)
  assert.deepEqual([unused.performed, unused.learnt], [[change], []])
  assert.doesNotMatch(unused.pointed.statements(change, bareInstance(replica))[0] ?? '', /vip/)
})

test('other steps, and sources without a virtual name, go as they are', async () => {
  const plain = made(null, '')
  await plain.pointed.perform(change, bareInstance(replica), limits)
  assert.deepEqual(plain.performed, [change])
  const stop: Step = { do: 'stop-receiver', on: replica }
  const { pointed, performed } = made(null)
  await pointed.perform(stop, bareInstance(replica), limits)
  assert.deepEqual(performed, [stop])
})
