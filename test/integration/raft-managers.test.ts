import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GroupView } from '../../src/contract/raft.ts'
import type { Envelope } from '../harness/recorded/api.ts'
import { until } from '../harness/recorded/api.ts'
import { Managers } from '../harness/raft/managers.ts'

const isBuilt = process.env['RAFT_MANAGERS_UNBUILT'] === undefined
const others = (managers: Managers, number: number): readonly number[] => [...managers.running.keys()].filter(other => other !== number)

test('three managers agree on one leader and remember alike through the loss of the leader, of one disk, of a majority and of all', async () => {
  await using managers = await Managers.start({}, isBuilt)
  const first = await managers.all()
  const [follower = -1] = others(managers, first.number)
  // A change that is asked of a follower is made by the leader, and known by all.
  for (const path of ['begin-downtime/10.9.9.9/3306/dba/work/1h', 'tag/10.9.9.9/3306?tag=role=spare', 'disable-global-recoveries']) await managers.change(follower, path)
  await managers.onAll<Envelope>('/api/check-global-recoveries', ({ Details }) => Details === 'disabled')

  await managers.kill(first.number)
  const second = await managers.leader()
  assert.notEqual(second.number, first.number)
  await managers.change(second.number, 'enable-global-recoveries')
  await managers.onAll<Envelope>('/api/check-global-recoveries', ({ Details }) => Details === 'enabled')

  // With an empty disk and an empty database it is taken in, and knows everything.
  managers.wipe(first.number)
  await managers.start(first.number)
  await managers.all()
  await managers.onAll<Envelope>('/api/check-global-recoveries', ({ Details }) => Details === 'enabled')

  // One that is alone leads nothing, changes nothing and says so.
  const leader = await managers.leader()
  const [one = -1, two = -1] = others(managers, leader.number)
  await managers.kill(one)
  await managers.kill(two)
  const view = await until(() => leader.api.get<GroupView>('/api/v2/group'), ({ leader: known }) => known === null, 15_000)
  assert.deepEqual([view.isPartOfQuorum, view.says.code], [false, 'raft-no-leader'])
  assert.deepEqual([...(await managers.leaderChecks()).values()], [404])
  assert.equal((await leader.api.former('disable-global-recoveries')).Code, 'ERROR')
  assert.equal((await leader.api.former('check-global-recoveries')).Details, 'enabled')

  await managers.kill(leader.number)
  await Promise.all([0, 1, 2].map(number => managers.start(number)))
  const again = await managers.all()
  await managers.onAll<Envelope>('/api/check-global-recoveries', ({ Details }) => Details === 'enabled')
  await managers.onAll<readonly string[]>('/api/tags/10.9.9.9/3306', tags => tags.includes('role=spare'))

  // Whoever is told to end lets another lead first.
  await managers.stop(again.number)
  await managers.leader()
})

test('a leader that stands still is replaced, and knows it with its first answer after it wakes up; a returned one deposes nobody', async () => {
  await using managers = await Managers.start({}, isBuilt)
  const frozen = await managers.all()
  frozen.program.freeze()
  const next = await until(async () => [...await managers.leaderChecks()].filter(([number, status]) => status === 200 && number !== frozen.number), leading => leading.length === 1, 30_000)
  const { term } = await managers.of(next[0]?.[0] ?? -1).api.get<GroupView>('/api/v2/group')
  frozen.program.resume()
  const answers: number[] = []
  const end = performance.now() + 3000
  while (performance.now() < end) answers.push((await managers.leaderChecks()).get(frozen.number) ?? 0)
  assert.ok(answers.includes(404), JSON.stringify(answers))
  assert.ok(!answers.includes(200), 'the one that slept never says that it leads')
  assert.equal((await (await managers.leader()).api.get<GroupView>('/api/v2/group')).term, term)
})
