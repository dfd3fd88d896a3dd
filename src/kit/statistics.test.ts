import assert from 'node:assert/strict'
import { test } from 'node:test'
import { largest, mean, median, percentile, smallest } from './statistics.ts'

const oneToTwenty = Array.from({ length: 20 }, (_, index) => 20 - index)

test('figures of a list are right', () => {
  assert.equal(mean([1, 2, 6]), 3)
  assert.equal(largest([3, -1, 7]), 7)
  assert.equal(smallest([3, -1, 7]), -1)
  assert.equal(largest([-3, -1]), -1)
  assert.equal(median([9, 1, 5]), 5)
  assert.equal(median([4, 1, 2, 9]), 3)
  assert.equal(percentile(oneToTwenty, 95), 19)
  assert.equal(percentile(oneToTwenty.slice(1), 95), 18.5)
  assert.equal(percentile([7], 95), 7)
})

test('figures of nothing are 0', () => {
  assert.deepEqual([mean([]), largest([]), smallest([]), median([]), percentile([], 95)], [0, 0, 0, 0, 0])
})
