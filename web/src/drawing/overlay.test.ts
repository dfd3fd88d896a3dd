import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TargetView } from '../../../src/contract/views.ts'
import { cardAt, sortTargets, verdictOn } from './overlay.ts'

const target = (name: string, verdict: TargetView['verdict'], act = 'relocate'): TargetView => ({
  target: name,
  verdict,
  act,
  says: { code: verdict, parameters: {}, text: verdict },
  warnings: [],
  steps: 3,
  method: 'gtid',
})

test('before the server has answered a card waits, and the dragged card is marked as dragged', () => {
  assert.equal(verdictOn('b', ['a'], null).kind, 'waiting')
  assert.equal(verdictOn('a', ['a'], null).kind, 'dragged')
})

test('a primary that refuses the move can still offer the takeover, apart from it', () => {
  const verdict = verdictOn('p', ['a'], [target('p', 'refused'), target('p', 'possible', 'take-over')])
  assert.equal(verdict.kind, 'refused')
  assert.equal(verdict.takeOver?.act, 'take-over')
})

test('a takeover never makes a card a possible target of a move', () => {
  assert.equal(verdictOn('p', ['a'], [target('p', 'possible', 'take-over')]).kind, 'refused')
})

test('possible targets come first, and the order of the server holds among them', () => {
  const sorted = sortTargets([target('x', 'refused'), target('b', 'possible'), target('w', 'possible-with-warning'), target('a', 'possible')])
  assert.deepEqual(
    sorted.map(each => each.target),
    ['b', 'a', 'w', 'x'],
  )
})

test('the card under a point is found by its box', () => {
  const boxes = new Map([
    ['a', { x: 0, y: 0, width: 10, height: 10 }],
    ['b', { x: 0, y: 20, width: 10, height: 10 }],
  ])
  assert.deepEqual(cardAt(boxes, { x: 5, y: 25 }), { id: 'b', down: 0.5 })
  assert.equal(cardAt(boxes, { x: 5, y: 15 }), null)
})
