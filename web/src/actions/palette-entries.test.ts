import assert from 'node:assert/strict'
import { test } from 'node:test'
import { entriesShown, find, type PaletteEntry } from './palette-entries.ts'

const entry = (kind: PaletteEntry['kind'], name: string, words = ''): PaletteEntry => ({ kind, id: `${kind} ${name}`, name, words })
const entries = [
  entry('page', 'Problems', 'g p'), entry('cluster', 'shop', 'db140:3306'), entry('cluster', 'workshop', 'db9:3306'), entry('server', 'db140', 'db140:3306 eu shop'),
  entry('server', 'db1400', 'db1400:3306 us'), entry('act', 'Move db140…', 'move db140:3306'),
]
const names = (query: string): readonly string[] => find(entries, query).map(({ name }) => name)

test('without a question pages and clusters are offered', () => {
  assert.deepEqual(names('  '), ['Problems', 'shop', 'workshop'])
})

test('the whole name comes before its beginning, and that before a part of it', () => {
  assert.deepEqual(names('shop'), ['shop', 'db140', 'workshop'])
  assert.deepEqual(names('DB140').slice(0, 2), ['db140', 'db1400'])
})

test('all words that are asked must fit, in any order', () => {
  assert.deepEqual(names('db140 move'), ['Move db140…'])
  assert.deepEqual(names('move nobody'), [])
})

test('one kind cannot crowd out the others, and the list has an end', () => {
  const many = [...Array.from({ length: 400 }, (_, index) => entry('server', `db${index}`)), entry('act', 'Move db1…', 'move')]
  const found = find(many, 'db')
  assert.ok(found.length <= entriesShown)
  assert.ok(found.some(({ kind }) => kind === 'act'))
})
