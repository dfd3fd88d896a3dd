import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fail, ok, type Result } from '../../kit/result.ts'
import { defaultValues } from '../../kit/setting.ts'
import type { Trigger } from '../../model/recovery/evidence.ts'
import { bareInstance, bareLink } from '../../model/topology/fresh-instance.ts'
import type { ServerFailure, ThreadState } from '../../model/topology/instance.ts'
import { instanceKey, type InstanceKey } from '../../model/topology/instance-key.ts'
import type { Log } from '../../ports/log.ts'
import type { ProbeFailure, ProbeOptions, ServerFacts, Servers } from '../../ports/servers.ts'
import { SimulatedClock } from '../../../test/harness/simulated-clock.ts'
import { Inventory } from '../inventory/inventory.ts'
import { Discovery } from './discovery.ts'
import { type DiscoverySettings, discoverySettings } from './settings.ts'

const log: Log = { debug: () => {}, info: () => {}, warning: () => {}, error: () => {} }
const key = (host: string): InstanceKey => instanceKey(host, 3306)
const nobody: ProbeFailure = { partial: false, failure: { kind: 'refused', number: null, text: 'nobody there' } }

interface Server {
  source: InstanceKey | null
  lists: readonly InstanceKey[]
  receiver: ThreadState
  state: 'answers' | 'refuses' | 'hangs'
  user: string
  /** The name it gives itself. */
  name: InstanceKey | null
}

/** Servers that answer in 5 ms, refuse, or hang until the deadline. */
class FakeServers implements Servers {
  readonly all = new Map<InstanceKey, Server>()
  readonly asked: { readonly key: InstanceKey; readonly depth: ProbeOptions['depth']; readonly at: number }[] = []
  readonly released: InstanceKey[] = []
  mostAtOnce = 0
  answerMilliseconds = 5
  #atOnce = 0
  #lost: ((key: InstanceKey, failure: ServerFailure) => void)[] = []
  readonly #clock: SimulatedClock

  constructor(clock: SimulatedClock) {
    this.#clock = clock
  }

  add(name: InstanceKey, changes: Partial<Server> = {}): Server {
    const server: Server = { source: null, lists: [], receiver: 'running', state: 'answers', user: 'repl', name: null, ...changes }
    this.all.set(name, server)
    return server
  }

