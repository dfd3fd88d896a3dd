import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Place } from '../../src/model/planning/by-equivalence.ts'
import { instanceKey } from '../../src/model/topology/instance-key.ts'
import { mysqlEngine, sqliteEngine, type StoreEngine } from './store-engines.ts'
import { aSecond } from './store-instances.ts'

const place = (host: string, position: bigint): Place => ({ server: instanceKey(host, 3306), at: { file: 'binlog.000003', position } })

function suite(name: string, make: () => Promise<StoreEngine>): void {
  let engine: StoreEngine
  before(async () => void (engine = await make()))
  after(() => engine.end())

  test(`${name}: two places that are the same are found from either side, beyond 2^53, newest first, until they expire`, async () => {
    await engine.reset()
    const { equivalences, close } = await engine.open()
    const [one, other, third] = [place('db1', 4n), place('db2', 2n ** 60n), place('db3', 7n)]
    await equivalences.record([one, other], aSecond)
    await equivalences.record([one, other], aSecond + 1000)
    await equivalences.record([one, third], aSecond + 5000)
    assert.deepEqual(await equivalences.find(other), [one])
    assert.deepEqual((await equivalences.find(one)).toSorted((left, right) => (left.server < right.server ? -1 : 1)), [other, third])
    assert.deepEqual(await equivalences.find(place('db1', 5n)), [])
    assert.deepEqual(await equivalences.certain(10), [[one, third], [one, other]])
    assert.equal((await equivalences.certain(1)).length, 1)
    await equivalences.expire(aSecond + 3000)
    assert.deepEqual(await equivalences.certain(10), [[one, third]])
    assert.deepEqual(await equivalences.find(other), [])
    await close()
  })

  test(`${name}: a pair that the original wrote is shown and is not certain`, async () => {
    await engine.reset()
    const { equivalences, close } = await engine.open()
    await engine.sql(`insert into master_position_equivalence
      (master1_hostname, master1_port, master1_binary_log_file, master1_binary_log_pos, master2_hostname, master2_port, master2_binary_log_file, master2_binary_log_pos)
      values ('db1', 3306, 'binlog.000003', 4, 'db2', 3306, 'binlog.000003', 9)`)
    assert.deepEqual(await equivalences.find(place('db1', 4n)), [place('db2', 9n)])
    assert.deepEqual(await equivalences.certain(10), [])
    await close()
  })
}

describe('SQLite', () => suite('SQLite', sqliteEngine))
describe('MySQL', () => suite('MySQL', mysqlEngine))
