import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../harness/recorded/api.ts'
import { MovesRig } from './moves-rig.ts'

const withoutGtid = { options: ['--gtid-mode=OFF', '--enforce-gtid-consistency=OFF', '--log-bin=other'] }

test('without GTID many move up, take siblings, change places, regroup and become a pair under a writer that loses nothing', async () => {
  await using rig = await MovesRig.start({ two: 'primary', sub: 'two', low: 'two' }, 28_060, withoutGtid, { gtid: false })
  const [key, path] = [rig.key.bind(rig), rig.path.bind(rig)]
  await until(() => Promise.resolve(rig.writer.acknowledged.length), count => count > 50)
  const places = await rig.act('take-source', { instance: key('sub') }, `take-master/${path('sub')}`)
  assert.deepEqual([places.answer.Message, places.plan.method], [`${key('sub')} took its master`, 'position'])
  assert.deepEqual(await rig.tree(), { primary: 'nobody', sub: 'primary', two: 'sub', low: 'two' })
  const up = await rig.act('move-up-replicas', { instance: key('two') }, `move-up-replicas/${path('two')}`)
  assert.match(up.answer.Message, /^Moved up 1 replicas .* 0 errors: \[\]$/)
  assert.deepEqual(await rig.tree(), { primary: 'nobody', sub: 'primary', two: 'sub', low: 'sub' })
  await rig.act('move-up-replicas', { instance: key('sub') }, `move-up-replicas/${path('sub')}`)
  assert.deepEqual(await rig.tree(), { primary: 'nobody', sub: 'primary', two: 'primary', low: 'primary' })
  const regrouped = await rig.act('regroup-replicas', { instance: key('primary') }, `regroup-replicas/${path('primary')}`)
  assert.match(regrouped.answer.Message, /^promoted replica: \S+, lost: 0, trivial: 2, pseudo-gtid: 0$/)
  const tree = await rig.tree()
  const [leader = ''] = ['sub', 'two', 'low'].filter(name => tree[name] === 'primary')
  const [other = '', last = ''] = ['sub', 'two', 'low'].filter(name => name !== leader)
  assert.deepEqual([tree[other], tree[last]], [leader, leader])
  const local = await rig.act('make-local-primary', { instance: key(other) }, `make-local-master/${path(other)}`)
  assert.equal(local.answer.Code, 'OK', local.answer.Message)
  assert.deepEqual(await rig.tree(), { primary: 'nobody', [leader]: 'primary', [other]: 'primary', [last]: other })
  const pair = await rig.act('make-co-primary', { instance: key(other) }, `make-co-master/${path(other)}`)
  assert.equal(pair.answer.Message, `Instance made co-master: ${key(other)}`, JSON.stringify(pair.answer))
  assert.deepEqual([await rig.sourceOf('primary'), await rig.sourceOf(other)], [other, 'primary'])
  for (const name of ['primary', 'sub', 'two', 'low']) await rig.sandbox.untilReplicating(name)
  await rig.nothingIsMissing()
  const sums = await Promise.all(rig.sandbox.servers.map(server => server.row('CHECKSUM TABLE drill.rows_written')))
  assert.equal(new Set(sums.map(row => String(row['Checksum']))).size, 1, 'every server has the same rows')
})
