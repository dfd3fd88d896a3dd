import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { ok } from '../../kit/result.ts'
import { planOf } from '../../model/planning/failover-plan.ts'
import type { Condition } from '../../model/planning/step.ts'
import { bareInstance, bareLink } from '../../model/topology/fresh-instance.ts'
import type { Instance } from '../../model/topology/instance.ts'
import { instanceKey } from '../../model/topology/instance-key.ts'
import { Topology } from '../../model/topology/topology.ts'
import { Execution } from './execution.ts'

const [source, replica] = [instanceKey('source', 3306), instanceKey('replica', 3306)]
const says = { code: 'test', parameters: {}, text: 'a test' }
const positions = (at: string, binlogState = at) => ({ binlogPos: at, slavePos: at, currentPos: at, binlogState, strictMode: true })
const place = (position: bigint) => ({ file: 'binlog.000001', position })

/** A replica that has received 0-1-20 and applied 0-1-10; starting it throws the rest away, as a MariaDB by GTID does. */
function world(sourceState: string, throwsAway: boolean) {
  const link = { ...bareLink(source), gtid: 'mariadb-slave-pos' as const, retrievedGtidSet: '0-1-20', readCoordinates: place(900n), executedCoordinates: place(500n) }
  const instances = new Map<typeof source, Instance>([
    [source, { ...bareInstance(source), mariadbGtid: positions('0-2-99', sourceState) }],
    [replica, { ...bareInstance(replica), mariadbGtid: positions('0-1-10'), replication: link, channels: [link] }],
  ])
  const started = { ...link, receiver: 'running' as const, applier: 'running' as const, ...(throwsAway ? { readCoordinates: place(500n) } : {}) }
  const statements: string[] = []
  const unused = (): never => assert.fail('not used here')
  const execution = new Execution({
    servers: {
      probe: unused, statements: () => [], onConnectionLost: () => () => undefined, release: () => undefined, close: () => Promise.resolve(),
      perform: (step, on) => {
        statements.push(step.do)
        instances.set(step.on, { ...on, replication: started, channels: [started] })
        return Promise.resolve(ok({ statements: [step.do] }))
      },
    },
    clock: { now: () => Date.now(), monotonic: () => performance.now(), sleep: milliseconds => sleep(milliseconds), after: () => () => undefined },
    log: { debug: () => undefined, info: () => undefined, warning: () => undefined, error: () => undefined },
    observer: { get: key => instances.get(key), look: key => Promise.resolve(instances.get(key)) },
    intents: {
      begin: () => Promise.resolve(1), step: () => Promise.resolve(), end: () => Promise.resolve(), open: () => Promise.resolve([]),
      takeOver: () => Promise.resolve(false), isOwn: () => Promise.resolve(true), isShared: false,
    },
    process: { hostname: 'here', token: 'one' },
    shared: { take: () => Promise.resolve({ lock: { release: () => Promise.resolve() } }) },
  }, { maxConcurrentReplicaOperations: 5 })
  const run = (requires: readonly Condition[] = []) => execution.run(
    planOf(new Topology(1, instances), { kind: 'test', says, rows: [{ wave: 1, step: { do: 'start-replication', on: replica }, requires, ifStoppedHere: says }] }), { by: 'test' })
  return { run, statements }
}

const held: Condition = { holds: 'source-holds-received', server: replica, source }

test('a MariaDB that falls back behind what it had received fails the step', async () => {
  const outcome = await world('0-2-99', true).run()
  assert.deepEqual([outcome.failure?.code, outcome.failure?.parameters['count'], outcome.failure?.parameters['gtids']], ['transactions-shrank', 10, '0-1-20'])
  assert.equal((await world('0-2-99', false).run()).state, 'done')
})

test('it may fall back when its source logged the very transaction', async () => {
  assert.equal((await world('0-1-30,0-2-99', true).run([held])).state, 'done')
})

test('a source that is further in the domain without that transaction proves nothing, and nothing is sent', async () => {
  const { run, statements } = world('0-1-19,0-2-99', true)
  assert.equal((await run([held])).failure?.code, 'condition-source-holds-received')
  assert.deepEqual(statements, [])
})
