import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { createConnection } from 'mysql2/promise'
import { instanceKey, type InstanceKey } from '../../../src/model/topology/instance-key.ts'
import type { ServerFacts } from '../../../src/ports/servers.ts'
import { reservePorts } from '../sandbox/free-ports.ts'
import { Fleet } from './fleet.ts'
import { adapter } from './probe-statements.ts'
import { clusters } from './topology.ts'

const account = { user: 'orchestrator', password: 'never looked at' }
const deadlineMilliseconds = 5_000
const size = 8
let ports: Awaited<ReturnType<typeof reservePorts>>
let fleet: Fleet

before(async () => {
  ports = await reservePorts(size)
  fleet = await Fleet.start({
    servers: clusters({
      servers: size, clusterSize: size, writesPerSecond: 1000, grants: 'original', placeOf: index => ({ host: '127.0.0.1', port: ports.ports[index] ?? 0 }),
    }),
  })
})

after(async () => {
  await fleet.stop()
  await ports.release()
})

function keyOf(index: number): InstanceKey {
  const server = fleet.servers[index]
  assert.ok(server)
  return instanceKey(server.host, server.port)
}

async function probe(index: number, more: Parameters<typeof adapter>[1] = {}): Promise<ServerFacts> {
  const servers = adapter(account, more)
  try {
    const answer = await servers.probe(keyOf(index), { depth: 'full', deadlineMilliseconds })
    assert.ok(answer.ok, answer.ok ? '' : answer.failure.failure.text)
    return answer.value
  } finally {
    await servers.close()
  }
}

test('our adapter reads a fake primary with its replicas, and no statement is unknown', async () => {
  const facts = await probe(0, { discoverByShowReplicas: true })
  const direct = fleet.servers.flatMap((server, index) => (server.source === fleet.servers[0] ? [keyOf(index)] : []))
  assert.deepEqual(facts.listedReplicas.toSorted(), direct.toSorted())
  assert.equal(facts.replication, null)
  assert.equal(facts.readOnly, false)
  assert.equal(facts.version.text, '9.7.4-2')
  assert.equal(facts.serverUuid, fleet.servers[0]?.uuid)
  assert.match(facts.executedGtidSet, new RegExp(`^${facts.serverUuid}:1-\\d+$`))
  assert.deepEqual(fleet.report().unknownTexts, [])
})

test('a fake replica of a replica follows it by GTID and is read-only', async () => {
  const index = fleet.servers.findIndex(server => server.source === fleet.servers[1])
  assert.ok(index > 0, 'the topology has an intermediate source')
  const facts = await probe(index)
  assert.equal(facts.replication?.source, keyOf(1))
  assert.equal(facts.replication.receiver, 'running')
  assert.equal(facts.replication.applier, 'running')
  assert.equal(facts.replication.gtid, 'mysql')
  assert.equal(facts.replication.sourceUuid, fleet.servers[1]?.uuid)
  assert.equal(facts.replication.secondsBehindSource, 0)
  assert.equal(facts.superReadOnly, true)
})

test('GTID sets and positions move with time', async () => {
  const first = await probe(2)
  await new Promise(resolve => setTimeout(resolve, 20))
  const second = await probe(2)
  assert.notEqual(first.executedGtidSet, second.executedGtidSet)
  assert.ok((second.binlogCoordinates?.position ?? 0n) > (first.binlogCoordinates?.position ?? 0n))
})

test('a statement that is not on the tape is refused by name and counted', async () => {
  const connection = await createConnection({ ...account, host: '127.0.0.1', port: ports.ports[3] ?? 0 })
  await connection.ping()
  const unknownBefore = fleet.report().unknown
  await assert.rejects(connection.query('SELECT 42'), /The fake fleet has no answer to: SELECT 42/)
  assert.equal(fleet.report().unknown, unknownBefore + 1)
  await connection.end()
})

test('polls are counted with the intervals between them', async () => {
  const servers = adapter(account)
  const poll = async (): Promise<void> => {
    const answer = await servers.probe(keyOf(4), { depth: 'full', deadlineMilliseconds })
    assert.ok(answer.ok)
  }
  await poll()
  fleet.reset()
  await new Promise(resolve => setTimeout(resolve, 100))
  await poll()
  await servers.close()
  const { polls, intervals, median, commands, overlaps, broken } = fleet.report()
  assert.deepEqual({ polls, intervals, commands, overlaps, broken }, { polls: 1, intervals: 1, commands: 1, overlaps: 0, broken: 0 })
  assert.ok(median >= 99 && median < 1000, `${median} ms`)
})

test('a replica in trouble says so as a real one does, and is well again when told', async () => {
  const replicationOf = async (): Promise<unknown> => {
    const { receiver, applier, receiverError, applierError, secondsBehindSource } = (await probe(2)).replication ?? assert.fail('no replica')
    return [receiver, applier, receiverError.number, applierError.number, secondsBehindSource]
  }
  const seen: unknown[] = []
  for (const trouble of ['applier-error', 'receiver-error', 'stopped', 'lag', null] as const) {
    fleet.trouble([2], trouble)
    seen.push(await replicationOf())
  }
  const well = ['running', 'running', 0, 0, 0]
  assert.deepEqual(seen, [['running', 'stopped', 0, 1062, null], ['connecting', 'running', 2003, 0, null], ['stopped', 'stopped', 0, 0, null], ['running', 'running', 0, 0, 900], well])
})

test('a share of servers can hang or refuse and come back', async () => {
  const servers = adapter(account)
  const kindOf = async (): Promise<string> => {
    const answer = await servers.probe(keyOf(size - 1), { depth: 'full', deadlineMilliseconds: 300 })
    return answer.ok ? 'ok' : answer.failure.failure.kind
  }
  assert.equal(await kindOf(), 'ok')
  assert.equal(await fleet.behave(1 / size, 'hang'), 1)
  assert.equal(await kindOf(), 'timeout', 'an open connection falls silent')
  assert.equal(await kindOf(), 'timeout', 'a new one is accepted and hears nothing')
  await fleet.behave(1 / size, 'refuse')
  assert.equal(await kindOf(), 'refused')
  await fleet.behave(1 / size, 'answer')
  assert.equal(await kindOf(), 'ok')
  await servers.close()
})

test('what is no MySQL client is thrown out', async () => {
  const socket = connect({ host: '127.0.0.1', port: ports.ports[5] ?? 0 })
  socket.on('error', () => {}).resume().write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await new Promise(resolve => socket.once('close', resolve))
  assert.ok(fleet.report().broken > 0)
})
