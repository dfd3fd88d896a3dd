import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fail, ok } from '../../kit/result.ts'
import { planOf, type Row } from '../../model/planning/failover-plan.ts'
import type { Plan } from '../../model/planning/plan.ts'
import type { Step } from '../../model/planning/step.ts'
import { bareInstance, bareLink } from '../../model/topology/fresh-instance.ts'
import type { Instance } from '../../model/topology/instance.ts'
import { instanceKey } from '../../model/topology/instance-key.ts'
import { Topology } from '../../model/topology/topology.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Intent, Intents } from '../../ports/intents.ts'
import type { Servers } from '../../ports/servers.ts'
import { Execution } from './execution.ts'
import { planForRun } from './by-fingerprint.ts'

const [source, one, two] = [instanceKey('source', 3306), instanceKey('one', 3306), instanceKey('two', 3306)]
const uuid = 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa'
const says = { code: 'test', parameters: {}, text: 'a test' }

const replica = (key: typeof one): Instance => {
  const link = { ...bareLink(source), receiver: 'running' as const, applier: 'running' as const, gtid: 'mysql' as const, retrievedGtidSet: `${uuid}:11-20` }
  return { ...bareInstance(key), readOnly: true, executedGtidSet: `${uuid}:1-10`, replication: link, channels: [link], check: { ...bareInstance(key).check, lastSeenAt: 1, lastCheckedAt: 1 } }
}

/** How long this process was frozen until now. */
const stoodStill = { milliseconds: 0 }

const clock: Clock = {
  now: () => Date.now(), monotonic: () => performance.now() + stoodStill.milliseconds, sleep: milliseconds => sleep(milliseconds),
  after: (milliseconds, act) => {
    const timer = setTimeout(act, milliseconds)
    return () => clearTimeout(timer)
  },
}

class LostAnswer extends Error {}

/** Servers that do what the test says: each step changes the record by `act`, or fails when that throws. */
function world(act: (step: Step, on: Instance) => Instance | Promise<Instance> = (_, on) => on, isOwn: () => boolean = () => true, left: readonly Intent[] = []) {
  const instances = new Map([[one, replica(one)], [two, replica(two)]])
  const done: string[] = []
  const marks: string[] = []
  const given: ReadonlyMap<string, string>[] = []
  const unused = (): never => {
    throw new Error('not used here')
  }
  const servers: Servers = {
    probe: unused,
    perform: async (step, on, { bindings }) => {
      given.push(new Map(bindings))
      done.push(`${step.do} ${step.on}`)
      try {
        instances.set(step.on, await act(step, instances.get(step.on) ?? on))
        return ok({ statements: [step.do] })
      } catch (error) {
        return fail({ kind: error instanceof LostAnswer ? 'connection-lost' : 'statement-rejected', number: 1, text: String(error) })
      }
    },
    statements: step => [step.do], onConnectionLost: () => () => undefined, release: () => undefined, close: () => Promise.resolve(),
  }
  const intents: Intents = {
    begin: () => Promise.resolve(marks.push('begin')), step: (_, number, state) => Promise.resolve(void marks.push(`${number} ${state}`)),
    end: (_, state) => Promise.resolve(void marks.push(`end ${state}`)), open: () => Promise.resolve(left),
    takeOver: () => Promise.resolve(false), isOwn: () => Promise.resolve(isOwn()), isShared: false,
  }
  const log = { debug: () => undefined, info: () => undefined, warning: () => undefined, error: () => undefined }
  const observer = { get: (key: typeof one) => instances.get(key), look: (key: typeof one) => Promise.resolve(instances.get(key)) }
  const shared = { take: () => Promise.resolve({ lock: { release: () => Promise.resolve() } }) }
  const parts = { servers, clock, log, observer, intents, shared, process: { hostname: 'here', token: 'one' }, waitsForHalfDone: true }
  const execution = new Execution(parts, { maxConcurrentReplicaOperations: 5 })
  return { execution, parts, instances, done, given, marks, topology: () => new Topology(1, instances) }
}

