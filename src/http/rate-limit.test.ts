import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RateLimit } from './rate-limit.ts'

function limit() {
  const clock = { at: 0, monotonic: () => clock.at }
  const subject = new RateLimit(clock)
  /** How many of so many requests are answered. */
  const answered = (count: number, address = '10.0.0.1', perSecond = 10): number =>
    Array.from({ length: count }, () => subject.waitSeconds(address, perSecond)).filter(wait => wait === 0).length
  return { clock, subject, answered }
}

test('an address has five seconds of its requests at once, and then so many a second', () => {
  const { clock, subject, answered } = limit()
  assert.equal(answered(100), 50)
  assert.equal(subject.waitSeconds('10.0.0.1', 10), 1)
  assert.equal(answered(100, '10.0.0.2'), 50, 'another one is not touched')
  clock.at += 1000
  assert.equal(answered(100), 10)
  clock.at += 1e9
  assert.equal(answered(100), 50, 'never more than that')
})

test('without a limit nothing is counted, and a flood of addresses does not fill the memory', () => {
  const { answered, subject } = limit()
  assert.equal(answered(1000, '10.0.0.1', 0), 1000)
  assert.equal(answered(50, 'first'), 50)
  for (let address = 0; address < 10_000; address++) subject.waitSeconds(String(address), 10)
  assert.equal(answered(50, 'first'), 50, 'the oldest was forgotten')
})
