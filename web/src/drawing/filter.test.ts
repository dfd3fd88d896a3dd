import assert from 'node:assert/strict'
import { test } from 'node:test'
import { server } from './example-servers.ts'
import { matches, wordsOf } from './filter.ts'

const backup = server('db7', 'db1', 'lag', { dataCenter: 'EU West', tags: ['role=backup', 'vip'], pools: ['Reads'] })
const stopped = server('db8', 'db1', 'stopped', { dataCenter: 'us' })

test('a tag is found by its name, and by name and value; a pool by its name', () => {
  for (const query of ['tag:role', 'tag:role=backup', 'tag:vip', 'pool:reads', 'tag:vip pool:reads']) assert.ok(matches(backup, query), query)
  for (const query of ['tag:rol', 'tag:role=web', 'pool:read', 'tag:vip pool:writes']) assert.ok(!matches(backup, query), query)
})

test('of several values one must hold, of several words each', () => {
  assert.ok(matches(backup, 'status:stopped,lag'))
  assert.ok(matches(stopped, 'status:stopped,lag'))
  assert.ok(!matches(stopped, 'status:stopped,lag dc:eu'))
  assert.ok(!matches(stopped, 'status:lag'))
})

test('a value in quotes may hold spaces', () => {
  assert.deepEqual(wordsOf(' dc:"eu west",us  db7 '), ['dc:"eu west",us', 'db7'])
  assert.ok(matches(backup, 'dc:"eu west",us'))
  assert.ok(matches(stopped, 'dc:"eu west",us'))
  assert.ok(!matches(server('db9', null, 'writable', { dataCenter: 'eu north' }), 'dc:"eu west"'))
})

test('how grave it is counts those that are not downtimed, as the counts do', () => {
  const broken = server('db9', 'db1', 'applier-error')
  assert.ok(matches(broken, 'status:critical'))
  assert.ok(!matches(broken, 'status:warning'))
  assert.ok(!matches({ ...broken, downtime: { owner: 'bob', reason: '', endsAt: 0 } }, 'status:critical'))
  assert.ok(matches({ ...broken, downtime: { owner: 'bob', reason: '', endsAt: 0 } }, 'status:trouble'))
})

test('a name with a port is no word with a value', () => {
  assert.ok(matches(backup, 'db7:3306'))
  assert.ok(!matches(backup, 'db7:3307'))
})

test('a lag that is not known is neither more nor less than any', () => {
  const link = backup.replication
  assert.ok(link !== null)
  const unknown = { ...backup, replication: { ...link, lagSeconds: null } }
  assert.ok(!matches(unknown, 'lag>0') && !matches(unknown, 'lag<=1000'))
  assert.ok(matches({ ...backup, replication: { ...link, lagSeconds: 61 } }, 'lag>60'))
})
