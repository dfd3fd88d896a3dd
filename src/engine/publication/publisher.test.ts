import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fail, ok } from '../../kit/result.ts'
import { bareInstance } from '../../model/topology/fresh-instance.ts'
import type { Instance } from '../../model/topology/instance.ts'
import { instanceKey, type InstanceKey } from '../../model/topology/instance-key.ts'
import { noDecisions, Topology } from '../../model/topology/topology.ts'
import type { Log } from '../../ports/log.ts'
import type { PublicationTarget, WriterEntry } from '../../ports/publication.ts'
import { SimulatedClock } from '../../../test/harness/simulated-clock.ts'
import { Publisher } from './publisher.ts'

const [one, two, three] = [instanceKey('db1', 3306), instanceKey('db2', 3306), instanceKey('db3', 3306)]
const quiet: Log = { debug() {}, info() {}, warning() {}, error() {} } as unknown as Log // what is logged is not looked at

const seen = { lastAttemptedAt: 1, lastCheckedAt: 1, lastSeenAt: 1, partialSuccess: true, failure: null, latencyMilliseconds: 1 }

/** A place that can be broken in every way. */
class FakePlace implements PublicationTarget {
  readonly name: string
  readonly told: InstanceKey[] = []
  kept: ReadonlyMap<string, string> = new Map()
  failures = 0
  loses = 0
  hangs: Promise<void> | null = null

  constructor(name: string) {
    this.name = name
  }

  async publish({ primary, pairs }: WriterEntry) {
    const { hangs } = this
    if (hangs !== null) await hangs
    if (this.failures-- > 0) return fail('no route')
    this.told.push(primary)
    if (this.loses-- > 0) return ok(null)
    this.kept = new Map(pairs.map(({ key, value }) => [key, value]))
    return ok(null)
  }

  async says({ pairs }: WriterEntry) {
    return ok(pairs.every(({ key, value }) => this.kept.get(key) === value))
  }

  get primary(): string | undefined {
    return this.kept.get('mysql/master/shop')
  }
}

function rig(primary = one, changesNothing = false) {
  const clock = new SimulatedClock()
  const places = [new FakePlace('left'), new FakePlace('right')] as const
  const state: { primary: InstanceKey; leads: boolean; more: Partial<Instance> } = { primary, leads: true, more: {} }
  const publisher = new Publisher({
    targets: places, clock, log: quiet, isLeader: () => state.leads, changesNothing,
    names: { addresses: async host => ({ ipv4: host === 'db1' ? '10.0.0.1' : null, ipv6: null }) },
    topology: () => new Topology(1, new Map([[state.primary, { ...bareInstance(state.primary), check: seen, ...state.more }]]), { ...noDecisions, aliases: new Map([[state.primary, 'shop']]) }),
  }, { prefix: 'mysql/master', waitMilliseconds: 3000, pollSeconds: 5 })
  const writer = (of: InstanceKey) => ({ clusterName: one, alias: 'shop', primary: of, former: null })
  /** Time passes until the promise is kept. */
  const keptOf = async <Value>(promise: Promise<Value>): Promise<Value> => {
    let isOver = false
    void promise.finally(() => (isOver = true))
    for (let steps = 0; !isOver && steps < 1000; steps++) await clock.pass(20)
    return promise
  }
  return { clock, places, state, publisher, writer, keptOf }
}

test('all places are told at once and read back, with the addresses of the host', async () => {
  const { places: [left, right], publisher, writer, keptOf } = rig()
  const outcomes = await keptOf(publisher.publish(writer(one)))
  assert.deepEqual(outcomes.map(({ target, failure }) => [target, failure]), [['left', null], ['right', null]])
  assert.deepEqual([left.primary, right.kept.get('mysql/master/shop/ipv4')], [one, '10.0.0.1'])
})

test('a place that fails is told again until it says it, and the other one is not kept waiting', async () => {
  const { places: [left, right], publisher, writer, keptOf, clock } = rig()
  left.failures = 2
  const outcomes = await keptOf(publisher.publish(writer(one)))
  assert.deepEqual([outcomes.map(({ failure }) => failure), left.primary, right.told.length], [[null, null], one, 1])
  left.failures = 12
  const late = await keptOf(publisher.publish(writer(two)))
  assert.deepEqual([late[0]?.failure, late[1]?.failure, publisher.failuresOf('shop')], ['no route', null, [{ target: 'left', text: 'no route' }]])
  await clock.pass(200_000)
  assert.deepEqual([left.primary, publisher.failuresOf('shop')], [two, []])
})

test('a place that takes a word and does not keep it is told again', async () => {
  const { places: [left], publisher, writer, keptOf } = rig()
  left.loses = 1
  await keptOf(publisher.publish(writer(one)))
  assert.deepEqual([left.told, left.primary], [[one, one], one])
})

