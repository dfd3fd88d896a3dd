import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Clock } from '../../ports/clock.ts'
import { Runs } from './runs.ts'

const clock = { now: () => 5 } as Clock // runs look at nothing but the time
const says = { code: 'c', parameters: {}, text: 't' }

test('a run is in the list while it runs and after, newest first', () => {
  const runs = new Runs(clock)
  const first = runs.begin('relocate', says, 'me', ['db1:3306'], null)
  const second = runs.begin('refresh', says, 'me', [], null)
  first.end(says)
  second.end(null)
  assert.deepEqual(runs.list().map(({ number, state, failure }) => [number, state, failure?.code ?? null]), [[2, 'done', null], [1, 'failed', 'c']])
})

test('ended runs are forgotten beyond a bound, running ones never', () => {
  const runs = new Runs(clock)
  const running = runs.begin('recover', says, 'me', [], null)
  for (let index = 0; index < 300; index++) runs.begin('refresh', says, 'me', [], null).end(null)
  assert.ok(runs.list().length <= 102)
  assert.ok(runs.list().some(({ number }) => number === running.number))
  assert.equal(runs.running, 1)
})

test('whoever listens is told of every change', () => {
  const runs = new Runs(clock)
  const told: string[] = []
  const stop = runs.onChange(({ state }) => told.push(state))
  const run = runs.begin('refresh', says, 'me', [], null)
  run.end(null)
  stop()
  runs.begin('refresh', says, 'me', [], null)
  assert.deepEqual(told, ['running', 'done'])
})
