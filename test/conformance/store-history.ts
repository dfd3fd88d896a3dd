import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PastServer } from '../../src/model/history/past-server.ts'
import { instanceKey } from '../../src/model/topology/instance-key.ts'
import type { HistoryRow } from '../../src/ports/history-store.ts'
import type { StoreEngine } from './store-engines.ts'

const aSecond = Date.UTC(2026, 10, 22, 6, 0, 0)
const hour = 3_600_000
const db1 = instanceKey('db1', 3306)

const server: PastServer = {
  key: db1, alias: '', clusterName: 'db1:3306', clusterAlias: '订单', role: 'primary', source: null, depth: 0,
  statuses: [{ code: 'applier-error', severity: 'critical', number: 1062, text: "Duplicate entry '主键' 🙂" }], version: '9.7.1', flavour: 'mysql', readOnly: false, superReadOnly: false,
  logBin: true, logReplicaUpdates: true, binlogFormat: 'ROW', gtid: 'mysql', receiver: null, applier: null, delaySeconds: 0, hasFilters: false, isDetached: false, channels: 0,
  semiSync: null, dataCenter: '', promotionRule: 'neutral', downtime: null, maintenance: null, group: null,
}

const row = (span: number, at: number, body: HistoryRow['body'], more: Partial<HistoryRow> = {}): HistoryRow => ({ span, at: aSecond + at, summary: {}, successions: [], body, ...more })
const picture = (span: number, at: number): HistoryRow => row(span, at, { servers: [server] })
const change = (span: number, at: number, readOnly = true): HistoryRow => row(span, at, { changes: [{ of: db1, facts: { readOnly } }] })

/** What a store keeps of how the topology stood; for a suite that has an engine already. */
export function historySuite(name: string, engine: () => StoreEngine): void {
  test(`${name}: a moment is told by the newest picture before it and the changes of the same span, also after a restart`, async () => {
    await engine().reset()
    const first = await engine().open()
    const { history } = first
    const one = await history.beginSpan(aSecond, 'node1')
    const mark = { changes: 1, kinds: ['read-only' as const], isFailure: false }
    const rows = [
      picture(one, 0), row(one, hour, { changes: [{ of: db1, facts: { readOnly: true } }] }, { summary: { 'db1:3306': mark } }),
      row(one, 2 * hour, { changes: [{ went: db1 }] }, { successions: [{ at: aSecond + 2 * hour, from: 'a', to: 'b' }] }),
    ]
    for (const each of rows) await history.append(each)
    await first.close()
    const store = await engine().open()
    const two = await store.history.beginSpan(aSecond + 3 * hour, 'node2')
    assert.ok(two > one && one > 0)
    for (const each of [picture(two, 3 * hour), change(two, 4 * hour), { ...change(one, 3 * hour + 1) }]) await store.history.append(each)
    await store.history.extendSpan(two, aSecond + 5 * hour)
    assert.deepEqual(await store.history.standing(aSecond - 1), [])
    assert.deepEqual(await store.history.standing(aSecond), rows.slice(0, 1))
    assert.deepEqual(await store.history.standing(aSecond + 2 * hour), rows)
    assert.deepEqual((await store.history.standing(aSecond + 9 * hour)).map(({ span, at }) => [span, at - aSecond]), [[two, 3 * hour], [two, 4 * hour]], 'whoever wrote before is not mixed in')
    assert.deepEqual((await store.history.between(aSecond, aSecond + 3 * hour, 10)).map(({ at }) => at - aSecond), [hour, 2 * hour, 3 * hour])
    assert.equal((await store.history.between(aSecond, aSecond + 9 * hour, 2)).length, 2)
    assert.deepEqual((await store.history.summaries(5)).map(({ at, summary }) => [at - aSecond, summary]), [[hour, { 'db1:3306': mark }], [2 * hour, {}], [3 * hour, {}], [4 * hour, {}], [3 * hour + 1, {}]])
    assert.deepEqual(await store.history.successions(0), [{ at: aSecond + 2 * hour, from: 'a', to: 'b' }])
    assert.deepEqual(await store.history.successions(aSecond + 2 * hour), [])
    assert.deepEqual((await store.history.spans()).map(({ id, from, until }) => [id, from - aSecond, until - aSecond]), [[one, 0, 3 * hour + 1], [two, 3 * hour, 5 * hour]])
    await store.close()
  })

  test(`${name}: history goes by age and by size, whole pictures with their changes, and never the newest`, async () => {
    await engine().reset()
    const store = await engine().open()
    const { history } = store
    const span = await history.beginSpan(aSecond, 'node1')
    for (const at of [0, 2, 4, 6]) for (const each of [picture(span, at * hour), change(span, (at + 1) * hour)]) await history.append(each)
    const { bytes, from } = await history.size()
    assert.equal(from, aSecond)
    assert.ok(bytes > 8 * 100 && bytes < 8 * 700, `${bytes} bytes`)
    assert.equal(await history.purge({ before: aSecond + 2 * hour - 1, bytesMax: bytes }), 0)
    assert.equal(await history.purge({ before: aSecond + 2 * hour, bytesMax: bytes }), 2, 'the moments after that time are told by the next picture')
    assert.equal((await history.size()).from, aSecond + 2 * hour)
    assert.equal(await history.purge({ before: 0, bytesMax: Math.ceil(bytes / 2) }), 2)
    assert.equal((await history.size()).from, aSecond + 4 * hour)
    assert.equal(await history.purge({ before: aSecond + 99 * hour, bytesMax: 1 }), 2)
    assert.deepEqual((await history.standing(aSecond + 99 * hour)).map(({ at }) => at - aSecond), [6 * hour, 7 * hour])
    await store.close()
  })
}
