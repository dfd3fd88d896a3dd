import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RecoveryStepView } from '../../../../src/contract/views.ts'
import { axisTicks, stageBars } from './timeline.ts'

let id = 0
const step = (at: number, stage: string, outcome: RecoveryStepView['outcome'] = 'done'): RecoveryStepView => ({
  id: ++id,
  at,
  stage,
  server: null,
  message: stage,
  outcome,
  durationMilliseconds: null,
})

test('the time up to a step belongs to its stage, and stages stand in the order in which they were first told', () => {
  const bars = stageBars([step(300, 'promote'), step(100, 'confirm'), step(250, 'regroup')], 0, 320, 999)
  assert.deepEqual(
    bars.map(bar => [bar.stage, bar.spans]),
    [
      ['confirm', [{ from: 0, to: 100 }]],
      ['regroup', [{ from: 100, to: 250 }]],
      ['promote', [{ from: 250, to: 320 }]],
    ],
  )
})

test('a stage that comes twice has two spans, and steps of it in a row have one', () => {
  const [hooks] = stageBars([step(10, 'hooks', 'started'), step(400, 'hooks'), step(500, 'promote'), step(900, 'hooks')], 0, 900, 900)
  assert.deepEqual(hooks?.spans, [
    { from: 0, to: 400 },
    { from: 500, to: 900 },
  ])
  assert.equal(hooks?.tookMilliseconds, 800)
})

test('the stages together are the whole', () => {
  const steps = Array.from({ length: 40 }, (_, index) => step((index * 37) % 1000, `stage ${index % 7}`))
  const sum = stageBars(steps, 0, 1234, 9999).reduce((total, bar) => total + bar.tookMilliseconds, 0)
  assert.equal(sum, 1234)
})

test('the last stage of a running recovery reaches until now', () => {
  const bars = stageBars([step(0, 'a'), step(400, 'b', 'started')], 0, null, 2400)
  assert.deepEqual([bars[1]?.isOpen, bars[1]?.spans.at(-1)?.to], [true, 2400])
})

test('failed steps are counted', () => {
  assert.equal(stageBars([step(0, 'a', 'failed'), step(1, 'a', 'failed'), step(2, 'a')], 0, 3, 3)[0]?.failed, 2)
})

test('the axis has round marks, at most seven', () => {
  assert.deepEqual(axisTicks(12_400), [0, 5000, 10_000])
  assert.deepEqual(axisTicks(480), [0, 100, 200, 300, 400])
  for (const length of [1, 7, 33, 900, 61_234]) assert.ok(axisTicks(length).length <= 7)
})

test('a step that failed and was tried again counts as attempts; different steps, and the same on different servers, do not', () => {
  const on = (at: number, message: string, server: string, outcome: RecoveryStepView['outcome']): RecoveryStepView => ({ ...step(at, 'regroup', outcome), message, server })
  const twice = [on(1, 'change-source to b (auto-position): lock wait', 'a', 'failed'), on(2, 'change-source to b (auto-position)', 'a', 'done')]
  assert.equal(stageBars(twice, 0, 3, 3)[0]?.attempts, 2)
  assert.equal(stageBars([on(1, 'start-replication', 'a', 'failed'), on(2, 'start-replication', 'c', 'done')], 0, 3, 3)[0]?.attempts, 1)
  assert.equal(stageBars([on(1, 'start-replication', 'a', 'done'), on(2, 'start-replication', 'a', 'done')], 0, 3, 3)[0]?.attempts, 1)
})
