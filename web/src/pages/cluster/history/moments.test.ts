import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnsOf, fieldMoment, fieldText, frameOf, gapsOf, momentAt, next, placeIn, previous } from './moments.ts'

const minute = 60_000
const mark = (at: number, isFailure = false) => ({ at, until: at, changes: 1, kinds: [], isFailure })

test('the slider shows the last hours, all that is kept, or what lies around an older moment', () => {
  const history = { from: 0, now: 600 * minute }
  assert.deepEqual(frameOf(history, 60 * minute, 590 * minute), { from: 540 * minute, to: 600 * minute })
  assert.deepEqual(frameOf(history, null, 5), { from: 0, to: 600 * minute })
  assert.deepEqual(frameOf(history, 60 * minute, 100 * minute), { from: 70 * minute, to: 130 * minute })
  assert.deepEqual(frameOf(history, 60 * minute, 0), { from: 0, to: 60 * minute })
  assert.deepEqual(frameOf({ from: 599.9 * minute, now: 600 * minute }, 60 * minute, 600 * minute), { from: 599 * minute, to: 600 * minute }, 'never narrower than a minute')
  const frame = { from: 100, to: 300 }
  assert.deepEqual([50, 100, 200, 999].map(at => placeIn(frame, at)), [0, 0, 0.5, 1])
  assert.deepEqual([-1, 0.25, 2].map(place => momentAt(frame, place)), [100, 150, 300])
})

test('the changes are stepped through one by one, and end', () => {
  const marks = [mark(10), mark(20), mark(30)]
  assert.deepEqual([0, 10, 15, 30].map(at => next(marks, at)), [10, 20, 20, null])
  assert.deepEqual([10, 11, 30, 99].map(at => previous(marks, at)), [null, 10, 20, 30])
})

test('marks that lie in one column are one, and a failure in it is seen', () => {
  const columns = columnsOf([mark(0), mark(101), mark(102, true), mark(199), mark(500)], { from: 100, to: 200 }, 10)
  assert.deepEqual(columns, [{ place: 0.05, changes: 2, isFailure: true }, { place: 0.95, changes: 1, isFailure: false }])
})

test('time that nobody wrote down is shown, also before the first and after the last span', () => {
  const spans = [{ from: 1200, until: 1400 }, { from: 1500, until: 1600 }, { from: 1550, until: 1800 }]
  assert.deepEqual(gapsOf({ spans }, { from: 1000, to: 2000 }), [{ from: 0, to: 0.2 }, { from: 0.4, to: 0.5 }, { from: 0.8, to: 1 }])
  assert.deepEqual(gapsOf({ spans: [{ from: 0, until: 3000 }] }, { from: 1000, to: 2000 }), [])
})

test('the field shows and takes the same moment, in either zone', () => {
  const at = Date.UTC(2026, 10, 23, 3, 11, 2)
  assert.equal(fieldText(at, 'utc'), '2026-11-23T03:11:02')
  for (const zone of ['utc', 'local'] as const) assert.equal(fieldMoment(fieldText(at, zone), zone), at)
  assert.equal(fieldMoment('', 'local'), null)
})
