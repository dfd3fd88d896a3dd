import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chipsThatFit } from './server-chips.ts'

test('as many marks as fit beside each other are shown, and the first always', () => {
  assert.equal(chipsThatFit([]), 0)
  assert.equal(chipsThatFit(['eu-west-1', 'delay 1 h']), 2)
  assert.equal(chipsThatFit(['eu-west-1', 'semi-sync', 'prefer']), 2)
  assert.equal(chipsThatFit(['a very long name of a site that no card has the room for', 'prefer']), 1)
})
