import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instanceKey } from '../topology/instance-key.ts'
import { nextTurn, pauseAfter, placeOf, type SchedulePolicy } from './schedule.ts'

const policy: SchedulePolicy = { intervalMilliseconds: 5000, deadFactor: 1, deadMaxMilliseconds: 300_000 }
const fleet = Array.from({ length: 1000 }, (_, number) => instanceKey(`db${number}.example`, 3306))

test('a fleet is spread evenly over the interval, whether hosts or ports tell its servers apart', () => {
  for (const keys of [fleet, fleet.map((_, number) => instanceKey('127.0.0.1', 3306 + number)), fleet.map((_, number) => instanceKey(`10.0.${number >> 8}.${number & 255}`, 3306))]) {
    const tenths = Array.from({ length: 10 }, (_, tenth) => keys.filter(key => Math.floor(placeOf(key) * 10) === tenth).length)
    assert.ok(Math.max(...tenths) < 140 && Math.min(...tenths) > 60, tenths.join(' '))
  }
})

test('the turn of a server never changes its place, and the next one is a whole interval later', () => {
  for (const key of fleet.slice(0, 50)) {
    const due = nextTurn(key, 1_000_000, 5000)
    assert.ok(due > 1_000_000 && due <= 1_005_000)
    assert.equal(nextTurn(key, due, 5000), due + 5000)
    assert.equal(nextTurn(key, due - 1, 5000), due)
  }
})

test('every server has one turn per interval, although each poll begins a little late', () => {
  for (const key of fleet.slice(0, 100)) {
    const polls: number[] = []
    for (let now = 0, due = nextTurn(key, 0, 5000); now < 60_000; now += 20) {
      if (due > now) continue
      polls.push(now)
      due = nextTurn(key, now, 5000)
    }
    const gaps = polls.slice(1).map((time, index) => time - (polls[index] ?? 0))
    assert.ok(polls.length >= 11 && gaps.every(gap => Math.abs(gap - 5000) <= 20), `${key}: ${gaps.join(' ')}`)
  }
})

test('a dead server waits longer after each failure, up to the ceiling, and never less than an interval', () => {
  const backOff = { ...policy, deadFactor: 2, deadMaxMilliseconds: 30_000 }
  assert.deepEqual([0, 1, 2, 3, 4, 1000].map(failures => pauseAfter(failures, backOff)), [5000, 5000, 10_000, 20_000, 30_000, 30_000])
  assert.deepEqual([0, 1, 9].map(failures => pauseAfter(failures, policy)), [5000, 5000, 5000])
  assert.equal(pauseAfter(9, { ...backOff, deadMaxMilliseconds: 1000 }), 5000)
})
