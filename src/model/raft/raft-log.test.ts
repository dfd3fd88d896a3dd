import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RaftLog } from './raft-log.ts'
import type { Configuration, Entry, MemberId, SnapshotMark } from './types.ts'

const configuration = (...voters: string[]): Configuration => ({ voters: voters as MemberId[], outgoing: [], learners: [] }) // identities of a test
const mark = (index: number, term: number): SnapshotMark => ({ index, term, configuration: configuration('a') })
const nothing = (index: number, term: number): Entry => ({ kind: 'nothing', index, term })
const change = (index: number, term: number, ...voters: string[]): Entry => ({ kind: 'configuration', index, term, configuration: configuration(...voters) })
const terms = (log: RaftLog): number[] => log.slice(log.before + 1, Infinity, Infinity).map(({ term }) => term)

test('two futures of one log do not see each other', () => {
  const base = RaftLog.after(mark(0, 0)).append([nothing(1, 1), nothing(2, 1)])
  const left = base.append([nothing(3, 1)])
  const right = base.append([nothing(3, 2), nothing(4, 2)])
  const shorter = base.append([nothing(2, 3)])
  assert.deepEqual([base, left, right, shorter].map(terms), [[1, 1], [1, 1, 1], [1, 1, 2, 2], [1, 3]])
  assert.deepEqual(terms(left.append([nothing(4, 5)])), [1, 1, 1, 5])
})

test('what is forgotten keeps the term of its last place, and what follows keeps its places', () => {
  const log = RaftLog.after(mark(0, 0)).append([1, 1, 2, 2, 3].map((term, place) => nothing(place + 1, term)))
  for (const upTo of [1, 2, 3, 4, 5]) {
    const rest = log.dropUpTo(upTo, mark(5, 3))
    assert.deepEqual([rest.before, rest.lastIndex, rest.lastTerm], [upTo, 5, 3])
    assert.equal(rest.termAt(upTo), log.termAt(upTo))
    assert.equal(rest.termAt(upTo - 1), undefined)
    assert.throws(() => rest.entry(upTo), /not within/)
    assert.deepEqual(terms(rest.append([nothing(6, 9)])), [...terms(log).slice(upTo), 9])
  }
  assert.deepEqual(terms(log), [1, 1, 2, 2, 3])
})

test('the last configuration in the log is in force, and the one before it again when that is taken back', () => {
  const log = RaftLog.after(mark(0, 0)).append([change(1, 1, 'a', 'b'), nothing(2, 1), change(3, 1, 'c')])
  assert.deepEqual([log.configuration.voters, log.configurationIndex], [['c'], 3])
  const back = log.append([nothing(3, 2)])
  assert.deepEqual([back.configuration.voters, back.configurationIndex], [['a', 'b'], 1])
  assert.deepEqual(log.append([nothing(1, 2)]).configuration.voters, ['a'])
  assert.deepEqual([log.configurationAt(0).voters, log.configurationAt(2).voters, log.configurationAt(3).voters], [['a'], ['a', 'b'], ['c']])
})

test('a log from a disk may begin before its snapshot, and says so when it does not fit', () => {
  const stored = [nothing(3, 1), nothing(4, 2), change(5, 2, 'b'), nothing(6, 2)]
  const log = RaftLog.restored(mark(5, 2), stored)
  assert.deepEqual([log.before, log.beforeTerm, log.lastIndex, log.configuration.voters], [3, 1, 6, ['a']])
  assert.equal(RaftLog.restored(mark(7, 2), []).lastIndex, 7)
  assert.throws(() => RaftLog.restored(mark(1, 1), stored), /begins at 3, after the snapshot of 1/)
  assert.throws(() => RaftLog.restored(mark(5, 1), stored), /another entry 5/)
  assert.throws(() => RaftLog.restored(mark(2, 1), [nothing(3, 1), nothing(5, 1)]), /out of order/)
})

test('a slice is bounded by count and bytes, but never empty where there is something', () => {
  const entry = (index: number): Entry => ({ kind: 'command', index, term: 1, data: new Uint8Array(100) })
  const log = RaftLog.after(mark(0, 0)).append([1, 2, 3, 4].map(entry))
  assert.deepEqual([log.slice(1, 2, Infinity), log.slice(1, 9, 270), log.slice(1, 9, 1), log.slice(5, 9, 9)].map(({ length }) => length), [2, 2, 1, 0])
})
