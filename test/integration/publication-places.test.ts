import assert from 'node:assert/strict'
import { test } from 'node:test'
import { proxySqlTargets } from '../../src/adapters/mysql/proxysql/proxysql.ts'
import { Consul, type ConsulWish } from '../../src/adapters/publication/consul.ts'
import { webhookTarget } from '../../src/adapters/publication/webhooks.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { pairsOf } from '../../src/model/publication/pairs.ts'
import { instanceKey, type InstanceKey } from '../../src/model/topology/instance-key.ts'
import type { WriterEntry } from '../../src/ports/publication.ts'
import { FakeConsul } from '../harness/publication/fake-consul.ts'
import { FakeProxySql } from '../harness/publication/fake-proxysql.ts'
import { WebhookServer } from '../harness/publication/webhook-server.ts'

const [one, two] = [instanceKey('db1', 3306), instanceKey('db2', 3307)]
const deadline = 500
const entryOf = (primary: InstanceKey, alias = 'shop'): WriterEntry =>
  ({ clusterName: one, alias, primary, former: one, pairs: pairsOf('mysql/master', alias, primary, { ipv4: '10.0.0.2', ipv6: null }) })
const plain: Omit<ConsulWish, 'address'> = { scheme: 'http', token: '', inTransactions: false, pairsPerTransaction: 5, everywhere: false }
const failureOf = (answer: { readonly ok: boolean; readonly failure?: string }): string => answer.failure ?? ''

test('Consul is told pair by pair with the token, the key that readers use last; keys of any text are read back', async () => {
  await using consul = await FakeConsul.start()
  consul.token = 'acl-1'
  const target = new Consul({ ...plain, address: consul.address, token: 'acl-1' })
  const odd = entryOf(two, 'db1.example.com:3306')
  for (const entry of [entryOf(two), odd]) {
    assert.deepEqual(await target.says(entry, deadline), { ok: true, value: false })
    assert.deepEqual(await target.publish(entry, deadline), { ok: true, value: null })
    assert.deepEqual(await target.says(entry, deadline), { ok: true, value: true })
  }
  assert.deepEqual(Object.fromEntries(consul.here), Object.fromEntries([...entryOf(two).pairs, ...odd.pairs].map(({ key, value }) => [key, value])))
  const puts = consul.requests.filter(({ method }) => method === 'PUT')
  assert.deepEqual(puts.slice(0, 5).map(({ path }) => path.slice('/v1/kv/mysql/master/'.length)), ['shop/hostname', 'shop/port', 'shop/ipv4', 'shop/ipv6', 'shop'])
  assert.ok(consul.requests.every(({ token }) => token === 'acl-1'))
  const stranger = await new Consul({ ...plain, address: consul.address, token: 'wrong' }).publish(entryOf(one), deadline)
  assert.match(failureOf(stranger), /^consul answered 403: Permission denied/)
})

test('Consul is told in one transaction, which is done or not done', async () => {
  await using consul = await FakeConsul.start()
  const target = new Consul({ ...plain, address: consul.address, inTransactions: true })
  assert.deepEqual(await target.publish(entryOf(one), deadline), { ok: true, value: null })
  assert.deepEqual(consul.requests.map(({ path }) => path), ['/v1/txn'])
  consul.fault = 'refuse-transactions'
  assert.match(failureOf(await target.publish(entryOf(two), deadline)), /^consul answered 409: .*failed to set key/)
  assert.deepEqual(await target.says(entryOf(one), deadline), { ok: true, value: true }, 'nothing of it was done')
})

test('every data center that Consul names is told at the same time; one that fails is named', async () => {
  await using consul = await FakeConsul.start(['east', 'west'])
  for (const inTransactions of [false, true]) {
    const target = new Consul({ ...plain, address: consul.address, inTransactions, everywhere: true })
    assert.deepEqual(await target.publish(entryOf(two), deadline), { ok: true, value: null })
    assert.deepEqual(await target.says(entryOf(two), deadline), { ok: true, value: true })
    for (const site of consul.sites.values()) assert.equal(site.get('mysql/master/shop'), two)
    consul.sites.get('west')?.set('mysql/master/shop/port', '1')
    assert.deepEqual(await target.says(entryOf(two), deadline), { ok: true, value: false }, 'what drifted in one site is seen')
  }
  consul.fault = 'refuse'
  consul.faults = 2
  const failed = await new Consul({ ...plain, address: consul.address, everywhere: true }).publish(entryOf(one), deadline)
  assert.match(failureOf(failed), /No cluster leader/)
})

test('a Consul that hangs, drops connections or is not there fails within the deadline; one that loses a word is found out', async () => {
  await using consul = await FakeConsul.start()
  const target = new Consul({ ...plain, address: consul.address })
  for (const fault of ['hang', 'drop', 'refuse'] as const) {
    consul.fault = fault
    const begunAt = performance.now()
    assert.notEqual(failureOf(await target.publish(entryOf(two), 200)), '', fault)
    assert.ok(performance.now() - begunAt < 5000)
  }
  consul.fault = 'lose'
  assert.equal((await target.publish(entryOf(two), deadline)).ok, true)
  assert.deepEqual(await target.says(entryOf(two), deadline), { ok: true, value: false })
  assert.match(failureOf(await new Consul({ ...plain, address: '127.0.0.1:1' }).publish(entryOf(two), deadline)), /ECONNREFUSED/)
})

