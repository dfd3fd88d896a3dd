import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LastHour, sampleMilliseconds, samplesMax } from './last-hour.ts'

const quiet = { readingsSince: () => [], writesSince: () => [], waiting: () => [], memoryBytes: () => 7 }

test('a time in which nothing was read or written has no times, which is not the same as times of zero', () => {
  const hour = new LastHour(quiet, 0)
  hour.sample(sampleMilliseconds)
  const [sample] = hour.since(0)
  assert.deepEqual(sample, {
    at: sampleMilliseconds, waiting: 0, readingsPerSecond: 0, failedReadings: 0, readingMillisecondsMedian: null, readingMillisecondsP95: null,
    writesPerSecond: 0, writeMillisecondsP95: null, memoryBytes: 7,
  })
})

test('each sample tells of what happened since the one before, and failed readings count as readings without a time', () => {
  const asked: number[] = []
  const hour = new LastHour({
    ...quiet, writesSince: () => [2, 4], waiting: () => [0, 3, 1],
    readingsSince(from) {
      asked.push(from)
      return [10, 20, null, 30]
    },
  }, 1000)
  hour.sample(11_000)
  hour.sample(21_000)
  assert.deepEqual(asked, [1000, 11_000])
  const sample = hour.since(0)[1]
  assert.deepEqual([sample?.readingsPerSecond, sample?.failedReadings, sample?.readingMillisecondsMedian, sample?.waiting, sample?.writesPerSecond], [0.4, 1, 20, 3, 0.2])
})

test('only the last hour is kept', () => {
  const hour = new LastHour(quiet, 0)
  for (let round = 1; round <= samplesMax + 10; round++) hour.sample(round * sampleMilliseconds)
  const kept = hour.since(0)
  assert.deepEqual([kept.length, kept[0]?.at], [samplesMax, 11 * sampleMilliseconds])
})
