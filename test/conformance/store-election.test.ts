import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Store } from '../../src/ports/store.ts'
import { mysqlEngine, sqliteEngine, type StoreEngine } from './store-engines.ts'

const [one, two, three] = ['one', 'two', 'three'].map(name => ({ hostname: `${name}.example`, token: `token-${name}` })) as [Holder, Holder, Holder] // three names
interface Holder { readonly hostname: string; readonly token: string }

/** Who of several processes acts, on any engine. Time passes by what is written into the tables. */
function electionSuite(name: string, make: () => Promise<StoreEngine>): void {
  let engine: StoreEngine
  before(async () => void (engine = await make()))
  after(() => engine.end())

  const on = (says: string, body: (election: Store['election'], store: Store) => Promise<void>): void => {
    test(`${name}: ${says}`, async () => {
      await engine.reset()
      const store = await engine.open()
      try {
        await body(store.election, store)
      } finally {
        await store.close()
      }
    })
  }
  const silentFor = (milliseconds: number): Promise<unknown> => engine.sql(`update active_node_lease set renewed_at = renewed_at - ${milliseconds}`)
  const readable = async (): Promise<unknown> => (await engine.sql('select hostname, token from active_node'))[0]

  on('the office of a new database is taken at once, stands in active_node for everybody to read, and is kept by renewing', async election => {
    const [first, second] = [await election.stand(one), await election.stand(two)]
    assert.deepEqual([first.isActive, first.isWaiting, first.term, second.isActive, second.active?.hostname], [true, false, 1, false, one.hostname])
    assert.deepEqual({ ...(await readable() as object) }, one)
    const [again] = [await election.stand(one)]
    assert.deepEqual([again.isActive, again.term], [true, 1], 'renewing is no new taking')
    assert.ok((again.active?.silentMilliseconds ?? -1) >= 0 && (again.active?.silentMilliseconds ?? Infinity) < 5000)
    assert.equal((await election.read(two)).isActive, false)
  })

  on('many that stand in the same moment make one of them active', async election => {
    const standings = await Promise.all([one, two, three].map(each => election.stand(each)))
    assert.equal(standings.filter(({ isActive }) => isActive).length, 1)
    assert.equal((await election.read(one)).term, 1)
  })

  on('one of ours that has not renewed for its lease is replaced, not sooner, and what it wrote last does not bring it back', async election => {
    await election.stand(one)
    await silentFor(election.leaseMilliseconds - 1500)
    assert.equal((await election.stand(two)).isActive, false)
    await silentFor(1500)
    const taken = await election.stand(two)
    assert.deepEqual([taken.isActive, taken.term], [true, 2])
    const former = await election.stand(one)
    assert.deepEqual([former.isActive, former.active?.hostname], [false, two.hostname])
  })

  on('a process of the original is replaced after its five seconds, and finds ours in the same row', async election => {
    await election.stand(one)
    const lastSeen = (seconds: number): string => (engine.kind === 'sqlite' ? `datetime('now', '-${seconds} seconds')` : `now() - interval ${seconds} second`)
    await engine.sql(`update active_node set hostname = 'former', token = 'theirs', last_seen_active = ${lastSeen(3)}`)
    await silentFor(60_000)
    assert.deepEqual([(await election.stand(one)).isActive, (await election.stand(two)).active?.hostname], [false, 'former'])
    await engine.sql(`update active_node set last_seen_active = ${lastSeen(7)}`)
    assert.equal((await election.stand(two)).isActive, true)
    const [{ fresh } = { fresh: 0 }] = await engine.sql(`select count(*) as fresh from active_node where hostname = '${two.hostname}' and last_seen_active >= ${lastSeen(2)}`)
    assert.equal(Number(fresh), 1, 'the original sees that it is renewed')
  })

  on('whoever grabs the office waits until the former holder has noticed or must have given up', async election => {
    await election.stand(one)
    const grabbed = await election.grab(two)
    assert.deepEqual([grabbed.isActive, grabbed.isWaiting, grabbed.term], [false, true, 2])
    assert.equal((await election.stand(two)).isWaiting, true)
    assert.equal((await election.stand(one)).isActive, false)
    await election.acknowledge(three)
    assert.equal((await election.stand(two)).isActive, false, 'another one’s word does not count')
    await election.acknowledge(one)
    assert.equal((await election.stand(two)).isActive, true)
    assert.deepEqual([(await election.grab(two)).term, (await election.stand(two)).isActive], [2, true], 'its own it does not take again')
    await election.grab(one)
    await engine.sql('update active_node_lease set former_until = former_until - 60000')
    assert.equal((await election.stand(one)).isActive, true, 'whoever says nothing has given up after his lease')
  })

  on('of two takings in a row the second waits for the first holder too', async election => {
    await election.stand(one)
    await election.grab(two)
    await election.grab(three)
    await election.acknowledge(two)
    assert.equal((await election.stand(three)).isActive, false, 'the first may not have noticed')
    await election.acknowledge(one)
    assert.equal((await election.stand(three)).isActive, false)
  })

  on('a vacated office is anybody’s, at once for the one that had it', async election => {
    await election.stand(one)
    await election.vacate()
    assert.equal((await election.read(one)).active, null)
    assert.equal((await election.stand(two)).isActive, false, 'one may still believe that it has it')
    await election.vacate()
    await election.acknowledge(one)
    await election.acknowledge(two)
    await engine.sql('update active_node_lease set former_until = 0')
    await election.stand(one)
    await election.vacate()
    assert.equal((await election.stand(one)).isActive, true)
  })

  on('one’s own office can be given to another, somebody else’s cannot', async election => {
    await election.stand(one)
    assert.equal(await election.give(two, three), false)
    assert.equal(await election.give(one, three), true)
    await election.acknowledge(one)
    const [given, former] = [await election.stand(three), await election.stand(one)]
    assert.deepEqual([given.isActive, given.term, former.isActive], [true, 2, false])
  })

  on('a name that somebody wrote into the row by hand is taken for the holder’s', async election => {
    await election.stand(one)
    await engine.sql(`update active_node set hostname = '${two.hostname}', token = '${two.token}'`)
    assert.deepEqual([(await election.stand(two)).isActive, (await election.stand(one)).isActive], [true, false])
  })

  on('a process that leaves makes place at once', async (election, store) => {
    await election.stand(one)
    await store.node.leave(one)
    assert.equal((await election.stand(two)).isActive, true)
    await engine.sql('delete from active_node')
    assert.equal((await election.stand(one)).isActive, true, 'a row that is gone too')
  })
}

describe('the election on SQLite', () => electionSuite('SQLite', sqliteEngine))
describe('the election on MySQL', () => electionSuite('MySQL', mysqlEngine))
