import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../harness/recorded/api.ts'
import { MovesRig } from './moves-rig.ts'

const withoutGtid = { options: ['--gtid-mode=OFF', '--enforce-gtid-consistency=OFF', '--log-bin=other'] }

test('without GTID a dead source is replaced by the one that has read most, and equal positions that a move found out serve the next one', async () => {
  await using rig = await MovesRig.start({ one: 'primary', two: 'primary', three: 'primary' }, 28_070, withoutGtid, { gtid: false })
  const [key, path] = [rig.key.bind(rig), rig.path.bind(rig)]
  await until(() => Promise.resolve(rig.writer.acknowledged.length), count => count > 50)
  await rig.writer.stop()
  const replicas = ['one', 'two', 'three']
  const end = await rig.sandbox.server('primary').row('SHOW BINARY LOG STATUS')
  const file = `${String(end['File'])}:${String(end['Position'])}`
  const place = async (name: string): Promise<string> => {
    const [status] = await rig.sandbox.server(name).sql('SHOW REPLICA STATUS')
    return `${String(status?.['Relay_Source_Log_File'])}:${String(status?.['Exec_Source_Log_Pos'])}`
  }
  for (const name of replicas) await until(() => place(name), at => at === file, 10_000)
  // Where two standing replicas are the same place of their source's log is found out by a move of one, and serves the other.
  assert.match((await rig.api.former(`move-equivalent/${path('three')}/${path('one')}`)).Message, /No equivalent coordinates found for/)
  await rig.api.former(`move-below/${path('two')}/${path('one')}`)
  const known = await rig.api.former(`master-equivalent/${path('primary')}/${file.replace(':', '/')}`)
  assert.equal(known.Message, 'Found 1 equivalent coordinates')
  const moved = await rig.act('move-equivalent', { instance: key('three'), destination: key('one') }, `move-equivalent/${path('three')}/${path('one')}`)
  assert.equal(moved.answer.Message, `Instance ${key('three')} relocated via equivalence coordinates below ${key('one')}`)
  assert.deepEqual([moved.plan.method, moved.plan.methods?.map(({ method, taken }) => [method, taken])], ['equivalence', [['equivalence', true]]])
  for (const name of ['two', 'three']) await rig.api.former(`move-up/${path(name)}`)
  assert.deepEqual(await rig.tree(), { primary: 'nobody', one: 'primary', two: 'primary', three: 'primary' })
  assert.match((await rig.api.former(`master-equivalent/${path('primary')}/binlog.000001/x`)).Message, /Invalid logPos: x$/)
  await rig.sandbox.server('primary').kill()
  await until(() => rig.api.former(`make-master/${path('two')}`), answer => answer.Code === 'OK', 20_000)
  assert.deepEqual(await rig.tree(), { one: 'two', two: 'nobody', three: 'two' })
  await rig.sandbox.server('two').sql('INSERT INTO drill.rows_written SELECT MAX(id) + 1, 0 FROM drill.rows_written')
  for (const name of ['one', 'three']) await rig.sandbox.untilReplicating(name)
  const sum = async (name: string): Promise<string> => String((await rig.sandbox.server(name).row('CHECKSUM TABLE drill.rows_written'))['Checksum'])
  const wanted = await sum('two')
  for (const name of ['one', 'three']) await until(() => sum(name), found => found === wanted, 10_000)
})
