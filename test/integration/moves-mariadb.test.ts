import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../harness/recorded/api.ts'
import { MovesRig } from './moves-rig.ts'

test('on MariaDB replicas, sources and places move by its GTIDs under a writer that loses nothing', async () => {
  await using rig = await MovesRig.start({ one: 'primary', two: 'primary', sub: 'two' }, 28_050, { flavour: 'mariadb' })
  const { key, path } = { key: rig.key.bind(rig), path: rig.path.bind(rig) }
  await until(() => Promise.resolve(rig.writer.acknowledged.length), count => count > 50)
  const taken = await rig.act('take-siblings', { instance: key('one') }, `take-siblings/${path('one')}`)
  assert.deepEqual([taken.answer.Code, taken.answer.Message, taken.plan.method], ['OK', `Took 1 siblings of ${key('one')}`, 'mariadb-gtid'])
  assert.deepEqual(await rig.tree(), { primary: 'nobody', one: 'primary', two: 'one', sub: 'two' })
  const up = await rig.act('move-up', { instance: key('sub') }, `move-up/${path('sub')}`)
  assert.equal(up.answer.Message, `Instance ${key('sub')} moved up`)
  const swapped = await rig.act('take-source', { instance: key('two') }, `take-master/${path('two')}`)
  assert.equal(swapped.answer.Message, `${key('two')} took its master`)
  assert.deepEqual(await rig.tree(), { primary: 'nobody', one: 'two', two: 'primary', sub: 'one' })
  const moved = await rig.act('relocate-replicas', { instance: key('one'), destination: key('primary') }, `relocate-replicas/${path('one')}/${path('primary')}`)
  assert.equal(moved.answer.Message, `Relocated 1 replicas of ${key('one')} below ${key('primary')}; 0 errors: []`)
  // The primary never was a replica: it has no account to connect with, and MariaDB does not tell that of another. That is said before anything is touched.
  const refused = await rig.api.former(`make-co-master/${path('two')}`)
  assert.deepEqual([refused.Code, /has no replication account.*ReplicationCredentialsQuery/.test(refused.Message)], ['ERROR', true], refused.Message)
  assert.deepEqual(await rig.tree(), { primary: 'nobody', one: 'two', two: 'primary', sub: 'primary' })
  for (const name of ['one', 'two', 'sub']) await rig.sandbox.untilReplicating(name)
  await rig.nothingIsMissing()
})
