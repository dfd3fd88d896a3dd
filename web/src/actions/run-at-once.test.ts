import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mayRunAtOnce } from './run-at-once.ts'

const said = { code: 'x', parameters: {}, text: '' }
const step = { number: 1, wave: 1, server: 'a:1', action: 'start', says: said, statements: [], ifStoppedHere: said }
const plan = { dangerLevel: 1, warnings: [], steps: [step] } as const

test('only a harmless move that a person began just now, and only when they asked for it, runs without another press', () => {
  const inHand = { isMoveInHand: true, typed: null } as const
  assert.equal(mayRunAtOnce(inHand, plan, 'atOnce'), true)
  assert.equal(mayRunAtOnce(inHand, plan, 'asked'), false, 'nobody asked for it')
  assert.equal(mayRunAtOnce({ typed: null }, plan, 'atOnce'), false, 'an address or an undo opened it')
  assert.equal(mayRunAtOnce({ ...inHand, typed: 'db1' }, plan, 'atOnce'), false, 'a word must be typed')
  assert.equal(mayRunAtOnce(inHand, { ...plan, dangerLevel: 2 }, 'atOnce'), false, 'it is dangerous')
  assert.equal(mayRunAtOnce(inHand, { ...plan, warnings: [said] }, 'atOnce'), false, 'it warns')
  assert.equal(mayRunAtOnce(inHand, { ...plan, steps: [] }, 'atOnce'), false, 'there is nothing to do')
})
