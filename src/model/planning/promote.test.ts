import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bareInstance, bareLink } from '../topology/fresh-instance.ts'
import type { Instance, ReplicationLink } from '../topology/instance.ts'
import { instanceKey, type InstanceKey } from '../topology/instance-key.ts'
import { Topology } from '../topology/topology.ts'
import { parseVersion } from '../topology/version.ts'
import { decidePromotion, promotionQuestion } from './promote.ts'
import { chooseCandidate } from './promote-choice.ts'
import { banOf, defaultPromotionPolicy, promotionIgnores } from './promote-policy.ts'
import { progressAmong } from './promote-progress.ts'
import { lostIfPromoted, rankCandidates } from './promote-rank.ts'
import { hasAppliedAll } from './promote-veto.ts'

const key = (name: string): InstanceKey => instanceKey(name, 3306)
const uuid = '00000000-0000-0000-0000-00000000000a'
const other = '00000000-0000-0000-0000-00000000000b'
const failed = { ...bareInstance(key('m')), serverId: 1 }
let nextId = 2

function replica(name: string, executed: string, retrieved: string, changes: Partial<Instance> = {}, link: Partial<ReplicationLink> = {}): Instance {
  const replication: ReplicationLink = {
    ...bareLink(key('m')), gtid: 'mysql', receiver: 'connecting', applier: 'running', retrievedGtidSet: retrieved,
    executedCoordinates: { file: 'binlog.000001', position: 100n }, readCoordinates: { file: 'binlog.000001', position: 100n }, ...link,
  }
  return {
    ...bareInstance(key(name)), serverId: nextId++, version: parseVersion('9.7.0', ''), logBin: true, logReplicaUpdates: true, binlogFormat: 'ROW', gtidMode: 'ON',
    executedGtidSet: executed, replication, channels: [replication], clusterName: key('m'),
    check: { lastAttemptedAt: 1, lastCheckedAt: 1, lastSeenAt: 1, partialSuccess: false, failure: null, latencyMilliseconds: 1 }, ...changes,
  }
}

const names = (replicas: readonly Instance[]): string[] => replicas.map(({ key }) => key.replace(':3306', ''))

test('with GTID the replica that received the most is chosen, though another has executed more', () => {
  const received = replica('r1', `${uuid}:1-90`, `${uuid}:1-120`)
  const executed = replica('r2', `${uuid}:1-100`, `${uuid}:1-100`, {}, { executedCoordinates: { file: 'binlog.000009', position: 4n } })
  const choice = chooseCandidate([executed, received], failed, defaultPromotionPolicy)
  assert.equal(choice.progress.by, 'gtid')
  assert.equal(choice.candidate?.key, 'r1:3306')
  assert.deepEqual(names(choice.later), ['r2'])
})

test('what a broken or delayed applier holds does not make it the most advanced, and is still counted as ahead', () => {
  const broken = replica('r1', `${uuid}:1-90`, `${uuid}:1-120`, {}, { applier: 'stopped', applierError: { number: 1062, text: 'Duplicate entry', at: null } })
  const delayed = replica('r2', `${uuid}:1-10`, `${uuid}:1-110`, {}, { delaySeconds: 3600 })
  const healthy = replica('r3', `${uuid}:1-100`, `${uuid}:1-100`)
  const choice = chooseCandidate([broken, delayed, healthy], failed, defaultPromotionPolicy)
  assert.equal(choice.candidate?.key, 'r3:3306')
  assert.deepEqual(names(choice.ahead), ['r1', 'r2'])
  assert.equal(choice.progress.missing(broken, healthy), 20)
})

test('errant transactions are no progress', () => {
  const errant = replica('r1', `${uuid}:1-100,${other}:1-50`, '', { errantGtidSet: `${other}:1-50` })
  const clean = replica('r2', `${uuid}:1-101`, '')
  const choice = chooseCandidate([errant, clean], failed, defaultPromotionPolicy)
  assert.equal(choice.candidate?.key, 'r2:3306')
  assert.deepEqual(names(choice.later), ['r1'])
})

