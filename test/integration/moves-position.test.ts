import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../harness/recorded/api.ts'
import { MovesRig } from './moves-rig.ts'

test('without GTID a replica moves up, below its sibling and to its source anew, by file and position, under a writer that loses nothing', async () => {
  await using rig = await MovesRig.start({ one: 'primary', two: 'primary', sub: 'two' }, 28_040, { options: ['--gtid-mode=OFF', '--enforce-gtid-consistency=OFF'] }, { gtid: false })
  const { key, path } = { key: rig.key.bind(rig), path: rig.path.bind(rig) }
  await until(() => Promise.resolve(rig.writer.acknowledged.length), count => count > 50)
  const up = await rig.act('move-up', { instance: key('sub') }, `move-up/${path('sub')}`)
  assert.deepEqual([up.answer.Code, up.answer.Message, up.plan.method], ['OK', `Instance ${key('sub')} moved up`, 'position'])
  assert.deepEqual(await rig.tree(), { primary: 'nobody', one: 'primary', two: 'primary', sub: 'primary' })
  // The smart relocation takes the same way, and says so.
  const below = await rig.act('relocate', { instance: key('sub'), destination: key('one') }, `relocate/${path('sub')}/${path('one')}`)
  assert.deepEqual([below.answer.Code, below.answer.Message, below.plan.method], ['OK', `Instance ${key('sub')} relocated below ${key('one')}`, 'position'])
  assert.deepEqual(await rig.tree(), { primary: 'nobody', one: 'primary', two: 'primary', sub: 'one' })
  const again = await rig.act('repoint', { instance: key('sub') }, `repoint/${path('sub')}/${path('one')}`)
  assert.equal(again.answer.Message, `Instance ${key('sub')} repointed below ${key('one')}`)
  const across = await rig.api.former(`relocate/${path('sub')}/${path('two')}`)
  assert.match(across.Message, /turns to be too complex; please do it manually$/)
  for (const name of ['one', 'two', 'sub']) await rig.sandbox.untilReplicating(name)
  await rig.nothingIsMissing()
  const sums = await Promise.all(rig.sandbox.servers.map(server => server.row('CHECKSUM TABLE drill.rows_written')))
  assert.equal(new Set(sums.map(row => String(row['Checksum']))).size, 1, 'every server has the same rows')
})
