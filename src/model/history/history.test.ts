import assert from 'node:assert/strict'
import { test } from 'node:test'
import { key, primary, replica, status } from './example-servers.ts'
import { markOf, summaryOf, thinned } from './marks.ts'
import { nameAt, namesAround, namesOver, successionsBetween } from './names.ts'
import type { PastServer } from './past-server.ts'
import { changesBetween, type Picture, pictureOf } from './picture.ts'
import { pictureAfter, replayed } from './replay.ts'
import { mayPass } from './settling.ts'
import { toldBetween } from './told.ts'

const before = pictureOf([primary('a'), replica('b', 'a'), replica('c', 'a'), replica('d', 'a')])
/** `a` died and stands alone, `b` took its place, `d` was forgotten, `e` is new. */
const after = pictureOf([
  primary('a', { statuses: [status('unreachable')] }), primary('b'), replica('c', 'b'), replica('e', 'b'),
])

const saysOf = (told: ReturnType<typeof toldBetween>): readonly string[] => told.map(({ kind, servers, from, to }) => `${kind} ${servers.join(' ')}: ${from} → ${to}`)

test('the changes between two pictures lead from the one to the other', () => {
  const rows = [{ span: 1, at: 1, body: { servers: [...before.values()] } }, { span: 1, at: 2, body: { changes: changesBetween(before, after) } }]
  const reached = pictureAfter(rows)
  assert.deepEqual([...reached.keys()].toSorted(), [...after.keys()].toSorted())
  assert.deepEqual(changesBetween(reached, after), [])
  assert.deepEqual(changesBetween(after, after), [])
})

test('only what differs is kept of a server that was there before', () => {
  const [change] = changesBetween(pictureOf([replica('b', 'a')]), pictureOf([replica('b', 'a', { source: key('c'), readOnly: false })]))
  assert.deepEqual(change, { of: key('b'), facts: { source: key('c'), readOnly: false } })
})

test('a status whose words alone differ, and the age of a downtime, are no change', () => {
  const down = (text: string): Picture => pictureOf([primary('a', { statuses: [status('unreachable', null, text)], downtime: { owner: 'bob', reason: 'disk', endsAt: 5 } })])
  assert.deepEqual(changesBetween(down('refused'), down('timed out')), [])
  const errors = [1062, 1032].map(number => pictureOf([replica('b', 'a', { statuses: [status('applier-error', number)] })])) as [Picture, Picture]
  assert.equal(changesBetween(...errors).length, 1)
})

test('a failover is told as people see it, the same change of several servers in one line', () => {
  assert.deepEqual(saysOf(toldBetween(before, after, 7)), [
    'came e:3306:  → b:3306', 'went d:3306: a:3306 → ', 'source b:3306: a:3306 → ', 'source c:3306: a:3306 → b:3306', 'role b:3306: replica → primary', 'read-only b:3306: read-only → writable',
    'status a:3306: writable → unreachable', 'status b:3306: replicating → writable', 'cluster b:3306 c:3306: a:3306 → b:3306',
  ])
})

test('every fact that is remembered is told, or another line tells of it', () => {
  const changed: { readonly [Fact in keyof Omit<PastServer, 'key' | 'depth' | 'receiver' | 'applier' | 'isDetached'>]: PastServer[Fact] } = {
    alias: 'x', clusterName: 'x', clusterAlias: 'x', role: 'x', source: key('x'), statuses: [status('stopped')], version: 'x', flavour: 'x', readOnly: false, superReadOnly: true, logBin: false,
    logReplicaUpdates: false, binlogFormat: 'x', gtid: 'none', delaySeconds: 9, hasFilters: true, channels: 3, semiSync: { sourceEnabled: true, replicaEnabled: false, clients: 2, waitFor: 1 }, dataCenter: 'x',
    promotionRule: 'must', downtime: { owner: 'o', reason: 'r', endsAt: 1 }, maintenance: { owner: 'o', reason: 'r' }, group: { name: 'g', isSinglePrimary: true },
  }
  for (const [fact, value] of Object.entries(changed)) {
    const [was, is] = [replica('b', 'a'), replica('b', 'a', { [fact]: value })]
    const told = toldBetween(pictureOf([was]), pictureOf([is]), 0)
    // A version of another flavour has another text.
    assert.equal(told.length, fact === 'flavour' ? 0 : 1, fact)
  }
})

