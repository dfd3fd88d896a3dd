import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shownHeaders } from './headers-route.ts'

test('headers are told by their usual spelling, each as a list', () => {
  assert.deepEqual(shownHeaders({ 'user-agent': 'curl/8', accept: '*/*', 'set-cookie': ['a', 'b'] }, []), { 'User-Agent': ['curl/8'], Accept: ['*/*'], 'Set-Cookie': ['a', 'b'] })
})

test('what lets somebody in is hidden, and so is the header by which a proxy names the user', () => {
  const shown = shownHeaders({ authorization: 'Basic eDp5', cookie: 'access-token=abc', 'proxy-authorization': 'Basic z', 'x-forwarded-user': 'dba', host: 'orc' }, ['X-Forwarded-User', ''])
  assert.deepEqual(shown, {
    Authorization: ['********'], Cookie: ['********'], 'Proxy-Authorization': ['********'], 'X-Forwarded-User': ['********'], Host: ['orc'],
  })
})
