import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RecentFigures } from './recent-figures.ts'

test('figures are kept in their order, the newest so many', () => {
  const figures = new RecentFigures<{ readonly at: number }>(3)
  assert.deepEqual(figures.since(0), [])
  for (const at of [1, 2, 3, 4, 5]) figures.add({ at })
  assert.deepEqual(figures.since(0).map(({ at }) => at), [3, 4, 5])
  assert.deepEqual(figures.since(5).map(({ at }) => at), [5])
  assert.deepEqual(figures.since(6), [])
})