test('lag and missed checks may pass; an error, a stopped thread and a moved replica do not', () => {
  const well = replica('b', 'a')
  const now = (...statuses: PastServer['statuses']): PastServer => replica('b', 'a', { statuses })
  assert.ok(mayPass(well, now(status('lag'))))
  assert.ok(mayPass(well, now(status('not-checked'))))
  assert.ok(mayPass(now(status('lag'), status('errant-gtid')), now(status('errant-gtid'), status('replicating'))))
  assert.ok(!mayPass(well, now(status('applier-error', 1062))))
  assert.ok(!mayPass(well, now(status('stopped'))))
  assert.ok(!mayPass(well, now(status('lag'), status('errant-gtid'))))
  assert.ok(!mayPass(well, replica('b', 'a', { statuses: [status('lag')], source: key('c') })))
})

test('a cluster keeps its history when its primary, and with it its name, changes; a server that only moved in brings none', () => {
  assert.deepEqual(successionsBetween(before, after, 7), [{ at: 7, from: key('a'), to: key('b') }])
  const moved = pictureOf([primary('a'), replica('b', 'a'), replica('c', 'x'), primary('x')])
  assert.deepEqual(successionsBetween(pictureOf([primary('a'), replica('b', 'a'), replica('c', 'a'), primary('x')]), moved, 8), [])
  const names = namesOver(key('c'), [{ at: 7, from: key('a'), to: key('b') }, { at: 9, from: key('b'), to: key('c') }, { at: 9, from: 'other', to: 'elsewhere' }])
  assert.deepEqual([6, 7, 8, 9, 99].map(at => nameAt(names, at)), ['a', 'b', 'b', 'c', 'c'].map(key))
  assert.deepEqual(namesAround(names, 9), new Set([key('c'), key('b')]))
  assert.deepEqual([6, 99].map(at => nameAt(namesOver(key('a'), [{ at: 7, from: key('a'), to: key('b') }]), at)), [key('a'), key('a')], 'the former primary, alone, is still what it was')
})

test('replaying tells each change at its time, of one cluster if it is asked for, and what nobody saw happening', () => {
  const other = primary('z')
  const moved = replica('c', 'b')
  const rows = [
    { span: 1, at: 10, body: { changes: [{ of: key('c'), facts: { source: key('b') } }] } },
    { span: 1, at: 20, body: { changes: [{ of: key('z'), facts: { readOnly: true } }] } },
    { span: 2, at: 30, body: { servers: [primary('a'), replica('b', 'a'), moved, other] } },
    { span: 1, at: 31, body: { changes: [{ went: key('b') }] } },
  ]
  const told = replayed(pictureOf([primary('a'), replica('b', 'a'), replica('c', 'a'), other]), 1, rows, namesOver(key('a'), []))
  assert.deepEqual(told.map(({ at, kind, servers, isUnseen }) => [at, kind, servers.join(), isUnseen]), [[10, 'source', key('c'), false], [30, 'cluster', key('c'), true]])
  const all = replayed(pictureOf([primary('a'), replica('b', 'a'), replica('c', 'a'), other]), 1, rows, null)
  assert.deepEqual(all.map(({ at, kind, servers }) => `${at} ${kind} ${servers.join()}`), ['10 source c:3306', '20 read-only z:3306', '30 read-only z:3306', '30 cluster c:3306'])
})

test('a mark says when, how much, of which kinds, and whether a server failed, for each cluster', () => {
  const summary = summaryOf(before, after)
  assert.deepEqual(Object.keys(summary).toSorted(), [key('a'), key('b')])
  assert.equal(summary[key('a')]?.isFailure, true)
  assert.equal(summary[key('b')]?.isFailure, false, 'the one that failed is not in it')
  assert.equal(markOf(7, summary, name => name === 'nowhere'), null)
  const mark = markOf(7, summary, name => name === key('a'))
  assert.deepEqual([mark?.at, mark?.isFailure, mark?.kinds.includes('source')], [7, true, true])
})

test('marks that are too many become fewer, and no change is lost', () => {
  const marks = Array.from({ length: 1000 }, (_, at) => ({ at, until: at, changes: 2, kinds: ['source' as const], isFailure: at === 500 }))
  const fewer = thinned(marks, 50)
  assert.equal(fewer.length, 50)
  assert.equal(fewer.reduce((sum, { changes }) => sum + changes, 0), 2000)
  assert.equal(fewer.filter(({ isFailure }) => isFailure).length, 1)
  assert.deepEqual([fewer[0]?.at, fewer.at(-1)?.until], [0, 999])
  assert.equal(thinned(marks, 1000), marks)
})
