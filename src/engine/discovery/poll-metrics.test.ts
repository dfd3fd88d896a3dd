import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instanceKey } from '../../model/topology/instance-key.ts'
import { type PollMetric, PollMetrics } from './poll-metrics.ts'

const metric = (at: number): PollMetric =>
  ({ at, key: instanceKey('db', 1 + (at % 3)), serverMilliseconds: at % 7, totalMilliseconds: (at % 7) + 0.5, failure: at % 1000 === 0 ? `failed at ${at}` : null })

test('figures come back as they were given, oldest first, from the time asked for', () => {
  const metrics = new PollMetrics(60)
  for (let at = 1; at <= 10_000; at++) metrics.add(metric(at))
  assert.deepEqual(metrics.since(9_990), Array.from({ length: 11 }, (_, place) => metric(9_990 + place)))
  assert.equal(metrics.since(1).length, 10_000)
  assert.deepEqual(metrics.since(10_001), [])
})

test('what is older than the time kept goes', () => {
  const metrics = new PollMetrics(1)
  for (let at = 1; at <= 100_000; at++) metrics.add(metric(at))
  const kept = metrics.since(0)
  assert.ok(kept.length >= 1_000 && kept.length < 10_000, `${kept.length} are kept`)
  assert.deepEqual(kept.at(-1), metric(100_000))
  assert.deepEqual(metrics.since(99_000), Array.from({ length: 1_001 }, (_, place) => metric(99_000 + place)))
})
