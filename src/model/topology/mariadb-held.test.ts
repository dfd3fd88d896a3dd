import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bareInstance, bareLink } from './fresh-instance.ts'
import type { Instance, ReplicationLink } from './instance.ts'
import { instanceKey } from './instance-key.ts'
import { mariadbPositionText } from './mariadb-gtid.ts'
import { beyond, hasUnappliedPosition, heldPosition, holdsGtids, lacking, readPosition, startThrowsAway, unappliedPosition } from './mariadb-held.ts'

const at = (position: bigint) => ({ file: 'binlog.000001', position })

function replica(slavePos: string, more: Partial<ReplicationLink>, binlogState = slavePos): Instance {
  const link: ReplicationLink = { ...bareLink(instanceKey('db1', 3306)), gtid: 'mariadb-slave-pos', readCoordinates: at(900n), executedCoordinates: at(900n), ...more }
  return {
    ...bareInstance(instanceKey('db2', 3306)), mariadbGtid: { binlogPos: slavePos, slavePos, currentPos: slavePos, binlogState, strictMode: true }, replication: link, channels: [link],
  }
}

test('what is in the relay log counts as held, and as unapplied', () => {
  const received = replica('0-1-3', { retrievedGtidSet: '0-1-5', readCoordinates: at(1200n) })
  assert.equal(mariadbPositionText(heldPosition(received)), '0-1-5')
  assert.equal(mariadbPositionText(unappliedPosition(received)), '0-1-5')
  assert.equal(hasUnappliedPosition(received), true)
})

test('a received position that outlived its relay log counts for nothing', () => {
  const changed = replica('0-1-3', { retrievedGtidSet: '0-1-5' })
  const unread = replica('0-1-3', { retrievedGtidSet: '0-1-5', readCoordinates: null, executedCoordinates: null })
  for (const instance of [changed, unread]) {
    assert.equal(mariadbPositionText(heldPosition(instance)), '0-1-3')
    assert.equal(hasUnappliedPosition(instance), false)
  }
})

test('a relay log that was taken up again by hand is judged by its GTIDs, whatever the coordinates say', () => {
  const takenUp = replica('0-1-3', { gtid: 'none', retrievedGtidSet: '0-1-5' })
  assert.equal(hasUnappliedPosition(takenUp), true)
  assert.equal(mariadbPositionText(heldPosition(takenUp)), '0-1-5')
})

test('half a transaction counts as not received; without GTIDs the coordinates decide', () => {
  assert.equal(hasUnappliedPosition(replica('0-1-5', { retrievedGtidSet: '0-1-5', readCoordinates: at(1100n) })), false)
  assert.equal(hasUnappliedPosition(replica('0-1-5', { readCoordinates: at(1100n) })), true)
  assert.equal(hasUnappliedPosition(replica('0-1-5', { gtid: 'none', readCoordinates: at(1100n) })), true)
  assert.equal(hasUnappliedPosition(replica('0-1-5', { gtid: 'none' })), false)
})

test('a later number that another server wrote does not prove that a transaction is there', () => {
  const successor = replica('0-1-100', {}, '0-1-100,0-2-113')
  assert.equal(holdsGtids(successor, readPosition('0-1-98')), true)
  assert.equal(holdsGtids(successor, readPosition('0-2-113')), true)
  assert.deepEqual(lacking(successor, readPosition('0-1-105')), { count: 5, text: '0-1-105' })
  assert.deepEqual(lacking(successor, readPosition('7-1-3')), { count: 3, text: '7-1-3' })
})

test('how far one position is beyond another is counted over all domains', () => {
  assert.deepEqual(beyond(readPosition('0-1-5,1-1-9,2-1-1'), readPosition('0-1-3,1-2-9')), { count: 3, text: '0-1-5,2-1-1' })
})

test('starting throws away what was received only where both threads stand and GTID is in use', () => {
  const received = { retrievedGtidSet: '0-1-5', readCoordinates: at(1200n) }
  assert.equal(startThrowsAway(replica('0-1-3', received)), true)
  for (const more of [{ receiver: 'running' }, { applier: 'running' }, { gtid: 'none' }, { retrievedGtidSet: '0-1-3' }] as const) assert.equal(startThrowsAway(replica('0-1-3', { ...received, ...more })), false)
})
