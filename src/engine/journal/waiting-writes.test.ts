import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SimulatedClock } from '../../../test/harness/simulated-clock.ts'
import { WaitingWrites } from './waiting-writes.ts'

function rig() {
  const clock = new SimulatedClock()
  const state = { isAway: false, refuses: '', rows: [] as string[], errors: [] as string[] }
  const there = async (): Promise<void> => {
    if (state.isAway) throw new Error('gone away')
  }
  const log = { debug: () => undefined, info: () => undefined, warning: () => undefined, error: (message: string) => void state.errors.push(message) }
  const writes = new WaitingWrites({ clock, log, works: there })
  const row = (text: string): Promise<void> => writes.note(text, async () => {
    await there()
    if (text === state.refuses) throw new Error('Data too long')
    state.rows.push(text)
  })
  return { clock, state, writes, row }
}

test('what happens while the store is away is written in its order when it works again, and until then is counted', async () => {
  const { clock, state, writes, row } = rig()
  await row('before')
  state.isAway = true
  for (const text of ['a', 'b', 'c']) await row(text)
  const since = clock.now()
  await clock.pass(60_000)
  assert.deepEqual([state.rows, writes.status], [['before'], { failing: { since, text: 'gone away' }, waiting: 3, dropped: 0 }])
  state.isAway = false
  await row('after')
  assert.deepEqual(state.rows, ['before'], 'nothing overtakes what waits')
  await clock.pass(1000)
  assert.deepEqual([state.rows, writes.status], [['before', 'a', 'b', 'c', 'after'], { failing: null, waiting: 0, dropped: 0 }])
  assert.equal(state.errors.length, 1, 'a store that is away for a minute is one line')
})

test('a row that the store does not take, though it takes others, holds up nobody and is told', async () => {
  const { clock, state, writes, row } = rig()
  state.refuses = 'too long'
  for (const text of ['too long', 'good']) await row(text)
  await clock.pass(5000)
  assert.deepEqual([state.rows, writes.status], [['good'], { failing: null, waiting: 0, dropped: 1 }])
  assert.ok(state.errors.includes('the store does not take a row: it is lost'))
})

test('a row that would be refused is kept as long as the store is away', async () => {
  const { clock, state, writes, row } = rig()
  state.isAway = true
  await row('good')
  await clock.pass(600_000)
  assert.equal(writes.status.waiting, 1)
  state.isAway = false
  await clock.pass(1000)
  assert.deepEqual(state.rows, ['good'])
})

test('beyond ten thousand rows newer ones are lost, counted and told once; the older ones are written', async () => {
  const { clock, state, writes, row } = rig()
  state.isAway = true
  for (let n = 0; n < 10_005; n++) await row(String(n))
  assert.deepEqual([writes.status.waiting, writes.status.dropped, state.errors.length], [10_000, 5, 2])
  state.isAway = false
  await clock.pass(1000)
  await clock.settle()
  for (let tries = 0; writes.status.waiting > 0 && tries < 100; tries++) await clock.settle()
  assert.deepEqual([state.rows.length, state.rows[0], state.rows.at(-1)], [10_000, '0', '9999'])
})

test('the end of the program writes what waits, or says what is lost', async () => {
  const { state, writes, row } = rig()
  state.isAway = true
  await row('a')
  state.isAway = false
  await writes.close()
  assert.deepEqual(state.rows, ['a'])
  const other = rig()
  other.state.isAway = true
  await other.row('b')
  await other.writes.close()
  assert.ok(other.state.errors.includes('the program ends before the store works again: rows are lost'))
})

test('where an answer is needed what stands for it is given, and the true one where the store works', async () => {
  const { state, writes } = rig()
  assert.equal(await writes.attempt('n', () => Promise.resolve(7), -1), 7)
  state.isAway = true
  assert.equal(await writes.attempt('n', () => Promise.reject(new Error('gone away')), -1), -1)
})
