import assert from 'node:assert/strict'
import { test } from 'node:test'
import { server } from './example-servers.ts'
import { matches } from './filter.ts'
import { commonPort, commonSuffix, shortenMiddle, shortName } from './short-name.ts'

test('the suffix that all hosts share is found at a dot', () => {
  assert.equal(commonSuffix(['db140.eu.example.com', 'db141.eu.example.com']), '.eu.example.com')
  assert.equal(commonSuffix(['db140', 'db141']), '')
  assert.equal(commonSuffix(['127.0.0.1', '127.0.0.1']), '')
})

test('names of 64 characters that differ in their last digits stay different when shortened', () => {
  const name = (end: string): string => `${'very-long-name-of-a-database-host'.padEnd(61, 'x')}${end}`
  assert.notEqual(shortenMiddle(name('101'), 26), shortenMiddle(name('102'), 26))
  assert.equal(shortenMiddle(name('101'), 26).length, 26)
})

test('a port is left out only when all servers have it', () => {
  assert.equal(shortName('db1.example:3306', '.example', '3306'), 'db1')
  assert.equal(shortName('db1.example:3307', '.example', '3306'), 'db1:3307')
  assert.equal(commonPort(['a:1', 'b:2']), null)
})

test('filters compare what is known, and an unknown lag matches no number', () => {
  const slow = server('db9', 'db1', 'lag')
  const lagging = { ...slow, replication: slow.replication === null ? null : { ...slow.replication, lagSeconds: 90 } }
  const unknown = { ...slow, replication: slow.replication === null ? null : { ...slow.replication, lagSeconds: null } }
  assert.equal(matches(lagging, 'lag>60'), true)
  assert.equal(matches(unknown, 'lag>60'), false)
  assert.equal(matches(unknown, 'lag<60'), false)
  assert.equal(matches(lagging, 'db9 status:lag'), true)
  assert.equal(matches(lagging, 'db9 status:stopped'), false)
})
