import assert from 'node:assert/strict'
import { test } from 'node:test'
import { server } from './example-servers.ts'
import { matches } from './filter.ts'
import { valuesIn, withValue, withValues } from './filter-words.ts'

test('a value is asked for once, and is taken out by asking again', () => {
  const both = withValue(withValue('db1 lag>3', 'dc', 'eu'), 'dc', 'us')
  assert.equal(both, 'db1 lag>3 dc:eu,us')
  assert.deepEqual(valuesIn(both, 'dc'), ['eu', 'us'])
  assert.equal(withValue(withValue(both, 'dc', 'EU'), 'dc', 'us'), 'db1 lag>3')
})

test('a value with spaces or commas comes back as it was, and finds what it names', () => {
  const query = withValues('', 'tag', ['owner=A, B', 'vip'])
  assert.deepEqual(valuesIn(query, 'tag'), ['owner=A, B', 'vip'])
  assert.ok(matches(server('a', null, 'writable', { tags: ['owner=A, B'] }), query))
  assert.ok(!matches(server('a', null, 'writable', { tags: ['owner=A'] }), query))
})

test('no values take the word out', () => {
  assert.equal(withValues('status:lag db1', 'status', []), 'db1')
})
