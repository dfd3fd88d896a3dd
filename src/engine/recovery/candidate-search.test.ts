import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Plan } from '../../model/planning/plan.ts'
import { defaultPromotionPolicy } from '../../model/planning/promote-policy.ts'
import { bareInstance, bareLink } from '../../model/topology/fresh-instance.ts'
import type { Instance, ReplicationLink } from '../../model/topology/instance.ts'
import { instanceKey, type InstanceKey } from '../../model/topology/instance-key.ts'
import { Topology } from '../../model/topology/topology.ts'
import { parseVersion } from '../../model/topology/version.ts'
import type { PlanOutcome } from '../execution/plan-outcome.ts'
import { executionReason } from '../execution/reasons.ts'
import { CandidateSearch, type Found } from './candidate-search.ts'
import { RecoveryStory } from './story.ts'
import { SimulatedClock } from '../../../test/harness/simulated-clock.ts'

const uuid = '00000000-0000-0000-0000-00000000000a'
const key = (name: string): InstanceKey => instanceKey(name, 3306)
const received = 100_000
const failed: Instance = { ...bareInstance(key('m')), serverId: 1 }

/** A replica that has received everything and executed so many; the rules like the first one best. */
function replica(name: string, serverId: number, executed: number): Instance {
  const replication: ReplicationLink = { ...bareLink(failed.key), gtid: 'mysql', receiver: 'stopped', applier: 'running', retrievedGtidSet: `${uuid}:1-${received}` }
  return {
    ...bareInstance(key(name)), serverId, version: parseVersion('9.7.0', ''), logBin: true, logReplicaUpdates: true, binlogFormat: 'ROW', gtidMode: 'ON',
    executedGtidSet: `${uuid}:1-${executed}`, replication, channels: [replication], clusterName: failed.key, promotionRule: serverId === 2 ? 'prefer' : 'neutral',
    check: { lastAttemptedAt: 1, lastCheckedAt: 1, lastSeenAt: 1, partialSuccess: false, failure: null, latencyMilliseconds: 1 },
  }
}

/** Servers that execute so many transactions in a millisecond each, and a search that waits for them in simulated time. */
async function searched(speeds: Readonly<Record<string, { readonly executed: number; readonly perMillisecond: number }>>, failIfApplierBehind = false): Promise<{ readonly found: Found; readonly waits: readonly string[]; readonly milliseconds: number }> {
  let now = 0
  const present = (): readonly Instance[] =>
    Object.entries(speeds).map(([name, { executed, perMillisecond }], index) => replica(name, 2 + index, Math.min(received, Math.floor(executed + now * perMillisecond))))
  const topology = (): Topology => new Topology(1, new Map([failed, ...present()].map(server => [server.key, server])))
  const waits: string[] = []
  const run = async (stage: string, plan: Plan): Promise<PlanOutcome> => {
    const outcome = { steps: [], undone: [], parts: new Map(), fresh: new Map(), bindings: new Map() }
    const wait = plan.steps.find(({ step }) => step.do === 'wait-executed')?.step
    if (wait?.do !== 'wait-executed') return { ...outcome, state: 'done', failure: null }
    const speed = speeds[wait.on.replace(':3306', '')] ?? { executed: 0, perMillisecond: 0 }
    const needed = Math.max(0, (received - speed.executed) / speed.perMillisecond - now)
    waits.push(`${stage} ${wait.on} ${wait.timeoutMilliseconds}`)
    now += Math.min(needed, wait.timeoutMilliseconds)
    if (needed > wait.timeoutMilliseconds) return { ...outcome, state: 'failed', failure: executionReason('not-executed-in-time', { server: wait.on, milliseconds: wait.timeoutMilliseconds }) }
    return { ...outcome, state: 'done', failure: null }
  }
  const clock = new SimulatedClock()
  const story = new RecoveryStory({ uid: 'r', clock, log: { debug() {}, info() {}, warning() {}, error() {} }, tell: () => {}, write: async () => {} })
  const search = new CandidateSearch({
    job: { failed, designated: null, story }, run,
    fleet: { topology, get: server => topology().get(server), look: async server => topology().get(server) },
    policy: {
      promotion: { ...defaultPromotionPolicy, failIfApplierBehind }, makesWritable: true, detachesLost: true, detachesPromoted: false, stopLimit: 1000, drainLimit: 10_000, lastDrainLimit: 300_000,
      feedLimit: 10_000, postponeMinutes: 0, pseudoGtid: false,
    },
  })
  const replicas = present()
  const found = await search.find(replicas, replicas)
  return { found, waits, milliseconds: now }
}

const promoted = (found: Found): string => ('refused' in found ? found.refused.code : found.candidate.key)

test('of five replicas that lag, one wait decides: for the one that has least to execute', async () => {
  const { found, waits, milliseconds } = await searched({
    a: { executed: 10_000, perMillisecond: 2 }, b: { executed: 20_000, perMillisecond: 2 }, c: { executed: 30_000, perMillisecond: 2 }, d: { executed: 85_000, perMillisecond: 2 }, e: { executed: 40_000, perMillisecond: 2 },
  })
  assert.equal(promoted(found), 'd:3306')
  assert.deepEqual([waits, milliseconds], [['drain d:3306 10000'], 7500])
})

test('where that wait was in vain, the one that executes fastest is waited for, and nobody else before it', async () => {
  const { found, waits } = await searched({ a: { executed: 50_000, perMillisecond: 0.001 }, b: { executed: 20_000, perMillisecond: 4 }, c: { executed: 30_000, perMillisecond: 0.5 } })
  assert.equal(promoted(found), 'b:3306')
  assert.deepEqual(waits, ['drain a:3306 10000', 'drain b:3306 300000'])
})

test('one that has nothing to execute is promoted at once, though the rules like one better that lags', async () => {
  const { found, waits } = await searched({ a: { executed: 50_000, perMillisecond: 0.001 }, b: { executed: received, perMillisecond: 1 } })
  assert.deepEqual([promoted(found), waits], ['b:3306', []])
})

test('where nobody may be promoted who lags, nobody is waited for beyond the one limit, and it is said', async () => {
  const { found, waits } = await searched({ a: { executed: 50_000, perMillisecond: 0.001 }, b: { executed: 20_000, perMillisecond: 0.5 } }, true)
  assert.deepEqual([promoted(found), waits], ['candidate-cannot-drain', ['drain a:3306 10000']])
})

test('where nobody comes within the long wait either, the search ends', async () => {
  const { found, waits } = await searched({ a: { executed: 50_000, perMillisecond: 0.001 }, b: { executed: 20_000, perMillisecond: 0.002 } })
  assert.deepEqual([promoted(found), waits], ['candidate-cannot-drain', ['drain a:3306 10000', 'drain b:3306 300000']])
})
