import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeEventParser } from './event-parser.ts'

const whole = 'id: 7\nevent: cluster\ndata: {"a":1}\n\n: comment\nid: 8\nevent: heartbeat\ndata: {}\n\n'

test('messages come out the same however the stream is cut', () => {
  const expected = makeEventParser().feed(whole)
  assert.deepEqual(expected, [
    { id: '7', event: 'cluster', data: '{"a":1}' },
    { id: '8', event: 'heartbeat', data: '{}' },
  ])
  for (let size = 1; size < 9; size++) {
    const parser = makeEventParser()
    const messages = []
    for (let at = 0; at < whole.length; at += size) messages.push(...parser.feed(whole.slice(at, at + size)))
    assert.deepEqual(messages, expected, `pieces of ${size}`)
  }
})

test('data over several lines is joined and line ends of all three kinds are understood', () => {
  assert.deepEqual(makeEventParser().feed('data: a\r\ndata:b\r\rdata: c\n\n'), [
    { id: null, event: 'message', data: 'a\nb' },
    { id: null, event: 'message', data: 'c' },
  ])
})

test('a message without data is not a message', () => {
  assert.deepEqual(makeEventParser().feed('event: nothing\n\n'), [])
})