const planFrom = (topology: Topology, rows: readonly Omit<Row, 'ifStoppedHere'>[]): Plan => planOf(topology, { kind: 'test', says, rows: rows.map(row => ({ ...row, ifStoppedHere: says })) })

const receiver = (on: Instance, state: 'running' | 'stopped'): Instance => {
  if (on.replication === null) return on
  const link = { ...on.replication, receiver: state }
  return { ...on, replication: link, channels: [link] }
}

const obey = (step: Step, on: Instance): Instance =>
  step.do === 'stop-receiver' ? receiver(on, 'stopped') : step.do === 'start-receiver' ? receiver(on, 'running') : step.do === 'set-writable' ? { ...on, readOnly: false } : on

test('every step is written down before and after it runs', async () => {
  const { execution, marks, topology } = world(obey)
  const outcome = await execution.run(planFrom(topology(), [{ wave: 1, step: { do: 'stop-receiver', on: one } }]), { by: 'test' })
  assert.equal(outcome.state, 'done')
  assert.deepEqual(marks, ['begin', '1 begun', '1 done', 'end done'])
})

test('a plan that stays open is not written down as ended, unless it was undone', async () => {
  const { execution, marks, topology } = world((step, on) => {
    if (step.do === 'set-writable') throw new Error('no')
    return obey(step, on)
  })
  const stop = { wave: 1, step: { do: 'stop-receiver', on: one } as const, undo: [{ do: 'start-receiver', on: one } as const] }
  await execution.run(planFrom(topology(), [stop]), { by: 'test', staysOpen: true })
  assert.ok(!marks.some(mark => mark.startsWith('end')))
  await execution.run(planFrom(topology(), [stop, { wave: 2, step: { do: 'set-writable', on: one } }]), { by: 'test', staysOpen: true })
  assert.equal(marks.at(-1), 'end undone')
})

test('a step after which a server holds less than before stops the plan and is undone', async () => {
  const { execution, done, marks, topology } = world((step, on) => {
    if (step.do !== 'stop-receiver' || on.replication === null) return obey(step, on)
    const link = { ...on.replication, receiver: 'stopped' as const, retrievedGtidSet: '' }
    return { ...on, replication: link, channels: [link] }
  })
  const plan = planFrom(topology(), [
    { wave: 1, step: { do: 'stop-receiver', on: one }, undo: [{ do: 'start-receiver', on: one }] }, { wave: 2, step: { do: 'set-writable', on: one } },
  ])
  for (const pace of ['checked', 'critical'] as const) {
    done.length = 0
    const outcome = await execution.run(pace === 'checked' ? plan : planFrom(topology(), [{ wave: 1, step: { do: 'stop-receiver', on: two } }]), { by: 'test', pace })
    assert.deepEqual([outcome.state, outcome.failure?.code, outcome.failure?.parameters['count']], ['failed', 'transactions-shrank', 10])
    if (pace === 'checked') assert.deepEqual(done, [`stop-receiver ${one}`, `start-receiver ${one}`])
  }
  assert.ok(marks.includes('end undone'))
})

test('a step whose condition does not hold on a fresh reading is not sent', async () => {
  const { execution, done, instances, topology } = world(obey)
  const plan = planFrom(topology(), [{ wave: 1, step: { do: 'stop-receiver', on: one }, requires: [{ holds: 'replicates-from', server: one, source }] }])
  const moved = { ...bareLink(two), receiver: 'running' as const }
  instances.set(one, { ...replica(one), replication: moved, channels: [moved] })
  const outcome = await execution.run(plan, { by: 'test' })
  assert.deepEqual([outcome.state, outcome.failure?.code, done], ['failed', 'condition-replicates-from', []])
})

test('a source that still lists a replica which follows another server by now counts it no more; one that cannot be read it does', async () => {
  const { execution, done, instances, topology } = world(obey)
  const plan = planFrom(topology(), [{ wave: 1, step: { do: 'stop-receiver', on: one }, requires: [{ holds: 'has-no-replicas', server: one }] }])
  instances.set(one, { ...replica(one), listedReplicas: [two] })
  const below = { ...bareLink(one), receiver: 'running' as const }
  instances.set(two, { ...replica(two), replication: below, channels: [below] })
  assert.deepEqual((await execution.run(plan, { by: 'test' })).failure?.parameters, { server: one, replicas: two })
  instances.delete(two)
  assert.equal((await execution.run(plan, { by: 'test' })).failure?.code, 'condition-has-no-replicas')
  assert.deepEqual(done, [])
  instances.set(two, replica(two))
  assert.equal((await execution.run(plan, { by: 'test' })).state, 'done')
})

