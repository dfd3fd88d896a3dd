import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../harness/recorded/api.ts'
import { MovesRig } from './moves-rig.ts'

test('many replicas move by GTID under a writer: each server hears what its plan said, and every row arrives', async () => {
  await using rig = await MovesRig.start({ one: 'primary', two: 'primary', three: 'primary', sub: 'two' }, 28_000)
  const { key, path } = { key: rig.key.bind(rig), path: rig.path.bind(rig) }
  await until(() => Promise.resolve(rig.writer.acknowledged.length), count => count > 50)

  // The threads of a replica that was stopped on purpose stay as they are, whoever is moved.
  await rig.sandbox.server('three').sql('STOP REPLICA IO_THREAD')
  const taken = await rig.act('take-siblings', { instance: key('one') }, `take-siblings/${path('one')}`)
  assert.deepEqual([taken.answer.Code, taken.answer.Message], ['OK', `Took 2 siblings of ${key('one')}`])
  assert.deepEqual(await rig.tree(), { primary: 'nobody', one: 'primary', two: 'one', three: 'one', sub: 'two' })
  assert.equal((await rig.sandbox.server('three').row('SHOW REPLICA STATUS'))['Replica_IO_Running'], 'No')
  await rig.sandbox.server('three').sql('START REPLICA IO_THREAD')
  await rig.sandbox.untilReplicating('three')

  const some = await rig.act('relocate-replicas', { instance: key('one'), destination: key('primary'), pattern: key('two') },
    `relocate-replicas/${path('one')}/${path('primary')}?pattern=${encodeURIComponent(key('two'))}`)
  assert.equal(some.answer.Message, `Relocated 1 replicas of ${key('one')} below ${key('primary')}; 0 errors: []`)
  assert.deepEqual((some.answer.Details as { Key: { Port: number } }[]).map(({ Key }) => Key.Port), [rig.sandbox.server('two').port])
  const none = await rig.api.former(`relocate-slaves/${path('one')}/${path('primary')}?pattern=nomatch`)
  assert.deepEqual([none.Message, none.Details], [`Relocated 0 replicas of ${key('one')} below ${key('primary')}; 0 errors: []`, []])

  const up = await rig.act('move-up', { instance: key('three') }, `move-up/${path('three')}`)
  assert.equal(up.answer.Message, `Instance ${key('three')} moved up`)
  const below = await rig.act('move-below', { instance: key('one'), destination: key('two') }, `move-below/${path('one')}/${path('two')}`)
  assert.equal(below.answer.Message, `Instance ${key('one')} moved below ${key('two')}`)
  assert.deepEqual(await rig.tree(), { primary: 'nobody', one: 'two', two: 'primary', three: 'primary', sub: 'two' })

  const upAll = await rig.act('move-up-replicas', { instance: key('two') }, `move-up-slaves/${path('two')}`)
  assert.equal(upAll.answer.Message, `Moved up 2 replicas of ${key('two')} below ${key('two')}; 0 errors: []`)
  const again = await rig.act('repoint', { instance: key('one') }, `repoint/${path('one')}/${path('primary')}`)
  assert.equal(again.answer.Message, `Instance ${key('one')} repointed below ${key('primary')}`)
  const againAll = await rig.act('repoint-replicas', { instance: key('primary') }, `repoint-replicas/${path('primary')}`)
  assert.equal(againAll.answer.Message, `Repointed 4 replicas of ${key('primary')}`)

  const byGtid = await rig.act('move-gtid', { instance: key('sub'), destination: key('three') }, `move-below-gtid/${path('sub')}/${path('three')}`)
  assert.equal(byGtid.answer.Message, `Instance ${key('sub')} moved below ${key('three')} via GTID`)
  const allByGtid = await rig.act('move-replicas-gtid', { instance: key('three'), destination: key('two') }, `move-replicas-gtid/${path('three')}/${path('two')}`)
  assert.equal(allByGtid.answer.Message, `Moved 1 replicas of ${key('three')} below ${key('two')} via GTID; 0 errors: []`)
  assert.deepEqual(allByGtid.answer.Details, { Hostname: '127.0.0.1', Port: rig.sandbox.server('two').port })

  const regrouped = await rig.act('regroup-replicas-gtid', { instance: key('primary') }, `regroup-replicas-gtid/${path('primary')}`)
  assert.match(regrouped.answer.Message, /^promoted replica: 127\.0\.0\.1:\d+, lost: 0, moved: 2$/)
  const candidate = Object.entries(await rig.tree()).find(([, source]) => source === 'primary')?.[0] ?? ''
  assert.equal(regrouped.answer.Message.includes(key(candidate)), true)
  const smart = await rig.act('regroup-replicas', { instance: key(candidate) }, `regroup-slaves/${path(candidate)}`)
  assert.match(smart.answer.Message, /^promoted replica: 127\.0\.0\.1:\d+, lost: 0, trivial: 0, pseudo-gtid: \d$/)

  for (const name of ['one', 'two', 'three', 'sub']) {
    const status = await rig.sandbox.server(name).row('SHOW REPLICA STATUS')
    assert.deepEqual([status['Auto_Position'], status['Replica_IO_Running'], status['Replica_SQL_Running']], [1, 'Yes', 'Yes'], `${name} keeps auto-position and runs`)
  }
  await rig.nothingIsMissing()
})

