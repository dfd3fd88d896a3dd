import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instanceKey } from '../../../model/topology/instance-key.ts'
import { Rows } from '../driver/rows.ts'
import { isPlainSelect } from './batch.ts'
import { patternPart } from './detect.ts'
import { readGroup } from './group-members.ts'
import { readConnected, readListing } from './replica-listing.ts'
import { learnSemiSync, readAcknowledgers } from './semi-sync.ts'

const members = (singlePrimary: number, ownState = 'ONLINE'): Rows => new Rows(
  ['MEMBER_ID', 'MEMBER_HOST', 'MEMBER_PORT', 'MEMBER_STATE', 'MEMBER_ROLE', 'group_name', 'single_primary'],
  [
    ['u1', 'db1', 3306, 'ONLINE', 'PRIMARY', 'g', singlePrimary],
    ['u2', 'db2', 3307, ownState, 'SECONDARY', 'g', singlePrimary],
    ['u3', 'db3', 3306, 'RECOVERING', 'SECONDARY', 'g', singlePrimary],
  ],
)

test('a member of a group knows its role, the others and the primary', () => {
  assert.deepEqual(readGroup(members(1), 'u2'), {
    name: 'g', isSinglePrimary: true, memberState: 'ONLINE', memberRole: 'SECONDARY', primary: instanceKey('db1', 3306),
    members: [instanceKey('db1', 3306), instanceKey('db3', 3306)],
  })
})

test('a group with several primaries, and a server in no group, are no group', () => {
  assert.equal(readGroup(members(0), 'u2'), null)
  assert.equal(readGroup(members(1), 'stranger'), null)
})

test('a listed replica of an ignored user is left out but counts as listed', () => {
  const rows = new Rows(['Server_Id', 'Host', 'User', 'Port'], [[1, 'db2', 'backup', 3306]])
  assert.deepEqual(readListing(rows, user => user === 'backup'), { replicas: [], works: true })
  assert.deepEqual(readListing(new Rows([], []), () => false), { replicas: [], works: false })
})

test('the process list gives each host once, with the port of the source', () => {
  const rows = new Rows(['user', 'replica_host'], [['repl', 'db3'], ['repl', 'db2'], ['repl', 'db3'], ['backup', 'db9'], ['repl', '']])
  assert.deepEqual(readConnected(rows, 3310, user => user === 'backup'), [instanceKey('db2', 3310), instanceKey('db3', 3310)])
})

test('which semi-sync plugin is there is learnt from names alone', () => {
  const learnt = (...names: string[]): unknown => {
    const found = learnSemiSync(new Set(names))
    return found && [found.names.newNames, found.hasSource, found.hasReplica, found.hasWaitCount]
  }
  assert.equal(learnt('rpl_read_size'), null)
  assert.deepEqual(learnt('rpl_semi_sync_master_enabled', 'rpl_semi_sync_master_wait_for_slave_count'), [false, true, false, true])
  assert.deepEqual(learnt('rpl_semi_sync_replica_enabled'), [true, false, true, false])
  assert.deepEqual(learnt('rpl_semi_sync_master_enabled', 'rpl_semi_sync_slave_enabled'), [false, true, true, false])
})

test('only a query of one SELECT shares a round trip with others', () => {
  const queries = ['select 1', '  SELECT 1;', '/* lag */ select 1', 'call lag()', 'select 1; select 2', '']
  assert.deepEqual(queries.map(isPlainSelect), [true, true, true, false, false, false])
})

test('a pattern of host names gives its first group, or nothing', () => {
  assert.deepEqual([patternPart('^([a-z]+)-', 'dc1-db1'), patternPart('^([a-z0-9]+)-', 'dc1-db1'), patternPart('(', 'x'), patternPart('', 'x')], ['', 'dc1', '', ''])
})

test('who acknowledges is named by UUID, exactly or as all that are registered; where one has none nobody is named, and all are counted', () => {
  const said = (...rows: readonly (readonly [string, number])[]): Rows => new Rows(['acknowledger', 'is_uuid'], rows)
  const registered = (name: string, ...uuids: readonly string[]): Rows => new Rows(['Server_Id', name], uuids.map((uuid, index) => [index, uuid]))
  assert.deepEqual(readAcknowledgers(said(['U2', 1], ['u3', 1]), registered('Replica_UUID', 'u4')), { count: 2, named: { uuids: ['u2', 'u3'], exact: true } })
  assert.deepEqual(readAcknowledgers(said(['u2', 1], ['77', 0]), null), { count: 2, named: null })
  for (const name of ['Replica_UUID', 'Slave_UUID']) assert.deepEqual(readAcknowledgers(null, registered(name, 'u2', 'u3')), { count: 2, named: { uuids: ['u2', 'u3'], exact: false } })
  assert.deepEqual(readAcknowledgers(null, registered('Replica_UUID', 'u2', '')), { count: 2, named: null })
  assert.equal(readAcknowledgers(null, null), null)
})