test('under -noop nothing is sent but plain stops and starts that a person asks for, and in a recovery not even those', async () => {
  const { done, parts, topology } = world(obey)
  const execution = new Execution({ ...parts, changesNothing: true }, { maxConcurrentReplicaOperations: 5 })
  const stop = planFrom(topology(), [{ wave: 1, step: { do: 'stop-receiver', on: one } }])
  const recovering = await execution.run(stop, { by: 'test', recoveryUid: 'a recovery' })
  assert.deepEqual([recovering.state, recovering.failure?.text], ['refused', `noop: aborting stop-receiver operation on ${one}; signalling error but nothing went wrong.`])
  const changing = planFrom(topology(), [{ wave: 1, step: { do: 'read-executed', on: one, as: 'x' } }, { wave: 2, step: { do: 'set-read-only', on: two, alsoSuper: true } }])
  assert.equal((await execution.run(changing, { by: 'test' })).failure?.parameters['operation'], 'set-read-only')
  assert.deepEqual(done, [])
  assert.equal((await execution.run(stop, { by: 'test' })).state, 'done')
  assert.deepEqual(done, [`stop-receiver ${one}`])
})

test('a promise that is not kept fails the step', async () => {
  const { execution, topology } = world((_, on) => on)
  const outcome = await execution.run(planFrom(topology(), [{ wave: 1, step: { do: 'stop-receiver', on: one } }]), { by: 'test' })
  assert.equal(outcome.failure?.code, 'promise-not-kept')
})

test('whether a successor takes writes is not left open when the answer is lost: it is told once more; no other step is, and a refusal is final', async () => {
  for (const [step, error, sent, state] of [
    ['set-writable', new LostAnswer('reset'), 2, 'done'], ['set-writable', new Error('refused'), 1, 'failed'], ['stop-receiver', new LostAnswer('reset'), 1, 'failed'],
  ] as const) {
    let times = 0
    const { execution, topology } = world((given, on) => {
      times += 1
      if (times === 1) throw error
      return obey(given, on)
    })
    const outcome = await execution.run(planFrom(topology(), [{ wave: 1, step: { do: step, on: one } }]), { by: 'test' })
    assert.deepEqual([times, outcome.state], [sent, state], `${step}: ${error.message}`)
  }
  const { execution, topology, done } = world(() => {
    throw new LostAnswer('reset')
  })
  const outcome = await execution.run(planFrom(topology(), [{ wave: 1, step: { do: 'set-writable', on: one } }]), { by: 'test' })
  assert.deepEqual([done.length, outcome.state], [2, 'failed'], 'once more, not for ever')
})

test('a failure that is only noted leaves out the rest of that server, and the others go on', async () => {
  const { execution, done, topology } = world((step, on) => {
    if (step.on === one) throw new Error('no')
    return obey(step, on)
  })
  const rows = [one, two].flatMap((on): Omit<Row, 'ifStoppedHere'>[] => [
    { wave: 1, step: { do: 'stop-receiver', on }, onFailure: 'note' }, { wave: 2, step: { do: 'start-receiver', on }, onFailure: 'note' },
  ])
  const outcome = await execution.run(planFrom(topology(), rows), { by: 'test' })
  assert.equal(outcome.state, 'done')
  assert.deepEqual(done, [`stop-receiver ${one}`, `stop-receiver ${two}`, `start-receiver ${two}`])
  assert.deepEqual(outcome.steps.map(({ state }) => state), ['failed', 'done', 'skipped', 'done'])
})

