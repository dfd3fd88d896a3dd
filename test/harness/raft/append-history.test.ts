import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Append, judgeAppends, type Read } from './append-history.ts'

const one: Append = { id: 'one', began: 0, ended: 10 }
const two: Append = { id: 'two', began: 20, ended: 30 }
const open: Append = { id: 'open', began: 5, ended: null }
const read = (began: number, ended: number, ...seen: readonly string[]): Read => ({ began, ended, seen })

test('a history in which everything stands where its time allows is right', () => {
  assert.deepEqual(judgeAppends(['one', 'two'], [one, two, open], [read(11, 12, 'one'), read(15, 25, 'one', 'two'), read(31, 32, 'one', 'two')]), [])
  for (const final of [['one', 'two', 'open'], ['open', 'one', 'two'], ['one', 'open', 'two']]) assert.deepEqual(judgeAppends(final, [one, two, open], []), [])
})

test('a loss, a repetition, a wrong order, a stranger and a stale or early read are each found', () => {
  const cases: readonly (readonly [readonly string[], readonly Read[], RegExp])[] = [
    [['two'], [], /one was acknowledged and is lost/], [['one', 'two', 'one'], [], /one stands at 0 and at 2/],
    [['two', 'one'], [], /one was acknowledged before two began, and stands behind it/], [['two', 'open', 'one'], [], /one was acknowledged before two began/],
    [['one', 'two', 'three'], [], /three was never asked for/], [['one', 'two'], [read(11, 12)], /did not see it/],
    [['one', 'two'], [read(11, 12, 'one', 'two')], /before it began/], [['one', 'two'], [read(31, 32, 'two', 'one')], /no beginning of the register/],
  ]
  for (const [final, reads, expected] of cases) assert.match(judgeAppends(final, [one, two, open], reads).join('\n'), expected)
})