  async probe(asked: InstanceKey, { depth, deadlineMilliseconds }: ProbeOptions): Promise<Result<ServerFacts, ProbeFailure>> {
    this.asked.push({ key: asked, depth, at: this.#clock.now() })
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce)
    const server = this.all.get(asked)
    const hangs = server?.state === 'hangs'
    await this.#clock.sleep(hangs ? deadlineMilliseconds : this.answerMilliseconds)
    this.#atOnce--
    if (hangs) return fail({ partial: false, failure: { kind: 'timeout', number: null, text: 'no answer' } })
    if (server === undefined || server.state === 'refuses') return fail(nobody)
    const replication = server.source === null ? null : { ...bareLink(server.source), receiver: server.receiver, gtid: 'mysql' as const, user: server.user }
    return ok({
      ...bareInstance(server.name ?? asked), replication, channels: replication === null ? [] : [replication], listedReplicas: server.lists,
      detectedClusterAlias: '', detectedClusterDomain: '', detectedPromotionRule: null,
    })
  }

  perform(): never {
    throw new Error('discovery changes nothing')
  }

  statements(): readonly string[] {
    return []
  }

  onConnectionLost(listener: (key: InstanceKey, failure: ServerFailure) => void): () => void {
    this.#lost.push(listener)
    return () => { this.#lost = this.#lost.filter(other => other !== listener) }
  }

  lose(lost: InstanceKey): void {
    for (const listener of this.#lost) listener(lost, { kind: 'connection-lost', number: null, text: 'gone' })
  }

  release(gone: InstanceKey): void {
    this.released.push(gone)
  }

  async close(): Promise<void> {}

  polls(of: InstanceKey): number[] {
    return this.asked.filter(asked => asked.key === of && asked.depth === 'full').map(asked => asked.at)
  }
}

interface Rig {
  readonly clock: SimulatedClock
  readonly servers: FakeServers
  readonly inventory: Inventory
  readonly discovery: Discovery
  readonly triggers: Trigger[]
  readonly forgotten: InstanceKey[]
}

async function rig(context: { after(act: () => Promise<void>): void }, changes: Partial<DiscoverySettings> = {}): Promise<Rig> {
  const clock = new SimulatedClock()
  const servers = new FakeServers(clock)
  const nothing = async (): Promise<void> => {}
  const inventory = new Inventory({
    clock, log, settings: { pollIntervalSeconds: 5, flushIntervalMilliseconds: 100, buffersWrites: false, writeBufferSize: 100, clusterNameToAlias: {} },
    store: {
      instances: { load: async () => [], save: nothing, flush: nothing, forget: nothing },
      aliases: { load: async () => new Map(), loadByHand: async () => new Map(), set: nothing, register: nothing, rename: nothing }, domains: { load: async () => new Map(), set: nothing },
      recoverySwitch: { load: async () => null, set: nothing }, candidates: { register: nothing },
    },
  })
  await inventory.load()
  const forgotten: InstanceKey[] = []
  const discovery = new Discovery({
    servers, inventory, clock, log, settings: { ...defaultValues(discoverySettings), ...changes }, audit: () => {},
    names: { canonicalName: async host => `${host}.example.com`, addresses: async () => ({ ipv4: '10.0.0.9', ipv6: null }) },
    forgetUnseen: async keys => { forgotten.push(...keys); await inventory.forget(keys) },
  })
  const triggers: Trigger[] = []
  discovery.onEvidence(trigger => void triggers.push(trigger))
  discovery.start()
  context.after(async () => {
    const stopped = discovery.stop()
    await clock.pass(20_000)
    await stopped
  })
  return { clock, servers, inventory, discovery, triggers, forgotten }
}

/** A primary with two replicas, one of which has a replica. */
function chain({ servers }: Rig): void {
  servers.add(key('p'), { lists: [key('a'), key('b')] })
  servers.add(key('a'), { source: key('p') })
  servers.add(key('b'), { source: key('p'), lists: [key('c')] })
  servers.add(key('c'), { source: key('b') })
}

async function discovered(made: Rig, host: string): Promise<void> {
  const answer = made.discovery.discover(key(host))
  await made.clock.pass(200)
  assert.ok((await answer).ok)
}

test('a server is polled once per interval, and the polls of many are spread over it', async context => {
  const made = await rig(context)
  for (let n = 0; n < 200; n++) made.servers.add(key(`s${n}`), {})
  for (const name of made.servers.all.keys()) made.inventory.addBare(name)
  await made.clock.pass(5_100)
  const from = made.clock.now()
  await made.clock.pass(20_000)
  const perSecond = new Map<number, number>()
  for (const name of made.servers.all.keys()) {
    const polls = made.servers.polls(name).filter(at => at >= from)
    assert.equal(polls.length, 4, name)
    for (const [place, at] of polls.slice(1).entries()) assert.ok(Math.abs(at - (polls[place] ?? 0) - 5_000) <= 110, `${name}: ${at - (polls[place] ?? 0)}`)
    for (const at of polls) perSecond.set(Math.floor((at - from) / 1000), (perSecond.get(Math.floor((at - from) / 1000)) ?? 0) + 1)
  }
  for (const [second, count] of perSecond) assert.ok(count > 15 && count < 75, `second ${second}: ${count} polls of 40 expected`)
})

test('a server that hangs is not asked again before its deadline, and delays no other', async context => {
  const made = await rig(context, { pollIntervalSeconds: 1 })
  chain(made)
  await discovered(made, 'p')
  const a = made.servers.all.get(key('a'))
  assert.ok(a)
  a.state = 'hangs'
  const from = made.clock.now()
  await made.clock.pass(10_000)
  const asked = made.servers.polls(key('a')).filter(at => at > from)
  for (const [place, at] of asked.slice(1).entries()) assert.ok(at - (asked[place] ?? 0) >= 2_000, `asked again after ${at - (asked[place] ?? 0)} ms`)
  assert.ok(made.servers.polls(key('c')).filter(at => at > from).length >= 9)
  assert.equal(made.inventory.get(key('a'))?.check.failure?.kind, 'timeout')
})

test('servers that hang leave places for those that answer, however many they are', async context => {
  const made = await rig(context, { pollIntervalSeconds: 1, maxConcurrency: 6 })
  for (let n = 0; n < 40; n++) made.servers.add(key(`s${n}`), { state: n < 20 ? 'answers' : 'hangs' })
  for (const name of made.servers.all.keys()) made.inventory.addBare(name)
  await made.clock.pass(20_000) // each is found to hang once
  made.servers.mostAtOnce = 0
  const from = made.clock.now()
  await made.clock.pass(10_000)
  for (let n = 0; n < 20; n++) {
    const polls = made.servers.polls(key(`s${n}`)).filter(at => at >= from).length
    assert.ok(polls >= 9, `s${n} was polled ${polls} times in 10 s`)
  }
  assert.ok(made.servers.mostAtOnce <= 6)
})

test('no more polls than allowed run at the same time, but for those that only wait for a server that hangs', async context => {
  const made = await rig(context, { maxConcurrency: 7 })
  for (let n = 0; n < 100; n++) {
    made.servers.add(key(`s${n}`))
    made.inventory.addBare(key(`s${n}`))
  }
  made.servers.answerMilliseconds = 200
  await made.clock.pass(10_000)
  assert.equal(made.servers.mostAtOnce, 7)
  made.servers.answerMilliseconds = 5
  for (let n = 0; n < 50; n++) made.servers.add(key(`s${n}`), { state: 'hangs' })
  const from = made.clock.now()
  await made.clock.pass(10_000) // the very first interval in which they hang
  for (let n = 50; n < 100; n++) {
    const polls = made.servers.polls(key(`s${n}`)).filter(at => at > from - 6_000)
    for (const [place, at] of polls.slice(1).entries()) assert.ok(at - (polls[place] ?? 0) <= 5_000 + 1_200, `s${n} was polled after ${at - (polls[place] ?? 0)} ms`)
  }
})

test('dead servers are asked ever more seldom when so configured, and as ever once they answer', async context => {
  const made = await rig(context, { deadFactor: 2, deadIntervalMaxSeconds: 60 })
  const server = made.servers.add(key('p'))
  await discovered(made, 'p')
  server.state = 'refuses'
  await made.clock.pass(400_000)
  const polls = made.servers.polls(key('p')).slice(1)
  const gaps = polls.slice(1).map((at, place) => Math.round((at - (polls[place] ?? 0)) / 1000))
  assert.deepEqual(gaps.slice(-8).slice(0, 8).every(gap => gap <= 61), true)
  assert.deepEqual(gaps.filter((_, place) => place < 4).map(gap => Math.round(gap / 5)), [1, 2, 4, 8])
  server.state = 'answers'
  await made.clock.pass(61_000)
  const back = made.clock.now()
  await made.clock.pass(20_000)
  assert.ok(made.servers.polls(key('p')).filter(at => at > back).length >= 3)
})

test('a source gives a sign of life every second, whatever the interval; a leaf does not', async context => {
  const made = await rig(context, { pollIntervalSeconds: 60, deadIntervalMaxSeconds: 300 })
  chain(made)
  await discovered(made, 'p')
  const from = made.clock.now()
  const primary = made.servers.all.get(key('p'))
  assert.ok(primary)
  await made.clock.pass(5_000)
  const signs = (of: string): number => made.servers.asked.filter(asked => asked.key === key(of) && asked.depth === 'replication' && asked.at > from).length
  assert.ok(signs('p') >= 4 && signs('p') <= 6, String(signs('p')))
  assert.equal(signs('c'), 0)
  primary.state = 'hangs'
  made.triggers.length = 0
  await made.clock.pass(3_500)
  assert.deepEqual(made.triggers.map(({ noticed }) => noticed).slice(0, 2), ['probe-slow', 'probe-failed'], 'that it lets wait is told long before its reading fails')
})

test('only a source that lets wait is told of', async context => {
  const made = await rig(context, { pollIntervalSeconds: 2 })
  chain(made)
  await discovered(made, 'p')
  made.triggers.length = 0
  await made.clock.pass(5_000)
  assert.deepEqual(made.triggers, [], 'all of them answer at once')
  const leaf = made.servers.all.get(key('c'))
  assert.ok(leaf)
  leaf.state = 'hangs'
  await made.clock.pass(2_500)
  assert.deepEqual(made.triggers.filter(({ noticed }) => noticed === 'probe-slow'), [], 'nobody is behind it')
})

test('a source that is far and always takes its time lets nobody wait; once it takes much longer than ever, it does', async context => {
  const made = await rig(context, { pollIntervalSeconds: 2 })
  chain(made)
  await discovered(made, 'p')
  made.servers.answerMilliseconds = 300
  await made.clock.pass(60_000)
  made.triggers.length = 0
  await made.clock.pass(5_000)
  assert.deepEqual(made.triggers, [])
  made.servers.answerMilliseconds = 1500
  await made.clock.pass(4_000)
  assert.ok(made.triggers.some(({ noticed }) => noticed === 'probe-slow'))
})

test('a lost connection is told at once and the server is asked at once', async context => {
  const made = await rig(context, { pollIntervalSeconds: 60, deadIntervalMaxSeconds: 300 })
  chain(made)
  await discovered(made, 'p')
  const primary = made.servers.all.get(key('p'))
  assert.ok(primary)
  primary.state = 'refuses'
  made.triggers.length = 0
  made.servers.lose(key('p'))
  assert.deepEqual(made.triggers, [{ noticed: 'connection-lost', server: key('p') }])
  await made.clock.pass(10)
  assert.deepEqual(made.triggers[1], { noticed: 'probe-failed', server: key('p') })
  assert.equal(made.inventory.get(key('p'))?.check.failure?.kind, 'refused')
})

test('a receiver that is not what it was is evidence', async context => {
  const made = await rig(context)
  chain(made)
  await discovered(made, 'p')
  const a = made.servers.all.get(key('a'))
  assert.ok(a)
  a.receiver = 'connecting'
  made.triggers.length = 0
  const probed = made.discovery.probeNow([key('a')])
  await made.clock.pass(20)
  assert.equal((await probed).get(key('a'))?.replication?.receiver, 'connecting')
  assert.deepEqual(made.triggers, [{ noticed: 'receiver-changed', replica: key('a') }])
})

test('evidence that two ask for at once is read once; a look after a step is always new', async context => {
  const made = await rig(context, { pollIntervalSeconds: 60, deadIntervalMaxSeconds: 300 })
  chain(made)
  await discovered(made, 'p')
  made.servers.asked.length = 0
  const both = Promise.all([made.discovery.probeNow([key('a'), key('c')]), made.discovery.probeNow([key('a')])])
  await made.clock.pass(2)
  const look = made.discovery.look(key('a'), 1_000)
  await made.clock.pass(20)
  await Promise.all([both, look])
  assert.deepEqual(made.servers.asked.filter(asked => asked.key !== key('p') && asked.key !== key('b')).map(asked => asked.key), [key('a'), key('c'), key('a')])
})

test('an unknown source that nobody can read is remembered when it feeds a replica, and not otherwise', async context => {
  const made = await rig(context)
  made.servers.add(key('a'), { source: key('hidden') })
  made.servers.add(key('b'), { source: key('gone'), receiver: 'connecting' })
  await discovered(made, 'a')
  await discovered(made, 'b')
  assert.equal(made.inventory.get(key('hidden'))?.version.text, 'Unknown')
  assert.equal(made.inventory.get(key('gone')), undefined)
  const tries = made.servers.polls(key('gone')).length
  await made.clock.pass(20_000)
  assert.ok(made.servers.polls(key('gone')).length - tries <= 5) // once per interval, although two polls name it
})

test('a server is filed under the name it gives itself, and its replicas below that', async context => {
  const made = await rig(context)
  made.servers.add(key('10.0.0.1'), { lists: [key('a')], name: key('p') })
  made.servers.add(key('p'), { lists: [key('a')], name: key('p') })
  made.servers.add(key('a'), { source: key('10.0.0.1') })
  await discovered(made, 'a')
  await made.clock.pass(200)
  assert.deepEqual([...made.inventory.topology.instances.keys()].sort(), [key('a'), key('p')])
  assert.equal(made.inventory.get(key('a'))?.replication?.source, key('p'))
  assert.deepEqual(made.servers.released, [key('10.0.0.1')])
  await made.clock.pass(6_000)
  assert.equal(made.inventory.get(key('a'))?.replication?.source, key('p'))
})

test('host names are resolved as configured, and kept', async context => {
  const made = await rig(context, { resolveMethod: 'cname' })
  made.servers.add(key('p.example.com'), { lists: [key('a')] })
  made.servers.add(key('a.example.com'), { source: key('p') })
  await discovered(made, 'p')
  assert.deepEqual([...made.inventory.topology.instances.keys()].sort(), [key('a.example.com'), key('p.example.com')])
  assert.equal(made.inventory.get(key('a.example.com'))?.replication?.source, key('p.example.com'))
  assert.equal(made.discovery.hostNames.entries().get('p')?.name, 'p.example.com')
})

test('what was not seen for long is forgotten, and its connection given up', async context => {
  const made = await rig(context, { forgetAfterHours: 0.1 })
  const server = made.servers.add(key('p'))
  await discovered(made, 'p')
  server.state = 'refuses'
  await made.clock.pass(5 * 60_000)
  assert.deepEqual(made.forgotten, [])
  await made.clock.pass(3 * 60_000)
  assert.deepEqual(made.forgotten, [key('p')])
  assert.equal(made.inventory.get(key('p')), undefined)
  assert.ok(made.servers.released.includes(key('p')))
})

test('nothing is asked any more once it is stopped', async context => {
  const made = await rig(context)
  chain(made)
  await discovered(made, 'p')
  await made.discovery.stop()
  await made.clock.pass(1_000)
  const asked = made.servers.asked.length
  await made.clock.pass(20_000)
  assert.equal(made.servers.asked.length, asked)
})

test('a server that another manager tells of is read at once, and so is whom it named, also when it does not live any more', async context => {
  const world = await rig(context)
  chain(world)
  const { clock, servers, inventory } = world
  await clock.pass(30_000)
  const from = clock.now()
  const primary = servers.all.get(key('p'))
  assert.ok(primary !== undefined)
  primary.state = 'refuses'
  inventory.addBare(key('p'))
  await clock.pass(50)
  assert.deepEqual(servers.polls(key('p')), [from])
  inventory.believe({ ...bareInstance(key('p')), listedReplicas: [key('a'), key('b')], check: { ...bareInstance(key('p')).check, lastSeenAt: from - 100 } })
  await clock.pass(50)
  assert.deepEqual(['a', 'b', 'c'].map(host => servers.polls(key(host)).length), [1, 1, 1])
  assert.deepEqual(inventory.topology.replicasOf(key('p')).map(replica => replica.key).toSorted(), [key('a'), key('b')])
})
