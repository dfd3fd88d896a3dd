import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesText } from './bytes.ts'

test('bytes are told with the unit in which they have at most three digits', () => {
  assert.deepEqual([0, 999, 1000, 1536, 20_000_000_000, 5e12, 9e15].map(bytesText), ['0 B', '999 B', '1.0 KiB', '1.5 KiB', '19 GiB', '4.5 TiB', '8185 TiB'])
})
