import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RecoveryStepView } from '../../../../src/contract/views.ts'
import { axisTicks, stageBars } from './timeline.ts'

let id = 0
const step = (at: number, stage: string, outcome: RecoveryStepView['outcome'] = 'done', durationMilliseconds: number | null = null): RecoveryStepView => ({
  id: ++id,
  at,
  stage,
  server: null,
  message: stage,
  outcome,
  durationMilliseconds,
})

test('stages stand in the order in which they began, each from its first to its last step', () => {
  const bars = stageBars([step(300, 'promote', 'done', 100), step(100, 'confirm', 'done', 100), step(250, 'regroup', 'done', 150)], 0, 320, 999)
  assert.deepEqual(
    bars.map(bar => [bar.stage, bar.from, bar.to]),
    [
      ['confirm', 0, 100],
      ['regroup', 100, 250],
      ['promote', 200, 320],
    ],
  )
})

test('a stage whose steps do not say how long they took lasts until the next one begins', () => {
  const bars = stageBars([step(0, 'a'), step(400, 'b'), step(900, 'b')], 0, 1000, 5000)
  assert.deepEqual(
    bars.map(bar => bar.to - bar.from),
    [400, 600],
  )
})

test('the last stage of a running recovery reaches until now', () => {
  const bars = stageBars([step(0, 'a'), step(400, 'b', 'started')], 0, null, 2400)
  assert.deepEqual([bars[1]?.isOpen, bars[1]?.to], [true, 2400])
})

test('failed steps are counted', () => {
  assert.equal(stageBars([step(0, 'a', 'failed'), step(1, 'a', 'failed'), step(2, 'a')], 0, 3, 3)[0]?.failed, 2)
})

test('the axis has round marks, at most seven', () => {
  assert.deepEqual(axisTicks(12_400), [0, 5000, 10_000])
  assert.deepEqual(axisTicks(480), [0, 100, 200, 300, 400])
  for (const length of [1, 7, 33, 900, 61_234]) assert.ok(axisTicks(length).length <= 7)
})
