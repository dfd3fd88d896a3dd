import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClusterRow } from '../../../../src/contract/views.ts'
import { sortClusters } from './sort-clusters.ts'

const row = (alias: string, more: object = {}): ClusterRow =>
  ({ name: `${alias}:1`, alias, servers: 1, counts: { replicating: 1 }, worstFinding: null, ...more }) as unknown as ClusterRow
const names = (rows: readonly ClusterRow[]): string => rows.map(each => each.alias).join(' ')

test('clusters with an open failure come first, then warnings, then the worst status, then names', () => {
  const rows = [
    row('well2'),
    row('lagging', { counts: { lag: 1, replicating: 3 } }),
    row('warned', { worstFinding: { severity: 'warning', isDowntimed: false } }),
    row('dead', { worstFinding: { severity: 'critical', isDowntimed: false } }),
    row('well10'),
    row('known', { worstFinding: { severity: 'critical', isDowntimed: true }, counts: { unreachable: 1 } }),
  ]
  assert.equal(names(sortClusters(rows, 'trouble')), 'dead known warned lagging well2 well10')
})

test('by size the largest is first', () => {
  assert.equal(names(sortClusters([row('a', { servers: 2 }), row('b', { servers: 9 })], 'servers')), 'b a')
})
