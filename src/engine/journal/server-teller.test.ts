import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SimulatedClock } from '../../../test/harness/simulated-clock.ts'
import { bareInstance } from '../../model/topology/fresh-instance.ts'
import type { Instance } from '../../model/topology/instance.ts'
import { instanceKey, type InstanceKey } from '../../model/topology/instance-key.ts'
import { noDecisions, Topology } from '../../model/topology/topology.ts'
import type { Command } from './commands.ts'
import { ServerTeller } from './server-teller.ts'
import type { CarriedOutListener } from './shared-world.ts'
import { readingFromPlain } from './told-reading.ts'

const key = (host: string): InstanceKey => instanceKey(host, 3306)
const at = 1_000
const readOf = (host: string, changes: Partial<Instance> = {}): Instance => ({ ...bareInstance(key(host)), check: { ...bareInstance(key(host)).check, lastSeenAt: at }, ...changes })

class World {
  readonly clock = new SimulatedClock()
  readonly instances = new Map<InstanceKey, Instance>()
  readonly known = new Set<InstanceKey>()
  readonly proposed: Command[] = []
  readonly warnings: string[] = []
  readonly teller: ServerTeller
  leads = true
  isUnnamed = false
  /** The group takes nothing. */
  isStuck = false
  #changed: (changed: ReadonlySet<InstanceKey>) => void = () => undefined
  #carriedOut: CarriedOutListener = () => undefined

  constructor() {
    const isUnnamed = (): boolean => this.isUnnamed
    const topology = (): Topology => new Topology(1, this.instances, noDecisions)
    this.teller = new ServerTeller({
      clock: this.clock, known: async () => [...this.known], proposer: { propose: async command => this.carryOut(command) }, group: { isLeader: () => this.leads },
      world: { get isUnnamed() { return isUnnamed() }, onCarriedOut: listener => { this.#carriedOut = listener; return () => undefined }, onLoaded: () => () => undefined },
      inventory: {
        get: asked => this.instances.get(asked), onChange: listener => { this.#changed = listener; return () => undefined },
        get topology() { return topology() },
      },
      log: { debug: () => undefined, info: () => undefined, warning: message => void this.warnings.push(message), error: () => undefined },
    })
  }

  carryOut(command: Command): void {
    if (this.isStuck) throw new Error('nobody leads')
    this.proposed.push(command)
    if (command.do === 'know-servers') for (const told of command.keys) this.known.add(told)
    if (command.do === 'forget') for (const told of command.keys) this.known.delete(told)
    this.#carriedOut(command, null, true)
  }

  find(...instances: readonly Instance[]): void {
    for (const instance of instances) this.instances.set(instance.key, instance)
    this.#changed(new Set(instances.map(instance => instance.key)))
  }

  /** Each told server with whether its reading came with it. */
  get told(): readonly string[] {
    return this.proposed.flatMap(command => {
      if (command.do !== 'know-servers') return []
      const read = new Set(command.readings?.map(reading => readingFromPlain(reading)?.key))
      return command.keys.map(told => `${told} ${read.has(told) ? 'read' : 'unread'}`)
    })
  }
}

test('servers that the leader finds are told of at once, together, with what it read of them', async () => {
  const world = new World()
  world.find(readOf('db1', { listedReplicas: [key('db2')] }), readOf('db2'))
  await world.clock.pass(30)
  assert.deepEqual(world.told, ['db1:3306 read', 'db2:3306 read'])
  assert.equal(world.proposed.length, 1)
  world.find(readOf('db1', { readOnly: true }))
  await world.clock.pass(10_000)
  assert.equal(world.proposed.length, 1, 'each is told of once')
})

test('one that was told of before anybody had read it is told of again when it was', async () => {
  const world = new World()
  world.find(bareInstance(key('db1')))
  await world.clock.pass(30)
  world.find(readOf('db1'))
  await world.clock.pass(30)
  assert.deepEqual(world.told, ['db1:3306 unread', 'db1:3306 read'])
})

test('who follows tells of nothing; when it leads it tells of what the group does not know, and of what another told of unread', async () => {
  const world = new World()
  world.leads = false
  world.carryOut({ do: 'know-servers', keys: [key('db1')] })
  world.find(readOf('db1'), readOf('db2'))
  await world.clock.pass(5000)
  assert.equal(world.proposed.length, 1)
  world.leads = true
  await world.clock.pass(2000)
  assert.deepEqual(world.told.slice(1), ['db1:3306 read', 'db2:3306 read'])
})

test('what the group did not take is told again, and what it forgot is news when it is found again', async () => {
  const world = new World()
  world.isStuck = true
  world.find(readOf('db1'))
  await world.clock.pass(1000)
  assert.deepEqual([world.told, world.warnings.length], [[], 1])
  world.isStuck = false
  await world.clock.pass(2000)
  assert.deepEqual(world.told, ['db1:3306 read'])
  world.carryOut({ do: 'forget', keys: [key('db1')], kind: 'forget' })
  world.find(readOf('db1'))
  await world.clock.pass(30)
  assert.deepEqual(world.told, ['db1:3306 read', 'db1:3306 read'])
})

test('a group without a memory is told nothing, and whoever asks is told when the group knows the server', async () => {
  const world = new World()
  world.isUnnamed = true
  world.find(readOf('db1'))
  await world.clock.pass(5000)
  assert.deepEqual(world.told, [])
  world.isUnnamed = false
  await world.teller.tell(key('db1'))
  assert.deepEqual(world.told, ['db1:3306 read'])
})

test('who found a server and does not lead any more when it is to be told does not say that all is well', async () => {
  const world = new World()
  world.leads = false
  world.find(readOf('db1'))
  await assert.rejects(world.teller.tell(key('db1')), /db1:3306 was found, but its group of managers could not be told/)
  world.carryOut({ do: 'know-servers', keys: [key('db1')] })
  await world.teller.tell(key('db1'))
})

test('no command bears more than it may: many servers are told of in several, and what is too large for one is left to be read by each, once', async () => {
  const world = new World()
  world.find(...Array.from({ length: 700 }, (_, number) => readOf(`db${number}`)), readOf('huge', { executedGtidSet: 'x'.repeat(300_000) }))
  await world.clock.pass(10_000)
  const { told } = world
  assert.deepEqual([told.length, new Set(told).size], [701, 701])
  assert.ok(told.includes('huge:3306 unread'))
  assert.ok(world.proposed.every(command => JSON.stringify(command).length < 250_000))
})