const proxyOf = (address: string) => {
  const { targets, problems } = proxySqlTargets({ addresses: [address], user: 'admin', password: 'admin', hostgroups: { shop: '10' } }, systemClock)
  assert.deepEqual(problems, [])
  const [target] = targets
  assert.ok(target)
  return target
}

test('the writer hostgroup of ProxySQL holds the primary alone; its other columns and the other groups stay, in all three layers', async () => {
  await using proxy = await FakeProxySql.start()
  const target = proxyOf(proxy.address)
  assert.deepEqual(await target.publish(entryOf(one), deadline), { ok: true, value: null })
  assert.deepEqual(proxy.runtime.map(({ hostname, port, hostgroup }) => [hostgroup, hostname, port]), [[10, 'db1', 3306]])
  proxy.memory = [
    { hostgroup: 10, hostname: 'db1', port: 3306, status: 'OFFLINE_SOFT', comment: 'kept' }, { hostgroup: 10, hostname: 'db9', port: 1, status: 'ONLINE', comment: '' },
    { hostgroup: 20, hostname: 'db2', port: 3307, status: 'ONLINE', comment: 'reader' },
  ]
  assert.deepEqual(await target.publish(entryOf(two), deadline), { ok: true, value: null })
  const wanted = [{ hostgroup: 10, hostname: 'db2', port: 3307, status: 'ONLINE', comment: 'kept' }, { hostgroup: 20, hostname: 'db2', port: 3307, status: 'ONLINE', comment: 'reader' }]
  assert.deepEqual([proxy.memory, proxy.runtime, proxy.disk], [wanted, wanted, wanted])
  assert.deepEqual(await target.says(entryOf(two), deadline), { ok: true, value: true })
  assert.deepEqual(await target.says(entryOf(one), deadline), { ok: true, value: false })
  // A primary that is in the group already stays, the others go.
  proxy.memory = [{ hostgroup: 10, hostname: 'db1', port: 3306, status: 'ONLINE', comment: '' }, { hostgroup: 10, hostname: 'db2', port: 3307, status: 'OFFLINE_HARD', comment: 'mine' }]
  assert.equal((await target.publish(entryOf(two), deadline)).ok, true)
  assert.deepEqual(proxy.runtime, [{ hostgroup: 10, hostname: 'db2', port: 3307, status: 'ONLINE', comment: 'mine' }])
  // Clusters that no hostgroup is named for are no matter of it.
  assert.deepEqual([await target.publish(entryOf(one, 'other'), deadline), await target.says(entryOf(one, 'other'), deadline)], [{ ok: true, value: null }, { ok: true, value: true }])
})

test('a ProxySQL that refuses, hangs or does not load fails or is found out; wrong settings are named and nothing is told', async () => {
  await using proxy = await FakeProxySql.start()
  const target = proxyOf(proxy.address)
  proxy.fault = 'refuse'
  assert.match(failureOf(await target.publish(entryOf(one), deadline)), /ProxySQL Admin Error/)
  proxy.fault = 'lose'
  assert.equal((await target.publish(entryOf(one), deadline)).ok, true)
  assert.deepEqual(await target.says(entryOf(one), deadline), { ok: true, value: false })
  proxy.fault = 'hang'
  assert.notEqual(failureOf(await target.publish(entryOf(one), 200)), '')
  const wrong = proxySqlTargets({ addresses: ['a:b:c:d', 'x:y'], user: 'admin', password: '', hostgroups: { shop: 'ten' } }, systemClock)
  assert.deepEqual([wrong.targets.length, wrong.problems.length > 0], [0, true])
})

test('a webhook gets one document for each new writer, its address without secrets is its name, and a refusal is told again', async () => {
  await using hooks = await WebhookServer.start()
  const target = webhookTarget(hooks.url, { now: () => 0 })
  assert.doesNotMatch(target.name, /secret/)
  assert.deepEqual(await target.says(entryOf(two), deadline), { ok: true, value: false })
  hooks.status = 500
  assert.match(failureOf(await target.publish(entryOf(two), deadline)), /^it answered 500/)
  hooks.status = 204
  assert.deepEqual([await target.publish(entryOf(two), deadline), await target.says(entryOf(two), deadline)], [{ ok: true, value: null }, { ok: true, value: true }])
  assert.deepEqual(hooks.posted, [{ path: '/hook?key=secret', document: {
    event: 'writer', at: '1970-01-01T00:00:00.000Z', cluster: 'db1:3306', alias: 'shop', primary: { key: two, host: 'db2', port: 3307 }, former: { key: one, host: 'db1', port: 3306 },
    pairs: Object.fromEntries(entryOf(two).pairs.map(({ key, value }) => [key, value])),
  } }])
  assert.deepEqual(await target.says(entryOf(one), deadline), { ok: true, value: false })
})
