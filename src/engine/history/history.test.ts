import assert from 'node:assert/strict'
import { test } from 'node:test'
import { key, primary, replica, status } from '../../model/history/example-servers.ts'
import type { PastServer } from '../../model/history/past-server.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { HistoryRow, HistorySpan, HistoryStore } from '../../ports/history-store.ts'
import { HistoryReader } from './reader.ts'
import { HistoryRecorder } from './recorder.ts'

const second = 1000
const hour = 3600 * second

/** The rows of a database, in memory; `isAway` makes every write fail. */
function kept() {
  const rows: HistoryRow[] = []
  const spans: HistorySpan[] = []
  const state = { isAway: false }
  const written = (): void => {
    if (state.isAway) throw new Error('the database is away')
  }
  const store: HistoryStore = {
    beginSpan: async at => (written(), spans.push({ id: spans.length + 1, from: at, until: at }), spans.length),
    extendSpan: async (id, until) => (written(), void spans.splice(id - 1, 1, { id, from: spans[id - 1]?.from ?? 0, until })),
    spans: async () => [...spans],
    append: async row => (written(), void rows.push(row)),
    summaries: async limit => rows.slice(-limit).map(({ at, summary }) => ({ at, summary })),
    successions: async since => rows.filter(({ at }) => at > since).flatMap(({ successions }) => successions),
    standing: async at => {
      const picture = rows.findLastIndex(row => 'servers' in row.body && row.at <= at)
      return picture < 0 ? [] : rows.slice(picture).filter(row => row.span === rows[picture]?.span && row.at <= at)
    },
    between: async (from, until, limit) => rows.filter(({ at }) => at > from && at <= until).slice(0, limit),
    size: async () => ({ bytes: rows.length, from: rows[0]?.at ?? null }),
    purge: async () => 0,
  }
  return { rows, spans, store, state }
}

function recording(store: HistoryStore, days = 7) {
  const servers = new Map<InstanceKey, PastServer>()
  const checked = { at: 0 }
  const warnings: string[] = []
  const log = { debug: () => {}, info: () => {}, warning: (text: string) => void warnings.push(text), error: () => {} }
  const settings = { days, megabytesMax: 100 }
  const recorder = new HistoryRecorder({
    store, log, settings, hostname: 'node1', world: { keys: () => servers.keys(), describe: at => servers.get(at) ?? null, checkedAt: () => checked.at },
  })
  const put = (...list: readonly PastServer[]): void => {
    for (const server of list) servers.set(server.key, server)
    recorder.changed(new Set(list.map(server => server.key)))
  }
  /** Without any news of its own. */
  const putQuietly = (server: PastServer): void => void servers.set(server.key, server)
  const forget = (...keys: readonly InstanceKey[]): void => {
    for (const each of keys) servers.delete(each)
    recorder.changed(new Set(keys))
  }
  /** A second at a time, as the service does. */
  const until = async (from: number, to: number): Promise<void> => {
    for (let now = from; now <= to; now += second) {
      checked.at = now
      await recorder.round(now)
    }
  }
  return { recorder, put, putQuietly, forget, until, warnings, settings, checked }
}

test('a span begins with a picture when every server was checked, and then only what changes is written', async () => {
  const { rows, store } = kept()
  const { recorder, put, until, checked } = recording(store)
  put(primary('a'), replica('b', 'a'))
  await recorder.round(5 * second)
  assert.equal(rows.length, 0, 'nothing was checked since the start')
  checked.at = 5 * second
  await recorder.round(6 * second)
  assert.deepEqual(rows.map(({ at, body }) => [at, 'servers' in body ? body.servers.length : 0]), [[6 * second, 2]])
  await until(7 * second, 40 * second)
  assert.equal(rows.length, 1, 'nothing changed')
  put(replica('b', 'a', { readOnly: false }), replica('c', 'a'))
  await until(41 * second, 45 * second)
  assert.deepEqual(rows.at(-1)?.body, { changes: [{ of: key('b'), facts: { readOnly: false } }, { came: replica('c', 'a') }] })
  assert.equal(rows.length, 2)
})

test('lag that passes is not written down; lag that lasts is', async () => {
  const { rows, store } = kept()
  const { put, until } = recording(store)
  put(primary('a'), replica('b', 'a'))
  await until(0, 2 * second)
  put(replica('b', 'a', { statuses: [status('lag')] }))
  await until(3 * second, 8 * second)
  put(replica('b', 'a'))
  await until(9 * second, 30 * second)
  assert.equal(rows.length, 1)
  put(replica('b', 'a', { statuses: [status('lag')] }))
  await until(31 * second, 45 * second)
  assert.deepEqual(rows.slice(1).map(({ at }) => at), [41 * second])
})

test('a server whose role is another one because of a new replica is written down with it, although it has no news itself', async () => {
  const { rows, store } = kept()
  const { recorder, put, putQuietly, until } = recording(store)
  put(primary('a'), replica('b', 'a'), replica('c', 'a'))
  await until(0, 2 * second)
  putQuietly(replica('b', 'a', { role: 'intermediate' }))
  put(replica('c', 'a', { source: key('b') }))
  await recorder.round(3 * second)
  assert.deepEqual(rows.at(-1)?.body, { changes: [{ of: key('c'), facts: { source: key('b') } }, { of: key('b'), facts: { role: 'intermediate' } }] })
})

