import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changes, nearestNames } from './nearest-names.ts'

test('the distance counts changed, missing and additional letters', () => {
  assert.equal(changes('orders', 'order'), 1)
  assert.equal(changes('shop', 'shop'), 0)
  assert.equal(changes('', 'abc'), 3)
})

test('the nearest name is first, by any of the names of a thing', () => {
  const things = [
    ['billing', 'db1:3306'],
    ['orders', 'db140:3306'],
  ]
  assert.deepEqual(nearestNames('ordres', things, names => names)[0]?.[0], 'orders')
  assert.deepEqual(nearestNames('db1400:3306', things, names => names)[0]?.[0], 'orders')
})