test('steps of one wave run at the same time: a slow server delays nobody', async () => {
  const ended: string[] = []
  const { execution, topology } = world(async (step, on) => {
    if (step.on === one) await sleep(60)
    ended.push(step.on)
    return obey(step, on)
  })
  await execution.run(planFrom(topology(), [one, two].map(on => ({ wave: 1, step: { do: 'stop-receiver', on } }))), { by: 'test' })
  assert.deepEqual(ended, [two, one])
})

test('a server that another plan changes is refused, and nothing is sent or written', async () => {
  const { execution, done, marks, topology } = world(obey)
  const taken = execution.locks.take([one], 'somebody')
  assert.ok('lock' in taken)
  const plan = planFrom(topology(), [{ wave: 1, step: { do: 'stop-receiver', on: one } }])
  const outcome = await execution.run(plan, { by: 'test' })
  assert.deepEqual([outcome.state, outcome.failure?.code, done, marks], ['refused', 'server-busy', [], []])
  taken.lock.release()
  assert.equal((await execution.run(plan, { by: 'test' })).state, 'done')
})

test('a recovery asks a running plan to stop: it ends before its next step and is undone', async () => {
  const { execution, done, topology } = world(async (step, on) => {
    if (step.do === 'stop-receiver') await sleep(30)
    return obey(step, on)
  })
  const plan = planFrom(topology(), [
    { wave: 1, step: { do: 'stop-receiver', on: one }, undo: [{ do: 'start-receiver', on: one }] }, { wave: 2, step: { do: 'set-writable', on: one } },
  ])
  const running = execution.run(plan, { by: 'test' })
  await sleep(5)
  const lock = await execution.locks.takeOver([one], 'recovery', 1000)
  const outcome = await running
  lock.release()
  assert.deepEqual([outcome.state, outcome.failure?.code], ['failed', 'plan-aborted'])
  assert.deepEqual(done, [`stop-receiver ${one}`, `start-receiver ${one}`])
})

test('a plan that is not the one that was shown is refused with the difference', () => {
  const { instances, topology } = world()
  const make = (): Plan => planFrom(topology(), [{ wave: 1, step: { do: instances.get(one)?.readOnly === true ? 'stop-receiver' : 'stop-replication', on: one } }])
  const shown = make()
  assert.equal('refused' in planForRun(make, shown), false)
  instances.set(one, { ...replica(one), readOnly: false })
  const again = planForRun(make, { fingerprint: shown.fingerprint, plan: shown })
  assert.ok('refused' in again)
  assert.equal(again.refused.text, 'the plan has changed since it was shown: - stop-receiver one:3306; + stop-replication one:3306')
})

/** Two parts of one wave, and a step after them; the second step of the second part is refused by its server. */
function parts(onFailure: 'stop' | 'note') {
  const { execution, done, topology } = world((step, on) => {
    if (step.do === 'start-receiver' && on.key === two && done.filter(each => each === `start-receiver ${two}`).length === 1) throw new Error('refused')
    return obey(step, on)
  })
  const plan = planFrom(topology(), [
    ...[one, two].flatMap(on => [
      { wave: 1, part: on, onFailure, step: { do: 'stop-receiver' as const, on }, undo: [{ do: 'start-receiver' as const, on }] },
      { wave: 1, part: on, onFailure, step: { do: 'start-receiver' as const, on } },
    ]),
    { wave: 2, step: { do: 'set-writable', on: one } },
  ])
  return { execution, done, plan }
}

test('a part that fails is undone and its rest left out, and the other parts and the plan go on', async () => {
  const { execution, done, plan } = parts('note')
  const outcome = await execution.run(plan, { by: 'test' })
  assert.equal(outcome.state, 'done')
  assert.deepEqual([outcome.parts.get(one), outcome.parts.get(two)?.code], [null, 'statement-failed'])
  assert.deepEqual(done.filter(each => each.endsWith(two)), [`stop-receiver ${two}`, `start-receiver ${two}`, `start-receiver ${two}`], 'the last one is the undo')
  assert.equal(done.at(-1), `set-writable ${one}`)
  assert.deepEqual(outcome.undone.map(({ state }) => state), ['done'])
})

