import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wayBack } from './way-back.ts'

const plan = (operation: string, before: Record<string, string | null> = {}, after: Record<string, string | null> = before) => ({ operation, before, after })

test('a move is taken back by a move to where it was', () => {
  assert.deepEqual(wayBack(plan('relocate', { b: 'a' }, { b: 'c' })), { kind: 'move', servers: ['b'], to: 'a' })
})

test('several that were below one server go back together; those that were below several do not', () => {
  assert.deepEqual(wayBack(plan('relocate-replicas', { b: 'a', c: 'a' }, { b: 'd', c: 'd' })), { kind: 'move', servers: ['b', 'c'], to: 'a' })
  assert.equal(wayBack(plan('regroup-replicas', { b: 'a', c: 'b' }, { b: 'd', c: 'd' })).kind, 'unknown')
})

test('a replica that changes places with its source, or stops being one, has no way back by one move', () => {
  assert.equal(wayBack(plan('take-source', { b: 'a', a: null }, { b: null, a: 'b' })).kind, 'unknown')
  assert.equal(wayBack(plan('make-primary', { b: 'a' }, { b: null })).kind, 'unknown')
})

test('stopping is taken back by starting, and what is thrown away by nothing', () => {
  assert.deepEqual(wayBack(plan('stop-replica')), { kind: 'opposite', operation: 'start-replica' })
  assert.equal(wayBack(plan('reset-replica')).kind, 'none')
})