test('a late answer brings no deposed primary back: a place is told the newest writer last', async () => {
  const { places: [left], publisher, writer, keptOf, clock } = rig()
  let goOn = (): void => {}
  left.hangs = new Promise(resolve => (goOn = resolve))
  const first = publisher.publish(writer(one))
  await clock.pass(10)
  const second = publisher.publish(writer(two))
  const third = publisher.publish(writer(three))
  await clock.pass(10)
  left.hangs = null
  goOn()
  await keptOf(Promise.all([first, second, third]))
  assert.deepEqual([left.told, left.primary], [[one, three], three])
})

test('what drifts is mended, but neither too early after the start nor back to the one that was just replaced', async () => {
  const { places: [left], publisher, writer, keptOf, clock, state } = rig()
  await publisher.mend(clock.now())
  assert.deepEqual(left.told, [], 'servers may not all be read yet')
  await clock.pass(15_000)
  await keptOf(publisher.mend(clock.now()))
  await clock.pass(100)
  assert.deepEqual(left.told, [one])
  left.kept = new Map(left.kept).set('mysql/master/shop/port', '9')
  await keptOf(publisher.mend(clock.now()))
  await clock.pass(100)
  assert.deepEqual(left.told, [one, one])
  await keptOf(publisher.mend(clock.now()))
  assert.equal(left.told.length, 2, 'it says so already')
  // The record of the old primary is not renewed yet.
  await keptOf(publisher.publish(writer(two)))
  await keptOf(publisher.mend(clock.now()))
  assert.deepEqual([left.told.at(-1), left.primary], [two, two])
  state.primary = two
  await clock.pass(40_000)
  await keptOf(publisher.mend(clock.now()))
  assert.equal(left.primary, two)
})

test('who does not lead any more writes nothing more', async () => {
  const { places: [left], publisher, writer, keptOf, clock, state } = rig()
  left.failures = 100
  const outcome = keptOf(publisher.publish(writer(one)))
  state.leads = false
  await outcome
  await clock.pass(100_000)
  assert.deepEqual([left.told, left.failures > 90], [[], true])
})

test('everything is submitted on command, of all clusters or of one, and a cluster that is not known has nothing', async () => {
  const { places: [left], publisher, keptOf } = rig()
  const { pairs, outcomes } = await keptOf(publisher.submit(null))
  assert.deepEqual([pairs.length, pairs[0], outcomes.length, left.primary], [5, { key: 'mysql/master/shop', value: one }, 2, one])
  assert.deepEqual((await keptOf(publisher.submit('another'))).pairs, [])
})

test('a writer that cannot be read for a while stays the writer; one that a recovery named is it at once; a read-only one is not', async () => {
  const { publisher, writer, keptOf, state, clock } = rig()
  assert.equal(publisher.writerOf(''), null)
  assert.equal(publisher.writerOf(one), one)
  state.more = { check: { ...seen, lastSeenAt: 0, failure: { kind: 'timeout', number: null, text: 'x' } } }
  assert.equal(publisher.writerOf(one), one)
  await keptOf(publisher.publish(writer(two)))
  assert.equal(publisher.writerOf(one), two)
  await clock.pass(40_000)
  state.more = { readOnly: true }
  assert.equal(publisher.writerOf(one), null)
  state.primary = two
  state.more = {}
  assert.equal(publisher.writerOf(two), two)
})

test('a primary that changed without a recovery is told once it is certain twice in a row, and not while it is unread or a recovery is fresh', async () => {
  const { publisher, writer, keptOf, state, clock, places: [left] } = rig()
  await publisher.notice(clock.now())
  assert.deepEqual(left.told, [], 'nothing was told yet')
  await keptOf(publisher.submit(null))
  state.primary = two
  state.more = { check: { ...seen, lastSeenAt: 0, failure: { kind: 'timeout', number: null, text: 'x' } } }
  for (let looked = 0; looked < 3; looked++) await publisher.notice(clock.now())
  assert.deepEqual(left.told, [one])
  state.more = {}
  await publisher.notice(clock.now())
  assert.deepEqual(left.told, [one], 'once is not enough')
  await publisher.notice(clock.now())
  await clock.pass(100)
  assert.deepEqual([left.told, left.primary], [[one, two], two])
  await keptOf(publisher.publish(writer(three)))
  for (let looked = 0; looked < 3; looked++) await publisher.notice(clock.now())
  await clock.pass(100)
  assert.equal(left.primary, three, 'the record is behind the recovery')
})

test('with -noop no place is told anything: not by a recovery, not by a person, not where it says something else or another one takes writes', async () => {
  const { places, publisher, state, writer, keptOf, clock } = rig(one, true)
  for (const outcomes of [await keptOf(publisher.publish(writer(one))), (await keptOf(publisher.submit(null))).outcomes]) {
    assert.deepEqual(outcomes.map(({ target, failure }) => [target, failure?.startsWith('noop: ')]), [['left', true], ['right', true]])
  }
  await clock.pass(60_000)
  await publisher.mend(1)
  for (const primary of [one, two, two, two]) {
    state.primary = primary
    await publisher.notice(1)
  }
  assert.deepEqual(places.map(({ told }) => told), [[], []])
})
