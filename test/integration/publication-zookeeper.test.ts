import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { ZookeeperSession } from '../../src/adapters/publication/zookeeper/client.ts'
import { Zookeeper, zookeeperServers } from '../../src/adapters/publication/zookeeper/target.ts'
import { pairsOf } from '../../src/model/publication/pairs.ts'
import { instanceKey, type InstanceKey } from '../../src/model/topology/instance-key.ts'
import type { WriterEntry } from '../../src/ports/publication.ts'
import { RealProgram, whyNoJava } from '../harness/publication/real-programs.ts'

const [host, port] = ['127.0.0.1', 23_180]
const deadline = 5000
const entryOf = (primary: InstanceKey): WriterEntry =>
  ({ clusterName: primary, alias: 'db1:3306', primary, former: null, pairs: pairsOf('mysql/master', 'db1:3306', primary, { ipv4: '10.0.0.1', ipv6: null }) })
const [one, two] = [entryOf(instanceKey('db1', 3306)), entryOf(instanceKey('db2', 3306))]

async function isReady(): Promise<boolean> {
  const session = await ZookeeperSession.open({ host, port }, performance.now() + 1000)
  if (session.ok) session.value.close()
  return session.ok
}

test('addresses of an ensemble may leave out the port, and may be IPv6', () => {
  assert.deepEqual(zookeeperServers('a, b:2182 ,[::1]:2183'), [{ host: 'a', port: 2181 }, { host: 'b', port: 2182 }, { host: '::1', port: 2183 }])
})

test('a real ZooKeeper: nodes are made with their parents, changed together, read back, and mended; a dead server of the ensemble is passed over', { skip: (await whyNoJava()) ?? false }, async () => {
  await using zookeeper = await RealProgram.zookeeper(port, isReady)
  const target = new Zookeeper(`${host}:1,${host}:${port}`)
  assert.deepEqual(await target.says(one, deadline), { ok: true, value: false })
  assert.deepEqual(await target.publish(one, deadline), { ok: true, value: null })
  assert.deepEqual([await target.says(one, deadline), await target.says(two, deadline)], [{ ok: true, value: true }, { ok: true, value: false }])
  assert.deepEqual(await target.publish(two, deadline), { ok: true, value: null })
  assert.deepEqual(await target.says(two, deadline), { ok: true, value: true })

  const opened = await ZookeeperSession.open({ host, port }, performance.now() + deadline)
  assert.ok(opened.ok)
  const session = opened.value
  assert.deepEqual(await session.get('/mysql/master/db1:3306'), { ok: true, value: 'db2:3306' })
  assert.deepEqual(await session.get('/mysql/master/db1:3306/ipv4'), { ok: true, value: '10.0.0.1' })
  // All or nothing: a transaction with a node that is not there changes none of the others.
  const refused = await session.setAll([{ path: '/mysql/master/db1:3306', value: 'lost' }, { path: '/nobody', value: 'x' }])
  assert.equal(refused.ok, false)
  assert.deepEqual(await session.get('/mysql/master/db1:3306'), { ok: true, value: 'db2:3306' })
  await session.setAll([{ path: '/mysql/master/db1:3306/port', value: '1' }])
  session.close()
  assert.deepEqual(await target.says(two, deadline), { ok: true, value: false })
  assert.deepEqual([await target.publish(two, deadline), await target.says(two, deadline)], [{ ok: true, value: null }, { ok: true, value: true }])

  await zookeeper[Symbol.asyncDispose]()
  const gone = await target.publish(one, 1000)
  assert.match(gone.ok ? '' : gone.failure, /ECONNREFUSED.*; .*ECONNREFUSED/)
})

test('what answers and is no ZooKeeper, or never answers, fails within the deadline', async () => {
  const { createServer } = await import('node:net')
  for (const answer of ['HTTP/1.1 400 Bad Request\r\n\r\n', null]) {
    const server = createServer(socket => {
      socket.on('error', () => {})
      if (answer !== null) socket.write(answer)
    })
    await new Promise<void>(resolve => server.listen({ host, port: 0 }, resolve))
    const address = server.address()
    assert.ok(address !== null && typeof address === 'object')
    const begunAt = performance.now()
    const failed = await new Zookeeper(`${host}:${address.port}`).publish(one, 300)
    assert.match(failed.ok ? '' : failed.failure, answer === null ? /did not answer in time/ : /is no ZooKeeper/)
    assert.ok(performance.now() - begunAt < 5000)
    server.close()
    connect(address.port, host).on('error', () => {}).destroy()
  }
})
