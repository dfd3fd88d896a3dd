import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseServers } from './parse-servers.ts'

const keys = (text: string): (string | null)[] => parseServers(text).map(server => server.key)

test('a pasted list may have lines, commas and spaces, and each server counts once', () => {
  assert.deepEqual(keys('db140.example:3307\n db201, db202;db201:3306'), ['db140.example:3307', 'db201:3306', 'db202:3306'])
})

test('IPv6 addresses stand in brackets', () => {
  assert.deepEqual(keys('[::1]:3371 [fe80::1]'), ['[::1]:3371', '[fe80::1]:3306'])
})

test('what is no address is kept with no key, so that its line can say so', () => {
  assert.deepEqual(keys('db1:port db1:0 db1:99999 a:b:c user@db1 mysql://db1'), [null, null, null, null, null, null])
})
