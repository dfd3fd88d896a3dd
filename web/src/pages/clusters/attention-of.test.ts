import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClusterRow } from '../../../../src/contract/views.ts'
import { attentionLines, attentionOf } from './attention-of.ts'

const row = (alias: string, more: object = {}): ClusterRow =>
  ({ name: `${alias}:1`, alias, servers: 4, counts: { replicating: 4 }, worstFinding: null, lastRecovery: null, maxLagSeconds: 0, ...more }) as unknown as ClusterRow

test('failures stand before broken replication, that before lag, and what is well or only warned of is not there', () => {
  const rows = [
    row('well'),
    row('warned', { worstFinding: { severity: 'warning', isDowntimed: false } }),
    row('lagging', { counts: { lag: 1, replicating: 3 }, maxLagSeconds: 240 }),
    row('broken', { counts: { 'applier-error': 1, 'stopped': 1, 'replicating': 2 } }),
    row('dead', { worstFinding: { severity: 'critical', isDowntimed: false } }),
  ]
  assert.deepEqual(
    attentionLines(rows).map(line => line.row.alias),
    ['dead', 'broken', 'lagging'],
  )
})

test('broken servers are counted whatever broke them, and a lag that nobody knows is not told as a number', () => {
  assert.deepEqual(attentionOf(row('broken', { counts: { 'applier-error': 1, 'unreachable': 2, 'lag': 1 } })), { is: 'broken', count: 3 })
  assert.deepEqual(attentionOf(row('lagging', { counts: { lag: 2 }, maxLagSeconds: null })), { is: 'lag', count: 2, seconds: null })
})

test('a recovery is told while it runs, not afterwards', () => {
  const recovery = { uid: 'u1', doing: 'choosing', endedAt: null }
  const dead = { worstFinding: { severity: 'critical', isDowntimed: false } }
  assert.deepEqual(attentionLines([row('dead', { ...dead, lastRecovery: recovery })])[0]?.doing, { uid: 'u1', says: 'choosing' })
  assert.equal(attentionLines([row('dead', { ...dead, lastRecovery: { ...recovery, endedAt: 5 } })])[0]?.doing, null)
})
