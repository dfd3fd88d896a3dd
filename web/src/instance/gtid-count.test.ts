import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gtidCount } from './gtid-count.ts'

test('transactions of a GTID set are counted over servers, tags and intervals', () => {
  assert.equal(gtidCount('3e11fa47-71ca-11e1-9e33-c80aa9429562:7'), 1)
  assert.equal(gtidCount('3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5:7,\n4e11fa47-71ca-11e1-9e33-c80aa9429562:tag:3-4'), 8)
})

test('a set that is written otherwise is not counted', () => {
  assert.equal(gtidCount(''), null)
  assert.equal(gtidCount('0-1-17'), null)
})
