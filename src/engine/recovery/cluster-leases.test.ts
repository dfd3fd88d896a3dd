import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LeaseStore } from '../../ports/leases.ts'
import { SimulatedClock } from '../../../test/harness/simulated-clock.ts'
import { type ClusterLease, ClusterLeases } from './cluster-leases.ts'

const me = { hostname: 'here', token: 'mine' }

function rig(isShared: boolean) {
  const state = { holds: true, fails: false, asked: 0 }
  const store: LeaseStore = {
    isShared,
    take: () => Promise.resolve({ number: 7 }),
    isHeld: () => {
      state.asked += 1
      return state.fails ? Promise.reject(new Error('gone away')) : Promise.resolve(state.holds)
    },
    release: () => Promise.resolve(),
  }
  const clock = new SimulatedClock()
  const take = async (): Promise<ClusterLease> => {
    const lease = await new ClusterLeases(store, clock, me).take('c')
    assert.ok('number' in lease)
    return lease
  }
  return { state, clock, take }
}

test('a lease that was just confirmed lets a step pass without asking; later the store is asked once for 2 s', async () => {
  const { state, clock, take } = rig(true)
  const lease = await take()
  assert.equal(await lease.fence(), null)
  assert.equal(state.asked, 0)
  await clock.pass(2500)
  assert.equal(await lease.fence(), null)
  assert.equal(await lease.fence(), null)
  assert.equal(state.asked, 1)
})

test('whoever was frozen and replaced meanwhile does no further step', async () => {
  const { state, clock, take } = rig(true)
  const lease = await take()
  await clock.pass(20_000)
  state.holds = false
  assert.equal((await lease.fence())?.text, 'the lease 7 of cluster c is not ours any more: another process has taken over')
})

test('a shared store that does not answer ends the right to act; one of this machine alone does not', async () => {
  for (const isShared of [true, false]) {
    const { state, clock, take } = rig(isShared)
    const lease = await take()
    state.fails = true
    await clock.pass(2500)
    assert.equal(await lease.fence(), null, 'nobody else can have it yet')
    await clock.pass(1000)
    assert.equal((await lease.fence()) !== null, isShared)
  }
})
