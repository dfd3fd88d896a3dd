import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instanceKey } from '../../../model/topology/instance-key.ts'
import type { InstanceTag, PoolMember } from '../../../ports/store-facts.ts'
import type { Store } from '../../../ports/store.ts'
import { Labels } from './labels.ts'

const db1 = instanceKey('db1', 3306)
const db2 = instanceKey('db2', 3306)

function world() {
  const state = { now: 0, readings: 0, isAway: false, tags: [] as InstanceTag[], pools: [] as PoolMember[] }
  const reading = async <Row>(rows: () => readonly Row[]): Promise<readonly Row[]> => {
    state.readings += 1
    if (state.isAway) throw new Error('away')
    return rows()
  }
  // The edge: of the two stores only what is read.
  const store = { tags: { list: () => reading(() => state.tags) }, pools: { list: () => reading(() => state.pools) } } as unknown as Pick<Store, 'tags' | 'pools'>
  return { state, labels: new Labels(store, { monotonic: () => state.now }) }
}

test('a server has its tags, one without a value by its name alone, and its pools', async () => {
  const { state, labels } = world()
  state.tags.push({ key: db1, name: 'role', value: 'backup' }, { key: db1, name: 'vip', value: '' })
  state.pools.push({ key: db2, pool: 'reads' })
  await labels.read()
  assert.deepEqual(labels.of(db1), { tags: ['role=backup', 'vip'], pools: [] })
  assert.deepEqual(labels.of(db2), { tags: [], pools: ['reads'] })
  assert.deepEqual(labels.of(instanceKey('db3', 3306)), { tags: [], pools: [] })
})

test('they are read once for many servers, and again only when they are asked for after two seconds', async () => {
  const { state, labels } = world()
  for (let asked = 0; asked < 100; asked += 1) labels.of(db1)
  await labels.read()
  assert.equal(state.readings, 2)
  state.now = 1999
  labels.of(db1)
  assert.equal(state.readings, 2)
  state.now = 2000
  labels.of(db1)
  assert.equal(state.readings, 4)
})

test('while the store is away they stay as they were', async () => {
  const { state, labels } = world()
  state.pools.push({ key: db2, pool: 'reads' })
  await labels.read()
  state.isAway = true
  state.now = 60_000
  await labels.read()
  assert.deepEqual(labels.of(db2).pools, ['reads'])
})
