import assert from 'node:assert/strict'
import { Socket } from 'node:net'
import { test } from 'node:test'
import { fromOf, givenId, shownPath } from './requested.ts'

test('tokens and codes of a query are not shown', () => {
  assert.equal(shownPath('/web/access-token?publicToken=abc&x=1'), '/web/access-token?publicToken=***&x=1')
  assert.equal(shownPath('/web/signed-in?code=a&state=b'), '/web/signed-in?code=***&state=***')
  assert.equal(shownPath('/api/search?s=a%20b'), '/api/search?s=a%20b')
})

test('who asked is what a proxy in front says, or the other end of the connection', () => {
  const socket = new Socket()
  assert.equal(fromOf({ headers: { 'x-real-ip': '10.0.0.9', 'x-forwarded-for': '10.0.0.8' }, socket }), '10.0.0.9')
  assert.equal(fromOf({ headers: { 'x-forwarded-for': '10.0.0.8, 10.0.0.7' }, socket }), '10.0.0.8, 10.0.0.7')
  assert.equal(fromOf({ headers: { 'x-real-ip': 'x'.repeat(5000) }, socket }).length, 200)
  assert.equal(fromOf({ headers: {}, socket }), ':')
})

test('an id that the request brings is kept when it is a plain one', () => {
  assert.equal(givenId({ headers: { 'x-request-id': 'trace-1.2:3_4' } }), 'trace-1.2:3_4')
  for (const wrong of ['', 'a b', 'a\tb', '<x>', 'x'.repeat(65)]) assert.equal(givenId({ headers: { 'x-request-id': wrong } }), null, wrong)
  assert.equal(givenId({ headers: {} }), null)
})