test('a part that must not fail ends the plan: it is undone, and a part that came to its end stays', async () => {
  const { execution, done, plan } = parts('stop')
  const outcome = await execution.run(plan, { by: 'test' })
  assert.deepEqual([outcome.state, outcome.failure?.code], ['failed', 'statement-failed'])
  assert.equal(outcome.parts.get(two)?.code, 'statement-failed')
  assert.equal(done.includes(`set-writable ${one}`), false)
  if (outcome.parts.get(one) === null) assert.deepEqual(done.filter(each => each.endsWith(one)), [`stop-receiver ${one}`, `start-receiver ${one}`])
})

test('a plan that a crash cut off goes on from the place that was read before, and does not read it where the servers stand now', async () => {
  const { execution, done, topology, given } = world(obey)
  const plan = planFrom(topology(), [
    { wave: 1, step: { do: 'read-coordinates', on: two, which: 'own', as: 'where two stood' } },
    { wave: 2, step: { do: 'change-source', on: one, to: two, way: 'coordinates', at: { boundTo: 'where two stood' } } },
  ])
  const intent: Intent = { id: 7, plan, by: 'test', recoveryUid: '', startedAt: 1, process: null, steps: new Map([[1, 'done'], [2, 'begun']]), bound: new Map([[1, 'binlog.000003:77']]) }
  await execution.resume(intent)
  assert.deepEqual(done, [`change-source ${one}`])
  assert.equal(given.at(-1)?.get('where two stood'), 'binlog.000003:77')
})

test('nothing is begun on a server on which another plan was left half done, until that was finished; elsewhere it is, and what a recovery does goes on', async () => {
  const topology = new Topology(1, new Map([[one, replica(one)], [two, replica(two)]]))
  const plan = (on: typeof one): Plan => planFrom(topology, [{ wave: 1, step: { do: 'stop-receiver', on } }])
  const half: Intent = { id: 7, plan: plan(one), by: 'ann', recoveryUid: '', startedAt: 1, process: { hostname: 'gone', token: 'gone' }, steps: new Map([[1, 'begun']]), bound: new Map() }
  const { execution, done, marks } = world(obey, () => true, [half])
  const refused = await execution.run(plan(one), { by: 'ben' })
  assert.deepEqual([refused.state, refused.failure?.code, refused.failure?.parameters['owner'], done.length], ['refused', 'server-half-done', 'ann', 0])
  assert.equal((await execution.run(plan(two), { by: 'ben' })).state, 'done')
  const taken = execution.locks.take([one], 'a recovery')
  assert.ok('lock' in taken)
  assert.equal((await execution.run(plan(one), { by: 'a recovery', lock: taken.lock })).state, 'done')

  // Whoever holds the server keeps the rest from being done: it is left open. Later it is done and ended.
  marks.length = 0
  assert.deepEqual([(await execution.resume(half)).failure?.code, marks], ['server-busy', []])
  taken.lock.release()
  assert.equal((await execution.resume(half)).state, 'done')
  assert.deepEqual(marks.filter(mark => mark.startsWith('end')), ['end done', 'end done'], 'the rest of it, and itself')
})

test('a plan is under way until its end was written down', async () => {
  const { execution, topology } = world(obey)
  const seen: boolean[] = []
  await execution.run(planFrom(topology(), [{ wave: 1, step: { do: 'stop-receiver', on: one } }]), { by: 'test', onStep: () => void seen.push(execution.open.isUnderWay(1)) })
  await sleep(0)
  assert.deepEqual([seen.includes(false), seen.length > 0, execution.open.isUnderWay(1)], [false, true, false])
})

test('what one step is undone by ends at the first thing that fails, and the steps before it are undone all the same', async () => {
  const { execution, done, topology } = world((step, on) => {
    if (step.do === 'read-coordinates' || step.do === 'set-writable') throw new Error('elsewhere')
    return obey(step, on)
  })
  const outcome = await execution.run(planFrom(topology(), [
    { wave: 1, step: { do: 'stop-receiver', on: two }, undo: [{ do: 'start-receiver', on: two }] },
    { wave: 2, step: { do: 'stop-receiver', on: one }, undo: [{ do: 'read-coordinates', on: one, which: 'executed', as: 'x' }, { do: 'start-receiver', on: one }] },
    { wave: 3, step: { do: 'set-writable', on: two } },
  ]), { by: 'test' })
  assert.equal(outcome.state, 'failed')
  assert.deepEqual(done.slice(-2), [`read-coordinates ${one}`, `start-receiver ${two}`])
})