test('one replica without GTID makes everyone be compared by coordinates', () => {
  const byPosition = replica('r1', '', '', {}, { gtid: 'none', readCoordinates: { file: 'binlog.000002', position: 4n } })
  assert.equal(progressAmong([byPosition, replica('r2', `${uuid}:1-100`, '')]).by, 'coordinates')
  assert.equal(chooseCandidate([replica('r2', `${uuid}:1-100`, ''), byPosition], failed, defaultPromotionPolicy).candidate?.key, 'r1:3306')
})

test('the order of two equal replicas is the order of their keys', () => {
  const twins = [replica('r2', `${uuid}:1-5`, ''), replica('r1', `${uuid}:1-5`, '')]
  assert.equal(chooseCandidate(twins, failed, defaultPromotionPolicy).candidate?.key, 'r1:3306')
})

test('an address in PromotionIgnoreHostnameFilters must equal the host, a pattern may match anywhere in host:port', () => {
  const { accepted, rejected } = promotionIgnores(['10.0.0.1', 'db\\d:33', 'a(', ''])
  assert.deepEqual(rejected, ['a('])
  const policy = { ...defaultPromotionPolicy, ignored: accepted }
  const banned = (name: string): boolean => banOf(bareInstance(key(name)), policy) !== null
  assert.deepEqual(['10.0.0.1', '10.0.0.12', 'db7', 'dbx'].map(banned), [true, false, true, false])
})

test('a replica of a replica takes part when a better one is sought below the promoted one', () => {
  const first = replica('r1', `${uuid}:1-9`, '')
  const below = replica('r9', `${uuid}:1-8`, '', { promotionRule: 'prefer' }, { source: key('r1') })
  const topology = new Topology(1, new Map([failed, first, below, replica('r2', `${uuid}:1-9`, '', { promotionRule: 'prefer_not' })].map(server => [server.key, server])))
  const policy = { ...defaultPromotionPolicy, preventCrossDataCenter: true }
  const abroad = { ...failed, dataCenter: 'dc9' }
  const question = promotionQuestion(topology, abroad, policy)
  assert.deepEqual(names(question.further), ['r9'])
  assert.equal(decidePromotion(question).replacement?.by?.key, 'r9:3306')
})

test('the list of candidates says who is best and why each other is not', () => {
  const replicas = [
    replica('r1', `${uuid}:1-100`, '', { dataCenter: 'dc1', promotionRule: 'prefer' }),
    replica('r2', `${uuid}:1-100`, '', { dataCenter: 'dc2' }),
    replica('r3', `${uuid}:1-97`, '', { dataCenter: 'dc1', promotionRule: 'must_not' }),
  ]
  const ranked = rankCandidates({ failed: { ...failed, dataCenter: 'dc1' }, replicas, further: [], designated: null, policy: defaultPromotionPolicy })
  assert.deepEqual(ranked.map(({ key, rank, verdict, reasons }) => `${rank} ${key} ${verdict}: ${reasons.map(({ text }) => text).join(', ')}`), [
    '1 r1:3306 best: most advanced, promotion rule prefer, same site as the failed server',
    '2 r2:3306 possible: as advanced as the best, in data center dc2, the failed server was in dc1',
    '3 r3:3306 refused: its promotion rule is must_not, 3 transaction(s) behind the most advanced',
  ])
})

test('replicas that will be lost are named with their reason before anything is done', () => {
  const replicas = [
    replica('r1', `${uuid}:1-100`, '', { promotionRule: 'must_not' }),
    replica('r2', `${uuid}:1-98`, ''),
    replica('r3', `${uuid}:1-97`, '', { version: parseVersion('8.0.40', '') }),
    replica('r4', `${uuid}:1-98`, ''),
  ]
  const question = { failed, replicas, further: [], designated: null, policy: defaultPromotionPolicy }
  const lost = lostIfPromoted(decidePromotion(question), defaultPromotionPolicy)
  assert.deepEqual(lost.map(({ key, reason }) => [key, reason.code]), [['r1:3306', 'holds-more'], ['r3:3306', 'cannot-follow-choice']])
  assert.equal(lost[0]?.reason.text, 'holds 2 transaction(s) that the chosen one lacks')
})

test('coordinates that are unknown on both sides count as applied, on one side they do not', () => {
  assert.equal(hasAppliedAll(replica('r1', '', '', {}, { readCoordinates: null, executedCoordinates: null })), true)
  assert.equal(hasAppliedAll(replica('r1', '', '', {}, { executedCoordinates: null })), false)
})
