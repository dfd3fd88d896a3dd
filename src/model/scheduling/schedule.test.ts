import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type InstanceKey, instanceKey } from '../topology/instance-key.ts'
import { dueKeys, neverPolled, nextDue, pauseAfter, placeOf, type PollHistory, type SchedulePolicy, scheduleObstacle } from './schedule.ts'

const policy: SchedulePolicy = { intervalMilliseconds: 5000, deadFactor: 1, deadMaxMilliseconds: 300_000 }
const start = 1_700_000_000_000
const fleet = Array.from({ length: 1000 }, (_, number) => instanceKey(`db${number}.example`, 3306))

test('a fleet is spread evenly over the interval, whether hosts or ports tell its servers apart', () => {
  for (const keys of [fleet, fleet.map((_, number) => instanceKey('127.0.0.1', 3306 + number)), fleet.map((_, number) => instanceKey(`10.0.${number >> 8}.${number & 255}`, 3306))]) {
    const tenths = Array.from({ length: 10 }, (_, tenth) => keys.filter(key => Math.floor(placeOf(key) * 10) === tenth).length)
    assert.ok(Math.max(...tenths) < 140 && Math.min(...tenths) > 60, tenths.join(' '))
  }
})

test('every server is polled once per interval, although each poll begins a little late', () => {
  const histories = new Map<InstanceKey, PollHistory>(fleet.slice(0, 100).map(key => [key, { lastAttemptedAt: start - 4000, failures: 0 }]))
  const polls = new Map<InstanceKey, number[]>()
  for (let now = start; now < start + 60_000; now += 20) {
    for (const key of dueKeys(histories, policy, now)) {
      polls.set(key, [...(polls.get(key) ?? []), now])
      histories.set(key, { lastAttemptedAt: now, failures: 0 })
    }
  }
  for (const [key, times] of polls) {
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
    assert.ok(times.length >= 11 && gaps.every(gap => Math.abs(gap - 5000) <= 20), `${key}: ${gaps.join(' ')}`)
  }
  assert.equal(polls.size, 100)
})

test('a server polled out of turn is not polled again within the interval', () => {
  for (const key of fleet.slice(0, 50)) {
    const due = nextDue(key, { lastAttemptedAt: start, failures: 0 }, policy)
    assert.ok(due >= start + 4500 && due < start + 9500, `${due - start}`)
  }
})

test('a server that was never polled is due at once, before all that wait', () => {
  const [first = instanceKey('a', 1), second = instanceKey('b', 1)] = fleet
  assert.deepEqual(dueKeys([[first, { lastAttemptedAt: start - 20_000, failures: 0 }], [second, neverPolled]], policy, start), [second, first])
  assert.deepEqual(dueKeys([[first, { lastAttemptedAt: start - 1, failures: 0 }]], policy, start), [])
})

test('a dead server waits longer after each failure, up to the ceiling, and at once normally again', () => {
  const backOff = { ...policy, deadFactor: 2, deadMaxMilliseconds: 30_000 }
  assert.deepEqual([0, 1, 2, 3, 4, 1000].map(failures => pauseAfter(failures, backOff)), [5000, 5000, 10_000, 20_000, 30_000, 30_000])
  assert.deepEqual([0, 1, 9].map(failures => pauseAfter(failures, policy)), [5000, 5000, 5000])
  const [key = instanceKey('a', 1)] = fleet
  assert.ok(nextDue(key, { lastAttemptedAt: start, failures: 4 }, backOff) >= start + 29_500)
})

test('settings that cannot be used are refused in the known words', () => {
  assert.equal(scheduleObstacle(policy), null)
  assert.equal(scheduleObstacle({ ...policy, deadFactor: 0.5 }), 'DeadInstancePollSecondsMultiplyFactor can not be smaller than 1')
  assert.match(scheduleObstacle({ ...policy, deadMaxMilliseconds: 1000 }) ?? '', /InstancePollSeconds/)
})
