import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shop } from './example-servers.ts'
import { keepLooks } from './looks.ts'

const [first] = shop
assert.ok(first)

test('servers of which only what ticks has changed stay the same values, and so does their list', () => {
  const polled = shop.map(server => ({ ...server, lastSeenAt: 1, executedGtidSet: 'x:1-9', replication: server.replication === null ? null : { ...server.replication, executed: 'binlog.2:4' } }))
  assert.equal(keepLooks(shop, polled), shop)
})

test('a server that looks otherwise is the new value, and the others stay', () => {
  const now = shop.map((server, place) => (place === 1 ? { ...server, readOnly: !server.readOnly } : { ...server, uptimeSeconds: 5 }))
  const kept = keepLooks(shop, now)
  assert.deepEqual(kept.map((server, place) => server === shop[place]), shop.map((_, place) => place !== 1))
  assert.equal(kept[1], now[1])
})

test('a server that came or went changes the list', () => {
  assert.deepEqual(keepLooks(shop, shop.slice(1)), shop.slice(1))
  assert.equal(keepLooks(shop.slice(1), shop).length, shop.length)
})
