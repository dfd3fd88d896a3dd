import assert from 'node:assert/strict'
import { test } from 'node:test'
import { step } from '../../src/model/raft/step.ts'
import { explore } from './explore.ts'

const bounds = { terms: 2, proposals: 2, crashes: 1, clocks: 4, repeats: 0, changes: 0 }

test('whatever happens first to three members with a leader, in whatever order, breaks no invariant; and within narrow bounds there is nothing else', () => {
  const { broken, states } = explore(bounds, { statesMax: 1500, first: 'nearest' })
  assert.deepEqual([broken, states], [null, 1500])
  const { broken: none, isWhole, states: few } = explore({ terms: 1, proposals: 1, crashes: 0, clocks: 0, repeats: 0, changes: 0 }, { statesMax: 1500, first: 'nearest' })
  assert.deepEqual([none, isWhole], [null, true])
  assert.ok(few > 20, `${few} situations`)
})

test('a member that answers before its disk has written is found by the shortest way', () => {
  // Not of the first entry, without which nobody leads.
  const hasty: typeof step = (state, input) => {
    const { state: after, output } = step(state, input)
    return { state: after, output: { ...output, messages: output.messages.map(({ message, after: save }) => ({ message, after: message.kind === 'append-reply' && message.accepted && message.matched > 1 ? 0 : save })) } }
  }
  const { broken } = explore(bounds, { statesMax: 3000, first: 'nearest', stepped: hasty })
  assert.match(broken?.what ?? '', /acknowledged entry 2, and has 1 on its disk/)
  assert.deepEqual(broken?.way.map(says => says.replace(/ [bc] /g, ' x ').replace(/to [bc]/, 'to x')), ['one of three members leads', 'a is asked to write 2', 'append of a to x in term 1 arrives'])
})
