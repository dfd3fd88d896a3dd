import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bareInstance, bareLink } from '../../model/topology/fresh-instance.ts'
import type { Instance } from '../../model/topology/instance.ts'
import { instanceKey } from '../../model/topology/instance-key.ts'
import { Topology } from '../../model/topology/topology.ts'
import { AnalysisChangelog } from '../journal/analysis-changelog.ts'
import { factTasks, type FactTaskParts } from './fact-tasks.ts'

const minute = 60_000

function made(settings: Partial<FactTaskParts['settings']> = {}, isLeader = true) {
  const did: string[] = []
  const changes = { last: async () => new Map(), note: async () => {}, changes: async () => [], expire: async (before: number) => (did.push(`changes ${before}`), 0) }
  const state = { newest: null as number | null, news: () => {}, servers: [] as readonly Instance[] }
  const tasks = factTasks({
    store: {
      pools: { list: async () => [], submit: async () => {}, expire: async before => (did.push(`pools ${before / minute}`), 0) },
      hostNames: {
        resolved: async () => [{ host: 'a', name: 'b', at: 1 }], resolve: async () => {}, formerNames: async () => [{ host: 'vip', name: 'db1', at: 1 }], clearResolved: async () => {}, unresolved: async () => [], unresolve: async () => {},
        endUnresolve: async () => true, tidyResolved: async before => (did.push(`names ${before / minute}`), 0),
        expireUnresolved: async before => (did.push(`virtual ${before / minute}`), ['h']),
      },
      snapshots: { take: async at => { did.push(`snapshot ${at / minute}`); state.newest = at }, find: async () => null, newestAt: async () => state.newest },
      analysisChanges: changes,
    },
    changelog: new AnalysisChangelog(changes), settings: { poolExpiryMinutes: 60, resolveExpiryMinutes: 30, snapshotHours: 2, unseenForgetHours: 240, ...settings },
    topology: () => new Topology(1, new Map(state.servers.map(server => [server.key, server]))), findings: () => (did.push('analysed'), []), isLeader: () => isLeader, takeNames: names => void did.push(`took ${names.length}`),
    setVirtualName: (host, name) => void did.push(`virtual name of ${host}: ${name || 'none'}`), sampleQueues: () => void did.push('sampled'),
    resolve: async key => (key === 'old:3306' || key === 'feeding:3306' ? instanceKey('new', 3306) : key), forgetRenamed: async keys => void did.push(`forgot ${keys.join(' ')}`),
    audit: (kind, key) => void did.push(`${kind} ${key}`),
    onNews: listener => void (state.news = listener),
  })
  const run = async (name: string, at: number): Promise<readonly string[]> => {
    did.length = 0
    const task = tasks.find(candidate => candidate.name === name)
    assert.ok(task, `there is no task ${name}`)
    await task.run(at)
    return [...did]
  }
  return { run, state }
}

test('what was submitted for a while goes when its time is over', async () => {
  const { run } = made()
  assert.deepEqual(await run('expiring pools', 100 * minute), ['pools 40'])
  assert.deepEqual(await run('expiring host names', 100 * minute), ['names 40', 'virtual 70', 'virtual name of h: none'])
})

test('who does not lead learns the names that the leader resolved, and drops none', async () => {
  assert.deepEqual(await made({}, false).run('expiring host names', 100 * minute), ['took 1'])
})

test('a snapshot is taken when the newest is old enough, whoever took it', async () => {
  const { run } = made()
  assert.deepEqual(await run('taking a snapshot of the topology', 1000 * minute), ['snapshot 1000'])
  assert.deepEqual(await run('taking a snapshot of the topology', 1119 * minute), [])
  assert.deepEqual(await run('taking a snapshot of the topology', 1120 * minute), ['snapshot 1120'])
})

test('without an interval no snapshot is taken', async () => {
  assert.deepEqual(await made({ snapshotHours: 0 }).run('taking a snapshot of the topology', 1000 * minute), [])
})

test('the analysis is noted when something is new, and now and then', async () => {
  const { run, state } = made()
  const task = 'noting changes of the analysis'
  assert.deepEqual(await run(task, 1_000), ['analysed'])
  assert.deepEqual(await run(task, 2_000), [])
  state.news()
  assert.deepEqual(await run(task, 3_000), ['analysed'])
  assert.deepEqual(await run(task, 12_999), [])
  assert.deepEqual(await run(task, 13_000), ['analysed'])
})

test('a record under a former name goes when its server cannot be read; one that feeds others stays', async () => {
  const { run, state } = made()
  const [old, feeding, fine] = [instanceKey('old', 3306), instanceKey('feeding', 3306), instanceKey('fine', 3306)]
  state.servers = [bareInstance(old), bareInstance(feeding), bareInstance(fine), { ...bareInstance(instanceKey('replica', 3306)), replication: bareLink(feeding) }]
  assert.deepEqual(await run('forgetting former names', 0), ['forgot old:3306'])
  state.servers = []
  assert.deepEqual(await run('forgetting former names', 0), [])
})

test('a source that nobody knows is found by a name that its host once had', async () => {
  const { run, state } = made()
  state.servers = [bareInstance(instanceKey('db1', 3306)), { ...bareInstance(instanceKey('db2', 3306)), replication: bareLink(instanceKey('vip', 3306)) }]
  assert.deepEqual(await run('resolving unknown sources', 5), ['took 1', 'resolve-unknown-masters vip:3306'])
  state.servers = [bareInstance(instanceKey('db1', 3306)), { ...bareInstance(instanceKey('db2', 3307)), replication: bareLink(instanceKey('vip', 3307)) }]
  assert.deepEqual(await run('resolving unknown sources', 5), [])
})
