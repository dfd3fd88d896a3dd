import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bareInstance, bareLink } from '../topology/fresh-instance.ts'
import type { Instance } from '../topology/instance.ts'
import { instanceKey } from '../topology/instance-key.ts'
import { defaultReplicationPolicy } from '../topology/replication-rules.ts'
import { Topology } from '../topology/topology.ts'
import { parseVersion } from '../topology/version.ts'
import { acknowledgersOf, leftBehind } from './durability.ts'
import { feederFor, planEndFeed, planFeed, planFence, planRepoint } from './failover.ts'
import { planStartReceivers } from './restart-receivers.ts'

const [failed, successor, replica] = [instanceKey('db1', 3306), instanceKey('db2', 3306), instanceKey('db3', 3306)]
const uuid = 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa'

/** A replica of the failed server whose receiver was stopped. */
function stopped(key: Instance['key'], executed: string, retrieved: string, more: Partial<Instance> = {}, applier: 'running' | 'stopped' = 'running'): Instance {
  const link = { ...bareLink(failed), receiver: 'stopped' as const, applier, gtid: 'mysql' as const, retrievedGtidSet: `${uuid}:${retrieved}` }
  const bare = bareInstance(key)
  return {
    ...bare, version: parseVersion('9.7.4', ''), serverId: Number(key.slice(2, 3)), serverUuid: `${key.slice(2, 3)}`, readOnly: true, logBin: true, logReplicaUpdates: true, binlogFormat: 'ROW', gtidMode: 'ON',
    executedGtidSet: `${uuid}:${executed}`, replication: link, channels: [link], check: { ...bare.check, lastSeenAt: 1, lastCheckedAt: 1 }, ...more,
  }
}

const repoint = (one: Instance, other: Instance) => planRepoint(new Topology(1, new Map([[one.key, one], [other.key, other]])), [other], one, defaultReplicationPolicy)

test('who holds more than the successor is not pointed at it, and how much that is is said', () => {
  const { plan, lost } = repoint(stopped(successor, '1-10', '8-10'), stopped(replica, '1-9', '8-12'))
  assert.deepEqual([plan.steps.length, lost.map(({ key, reason }) => [key, reason.code, reason.parameters['count']])], [0, [[replica, 'replica-ahead', 2]]])
})

test('who lacks what the successor has purged is not pointed at it', () => {
  const { plan, lost } = repoint(stopped(successor, '1-10', '8-10', { purgedGtidSet: `${uuid}:1-6` }), stopped(replica, '1-4', '4-5'))
  assert.deepEqual([plan.steps.length, lost.map(({ reason }) => reason.code)], [0, ['replica-needs-purged']])
})

test('a replica whose applier stands with received transactions changes its source only when the new one has executed them, and starts both threads then', () => {
  const { plan } = repoint(stopped(successor, '1-10', '8-10'), stopped(replica, '1-7', '6-9', {}, 'stopped'))
  const change = plan.steps.find(({ step }) => step.do === 'change-source')
  assert.deepEqual(change?.requires, [{ holds: 'receiver-stopped', server: replica }, { holds: 'source-holds-received', server: replica, source: successor }])
  assert.deepEqual(plan.steps.map(({ step }) => step.do), ['change-source', 'start-replication'])
})

test('a replica whose applier runs keeps it running while its source changes', () => {
  const { plan } = repoint(stopped(successor, '1-10', '8-10'), stopped(replica, '1-7', '6-9'))
  const change = plan.steps.find(({ step }) => step.do === 'change-source')
  assert.deepEqual(change?.requires, [{ holds: 'receiver-stopped', server: replica }, { holds: 'applier-running', server: replica }])
  assert.deepEqual(plan.steps.map(({ step }) => step.do), ['change-source', 'start-receiver'])
})

test('a candidate that is fed waits until it has executed all that its feeder held, and fetches no more then', () => {
  const [candidate, feeder] = [stopped(successor, '1-10', '8-10'), stopped(replica, '1-12', '8-12')]
  const plan = planFeed(new Topology(1, new Map([[successor, candidate], [replica, feeder]])), candidate, feeder, 1000)
  const said = plan.steps.map(({ step }) => `${step.do} ${step.on}`)
  assert.deepEqual(said, [`read-executed ${replica}`, `change-source ${successor}`, `start-receiver ${successor}`, `wait-executed ${successor}`, `stop-receiver ${successor}`])
  assert.deepEqual(planEndFeed(new Topology(1, new Map()), successor, replica).steps.map(({ step }) => step), [{ do: 'stop-receiver', on: successor }], 'also when it does not come to that')
})

test('one that was pointed at another to be fed follows its source again when nobody is promoted, while its applier runs; the others just fetch again', () => {
  const [turned, other] = [stopped(successor, '1-10', '8-10'), stopped(replica, '1-12', '8-12')]
  const link = turned.replication && { ...turned.replication, source: replica }
  const topology = new Topology(1, new Map([[successor, { ...turned, replication: link, channels: link === null ? [] : [link] }], [replica, other]]))
  const { steps } = planStartReceivers(topology, failed, [successor, replica])
  const change = steps.find(({ step }) => step.do === 'change-source')
  assert.deepEqual(change?.step, { do: 'change-source', on: successor, to: failed, way: 'receiver-only' })
  assert.deepEqual(change?.requires, [{ holds: 'receiver-stopped', server: successor }, { holds: 'applier-running', server: successor }])
  assert.deepEqual(steps.map(({ step }) => `${step.do} ${step.on}`).toSorted(), [`change-source ${successor}`, `start-receiver ${successor}`, `start-receiver ${replica}`])
})

test('of several that hold more than the candidate it is fed by the one that holds most', () => {
  const fourth = instanceKey('db4', 3306)
  const found = feederFor(stopped(successor, '1-10', '8-10'), [stopped(successor, '1-10', '8-10'), stopped(replica, '1-11', '8-12'), stopped(fourth, '1-14', '8-15')])
  assert.deepEqual([found?.feeder.key, found?.count], [fourth, 5])
})

test('of a semi-sync primary that was replaced the clients that wait are ended beside it, so that none is told of a success; of one that was not, nobody', () => {
  const semiSync = {
    ...bareInstance(failed).semiSync, newNames: true, sourcePluginLoaded: true, replicaPluginLoaded: true, sourceEnabled: true, sourceActive: true, replicaEnabled: false, replicaActive: false,
  } as NonNullable<Instance['semiSync']> // what the plan does not look at is left out
  const topology = new Topology(1, new Map([[failed, { ...bareInstance(failed), semiSync }]]))
  const done = (wasReplaced: boolean): readonly string[] => planFence(topology, failed, wasReplaced).steps.map(({ step }) => step.do).sort()
  assert.deepEqual([done(true), done(false)], [['end-blocked-commits', 'set-read-only'], ['set-read-only']])
})

test('a replica that was never read may have acknowledged: it counts, and nothing is proven without it', () => {
  const [read, unread] = [stopped(successor, '1-10', '8-10'), { ...bareInstance(replica), check: { ...bareInstance(replica).check, lastSeenAt: null } }]
  assert.deepEqual(acknowledgersOf([read, unread]).map(({ key }) => key), [replica])
})

test('a successor that lacks what a reached replica holds is found out; one that holds all is not', () => {
  const [candidate, other] = [stopped(successor, '1-10', '8-10'), stopped(replica, '1-9', '8-12')]
  assert.deepEqual([leftBehind(candidate, [candidate, other])?.code, leftBehind(other, [candidate, other])], ['durability-left-behind', null])
})
