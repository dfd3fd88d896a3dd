import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linePath, niceTop } from './line-path.ts'

const frame = { from: 0, to: 100, top: 10, width: 100, height: 50 }

test('a line goes from point to point, up for more', () => {
  assert.equal(linePath([{ at: 0, value: 0 }, { at: 10, value: 10 }], frame, 15), 'M0 50h0.01L10 0')
})

test('where nothing was measured, or the program did not run, the line is interrupted', () => {
  const points = [{ at: 0, value: 5 }, { at: 10, value: null }, { at: 20, value: 5 }, { at: 60, value: 5 }]
  assert.equal(linePath(points, frame, 15).match(/M/g)?.length, 3)
})

test('what lies outside of the time shown is left out', () => {
  assert.equal(linePath([{ at: -5, value: 5 }, { at: 105, value: 5 }], frame, 15), '')
})

test('an axis ends with a round number that nothing exceeds', () => {
  assert.deepEqual([0, 0.3, 1, 3, 7, 18, 400, 1000].map(niceTop), [1, 0.5, 1, 5, 10, 20, 500, 1000])
})
