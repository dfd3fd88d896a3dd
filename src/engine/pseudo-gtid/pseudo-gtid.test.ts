import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SimulatedClock } from '../../../test/harness/simulated-clock.ts'
import { fail, ok } from '../../kit/result.ts'
import type { ChunkAsked, LogEvent, Walk } from '../../model/pseudo-gtid/asks.ts'
import { cursorAt, nextEvent } from '../../model/pseudo-gtid/cursor.ts'
import { pseudoGtidPolicy } from '../../model/pseudo-gtid/policy.ts'
import { bareInstance, bareLink } from '../../model/topology/fresh-instance.ts'
import type { Instance } from '../../model/topology/instance.ts'
import { instanceKey } from '../../model/topology/instance-key.ts'
import { Topology } from '../../model/topology/topology.ts'
import { RememberedEntries } from './found-entries.ts'
import { InjectedClusters } from './injected-clusters.ts'
import { Injector } from './injector.ts'
import { LogReader } from './log-reader.ts'

const db1 = instanceKey('db1', 3306)
const log = { debug: () => undefined, info: () => undefined, warning: () => undefined, error: () => undefined }
const policy = pseudoGtidPolicy({ pattern: 'x', isFixedSubstring: true, monotonicHint: '', chunkSize: 10, skipContaining: [] })
const events: readonly LogEvent[] = Array.from({ length: 95 }, (_, index) => ({ file: 'b.000001', position: BigInt(4 + index * 10), endPosition: BigInt(14 + index * 10), type: 'Query', text: `event ${index}` }))

function* countAll(): Walk<number> {
  let cursor = cursorAt(db1, 'binary', { file: 'b.000001', position: 4n }, null)
  for (let count = 0; ; count += 1) {
    const moved = yield* nextEvent(cursor, policy)
    if (!moved.ok) return -count
    if (moved.value.event === null) return count
    cursor = moved.value.cursor
  }
}

test('the next chunk is asked for while one is walked through, and every event is met once', async () => {
  const clock = new SimulatedClock()
  const asked: ChunkAsked[] = []
  const reader = new LogReader({
    clock, reasonableLagSeconds: 20, look: () => Promise.resolve(undefined),
    logs: { events: (_on, ask) => {
      asked.push(ask)
      return Promise.resolve(ok(events.filter(({ position }) => position >= ask.from).slice(ask.skip, ask.skip + ask.count)))
    } },
  })
  const walked = await reader.drive(countAll(), new Map([[db1, bareInstance(db1)]]), 1000)
  assert.deepEqual([walked.answer, walked.events, asked.length], [95, 95, 10])
})

test('a walk ends when its time is over, and says so to whoever waits', async () => {
  const clock = new SimulatedClock()
  const reader = new LogReader({
    clock, reasonableLagSeconds: 20, look: () => Promise.resolve(undefined),
    logs: { events: async (_on, ask, milliseconds) => {
      assert.ok(milliseconds <= 1000)
      await clock.sleep(400)
      return ok(events.filter(({ position }) => position >= ask.from).slice(0, ask.count))
    } },
  })
  const walking = reader.drive(countAll(), new Map([[db1, bareInstance(db1)]]), 1000)
  for (let step = 0; step < 10; step += 1) await clock.pass(200)
  const { answer } = await walking
  assert.ok(answer < 0 && answer > -95, 'it broke off half way')
})

test('waiting for a server that lags ends with what counts as a reasonable lag, whatever came of it', async () => {
  const clock = new SimulatedClock()
  let looks = 0
  const lagging: Instance = { ...bareInstance(db1), replication: { ...bareLink(db1), secondsBehindSource: 500 } }
  const reader = new LogReader({ clock, reasonableLagSeconds: 3, logs: { events: () => Promise.resolve(ok([])) }, look: () => {
    looks += 1
    return Promise.resolve(lagging)
  } })
  function* wait(): Walk<string> {
    yield { ask: 'keep-up', of: db1 }
    return 'went on'
  }
  const walking = reader.drive(wait(), new Map(), 60_000)
  for (let step = 0; step < 10; step += 1) await clock.pass(500)
  assert.deepEqual([(await walking).answer, looks <= 4], ['went on', true])
})

