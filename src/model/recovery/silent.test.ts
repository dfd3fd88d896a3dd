import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BinlogCoordinates } from '../topology/binlog-coordinates.ts'
import { bareInstance, bareLink } from '../topology/fresh-instance.ts'
import type { Instance } from '../topology/instance.ts'
import { instanceKey } from '../topology/instance-key.ts'
import { isSilent, stillSilent } from './silent.ts'

const now = 1_000_000_000
const place = (position: bigint): BinlogCoordinates => ({ file: 'binlog.000001', position })
const check = (at: number): Instance['check'] => ({ lastAttemptedAt: at, lastCheckedAt: at, lastSeenAt: at, partialSuccess: false, failure: null, latencyMilliseconds: 1 })
const source = (end: bigint, semiSync: Instance['semiSync'] = null): Instance =>
  ({ ...bareInstance(instanceKey('db1', 3306)), binlogCoordinates: place(end), check: check(now), semiSync })
const replica = (name: string, read: bigint, at: number, receiver: 'running' | 'connecting' = 'running'): Instance => {
  const replication = { ...bareLink(instanceKey('db1', 3306)), receiver, applier: 'running' as const, readCoordinates: place(read) }
  return { ...bareInstance(instanceKey(name, 3306)), replication, channels: [replication], check: check(at) }
}

test('a source is silent when it has written more than anybody received, and nothing came to any replica for longer than two looks', () => {
  const begun = stillSilent(null, source(200n), [replica('db2', 100n, now), replica('db3', 100n, now)], now)
  assert.ok(begun)
  const standing = [replica('db2', 100n, now + 2600), replica('db3', 100n, now + 2600)]
  const later = stillSilent(begun, source(200n), standing, now + 2600)
  assert.ok(later)
  assert.equal(isSilent(later, standing, 0), true)
  const half = [replica('db2', 100n, now + 2600), replica('db3', 100n, now + 1000)]
  assert.equal(isSilent(later, half, 0), false, 'one was not read again')
  const moved = [replica('db2', 100n, now + 2600), replica('db3', 120n, now + 2600)]
  const anew = stillSilent(later, source(200n), moved, now + 2600)
  assert.equal(anew?.aheadSince, now + 2600, 'something came: it begins anew')
})

test('an idle source is not silent: there is nothing to be heard', () => {
  assert.equal(stillSilent(null, source(100n), [replica('db2', 100n, now), replica('db3', 80n, now)], now), null, 'one has everything')
  assert.equal(stillSilent(null, source(200n), [replica('db2', 100n, now, 'connecting')], now), null, 'nobody calls itself connected')
})

test('a semi-sync source says by its waiting writes that nobody hears it', () => {
  const semiSync = { sourceActive: true } as Instance['semiSync'] // only what is read here
  const begun = stillSilent(null, source(100n, semiSync), [replica('db2', 100n, now)], now)
  assert.ok(begun)
  assert.equal(isSilent(begun, [replica('db2', 100n, now + 1100)], 2), true)
  assert.equal(isSilent(begun, [replica('db2', 100n, now + 1100)], 0), false, 'idle')
  assert.equal(isSilent(begun, [replica('db2', 100n, now + 500)], 2), false, 'not read again yet')
})