test('how it stood is answered for every moment, under the name that the cluster had; whoever asks for the present name finds it', async () => {
  const { store } = kept()
  const { put, forget, until, settings } = recording(store)
  put(primary('a'), replica('b', 'a', { alias: 'bee' }), replica('c', 'a'), primary('z', { alias: 'zed' }))
  await until(0, 10 * second)
  put(primary('a', { statuses: [status('unreachable')] }))
  await until(11 * second, 20 * second)
  put(primary('b', { alias: 'bee' }), replica('c', 'b'))
  await until(21 * second, 30 * second)
  forget(key('a'))
  await until(31 * second, 40 * second)
  const reader = new HistoryReader({ store, settings, clock: { now: () => 40 * second } })
  const at = async (moment: number): Promise<string> => {
    const shown = await reader.picture(moment, key('b'))
    return shown === null ? 'nothing' : `${shown.cluster?.name} ${shown.servers.map(server => `${server.key.slice(0, 1)}${server.statuses[0]?.code === 'unreachable' ? '!' : ''}`).toSorted().join('')}`
  }
  assert.equal(await at(-1), 'nothing')
  assert.deepEqual(await Promise.all([10, 15, 25, 39].map(each => at(each * second))), ['a:3306 abc', 'a:3306 a!bc', 'b:3306 bc', 'b:3306 bc'])
  const bounds = await reader.bounds(key('b'))
  assert.deepEqual([bounds.isKept, bounds.from, bounds.spans], [true, 0, [{ from: 0, until: 40 * second }]])
  assert.deepEqual(bounds.marks.filter(mark => mark.at > 0).map(mark => [mark.at / second, mark.isFailure]), [[11, true], [21, false]], 'the former primary was forgotten alone')
  const changes = await reader.changes(10 * second, 40 * second, key('b'))
  assert.deepEqual(changes?.changes.map(({ at: when, kind }) => `${when / second} ${kind}`), ['11 status', '21 source', '21 source', '21 role', '21 read-only', '21 status', '21 cluster'])
  assert.deepEqual(changes?.aliases, { 'b:3306': 'bee' })
  assert.ok(changes?.difference.some(({ kind, servers }) => kind === 'went' && servers.join() === key('a')))
  assert.equal((await reader.picture(15 * second, null))?.servers.length, 4)
})

test('after a break the gap is known as one, and what differs is told as unseen', async () => {
  const { store, spans } = kept()
  const first = recording(store)
  first.put(primary('a'), replica('b', 'a'))
  await first.until(0, 5 * second)
  await first.recorder.close(5 * second)
  const next = recording(store)
  next.put(primary('a'), replica('b', 'a', { readOnly: false }))
  await next.until(hour, hour + 5 * second)
  assert.deepEqual(spans.map(({ from, until }) => [from, until]), [[0, 5 * second], [hour, hour]])
  const reader = new HistoryReader({ store, settings: next.settings, clock: { now: () => hour + 5 * second } })
  const shown = await reader.picture(hour / 2, null)
  assert.deepEqual([shown?.at, shown?.knownAt], [hour / 2, 5 * second])
  const changes = await reader.changes(second, hour + second, null)
  assert.deepEqual(changes?.changes.map(({ at, kind, isUnseen }) => [at, kind, isUnseen]), [[hour, 'read-only', true]])
})

test('a store that is away for a while loses no moment; one that is away too long leaves a gap and is told once', async () => {
  const { rows, store, state, spans } = kept()
  const { put, until, warnings } = recording(store)
  put(primary('a'), replica('b', 'a'))
  await until(0, 5 * second)
  state.isAway = true
  put(replica('b', 'a', { readOnly: false }))
  await until(6 * second, 20 * second)
  put(replica('b', 'a'))
  await until(21 * second, 30 * second)
  state.isAway = false
  await until(31 * second, 32 * second)
  assert.deepEqual(rows.map(({ at }) => at / second), [0, 6, 21])
  assert.equal(warnings.length, 1)
  state.isAway = true
  for (let turn = 0; turn < 510; turn++) {
    put(replica('b', 'a', { readOnly: turn % 2 === 0 }))
    await until((33 + turn) * second, (33 + turn) * second)
  }
  state.isAway = false
  await until(600 * second, 602 * second)
  assert.equal(warnings.length, 2)
  assert.equal(spans.length, 2)
  assert.deepEqual(rows.slice(3).map(({ at, body }) => [at / second, 'servers' in body]), [[600, true]])
})

test('a moment is never far from a picture', async () => {
  const { rows, store } = kept()
  const { put, until } = recording(store)
  put(primary('a'), replica('b', 'a'))
  await until(0, second)
  for (let turn = 1; turn <= 450; turn++) {
    put(replica('b', 'a', { readOnly: turn % 2 === 0 }))
    await until((1 + turn) * second, (1 + turn) * second)
  }
  assert.deepEqual(rows.filter(({ body }) => 'servers' in body).length, 3)
  assert.ok((await store.standing(451 * second)).length <= 202)
})

test('nothing is written where settings say so', async () => {
  const { rows, spans, store } = kept()
  const { put, until } = recording(store, 0)
  put(primary('a'))
  await until(0, 30 * second)
  assert.deepEqual([rows, spans], [[], []])
})
