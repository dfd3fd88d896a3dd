import assert from 'node:assert/strict'
import { test } from 'node:test'
import { derived, derivedObject } from './derived.ts'

const settings = { filters: ['a'], seconds: 1 }
const live = { get filters() { return settings.filters }, get seconds() { return settings.seconds } }

test('what is derived is made once for each change of what it is made from', () => {
  let made = 0
  const newest = derived(live, ({ filters, seconds }) => ({ text: `${filters.join(',')} ${seconds}`, number: ++made }))
  assert.equal(newest().text, 'a 1')
  assert.equal(newest(), newest())
  settings.seconds = 2
  assert.equal(newest().text, 'a 2')
  settings.filters = ['b']
  assert.equal(newest().text, 'b 2')
  assert.equal(made, 3)
})

test('an object that is derived shows what holds when it is looked at, and a copy of it stays as it was', () => {
  settings.seconds = 1
  const object = derivedObject(live, ({ seconds }) => ({ milliseconds: seconds * 1000, twice: (more: number) => seconds * 2 + more }))
  const copy = { ...object }
  settings.seconds = 5
  assert.equal(object.milliseconds, 5000)
  assert.equal(object.twice(1), 11)
  assert.deepEqual([copy.milliseconds, copy.twice(1)], [1000, 3])
  assert.ok('twice' in object)
})

test('what is derived is kept when something else changes, and made anew when what it asks for later has changed before it was asked again', () => {
  const values = { used: 1, late: 1, unused: 1 }
  let made = 0
  const newest = derived({ get used() { return values.used }, get late() { return values.late }, get unused() { return values.unused } }, from => {
    const { used, late } = from
    return { number: ++made, used, late, lateNow: () => from.late }
  })
  const first = newest()
  values.unused = 2
  assert.equal(newest(), first)
  values.late = 2
  assert.equal(first.lateNow(), 2)
  assert.deepEqual([newest().number, newest().late], [2, 2])
})
