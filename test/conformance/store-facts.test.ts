import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { instanceKey } from '../../src/model/topology/instance-key.ts'
import type { Store } from '../../src/ports/store.ts'
import { agentsSuite } from './store-agents.ts'
import { historySuite } from './store-history.ts'
import { mysqlEngine, sqliteEngine, type StoreEngine } from './store-engines.ts'
import { aSecond, fullPrimary, fullReplica } from './store-instances.ts'

const [db1, db2, db10] = [instanceKey('db1', 3306), instanceKey('db2', 3306), instanceKey('db2', 10_006)]
const minute = 60_000

/** What people say of servers and what is noted of them, on any engine. */
function factsSuite(name: string, make: () => Promise<StoreEngine>): void {
  let engine: StoreEngine
  before(async () => void (engine = await make()))
  after(() => engine.end())

  const on = (says: string, body: (store: Store) => Promise<void>): void => {
    test(`${name}: ${says}`, async () => {
      await engine.reset()
      const store = await engine.open()
      try {
        await body(store)
      } finally {
        await store.close()
      }
    })
  }

  on('a tag is kept with its value, replaced, listed by server and by name, and removed', async ({ tags }) => {
    await tags.put({ key: db2, name: 'role', value: 'backup' }, aSecond)
    await tags.put({ key: db1, name: 'role', value: 'Büro=1' }, aSecond)
    await tags.put({ key: db2, name: 'old', value: '' }, aSecond)
    await tags.put({ key: db2, name: 'role', value: 'canary' }, aSecond)
    assert.deepEqual(await tags.list({ key: db2 }), [{ key: db2, name: 'old', value: '' }, { key: db2, name: 'role', value: 'canary' }])
    assert.deepEqual(await tags.list({ name: 'role' }), [{ key: db1, name: 'role', value: 'Büro=1' }, { key: db2, name: 'role', value: 'canary' }])
    await tags.remove([db2, db10], 'role')
    assert.deepEqual(await tags.list({}), [{ key: db1, name: 'role', value: 'Büro=1' }, { key: db2, name: 'old', value: '' }])
  })

  on('a pool is replaced as a whole, emptied, and goes with its time', async ({ pools }) => {
    await pools.submit('readers', [db2, db1, db2], aSecond)
    await pools.submit('backup', [db10], aSecond + 2 * minute)
    assert.deepEqual(await pools.list(), [{ pool: 'backup', key: db10 }, { pool: 'readers', key: db1 }, { pool: 'readers', key: db2 }])
    await pools.submit('readers', [db10], aSecond)
    assert.deepEqual((await pools.list()).map(({ pool, key }) => `${pool} ${key}`), ['backup db2:10006', 'readers db2:10006'])
    assert.equal(await pools.expire(aSecond + minute), 1)
    await pools.submit('backup', [], aSecond)
    assert.deepEqual(await pools.list(), [])
  })

  on('promotion rules are listed with the time of their last suggestion', async ({ candidates }) => {
    await candidates.register(db2, 'must_not', aSecond)
    await candidates.register(db1, 'prefer', aSecond)
    await candidates.register(db1, 'prefer', aSecond + minute)
    assert.deepEqual(await candidates.list(), [{ key: db1, rule: 'prefer', suggestedAt: aSecond + minute }, { key: db2, rule: 'must_not', suggestedAt: aSecond }])
    assert.deepEqual(await candidates.expire(aSecond + 1000), [db2])
  })

  on('maintenance is ended by its number too, and only once', async ({ maintenances }) => {
    const lock = { owner: 'ann', reason: 'disk', beganAt: aSecond, endsAt: aSecond + 10 * minute }
    const id = await maintenances.begin(db1, lock)
    assert.ok(id !== null && id > 0)
    assert.equal(await maintenances.begin(db1, lock), null)
    assert.deepEqual([...(await maintenances.active())], [[db1, { ...lock, id }]])
    assert.equal(await maintenances.endById(id + 1), null)
    assert.equal(await maintenances.endById(id), db1)
    assert.equal(await maintenances.endById(id), null)
    assert.equal((await maintenances.active()).size, 0)
    assert.notEqual(await maintenances.begin(db1, lock), null)
  })

  on('a downtime is remembered of a server that is not known', async ({ downtimes }) => {
    const downtime = { owner: 'ann', reason: 'not here yet', beginsAt: aSecond, endsAt: aSecond + minute }
    await downtimes.begin(db10, downtime)
    assert.deepEqual([...(await downtimes.active())], [[db10, downtime]])
    assert.deepEqual(await downtimes.expire(aSecond + minute), [db10])
    assert.equal((await downtimes.active()).size, 0)
  })

  on('an access token is issued, found exactly, taken once unless it may be taken again, and dropped when it is old', async ({ accessTokens }) => {
    const token = { publicToken: 'abc', secret: 's', generatedAt: aSecond, owner: 'ann', isAcquired: false, isReentrant: false }
    await accessTokens.issue(token)
    await accessTokens.issue({ ...token, owner: 'eve' })
    assert.deepEqual(await accessTokens.find('abc'), token, 'one that is there stays as it is')
    assert.equal(await accessTokens.find('ABC'), null)
    assert.equal(await accessTokens.take({ token, keptSecret: 'sha256:1', at: aSecond }), true)
    assert.equal(await accessTokens.take({ token, keptSecret: 'sha256:2', at: aSecond }), false)
    assert.deepEqual(await accessTokens.find('abc'), { ...token, isAcquired: true, secret: 'sha256:1' })
    const again = { ...token, publicToken: 'def', isReentrant: true }
    await accessTokens.issue(again)
    for (let time = 0; time < 2; time++) assert.equal(await accessTokens.take({ token: again, keptSecret: 's', at: aSecond }), true)
    assert.equal(await accessTokens.expire(aSecond), 0)
    assert.equal(await accessTokens.expire(aSecond + minute), 1)
    assert.deepEqual(await Promise.all(['abc', 'def'].map(async name => (await accessTokens.find(name)) === null)), [true, false])
  })

  on('statements that change the store are counted, with how long they took', async store => {
    const from = engine.clock.now() - 1000
    await store.tags.put({ key: db1, name: 'role', value: 'x' }, aSecond)
    await store.tags.list({ key: db1 })
    const writes = store.writesSince(from)
    assert.ok(writes.length >= 1 && writes.every(({ failure, executeMilliseconds, waitMilliseconds }) => failure === null && executeMilliseconds > 0 && waitMilliseconds >= 0))
    assert.deepEqual(store.writesSince(engine.clock.now() + 60_000), [])
  })

  const beatOf = (token: string) => ({ hostname: 'h', token, startedAt: aSecond, at: aSecond, version: 'test', command: '-c relocate' })
  const request = (token: string, owner = 'orchestrator') => ({ owner, reason: 'Move', at: aSecond, process: { hostname: 'h', token } })
  const idsOf = (taken: Awaited<ReturnType<Store['locks']['take']>>): readonly number[] => ('ids' in taken ? taken.ids : assert.fail(JSON.stringify(taken)))

  on('locks of operations are taken all or none, are in the way of others, and are listed with those of people', async ({ locks, maintenances, node }) => {
    await node.beat(beatOf('one'))
    await node.beat(beatOf('two'))
    const first = idsOf(await locks.take([db1, db2], request('one')))
    assert.equal(first.length, 2)
    const second = await locks.take([db10, db2], request('two'))
    assert.deepEqual(second, { taken: db2, by: { id: first[1], owner: 'orchestrator', reason: 'Move', beganAt: aSecond, endsAt: null } })
    assert.equal((await maintenances.active()).has(db10), false, 'what was taken before the refusal is free again')
    assert.equal(await maintenances.begin(db1, { owner: 'ann', reason: 'disk', beganAt: aSecond, endsAt: aSecond + minute }), null)
    assert.deepEqual([...(await locks.ofOthers('two')).keys()], [db1, db2])
    assert.deepEqual([...(await locks.ofOthers('one')).keys()], [])
    await locks.release(first)
    assert.equal((await maintenances.active()).size, 0)
    assert.equal(idsOf(await locks.take([db10, db2], request('two'))).length, 2)
  })

  on('a lock that a person took is in the way of all but himself, and is still his when his operation is over', async ({ locks, maintenances, node }) => {
    await node.beat(beatOf('one'))
    const id = await maintenances.begin(db1, { owner: 'ann', reason: 'disk', beganAt: aSecond, endsAt: aSecond + minute })
    const refused = await locks.take([db1], request('one'))
    assert.ok('taken' in refused && refused.by.id === id && refused.by.reason === 'disk')
    const own = idsOf(await locks.take([db1, db2], request('one', 'ann')))
    assert.equal(own.length, 1)
    await locks.release(own)
    assert.deepEqual([...(await maintenances.active())].map(([key, lock]) => [key, lock.id]), [[db1, id]])
  })

  on('a lock whose process gives no more signs of life is dropped by whoever meets it; one of a person is not', async ({ locks, maintenances, node }) => {
    await node.beat(beatOf('dies'))
    await node.beat(beatOf('lives'))
    idsOf(await locks.take([db1, db2], request('dies')))
    idsOf(await locks.take([db10], request('lives')))
    assert.deepEqual(await locks.dropDead(), [])
    await node.leave({ hostname: 'h', token: 'dies' })
    assert.equal(idsOf(await locks.take([db1], request('lives'))).length, 1)
    assert.deepEqual(await locks.dropDead(), [], 'the other one went with it')
    await maintenances.begin(db2, { owner: 'ann', reason: 'disk', beganAt: aSecond, endsAt: null })
    await node.leave({ hostname: 'h', token: 'lives' })
    assert.deepEqual([...(await locks.dropDead())].sort(), [db1, db10].sort())
    assert.deepEqual([...(await maintenances.active()).keys()], [db2])
  })

  on('the lease of a cluster is one process\'s at a time, and each taking has a larger number', async ({ leases, node }) => {
    const [one, two] = [{ hostname: 'h', token: 'one' }, { hostname: 'h', token: 'two' }]
    await node.beat(beatOf('one'))
    await node.beat(beatOf('two'))
    assert.deepEqual(await leases.take('c', one), { number: 1 })
    assert.deepEqual(await leases.take('c', two), { heldBy: one })
    assert.deepEqual(await leases.take('other', two), { number: 1 })
    assert.deepEqual(await leases.take('c', one), { number: 2 })
    assert.equal(await leases.isHeld('c', one, 1), false, 'an older number is worth nothing')
    assert.equal(await leases.isHeld('c', one, 2), true)
    await leases.release('c', one, 1)
    assert.equal(await leases.isHeld('c', one, 2), true, 'nor does it end the newer one')
    await leases.release('c', one, 2)
    assert.deepEqual(await leases.take('c', two), { number: 3 })
    // Gone without a word: whoever comes next takes over.
    await node.leave(two)
    assert.deepEqual(await leases.take('c', one), { number: 4 })
    assert.equal(await leases.isHeld('c', two, 3), false)
  })
  on('resolved names are kept until they are old, and of two that lead to each other the older goes', async ({ hostNames }) => {
    await hostNames.resolve({ host: 'a', name: 'a.example.com', at: aSecond })
    await hostNames.resolve({ host: 'x', name: 'y', at: aSecond + minute })
    await hostNames.resolve({ host: 'y', name: 'x', at: aSecond + 2 * minute })
    await hostNames.resolve({ host: 'same', name: 'same', at: aSecond + 2 * minute })
    assert.deepEqual((await hostNames.resolved()).map(({ host, name }) => `${host} ${name}`), ['a a.example.com', 'same same', 'x y', 'y x'])
    assert.equal(await hostNames.tidyResolved(aSecond + 1000), 2)
    assert.deepEqual(await hostNames.resolved(), [{ host: 'same', name: 'same', at: aSecond + 2 * minute }, { host: 'y', name: 'x', at: aSecond + 2 * minute }])
    await hostNames.clearResolved()
    assert.deepEqual(await hostNames.resolved(), [])
    assert.deepEqual((await hostNames.formerNames()).map(({ host, name }) => `${host} ${name}`), ['a a.example.com', 'y x', 'x y'])
  })

  on('a virtual name is shown with its server, ended, and goes with its time', async ({ hostNames, instances }) => {
    await instances.save([fullPrimary])
    const host = fullPrimary.key.slice(0, fullPrimary.key.lastIndexOf(':'))
    await hostNames.unresolve({ host, name: 'vip.example.com', at: aSecond })
    await hostNames.unresolve({ host: 'other', name: 'vip2', at: aSecond + minute })
    assert.deepEqual((await hostNames.unresolved()).length, 2)
    assert.equal((await instances.load())[0]?.unresolvedHostname, 'vip.example.com')
    assert.deepEqual(await hostNames.expireUnresolved(aSecond + 1000), [host])
    assert.equal(await hostNames.endUnresolve('other'), true)
    assert.equal(await hostNames.endUnresolve('other'), false)
    assert.deepEqual(await hostNames.unresolved(), [])
  })

  on('a snapshot remembers who replicated from whom, and the newest that matches is found', async ({ snapshots }) => {
    const { clusterName } = fullReplica
    assert.equal(await snapshots.newestAt(), null)
    await snapshots.take(aSecond, [fullReplica])
    await snapshots.take(aSecond + minute, [{ ...fullReplica, replication: null, channels: [] }])
    const newest = await snapshots.find(clusterName, () => true)
    assert.equal(newest?.at, aSecond + minute)
    assert.equal(newest.rows[0]?.source, null)
    const older = await snapshots.find(clusterName, seconds => seconds === String(aSecond / 1000))
    assert.deepEqual(older, { at: aSecond, rows: [{ key: fullReplica.key, source: fullReplica.replication?.source, clusterName, version: fullReplica.version.text }] })
    assert.equal(await snapshots.find('nosuch', () => true), null)
    assert.equal(await snapshots.newestAt(), aSecond + minute)
  })

  on('of analyses only changes are listed, by server and in their order', async ({ analysisChanges }) => {
    await analysisChanges.note({ key: db2, at: aSecond + 1000, code: 'DeadMaster' })
    await analysisChanges.note({ key: db1, at: aSecond + 2000, code: 'UnreachableMaster' })
    await analysisChanges.note({ key: db2, at: aSecond + 3000, code: 'NoProblem' })
    assert.deepEqual((await analysisChanges.changes(10)).map(({ key, code }) => `${key} ${code}`), ['db1:3306 UnreachableMaster', 'db2:3306 DeadMaster', 'db2:3306 NoProblem'])
    assert.equal((await analysisChanges.changes(1))[0]?.at, aSecond + 3000)
    assert.deepEqual([...(await analysisChanges.last())].sort(), [[db1, 'UnreachableMaster'], [db2, 'NoProblem']])
    assert.equal(await analysisChanges.expire(aSecond + 2000), 1)
  })

  on('pairs of key and value are kept, replaced and read together; a key that is not there is left out', async ({ keyValues }) => {
    await keyValues.put([{ key: 'mysql/master/shop', value: 'db1:3306' }, { key: 'mysql/master/shop/ipv6', value: '' }], aSecond)
    await keyValues.put([{ key: 'mysql/master/shop', value: 'db2:3306' }], aSecond)
    assert.deepEqual(Object.fromEntries(await keyValues.get(['mysql/master/shop', 'mysql/master/shop/ipv6', 'nobody'])), { 'mysql/master/shop': 'db2:3306', 'mysql/master/shop/ipv6': '' })
    assert.deepEqual([...await keyValues.get([])], [])
  })

  on('an attribute is kept under its name', async ({ attributes }) => {
    assert.equal(await attributes.get('shop.example.com'), null)
    await attributes.set('shop.example.com', 'db1:3306', aSecond)
    await attributes.set('shop.example.com', 'db2:3306', aSecond)
    assert.equal(await attributes.get('shop.example.com'), 'db2:3306')
  })

  agentsSuite(name, () => engine)
  historySuite(name, () => engine)
}

describe('facts beside the records on SQLite', () => factsSuite('SQLite', sqliteEngine))
describe('facts beside the records on MySQL', () => factsSuite('MySQL', mysqlEngine))
