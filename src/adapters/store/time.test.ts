import assert from 'node:assert/strict'
import { test } from 'node:test'
import { timeFrom, timeText } from './time.ts'

test('a time is written with a blank, in whole seconds rounded down, and read in both forms', () => {
  const at = Date.UTC(2026, 10, 22, 6, 6, 57)
  assert.equal(timeText(at + 999), '2026-11-22 06:06:57')
  assert.equal(timeFrom('2026-11-22 06:06:57'), at)
  assert.equal(timeFrom('2026-11-22T06:06:57Z'), at)
})

test('what is no time is null', () => {
  for (const text of [null, undefined, '', 'soon', '0001-01-01T00:00:00Z', '1971-01-01 00:00:00', '2026-13-45 99:00:00']) assert.equal(timeFrom(text), null, String(text))
})
