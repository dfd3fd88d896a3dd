import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SimulatedClock } from '../../../test/harness/simulated-clock.ts'
import type { Detection, Recovery } from '../../model/recovery/records.ts'
import { instanceKey } from '../../model/topology/instance-key.ts'
import type { Store } from '../../ports/store.ts'
import { outlastingStore, type StoreUse } from './outlasting-store.ts'
import { WaitingWrites } from './waiting-writes.ts'

const [old, successor] = [instanceKey('db1', 3306), instanceKey('db2', 3306)]
const holder = { hostname: 'orc1', token: 'a' }
const begun: Omit<Recovery, 'id'> = {
  uid: 'u1', key: old, code: 'DeadMaster', kind: 'MasterRecovery', method: 'MasterRecoveryGTID', command: '', startedBy: '', clusterName: old, clusterAlias: 'c', replicas: [],
  successor: null, successorAlias: '', successorCoordinates: null, isSuccessful: false, isActive: true, lostReplicas: [], participants: [], errors: [],
  startedAt: 1000, endedAt: null, acknowledged: null, detectionId: 1, nodeHostname: 'orc1', nodeToken: 'a',
}

function rig(use: StoreUse) {
  const clock = new SimulatedClock()
  const state = { isAway: false, rows: new Map<string, Recovery>(), steps: [] as string[], audit: [] as string[], ended: 0, taken: 0 }
  const there = async (): Promise<void> => {
    if (state.isAway) throw new Error('disk is full')
  }
  const store = {
    audit: { append: async ({ kind }: { readonly kind: string }) => (await there(), state.audit.push(kind)) },
    hostNames: { resolve: there }, analysisChanges: { note: there }, attributes: { set: there },
    detections: {
      register: async (detection: Detection) => (await there(), { ...detection, id: 3, endedActiveAt: null }),
      endActive: async () => (await there(), (state.ended += 1)),
    },
    leases: { isShared: false, take: async () => (await there(), { number: ++state.taken }), isHeld: async () => (await there(), true), release: there },
    recoveries: {
      register: async (recovery: Omit<Recovery, 'id'>) => {
        await there()
        const row = { ...recovery, id: 40 + state.rows.size }
        state.rows.set(row.uid, row)
        return row
      },
      update: async (recovery: Recovery) => (await there(), void state.rows.set(recovery.uid, recovery)),
      appendStep: async ({ message }: { readonly message: string }) => (await there(), state.steps.push(message)),
      open: async () => [...state.rows.values()].filter(({ isActive, endedAt }) => isActive || endedAt === null),
      list: async () => [...state.rows.values()].toReversed(),
    },
  } as unknown as Store // nothing else of it is used
  const log = { debug: () => undefined, info: () => undefined, warning: () => undefined, error: () => undefined }
  const writes = new WaitingWrites({ clock, log, works: there })
  return { clock, state, writes, store: outlastingStore(store, writes, use) }
}

const step = { recoveryUid: 'u1', at: 0, stage: 'begin', server: null, message: 'began', outcome: 'note', durationMilliseconds: null } as const
const entry = { at: 0, kind: 'recover-dead-master', key: null, clusterName: '', message: '' }

test('a recovery that begins and ends while the file cannot be written is known all the time, and its record, steps and audit are written afterwards', async () => {
  const { clock, state, writes, store } = rig('alone')
  await store.recoveries.register({ ...begun, uid: 'u0', endedAt: 500, isActive: false })
  state.isAway = true
  assert.deepEqual(await store.leases.take('c', holder), { number: 0 })
  assert.equal(await store.leases.isHeld('c', holder, 0), true)
  const registered = await store.recoveries.register(begun)
  assert.ok(registered !== null && registered.id < 0)
  await store.recoveries.appendStep(step)
  await store.audit.append(entry)
  assert.deepEqual((await store.recoveries.open()).map(({ uid }) => uid), ['u1'])
  const ended = { ...registered, successor, isSuccessful: true, endedAt: 2000 }
  await store.recoveries.update(ended)
  await store.leases.release('c', holder, 0)
  for (const filter of [{}, { uid: 'u1' }, { successor }, { clusterAlias: 'c', activeOnly: true }, { unacknowledgedOnly: true, endedSince: 2000 }]) {
    assert.deepEqual((await store.recoveries.list({ ...filter, page: 0 }))[0], ended, JSON.stringify(filter))
  }
  assert.equal((await store.recoveries.list({ page: 1 })).some(({ uid }) => uid === 'u1' && state.rows.get(uid) === undefined), false)
  assert.deepEqual([state.rows.has('u1'), writes.status.waiting], [false, 4])
  state.isAway = false
  await clock.pass(1000)
  assert.deepEqual([state.rows.get('u1'), state.steps, state.audit, writes.status.waiting], [{ ...ended, id: 41 }, ['began'], ['recover-dead-master'], 0])
  assert.deepEqual((await store.recoveries.list({ page: 0 })).map(({ id }) => id), [41, 40], 'each once, by the number that it got')
  await store.recoveries.update({ ...ended, lostReplicas: [old] })
  assert.equal(state.rows.get('u1')?.id, 41, 'its number is known from then on')
})

test('a recovery that was written when the file went away is read as it ended', async () => {
  const { clock, state, store } = rig('alone')
  const registered = await store.recoveries.register(begun)
  assert.ok(registered)
  state.isAway = true
  await store.recoveries.update({ ...registered, endedAt: 2000, isActive: false })
  assert.deepEqual(await store.recoveries.open(), [], 'it is over')
  assert.equal((await store.recoveries.list({ page: 0 })).length, 1)
  state.isAway = false
  await clock.pass(1000)
  assert.equal(state.rows.get('u1')?.endedAt, 2000)
})

test('where others share the database a recovery cannot begin without it; steps and audit wait all the same', async () => {
  const { state, writes, store } = rig('shared')
  state.isAway = true
  await assert.rejects(() => store.leases.take('c', holder), /disk is full/)
  await assert.rejects(() => store.recoveries.register(begun), /disk is full/)
  await store.recoveries.appendStep(step)
  await store.audit.append(entry)
  assert.equal(writes.status.waiting, 2)
})

test('in a group steps go the group\'s way and wait for nothing; the audit is each manager\'s own', async () => {
  const { state, writes, store } = rig('member')
  state.isAway = true
  await assert.rejects(() => store.recoveries.appendStep(step), /disk is full/)
  await store.audit.append(entry)
  assert.equal(writes.status.waiting, 1)
})