test('a process that stood still goes on with its plan while it is its own; when another has taken it over it does nothing more, and undoes nothing', async () => {
  for (const isTakenOver of [false, true]) {
    const { execution, done, marks, topology } = world((step, on) => {
      if (step.do === 'stop-receiver') stoodStill.milliseconds += 10_000
      return obey(step, on)
    }, () => !isTakenOver)
    const outcome = await execution.run(planFrom(topology(), [
      { wave: 1, step: { do: 'stop-receiver', on: one }, undo: [{ do: 'start-receiver', on: one }] }, { wave: 2, step: { do: 'set-writable', on: one } },
    ]), { by: 'test' })
    assert.equal(outcome.state, isTakenOver ? 'failed' : 'done')
    assert.equal(outcome.failure?.code, isTakenOver ? 'plan-taken-over' : undefined)
    assert.deepEqual(done, isTakenOver ? [`stop-receiver ${one}`] : [`stop-receiver ${one}`, `set-writable ${one}`])
    assert.equal(marks.at(-1)?.startsWith('end '), !isTakenOver, 'whoever has taken it over ends it')
  }
})

test('a plan over which somebody else holds the lease stops before its next step, and nothing is undone', async () => {
  const { execution, done, marks, topology } = world(obey)
  const lost = { code: 'lease-lost', parameters: {}, text: 'gone' }
  const outcome = await execution.run(planFrom(topology(), [
    { wave: 1, step: { do: 'stop-receiver', on: one }, undo: [{ do: 'start-receiver', on: one }] }, { wave: 2, step: { do: 'set-writable', on: one } },
  ]), { by: 'test', fence: () => Promise.resolve(done.length === 0 ? null : lost) })
  assert.deepEqual([outcome.state, outcome.failure?.code, done], ['failed', 'lease-lost', [`stop-receiver ${one}`]])
  assert.equal(marks.some(mark => mark.startsWith('end ')), false)
})

test('a process that stood still while the servers were read for a step does not send its statement, and puts nothing back', async () => {
  const { execution, parts, instances, done, topology } = world(obey)
  let isHeld = true
  parts.observer.look = key => {
    // It is read three times: before and after the first step, and before the second.
    if (done.length === 1 && instances.get(one)?.replication?.receiver === 'stopped' && ++reads > 1) {
      isHeld = false
      stoodStill.milliseconds += 20_000
    }
    return Promise.resolve(instances.get(key))
  }
  let reads = 0
  const lost = { code: 'lease-lost', parameters: {}, text: 'gone' }
  const outcome = await execution.run(planFrom(topology(), [
    { wave: 1, step: { do: 'stop-receiver', on: one }, undo: [{ do: 'start-receiver', on: one }] }, { wave: 2, step: { do: 'set-writable', on: one } },
  ]), { by: 'test', fence: async () => { await sleep(60); return isHeld ? null : lost } })
  assert.deepEqual([outcome.state, outcome.failure?.code, done], ['failed', 'lease-lost', [`stop-receiver ${one}`]])
})

test('what was changed is put back in the opposite order', async () => {
  const { execution, done, topology } = world((step, on) => {
    if (step.do === 'set-writable') throw new Error('no')
    return obey(step, on)
  })
  await execution.run(planFrom(topology(), [
    { wave: 1, step: { do: 'stop-receiver', on: one }, undo: [{ do: 'start-receiver', on: one }] },
    { wave: 2, step: { do: 'stop-receiver', on: two }, undo: [{ do: 'start-receiver', on: two }] },
    { wave: 3, step: { do: 'set-writable', on: one } },
  ]), { by: 'test' })
  assert.deepEqual(done.slice(-2), [`start-receiver ${two}`, `start-receiver ${one}`])
})