test('one replica that cannot move stays, is named, and stops nobody else; when none can, it is an error', async () => {
  await using rig = await MovesRig.start({ one: 'primary', two: 'primary', three: 'primary' }, 28_010)
  const { key, path } = { key: rig.key.bind(rig), path: rig.path.bind(rig) }
  await rig.sandbox.server('three').kill()
  await until(() => rig.api.get<{ IsLastCheckValid: boolean }>(`/api/instance/${path('three')}`), ({ IsLastCheckValid }) => !IsLastCheckValid)
  const answer = await rig.api.former(`relocate-replicas/${path('primary')}/${path('one')}`)
  assert.equal(answer.Code, 'OK')
  assert.match(answer.Message, new RegExp(`^Relocated 1 replicas of ${key('primary')} below ${key('one')}; 1 errors: \\[${key('three')} cannot be reached`))
  assert.equal(await rig.sourceOf('two'), 'one')
  const all = await rig.api.former(`relocate-replicas/${path('primary')}/${path('two')}?pattern=${rig.sandbox.server('three').port}`)
  assert.equal(all.Code, 'ERROR')
  assert.match(all.Message, new RegExp(`^Relocating 1 replicas of ${key('primary')} below ${key('two')} turns to be too complex; please do it manually\\. Additional Errors: `))
  const strict = await rig.api.former(`move-replicas-gtid/${path('primary')}/${path('two')}?pattern=${rig.sandbox.server('three').port}`)
  assert.match(strict.Message, /Error on all 1 operations/)
  await rig.sandbox.server('three').start()
  await rig.nothingIsMissing()
})

