import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shop } from './example-servers.ts'
import { grow } from './forest.ts'
import { stepFocus } from './step-focus.ts'

const forest = grow(shop, { foldAlike: false, opened: new Set(), toggled: new Set() })
const go = (from: string, direction: Parameters<typeof stepFocus>[2]): string => stepFocus(forest, `${from}:3306`, direction).replace(':3306', '')

test('left is the source, right the first replica, up and down the neighbours', () => {
  assert.equal(go('db143', 'source'), 'db141')
  assert.equal(go('db140', 'first-replica'), 'db141')
  assert.equal(go('db141', 'next-sibling'), 'db142')
  assert.equal(go('db142', 'previous-sibling'), 'db141')
})

test('at an edge the focus stays where it is', () => {
  assert.equal(go('db140', 'source'), 'db140')
  assert.equal(go('db143', 'first-replica'), 'db143')
  assert.equal(go('db142', 'next-sibling'), 'db142')
})

test('a server that is gone gives the focus to the first one', () => {
  assert.equal(stepFocus(forest, 'gone:1', 'next-sibling'), 'db140:3306')
})
