import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ElectionStanding, ElectionStore } from '../../ports/election.ts'
import type { LeaseHolder } from '../../ports/leases.ts'
import { SimulatedClock } from '../../../test/harness/simulated-clock.ts'
import { SharedStoreGroup } from './shared-store-group.ts'

const quiet = { debug: () => undefined, info: () => undefined, warning: () => undefined, error: () => undefined }
const [one, two, three] = ['one', 'two', 'three'].map(name => ({ hostname: name, token: `token-${name}` })) as [LeaseHolder, LeaseHolder, LeaseHolder] // three names
const lease = 2500

/** The rows of one database, as test/conformance/store-election.test.ts says what they do on real ones. */
class Rows {
  active: LeaseHolder | null = null
  renewedAt = 0
  term = 0
  former = { token: '', until: 0 }
  isGone = false
  /** It can be read and not written, as a file on a full disk. */
  isUnwritable = false
  isShared = true
  readonly #clock: SimulatedClock

  constructor(clock: SimulatedClock) {
    this.#clock = clock
  }

  election(): ElectionStore {
    const answer = async <Value>(act: () => Value): Promise<Value> => {
      if (this.isGone) throw new Error('gone away')
      return act()
    }
    const write = async <Value>(act: () => Value): Promise<Value> => {
      if (this.isUnwritable) throw new Error('database or disk is full')
      return answer(act)
    }
    const take = (self: LeaseHolder): void => {
      this.term += 1
      this.active = self
      this.renewedAt = this.#clock.now()
    }
    const belief = (): void => {
      if (this.active !== null) this.former = { token: this.active.token, until: this.renewedAt + lease }
    }
    return {
      isShared: this.isShared, leaseMilliseconds: lease,
      read: self => answer(() => this.#standing(self)),
      stand: self => write(() => {
        if (this.active?.token === self.token) this.renewedAt = this.#clock.now()
        else if (this.active === null || this.#clock.now() - this.renewedAt > lease) take(self)
        return this.#standing(self)
      }),
      grab: self => answer(() => {
        belief()
        take(self)
        return this.#standing(self)
      }),
      vacate: () => answer(() => {
        belief()
        this.active = null
      }),
      give: (self, to) => answer(() => {
        if (this.active?.token !== self.token) return false
        belief()
        take(to)
        return true
      }),
      acknowledge: self => answer(() => {
        if (this.former.token === self.token) this.former = { token: '', until: 0 }
      }),
    }
  }

  #standing({ token }: LeaseHolder): ElectionStanding {
    const now = this.#clock.now()
    const isMine = this.active?.token === token
    const isWaiting = isMine && this.former.until > now && this.former.token !== token
    return {
      isActive: isMine && !isWaiting, isWaiting, term: this.term,
      active: this.active === null ? null : { ...this.active, firstSeenAt: 0, lastSeenAt: this.renewedAt, silentMilliseconds: now - this.renewedAt },
    }
  }
}

function rig() {
  const clock = new SimulatedClock()
  const rows = new Rows(clock)
  const alive = new Set<LeaseHolder>()
  const began: string[] = []
  const process = async (self: LeaseHolder, stands = true, takeUp: () => Promise<void> = () => Promise.resolve()): Promise<SharedStoreGroup<never>> => {
    const group = new SharedStoreGroup<never>({
      election: rows.election(), clock, log: quiet, self, stands, services: async () => [...alive], carryOut: async () => null,
      takeUp: async () => {
        began.push(self.hostname)
        await takeUp()
      },
    })
    if (stands) alive.add(self)
    await group.start()
    return group
  }
  return { clock, rows, process, alive, began }
}

test('one of several processes acts, the others know who, and another acts when it stops renewing, after it has read what was done', async () => {
  const { clock, rows, process, alive, began } = rig()
  const [first, second, onlooker] = [await process(one), await process(two), await process(three, false)]
  await clock.pass(1000)
  assert.deepEqual([first, second, onlooker].map(group => [group.isLeader(), group.standing().state, group.standing().leader?.name, group.standing().says.code]),
    [[true, 'leader', 'one', 'store-leads'], [false, 'follower', 'one', 'store-follows'], [false, 'follower', 'one', 'store-only-serves']])
  assert.deepEqual(began, [], 'nobody had acted before')
  await clock.pass(10_000)
  assert.equal(first.isLeader(), true)
  await first.close()
  alive.delete(one)
  await clock.pass(3200)
  assert.deepEqual([second.isLeader(), began, rows.term], [true, ['two'], 2])
  for (const group of [second, onlooker]) await group.close()
})

test('whoever acts by a file that can be read and not written goes on while no other process gives a sign of life in it, and stops when the file cannot be read either', async () => {
  const { clock, rows, process, alive } = rig()
  rows.isShared = false
  const group = await process(one)
  await clock.pass(1000)
  rows.isUnwritable = true
  await clock.pass(60_000)
  assert.deepEqual([group.isLeader(), group.standing().term], [true, 1])
  alive.add(two)
  await clock.pass(lease)
  assert.equal(group.isLeader(), false, 'another one can write, it seems, and may have the row by now')
  alive.delete(two)
  await clock.pass(1500)
  assert.equal(group.isLeader(), true)
  rows.isGone = true
  await clock.pass(lease)
  assert.equal(group.isLeader(), false)
  rows.isGone = false
  rows.active = two
  await clock.pass(1500)
  assert.equal(group.isLeader(), false, 'the row is somebody else\'s')
  await group.close()
})

test('whoever shares a database that can be read and not written stops: another machine may write it', async () => {
  const { clock, rows, process } = rig()
  const group = await process(one)
  await clock.pass(1000)
  rows.isUnwritable = true
  await clock.pass(lease)
  assert.equal(group.isLeader(), false)
  await group.close()
})

test('a process whose database does not answer stops acting before its lease is over for others, and acts again when it answers', async () => {
  const { clock, rows, process, began } = rig()
  const group = await process(one)
  const told: string[] = []
  group.onStanding(({ state }) => told.push(state))
  await clock.pass(1000)
  rows.isGone = true
  await clock.pass(lease - 500)
  assert.deepEqual([group.isLeader(), group.standing().says.code], [false, 'store-silent'])
  assert.equal((await group.confirm())?.code, 'store-nobody-leads')
  await clock.pass(60_000)
  rows.isGone = false
  await clock.pass(1000)
  assert.deepEqual([group.isLeader(), began], [true, []], 'nobody else acted meanwhile')
  assert.equal(told.filter(state => state === 'leader').length, 1)
  await group.close()
})

test('a process that stood still while another took its place changes nothing when it wakes up', async () => {
  const { clock, rows, process } = rig()
  const group = await process(one)
  await clock.pass(1000)
  assert.equal(await group.confirm(), null)
  // Time passes for everybody else, and nothing of this process runs.
  rows.active = two
  rows.term += 1
  const woken = clock.pass(0)
  assert.equal(await group.confirm(), null, 'its lease cannot be over yet')
  await woken
  await clock.pass(600)
  assert.equal((await group.confirm())?.code, 'store-not-leader')
  assert.equal(group.isLeader(), false)
  await group.close()
})

test('before a step the database is asked, unless it has just answered', async () => {
  const { clock, rows, process } = rig()
  const group = await process(one)
  await clock.pass(1000)
  rows.isGone = true
  await clock.pass(400)
  assert.equal(await group.confirm(), null)
  await clock.pass(1000)
  assert.deepEqual([group.isLeader(), await group.confirm()], [true, null], 'nobody can have taken the row yet')
  await clock.pass(1000)
  assert.equal((await group.confirm())?.code, 'store-nobody-leads')
  await group.close()
})

test('of two processes that hand over, never both act', async () => {
  const { clock, process } = rig()
  const [first, second] = [await process(one), await process(two)]
  const both: number[] = []
  const watch = (): void => {
    if (first.isLeader() && second.isLeader()) both.push(clock.now())
  }
  for (const group of [first, second]) group.onStanding(watch)
  await clock.pass(1000)
  for (const [act, winner, loser] of [
    [() => second.grab(), second, first], [() => first.grab(), first, second], [() => first.reelect(), second, first], [() => second.reelect(), first, second],
    [() => first.stepAside('two'), second, first], [() => second.stepAside(null), first, second],
  ] as const) {
    assert.equal(await act(), null)
    for (let at = 0; at < 1500; at += 50) {
      await clock.pass(50)
      watch()
    }
    assert.deepEqual([winner.isLeader(), loser.isLeader()], [true, false])
  }
  assert.deepEqual(both, [])
  assert.equal((await first.stepAside('nobody'))?.code, 'store-unknown-member')
  assert.equal((await second.stepAside(null))?.code, 'store-not-leader')
  for (const group of [first, second]) await group.close()
})

test('a process that cannot read what was done before does not act, and tries again', async () => {
  const { clock, process, alive, rows } = rig()
  const first = await process(one)
  let fails = true
  const second = await process(two, true, () => (fails ? Promise.reject(new Error('no')) : Promise.resolve()))
  await clock.pass(1000)
  await first.close()
  alive.delete(one)
  await clock.pass(5000)
  assert.deepEqual([rows.active?.hostname, second.isLeader(), second.standing().says.code], ['two', false, 'store-takes-up'])
  fails = false
  await clock.pass(1000)
  assert.equal(second.isLeader(), true)
  await second.close()
})
