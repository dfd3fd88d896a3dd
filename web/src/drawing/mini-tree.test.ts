import assert from 'node:assert/strict'
import { test } from 'node:test'
import { miniTree, sourcesAround } from './mini-tree.ts'

const before = { db141: 'db140', db142: 'db140', db143: 'db141' }
const after = { ...before, db142: 'db141' }
const asText = (lines: ReturnType<typeof miniTree>): string =>
  lines.map(line => `${'  '.repeat(line.depth)}${line.key}${line.isMoved ? ' moves' : ''}`).join('\n')

test('the trees before and after a move show the moved server in both', () => {
  assert.equal(asText(miniTree(before, after)), 'db140\n  db141\n    db143\n  db142 moves')
  assert.equal(asText(miniTree(after, before)), 'db140\n  db141\n    db142 moves\n    db143')
})

test('a ring is shown once and ends', () => {
  assert.equal(asText(miniTree({ a: 'b', b: 'a' }, { a: 'b', b: 'a' })), 'a\n  b')
})

test('a promotion shows the new primary at the top', () => {
  assert.equal(asText(miniTree({ db141: null, db142: 'db141' }, { db141: 'db140', db142: 'db140' })), 'db140\ndb141 moves\n  db142 moves')
})

test('each line reaches up to its source or the sibling above it', () => {
  assert.deepEqual(
    miniTree(before, before).map(line => line.reach),
    [0, 1, 1, 2],
  )
})

test('the trees of a plan show the place of a move, also when the plan tells the moved server alone', () => {
  const members = [{ key: 'db140', source: null }, ...Object.entries(before).map(([key, source]) => ({ key, source }))]
  const sourcesBefore = sourcesAround(members, { db142: 'db140' }, { db142: 'db141' })
  const sourcesAfter = sourcesAround(members, { db142: 'db141' }, { db142: 'db140' })
  assert.equal(asText(miniTree(sourcesAfter, sourcesBefore)), 'db140\n  db141\n    db142 moves\n    db143')
})

test('of a large cluster only the moved server, both sources and what is above them are drawn', () => {
  const members = [
    { key: 'p', source: null },
    { key: 'a', source: 'p' },
    { key: 'b', source: 'p' },
    ...Array.from({ length: 40 }, (_, index) => ({ key: `r${index}`, source: 'a' })),
  ]
  assert.deepEqual(Object.keys(sourcesAround(members, { r7: 'b' }, { r7: 'a' })).toSorted(), ['a', 'b', 'p', 'r7'])
})
