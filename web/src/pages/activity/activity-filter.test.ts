import assert from 'node:assert/strict'
import { test } from 'node:test'
import { auditQuery, readActivityFilter, whoAsked } from './activity-filter.ts'

test('who asked is read from every way in which messages name somebody, and is not guessed elsewhere', () => {
  assert.equal(whoAsked('done: db142:3306 moved below db141:3306; by ann'), 'ann')
  assert.equal(whoAsked('tag by bob from 10.0.0.7: done; instance=db1:3306'), 'bob')
  assert.equal(whoAsked('owner: carol, reason: disk replaced'), 'carol')
  assert.equal(whoAsked('by dora'), 'dora')
  assert.equal(whoAsked('promoted replica: db141:3306'), null)
  assert.equal(whoAsked('replaced by a newer one that is better'), null)
})

test('a filter is asked for by the names that the server has, times as milliseconds, the last minute whole', () => {
  const from = '2026-11-23T03:00'
  assert.deepEqual(auditQuery({ q: ' moved ', who: 'ann', from, to: from }), {
    message: 'moved', person: 'ann', from: String(Date.parse(from)), to: String(Date.parse(from) + 59_999),
  })
  assert.deepEqual(auditQuery({ from: 'soon' }), {})
  assert.deepEqual(readActivityFilter({ q: 7, kind: '', page: 2, who: 'ann' }), { q: '7', who: 'ann' })
})
