import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settingText } from './setting-text.ts'

test('false and zero are values, an empty text, list or map is none', () => {
  assert.deepEqual([false, 0, ['a b', 'c'], { key: 'x' }].map(settingText), ['false', '0', '["a b","c"]', '{"key":"x"}'])
  assert.deepEqual(['', [], {}, null].map(settingText), ['', '', '', ''])
})
