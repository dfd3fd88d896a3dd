import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startMember, type RaftState } from './state.ts'
import { step } from './step.ts'
import type { Entry, MemberId, Message, RaftPolicy } from './types.ts'

const [a, b, c] = ['a', 'b', 'c'] as [MemberId, MemberId, MemberId] // identities of a test
const policy: RaftPolicy = {
  electionTicks: 10, heartbeatTicks: 2, storageStallTicks: 20, entriesPerAppendMax: 8, bytesPerAppendMax: 400, appendsInFlightMax: 4,
  uncommittedBytesMax: 400, readsPendingMax: 2, learnerLagMax: 2, votersMax: 5,
}
const entries: Entry[] = [1, 2, 3].map(index => ({ kind: 'nothing', index, term: 1 }))

const follower = (): RaftState => startMember(a, {
  hardState: { term: 1, votedFor: null }, snapshot: { index: 0, term: 0, configuration: { voters: [a, b, c], outgoing: [], learners: [] } }, entries, applied: 0,
}, policy, 0)

const hear = (state: RaftState, message: Message): RaftState => step(state, { kind: 'message', message }).state

test('a follower takes as committed no more than what the append has shown to be equal', () => {
  const append = { kind: 'append', from: b, to: a, term: 2, previousIndex: 1, previousTerm: 1, entries: [], commit: 3 } as const
  const after = hear(follower(), append)
  assert.deepEqual([after.commit, after.log.lastIndex], [1, 3])
  assert.equal(hear(follower(), { ...append, entries: entries.slice(1, 2) }).commit, 2)
})

test('what would break Raft is a fault, and not carried out', () => {
  const committed = hear(follower(), { kind: 'append', from: b, to: a, term: 1, previousIndex: 3, previousTerm: 1, entries: [], commit: 3 })
  assert.equal(committed.commit, 3)
  assert.throws(() => hear(committed, { kind: 'append', from: b, to: a, term: 1, previousIndex: 1, previousTerm: 1, entries: [{ kind: 'nothing', index: 2, term: 2 }, { kind: 'nothing', index: 3, term: 2 }, { kind: 'nothing', index: 4, term: 2 }], commit: 3 }), /committed in term 1/)
  assert.throws(() => hear(committed, { kind: 'heartbeat', from: c, to: a, term: 1, commit: 0, round: 1 }), /two leaders in term 1: b and c/)
  assert.throws(() => hear(committed, { kind: 'heartbeat', from: b, to: a, term: 1, commit: 4, round: 1 }), /the log ends at 3/)
  assert.throws(() => step(committed, { kind: 'saved', upTo: 9 }), /never asked for/)
})

test('a step leaves the state it was given as it was', () => {
  const before = follower()
  const [term, lastIndex] = [before.term, before.log.lastIndex]
  const campaigning = step(step(before, { kind: 'tick', count: 10, random: 0 }).state, { kind: 'campaign' })
  hear(before, { kind: 'append', from: b, to: a, term: 2, previousIndex: 3, previousTerm: 1, entries: [{ kind: 'nothing', index: 4, term: 2 }], commit: 4 })
  assert.deepEqual([before.term, before.log.lastIndex, before.commit, before.role], [term, lastIndex, 0, 'follower'])
  assert.equal(campaigning.state.role, 'pre-candidate')
})
