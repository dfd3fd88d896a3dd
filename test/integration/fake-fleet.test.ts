import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createConnection } from 'mysql2/promise'
import { instanceKey, type InstanceKey } from '../../src/model/topology/instance-key.ts'
import type { ServerFacts } from '../../src/ports/servers.ts'
import { describeStatement } from '../harness/fleet/describe-statement.ts'
import { Fleet } from '../harness/fleet/fleet.ts'
import type { Column } from '../harness/fleet/packets.ts'
import { adapter, type Asked, probeStatements } from '../harness/fleet/probe-statements.ts'
import { readTape } from '../harness/fleet/tape.ts'
import { clusters } from '../harness/fleet/topology.ts'
import { accounts } from '../harness/sandbox/accounts.ts'
import { type PortReservation, reservePorts } from '../harness/sandbox/free-ports.ts'
import { until } from '../harness/recorded/api.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const charset = 'utf8mb4_general_ci'
const again = 'run: node test/harness/fleet/record.ts'
let sandbox: Sandbox
let ports: PortReservation
let fleet: Fleet
let asked: Asked

before(async () => {
  sandbox = await Sandbox.fourServers()
  await sandbox.server('primary').sql('CREATE DATABASE shop')
  await Promise.all(['replica-1', 'replica-2', 'sub-replica'].map(name => sandbox.untilCaughtUp(name, 'primary')))
  ports = await reservePorts(4)
  const placeOf = (index: number): { host: string; port: number } => ({ host: '127.0.0.1', port: ports.ports[index] ?? 0 })
  fleet = await Fleet.start({ servers: clusters({ servers: 4, clusterSize: 4, writesPerSecond: 1, grants: 'original', placeOf }) })
  asked = await probeStatements(sandbox.server('replica-2'), [accounts.orchestrator, accounts.root])
})

after(async () => {
  await fleet?.stop()
  await ports?.release()
  await sandbox?.stop()
})

test('the tape holds every statement of the probe, and nothing else', () => {
  assert.deepEqual(readTape().statements.map(({ sql }) => sql).sort(), [...asked.statements].sort(), again)
})

test('every statement of the probe has the same columns on a fake server as on a real one', async () => {
  const fake = fleet.servers[1]
  assert.ok(fake)
  const real = await sandbox.server('replica-2').connect({ charset })
  const unreal = await createConnection({ host: fake.host, port: fake.port, ...accounts.orchestrator, charset })
  const comparable = (columns: readonly Column[]): readonly Partial<Column>[] => columns.map(({ length: _length, ...rest }) => rest) // lengths depend on the values
  for (const sql of asked.statements) {
    assert.deepEqual(comparable((await describeStatement(unreal, sql)).columns), comparable((await describeStatement(real, sql)).columns), `${sql}: ${again}`)
  }
  await Promise.all([real.end(), unreal.end()])
})

test('our adapter reads the same facts from a fake server as from a real one, but for names, counts and times', async () => {
  const at = { primary: 0, 'replica-1': 2, 'replica-2': 1, 'sub-replica': 3 } as const
  for (const [name, index] of Object.entries(at)) {
    const [real, fake] = [sandbox.server(name), fleet.servers[index]]
    assert.ok(fake)
    for (const discoverByShowReplicas of [true, false]) {
      const facts = async (key: InstanceKey): Promise<unknown> => {
        const servers = adapter(accounts.orchestrator, { discoverByShowReplicas })
        try {
          const answer = await servers.probe(key, { depth: 'full', deadlineMilliseconds: 20_000 })
          assert.ok(answer.ok, answer.ok ? '' : answer.failure.failure.text)
          return anonymous(answer.value)
        } finally {
          await servers.close()
        }
      }
      assert.deepEqual(await facts(instanceKey(fake.host, fake.port)), await until(() => facts(real.key), isCaughtUp), `${name}, listing ${discoverByShowReplicas}`)
    }
  }
})

/** A real replica is a second behind now and then; the fleet's, whose answers were recorded, never. */
const isCaughtUp = (facts: unknown): boolean => typeof facts === 'object' && facts !== null && 'replicationLagSeconds' in facts && (facts.replicationLagSeconds === null || facts.replicationLagSeconds === 0)

/** Texts that are names, sets and positions become marks of whether they are there. */
function anonymous(facts: ServerFacts): unknown {
  const individual = new Set([
    'key', 'source', 'hostname', 'serverId', 'serverUuid', 'sourceUuid', 'executedGtidSet', 'retrievedGtidSet', 'uptimeSeconds', 'position', 'lastHeardAt', 'file',
  ])
  const mark = (name: string, value: unknown): unknown => {
    if (individual.has(name)) return value === null || value === '' ? value : `some ${typeof value}`
    if (name === 'listedReplicas' && Array.isArray(value)) return value.length > 0 // the process list takes each host once
    if (Array.isArray(value)) return value.map(item => mark('', item))
    if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mark(key, inner)]))
    return typeof value === 'bigint' ? String(value) : value
  }
  return mark('', facts)
}
