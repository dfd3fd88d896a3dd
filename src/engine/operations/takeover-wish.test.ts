import assert from 'node:assert/strict'
import { test } from 'node:test'
import { takeoverWish } from './takeover-wish.ts'

test('how long a takeover may wait is a whole number of seconds from 1 to 600, or what is configured', () => {
  const wish = { designated: null, auto: true, by: 'ann' }
  assert.deepEqual(takeoverWish({}, true, 'ann'), { ok: true, value: wish })
  for (const seconds of [1, 600]) assert.deepEqual(takeoverWish({ seconds }, true, 'ann'), { ok: true, value: { ...wish, catchUpSeconds: seconds } })
  for (const seconds of [0, 601, -1, 2.5, Number.NaN]) {
    const refused = takeoverWish({ seconds }, true, 'ann')
    assert.equal(refused.ok ? 'taken' : refused.failure.refused.text, `seconds cannot be read: ${seconds} is no whole number from 1 to 600`)
  }
})
