import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LiveEvent } from '../../contract/views.ts'
import { EventLog, eventText } from './event-log.ts'

const audit = (message: string): LiveEvent => ({ event: 'audit', data: { at: 1, kind: 'k', server: null, message } })

test('an event is sent with its id, its kind and one line of data', () => {
  assert.equal(eventText(audit('a\nb'), 7), 'id: 7\nevent: audit\ndata: {"at":1,"kind":"k","server":null,"message":"a\\nb"}\n\n')
})

test('who was away for a moment gets exactly what came after', () => {
  const log = new EventLog(100)
  const texts = ['a', 'b', 'c'].map(message => log.append(audit(message)))
  assert.deepEqual(log.since(101), texts.slice(1))
  assert.deepEqual(log.since(100), texts)
  assert.deepEqual(log.since(103), [])
})

test('who was away too long, or comes from another process, is told that there is a gap', () => {
  const log = new EventLog(100)
  for (let index = 0; index < 2500; index++) log.append(audit(String(index)))
  assert.equal(log.since(150), null)
  assert.equal(log.since(99), null)
  assert.equal(log.since(log.lastId + 1), null)
  assert.equal(log.since(log.lastId - 10)?.length, 10)
})

test('after a rest nobody can resume', () => {
  const log = new EventLog(100)
  log.append(audit('a'))
  const before = log.lastId
  log.clear()
  assert.equal(log.since(before), null)
  assert.deepEqual(log.since(log.lastId), [])
})
