import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { instanceKey } from '../../src/model/topology/instance-key.ts'
import type { StoredStand } from '../../src/ports/pseudo-gtid-store.ts'
import { mysqlEngine, sqliteEngine, type StoreEngine } from './store-engines.ts'
import { aSecond } from './store-instances.ts'

const [db1, db2] = [instanceKey('db1', 3306), instanceKey('db2', 3306)]
const minute = 60_000

function suite(name: string, make: () => Promise<StoreEngine>): void {
  let engine: StoreEngine
  before(async () => void (engine = await make()))
  after(() => engine.end())

  test(`${name}: a cluster is noted as written to once, with the last time, and is left out when that is long ago`, async () => {
    await engine.reset()
    const { pseudoGtid, close } = await engine.open()
    await pseudoGtid.noteInjected('db1:3306', aSecond)
    await pseudoGtid.noteInjected('db1:3306', aSecond + minute)
    await pseudoGtid.noteInjected('db9:3306', aSecond)
    assert.deepEqual([...(await pseudoGtid.injected(aSecond + 1000))], [['db1:3306', aSecond + minute]])
    assert.equal((await pseudoGtid.injected(aSecond - 1000)).size, 2)
    await close()
  })

  test(`${name}: where servers stood is kept beyond 2^53, for as long as is said, and without relay logs once the source changed`, async () => {
    await engine.reset()
    const { pseudoGtid, close } = await engine.open()
    const stand = (key: typeof db1, at: number, position: bigint): StoredStand =>
      ({ key, at, lastSeenAt: at - 1000, own: { file: 'binlog.000007', position }, relay: { file: 'relay.000003', position: 99n } })
    const many = Array.from({ length: 250 }, (_, index) => stand(instanceKey('db5', 4000 + index), aSecond, BigInt(index)))
    await pseudoGtid.record([stand(db1, aSecond, 2n ** 62n), { ...stand(db2, aSecond, 5n), own: null, lastSeenAt: null }, ...many], aSecond - minute)
    const kept = await pseudoGtid.stands()
    assert.equal(kept.length, 252)
    assert.deepEqual(kept.find(({ key }) => key === db1), stand(db1, aSecond, 2n ** 62n))
    assert.deepEqual(kept.find(({ key }) => key === db2), { ...stand(db2, aSecond, 5n), own: null, lastSeenAt: null })
    await pseudoGtid.forgetRelay(db1)
    await pseudoGtid.record([stand(db1, aSecond + 4 * minute, 6n)], aSecond + 1000)
    assert.deepEqual((await pseudoGtid.stands()).map(({ key, own }) => [key, own?.position]), [[db1, 6n]], 'older ones are gone')
    await pseudoGtid.record([stand(db2, aSecond + 4 * minute, 7n)], aSecond)
    await pseudoGtid.forgetRelay(db2)
    assert.deepEqual((await pseudoGtid.stands()).map(({ key, relay }) => [key, relay === null]), [[db1, false], [db2, true]])
    await close()
  })
}

describe('SQLite', () => suite('SQLite', sqliteEngine))
describe('MySQL', () => suite('MySQL', mysqlEngine))
