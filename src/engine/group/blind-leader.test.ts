import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BlindLeader } from './blind-leader.ts'

function world(answers: Readonly<Record<string, number | null>>) {
  const state = { now: 0, leads: true, reached: 0, known: 4 }
  const [asked, aside] = [[] as string[], [] as string[]]
  const leader = new BlindLeader({
    clock: { monotonic: () => state.now }, log: { warning: () => undefined }, isLeader: () => state.leads, reaches: () => state, others: () => Object.keys(answers),
    ask: name => { asked.push(name); return Promise.resolve(answers[name] ?? null) },
    stepAside: to => { aside.push(to); return Promise.resolve(null) },
  })
  const seconds = async (count: number): Promise<void> => {
    for (let second = 0; second < count; second += 1) {
      await leader.round()
      state.now += 1000
    }
  }
  return { state, asked, aside, seconds }
}

test('a leader that reaches no server for three seconds lets the one lead that reaches most', async () => {
  const { asked, aside, seconds } = world({ two: 3, three: 4, four: null })
  await seconds(3)
  assert.deepEqual(asked, [], 'a cut of a moment asks nobody')
  await seconds(1)
  assert.deepEqual([asked, aside], [['two', 'three', 'four'], ['three']])
  await seconds(9)
  assert.equal(asked.length, 3, 'the next one is given time')
})

test('nobody is asked while it reaches half of them, knows none, does not lead, or was blind for a moment only', async () => {
  const { state, asked, seconds } = world({ two: 4 })
  state.reached = 2
  await seconds(20)
  Object.assign(state, { reached: 0, known: 0 })
  await seconds(20)
  Object.assign(state, { known: 4, leads: false })
  await seconds(20)
  state.leads = true
  for (let turn = 0; turn < 5; turn += 1) {
    state.reached = 0
    await seconds(2)
    state.reached = 4
    await seconds(1)
  }
  assert.deepEqual(asked, [])
})

test('it keeps the lead where the others reach as little, not twice as much, or do not answer', async () => {
  const { state, aside, seconds } = world({ two: 2, three: null })
  state.reached = 1
  await seconds(30)
  assert.deepEqual(aside, [])
  state.reached = 0
  await seconds(10)
  assert.deepEqual(aside, ['two'])
})