test('what was found is forgotten after ten minutes, and never more is kept than fits', () => {
  let now = 0
  const found = new RememberedEntries({ monotonic: () => now })
  found.keep(db1, 'one', { file: 'b.000001', position: 4n })
  now = 599_000
  assert.equal(found.get(db1, 'one')?.position, 4n)
  now = 601_000
  assert.equal(found.get(db1, 'one'), undefined)
  for (let number = 0; number < 3000; number += 1) found.keep(db1, `entry ${number}`, { file: 'b.000001', position: BigInt(number) })
  assert.deepEqual([found.get(db1, 'entry 0'), found.get(db1, 'entry 2999')?.position], [undefined, 2999n])
  found.forget(db1)
  assert.equal(found.get(db1, 'entry 2999'), undefined)
})

function injecting(grants: string, isOn = true, changesNothing = false) {
  const clock = new SimulatedClock()
  const sent: string[] = []
  const warned: string[] = []
  const seen = { lastCheckedAt: 5, lastSeenAt: 5, lastAttemptedAt: 5, partialSuccess: true, failure: null, latencyMilliseconds: 1 }
  const primary: Instance = { ...bareInstance(db1), clusterName: 'c', serverId: 7, readOnly: false, check: seen }
  const injected = new InjectedClusters(clock, undefined, log)
  let asked = 0
  let refuses = false
  const injector = new Injector({
    changesNothing,
    clock, random: { hex: () => '0123456789abcdef', fraction: () => 0 }, log: { ...log, warning: text => warned.push(text) }, topology: () => new Topology(1, new Map([[db1, primary]])),
    logs: {
      grants: () => {
        asked += 1
        return Promise.resolve(ok([grants]))
      },
      inject: (_on, statement) => {
        if (refuses) return Promise.resolve(fail({ kind: 'statement-rejected', number: 1290, text: 'read only' }))
        sent.push(statement)
        return Promise.resolve(ok(undefined))
      },
    },
  }, injected, isOn)
  return { clock, injector, injected, sent, warned, asked: () => asked, refuse: () => { refuses = true } }
}

test('a statement is written once a round, each larger as text than the one before, and what we may do is asked once a minute', async () => {
  const { clock, injector, injected, sent, asked } = injecting('GRANT DROP ON `_pseudo_gtid_`.* TO o')
  for (let round = 0; round < 3; round += 1) assert.deepEqual(await injector.round(), ['c'])
  assert.equal(sent.length, 3)
  assert.deepEqual(sent.toSorted(), sent, 'also within one second')
  assert.equal(asked(), 1)
  assert.equal(injected.has('c'), true)
  await clock.pass(61_000)
  await injector.round()
  assert.equal(asked(), 2)
  await clock.pass(61 * 60_000)
  assert.equal(injected.has('c'), false, 'an hour after the last one')
})

test('without the privilege nothing is sent, it is said once, and asked again before long', async () => {
  const { clock, injector, injected, sent, warned, asked } = injecting('GRANT SUPER ON *.* TO o')
  await injector.round()
  await clock.pass(5000)
  await injector.round()
  assert.deepEqual([sent, warned.length, asked(), injected.has('c')], [[], 1, 1, false])
  await clock.pass(6000)
  await injector.round()
  assert.equal(asked(), 2)
})

test('a server that refuses is not noted as written to, and nothing is written where it is switched off', async () => {
  const refused = injecting('GRANT ALL PRIVILEGES ON *.* TO o')
  refused.refuse()
  assert.deepEqual([await refused.injector.round(), refused.injected.has('c'), refused.warned.length], [[], false, 1])
  const off = injecting('GRANT ALL PRIVILEGES ON *.* TO o', false)
  assert.deepEqual([await off.injector.round(), off.sent, off.asked()], [[], [], 0])
})

test('with -noop no statement is written', async () => {
  const { injector, sent, asked } = injecting('GRANT DROP ON `_pseudo_gtid_`.* TO o', true, true)
  assert.deepEqual([await injector.round(), sent, asked()], [[], [], 0])
})