test('places are changed: with the source, as co-primary, in place of a source and of a dead primary', async () => {
  await using rig = await MovesRig.start({ middle: 'primary', one: 'middle', two: 'middle' }, 28_020)
  const { key, path } = { key: rig.key.bind(rig), path: rig.path.bind(rig) }
  const swapped = await rig.act('take-source', { instance: key('one') }, `take-master/${path('one')}`)
  assert.equal(swapped.answer.Message, `${key('one')} took its master`)
  assert.deepEqual(await rig.tree(), { primary: 'nobody', one: 'primary', middle: 'one', two: 'middle' })
  assert.deepEqual([(await rig.api.former(`enslave-master/${path('primary')}`)).Message], [`${key('primary')} took its master`], 'as the original, without doing anything')

  const local = await rig.act('make-local-primary', { instance: key('two') }, `make-local-master/${path('two')}`)
  assert.equal(local.answer.Message, `Instance ${key('two')} now made local master`)
  assert.deepEqual(await rig.tree(), { primary: 'nobody', one: 'primary', middle: 'one', two: 'one' })
  const withSibling = await rig.act('make-local-primary', { instance: key('middle') }, `make-local-master/${path('middle')}`)
  assert.equal(withSibling.answer.Code, 'OK')
  assert.deepEqual(await rig.tree(), { primary: 'nobody', one: 'primary', middle: 'primary', two: 'middle' })

  const paired = await rig.act('make-co-primary', { instance: key('one') }, `make-co-master/${path('one')}`)
  assert.equal(paired.answer.Message, `Instance made co-master: ${key('one')}`)
  assert.deepEqual(await rig.tree(), { primary: 'one', one: 'primary', middle: 'primary', two: 'middle' })
  await rig.sandbox.untilReplicating('primary')
  assert.deepEqual(await rig.sandbox.server('one').row('SELECT @@read_only AS ro'), { ro: 1 })
  assert.deepEqual(await rig.sandbox.server('primary').row('SELECT @@read_only AS ro'), { ro: 0 })
  assert.equal((await rig.api.former(`make-co-master/${path('one')}`)).Message, `instance ${key('one')} is already co master of ${key('primary')}`)
  await rig.nothingIsMissing()

  // The primary dies, and stops being one of a pair first: a promotion beside a source of its own is refused.
  await rig.sandbox.server('primary').sql('STOP REPLICA')
  await rig.sandbox.server('primary').sql('RESET REPLICA ALL')
  await rig.api.former(`discover/${path('primary')}`)
  await rig.sandbox.server('primary').kill()
  await until(() => rig.api.get<{ IsLastCheckValid: boolean }>(`/api/instance/${path('primary')}`), ({ IsLastCheckValid }) => !IsLastCheckValid)
  const made = await rig.act('make-primary', { instance: key('middle') }, `make-master/${path('middle')}`)
  assert.equal(made.answer.Message, `Instance ${key('middle')} now made master`)
  assert.deepEqual(await rig.tree(), { one: 'middle', middle: 'nobody', two: 'middle' })
  assert.deepEqual(await rig.sandbox.server('middle').row('SELECT @@read_only AS ro'), { ro: 0 })
  await rig.sandbox.untilReplicating('one')
})

test('commands print what the recordings print', async () => {
  await using rig = await MovesRig.start({ one: 'primary', two: 'primary' }, 28_030)
  const key = rig.key.bind(rig)
  assert.equal(rig.command(['-c', 'move-below', '-i', key('two'), '-d', key('one')]), `${key('two')}<${key('one')}\n`)
  assert.equal(rig.command(['-c', 'move-up', '-i', key('two')]), `${key('two')}<${key('primary')}\n`)
  assert.equal(rig.command(['-c', 'repoint', '-i', key('two')]), `${key('two')}<${key('primary')}\n`)
  assert.equal(rig.command(['-c', 'repoint-replicas', '-i', key('primary')]), `${key('one')}<${key('primary')}\n${key('two')}<${key('primary')}\n`)
  assert.equal(rig.command(['-c', 'enslave-siblings', '-i', key('one')]), `${key('one')}\n`)
  assert.equal(rig.command(['-c', 'relocate-slaves', '-i', key('one'), '-d', key('primary')]), `${key('two')}\n`)
  assert.equal(rig.command(['-c', 'move-gtid', '-i', key('two'), '-d', key('one')]), `${key('two')}<${key('one')}\n`)
  assert.equal(rig.command(['-c', 'move-up-replicas', '-i', key('one')]), `${key('two')}\n`)
  const [candidate = '', line] = rig.command(['-c', 'regroup-replicas-gtid', '-i', key('primary')]).trim().split('\n')
  assert.equal(line, `${candidate} lost: 0, moved: 1`)
  assert.equal(rig.command(['-c', 'take-master', '-i', candidate === key('one') ? key('two') : key('one')]).trim(), candidate === key('one') ? key('two') : key('one'))
  await rig.nothingIsMissing()
})
