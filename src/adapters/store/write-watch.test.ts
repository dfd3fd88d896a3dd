import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WriteWatch } from './write-watch.ts'

test('writes are counted with their wait and failure, for as long as the setting says; reads are not', () => {
  let now = 100_000
  const watch = new WriteWatch(10, () => now)
  watch.ended('insert into t values (1)', 2, 3, null)
  watch.ended('select 1', 2, 3, null)
  watch.ended('begin immediate', 2, 3, null)
  now += 5000
  watch.ended('UPDATE t set a = 1', 0, 1, new Error('disk full'))
  assert.deepEqual(watch.since(0), [
    { at: 100_000, waitMilliseconds: 2, executeMilliseconds: 3, failure: null }, { at: 105_000, waitMilliseconds: 0, executeMilliseconds: 1, failure: 'disk full' },
  ])
  assert.equal(watch.since(102_000).length, 1)
  now += 9000
  assert.equal(watch.since(0).length, 1, 'the first is older than ten seconds')
})
