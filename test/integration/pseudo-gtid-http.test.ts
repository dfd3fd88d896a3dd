import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../harness/recorded/api.ts'
import { MovesRig } from './moves-rig.ts'

test('with AutoPseudoGTID a service without GTID writes its statements, matches by routes and commands, answers questions about logs, and loses nothing', async () => {
  await using rig = await MovesRig.start(
    { one: 'primary', two: 'primary', sub: 'two' }, 21_040, { options: ['--gtid-mode=OFF', '--enforce-gtid-consistency=OFF'] }, { gtid: false }, { AutoPseudoGTID: true, InstancePollSeconds: 1 },
  )
  const { key, path } = { key: rig.key.bind(rig), path: rig.path.bind(rig) }
  const unset = await rig.api.former(`last-pseudo-gtid/${path('primary')}`)
  assert.deepEqual([unset.Code, unset.Message], ['ERROR', `Cannot find pseudo GTID entry in binlogs of ${key('primary')}`], 'the account may not write any yet')
  await rig.sandbox.server('primary').sql("GRANT DROP ON `_pseudo_gtid_`.* TO 'orchestrator'@'%'")
  await until(() => rig.api.get<{ readonly UsingPseudoGTID: boolean }>(`/api/instance/${path('sub')}`), server => server.UsingPseudoGTID, 25_000)

  const below = await rig.act('match', { instance: key('sub'), destination: key('one') }, `match/${path('sub')}/${path('one')}`)
  assert.equal(below.answer.Code, 'OK', below.answer.Message)
  assert.match(below.answer.Message, new RegExp(`^Instance ${key('sub')} matched below ${key('one')} at binlog\\.\\d{6}:\\d+$`))
  assert.equal(below.plan.method, 'pseudo-gtid')
  assert.deepEqual(await rig.tree(), { primary: 'nobody', one: 'primary', two: 'primary', sub: 'one' })
  const up = await rig.act('match-up', { instance: key('sub') }, `match-up/${path('sub')}`)
  assert.match(up.answer.Message, new RegExp(`^Instance ${key('sub')} matched up at binlog\\.\\d{6}:\\d+$`))
  const all = await rig.act('match-replicas', { instance: key('primary'), destination: key('two') }, `match-slaves/${path('primary')}/${path('two')}`)
  assert.deepEqual([all.answer.Code, all.answer.Message], ['OK', `Matched 2 replicas of ${key('primary')} below ${key('two')}; 0 errors: []`])
  assert.deepEqual(await rig.tree(), { primary: 'nobody', one: 'two', two: 'primary', sub: 'two' })
  const above = await rig.act('match-up-replicas', { instance: key('two'), pattern: key('sub') }, `match-up-replicas/${path('two')}?pattern=${encodeURIComponent(key('sub'))}`)
  assert.equal(above.answer.Message, `Matched up 1 replicas of ${key('two')} below ${key('primary')}; 0 errors: []`)
  assert.deepEqual(await rig.tree(), { primary: 'nobody', one: 'two', two: 'primary', sub: 'primary' })

  // Its relay logs began anew when it moved: they hold a statement once the next one has come.
  const lastOf = async (): Promise<string> => JSON.stringify(await rig.api.former(`last-pseudo-gtid/${path('sub')}`))
  const before = await lastOf()
  await until(lastOf, now => now !== before, 25_000)
  assert.equal(rig.command(['-c', 'match', '-i', key('sub'), '-d', key('one'), '--skip-binlog-search']), `${key('sub')}<${key('one')}\n`)
  const last = rig.command(['-c', 'last-pseudo-gtid', '-i', key('sub')])
  const [, at = '', text = ''] = /^(binlog\.\d{6}:\d+):(drop view if exists `_pseudo_gtid_`\.`_asc:.{34}`)\n$/s.exec(last) ?? []
  assert.notEqual(text, '', last)
  const asked = async (name: string, input: Readonly<Record<string, string>>): Promise<unknown> => (await rig.api.post(`/api/v2/operations/${name}`, { input, wait: true })).body
  const placeOf = (answer: unknown): string => /"at":"([^"]+)"/.exec(JSON.stringify(answer))?.[1] ?? JSON.stringify(answer)
  assert.equal(placeOf(await asked('find-binlog-entry', { instance: key('sub'), pattern: text })), at)
  const onPrimary = placeOf(await asked('find-binlog-entry', { instance: key('primary'), pattern: text }))
  assert.equal(placeOf(await asked('correlate-binlog-pos', { instance: key('sub'), destination: key('primary'), position: at })), onPrimary, 'found by its place and by its text')
  assert.match(placeOf(await asked('correlate-binlog-pos', { instance: key('sub'), destination: key('primary'), position: 'nowhere' })), /file:position is expected/)
  assert.match(JSON.stringify(await asked('correlate-relaylog-pos', { instance: key('sub'), destination: key('one') })), /requires sibling instances/)
  await asked('match', { instance: key('sub'), destination: key('two') })
  // Its relay logs began anew here, too: what it has applied of them can be found once it has applied something.
  const places = await until(() => asked('correlate-relaylog-pos', { instance: key('sub'), destination: key('one') }), answer => !JSON.stringify(answer).includes('no-such-relay-event'), 25_000)
  assert.match(JSON.stringify(places), /"own":"relay\.\d{6}:\d+","found":"relay\.\d{6}:\d+","next":"relay\.\d{6}:\d+"/)
  assert.match(rig.command(['-c', 'last-executed-relay-entry', '-i', key('sub')]), /^\{Coordinates:relay\.\d{6}:\d+ NextEventPos:\d+ EventType:\w+ Info:.*\}:\d+\n$/s)
  for (const name of ['one', 'two', 'sub']) await rig.sandbox.untilReplicating(name)
  await rig.nothingIsMissing()
  const sums = await Promise.all(rig.sandbox.servers.map(server => server.row('CHECKSUM TABLE drill.rows_written')))
  assert.equal(new Set(sums.map(row => String(row['Checksum']))).size, 1, 'every server has the same rows')
})
