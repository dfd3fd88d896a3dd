import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSame, reuseParts } from './same.ts'

test('plain values are the same when every part is', () => {
  const make = (): unknown => ({ text: 'a', none: null, absent: undefined, big: 5n, list: [1, { deep: [true] }], empty: {} })
  assert.ok(isSame(make(), make()))
})

test('a part that differs anywhere makes values differ', () => {
  const pairs: readonly (readonly [unknown, unknown])[] = [
    [{ a: 1 }, { a: 2 }], [{ a: 1 }, { a: 1, b: 2 }], [{ a: 1, b: 2 }, { a: 1 }], [{ a: undefined }, { b: undefined }], [{ a: undefined }, {}], [{}, { a: undefined }],
    [[1, 2], [1]], [[1], { 0: 1 }], [{ a: { b: [1] } }, { a: { b: [2] } }], [null, {}], [1n, 2n], [1, '1'],
  ]
  for (const [left, right] of pairs) {
    assert.equal(isSame(left, right), false)
    assert.equal(isSame(right, left), false)
  }
})

test('equal parts of a new value are taken from the one before; of neither anything but the outermost record is changed', () => {
  const before = { list: [1, 2], inner: { at: 1, options: { deep: ['x'] } }, text: 'a', none: null }
  const inner = { at: 2, options: { deep: ['x'] } }
  const kept = reuseParts({ list: [1, 2], inner, text: 'b', none: null }, before)
  assert.equal(kept.list, before.list)
  assert.equal(kept.inner.options, before.inner.options)
  assert.deepEqual(kept, { list: [1, 2], inner: { at: 2, options: { deep: ['x'] } }, text: 'b', none: null })
  assert.deepEqual([inner.at, before.inner.at, before.text], [2, 1, 'a'])
  assert.notEqual(inner.options, before.inner.options)
})
