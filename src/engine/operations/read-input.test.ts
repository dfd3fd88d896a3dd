import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contract } from '../../contract/all.ts'
import { ok } from '../../kit/result.ts'
import { bareInstance } from '../../model/topology/fresh-instance.ts'
import { instanceKey, type InstanceKey } from '../../model/topology/instance-key.ts'
import { Topology } from '../../model/topology/topology.ts'
import type { OperationsPolicy } from './parts.ts'
import { type RawInput, readInput } from './read-input.ts'

const known = [instanceKey('db1.example.com', 3306), instanceKey('db2.example.com', 3306), instanceKey('10.0.0.15', 3306)]
const topology = new Topology(1, new Map(known.map(key => [key, { ...bareInstance(key), clusterName: known[0] ?? '' }])))
// Reading looks at nothing of the policy but the port.
const policy = { defaultPort: 3306 } as OperationsPolicy
// 192.0.2.7 is what the resolver knows db1 by; every other name stays.
const resolve = (key: InstanceKey) => Promise.resolve(ok(key === '192.0.2.7:3306' ? instanceKey('db1.example.com', 3306) : key))
const parts = { topology: () => topology, policy: () => policy, resolve }

async function read(name: keyof typeof contract, raw: RawInput): Promise<Readonly<Record<string, unknown>> | string> {
  const input = await readInput(contract[name], raw, parts)
  return input.ok ? input.value : input.failure.refused.code
}

test('a server is meant by its key, by a part of its name, or by the two segments of a route', async () => {
  assert.deepEqual(await read('instance', { instance: 'db1.example.com' }), { instance: known[0] })
  assert.deepEqual(await read('instance', { instance: 'db2' }), { instance: known[1] })
  assert.deepEqual(await read('instance', { instance: { host: 'db2', port: '3306' } }), { instance: known[1] })
  assert.deepEqual(await read('instance', { instance: { host: '::1', port: '3307' } }), { instance: '::1:3307' })
})

test('an address is never taken for a part of another, and a part of several names is taken as it stands', async () => {
  assert.deepEqual(await read('instance', { instance: '10.0.0.1:3306' }), { instance: '10.0.0.1:3306' })
  assert.deepEqual(await read('instance', { instance: 'example.com:3306' }), { instance: 'example.com:3306' })
})

test('what is forgotten is named exactly', async () => {
  assert.deepEqual(await read('forget', { instance: 'db2' }), { instance: 'db2:3306' })
})

test('a cluster is meant by its name or by a member, and an unknown one is refused', async () => {
  assert.deepEqual(await read('primary', { cluster: 'db2' }), { cluster: known[0] })
  assert.equal(await read('primary', { cluster: 'nosuch' }), 'cluster-unknown')
})

test('a cluster is meant by a member under the name it was asked for, too', async () => {
  assert.deepEqual(await read('primary', { cluster: '192.0.2.7:3306' }), { cluster: known[0] })
  assert.deepEqual(await read('primary', { cluster: { host: '192.0.2.7', port: '3306' } }), { cluster: known[0] })
})

test('a duration is digits with a unit, or seconds as a number', async () => {
  const downtime = (duration: string | number) => read('begin-downtime', { instance: 'db1:3306', reason: 'r', duration })
  for (const [given, seconds] of [['30m', 1800], ['2h', 7200], ['1w', 604_800], [90, 90]] as const) {
    assert.deepEqual(await downtime(given), { instance: known[0], reason: 'r', duration: seconds })
  }
  for (const wrong of ['30', '30q', 'm', '-5m', -5]) assert.equal(await downtime(wrong), 'duration-invalid')
})

test('several hosts in one name are refused by name, unless a server is known under it', async () => {
  assert.equal(await read('discover', { instance: { host: 'a,b', port: '3306' } }), 'host-multiple')
  const input = await readInput(contract.discover, { instance: 'a,b:3306' }, parts)
  assert.equal(input.ok ? '' : input.failure.refused.text, 'Will not resolve multi-hostname: a,b')
})

test('what is missing, malformed or surplus is refused', async () => {
  assert.equal(await read('instance', {}), 'input-missing')
  assert.equal(await read('instance', { instance: { host: 'db1', port: 'x' } }), 'port-invalid')
  assert.equal(await read('instance', { instance: 'db1:70000' }), 'address-invalid')
  assert.equal(await read('instance', { instance: 'db1', reason: 'why' }), 'input-unreadable')
  assert.equal(await read('recover', { instance: 'db1', skipProcesses: 'perhaps' }), 'input-unreadable')
  assert.deepEqual(await read('audit', { page: 'x' }), { page: 0 })
})
