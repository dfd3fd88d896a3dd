import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClusterRow, ClusterView } from '../../../src/contract/views.ts'
import { server, shop } from '../drawing/example-servers.ts'
import { mergeCluster, upsertBy } from './merge.ts'

const row = { name: 'db140:3306', alias: 'shop', servers: 4 } as unknown as ClusterRow
const view = { ...row, snapshot: 7, members: shop } as unknown as ClusterView

test('a changed server takes its place, and the others stay the same values', () => {
  const moved = server('db142', 'db141')
  const after = mergeCluster(view, { snapshot: 8, name: row.name, row, changed: [moved], removed: [] })
  assert.deepEqual(
    after.members.map(member => member.source),
    [null, 'db140:3306', 'db141:3306', 'db141:3306'],
  )
  assert.equal(after.members[0], shop[0])
  assert.equal(after.snapshot, 8)
})

test('a new server is added at the end', () => {
  const after = mergeCluster(view, { snapshot: 8, name: row.name, row, changed: [server('db144', 'db140')], removed: [] })
  assert.equal(after.members.length, 5)
})

test('an older change is ignored', () => {
  assert.equal(mergeCluster(view, { snapshot: 6, name: row.name, row, changed: [server('db142', 'db141')], removed: [] }), view)
})

test('an item with a known key replaces the one before in its place', () => {
  assert.deepEqual(
    upsertBy(
      [
        { id: 1, x: 'a' },
        { id: 2, x: 'b' },
      ],
      { id: 1, x: 'c' },
      each => each.id,
    ),
    [
      { id: 1, x: 'c' },
      { id: 2, x: 'b' },
    ],
  )
})
