import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caseKey } from '../../../test/harness/notation/attributes.ts'
import { topologyFromText } from '../../../test/harness/notation/topology-text.ts'
import type { Topology } from '../topology/topology.ts'
import { isByPosition, planDetachPosition, planFollowPosition, planStandOthers, planStandPosition, planStopPositions, replicasByPosition } from './failover-position.ts'
import { positionFailoverReason } from './failover-position-reasons.ts'
import { planReplaceIntermediate } from './replace-intermediate.ts'
import { choosePositionSuccessors } from './promote-position.ts'
import { defaultPromotionPolicy } from './promote-policy.ts'
import { defaultReplicationPolicy } from '../topology/replication-rules.ts'

const db1 = caseKey('db1')
const stands = 'by=position io=stopped sql=stopped'
const topologyOf = (replicas: string): Topology => topologyFromText(`db1 unreachable gtid-mode=OFF\n${replicas}`)
const nobodyAsked = { designated: null, only: null }

function successors(topology: Topology, wish: { designated: string | null; only: string | null } = nobodyAsked): readonly string[] {
  const failed = topology.get(db1)
  assert.ok(failed)
  const keys = { designated: wish.designated === null ? null : caseKey(wish.designated), only: wish.only === null ? null : caseKey(wish.only) }
  const chosen = choosePositionSuccessors(topology, failed, replicasByPosition(topology, db1).reachable, defaultPromotionPolicy, keys)
  return 'refused' in chosen ? [chosen.refused.code] : [...chosen.successors.map(({ key }) => key.split(':')[0] ?? ''), ...chosen.remarks.map(({ code }) => code)]
}

test('the replica that has read most of the dead log takes over, whatever is liked better', () => {
  assert.deepEqual(successors(topologyOf('  db2 by=position read=1000 exec=900\n  db3 by=position read=1200 exec=800\n  db4 by=position read=1100 promotion=prefer')).slice(0, 1), ['db3'])
})

test('of those that have read just as far the one that is asked for, or liked best, leads, and the others stand by', () => {
  const topology = topologyOf('  db2 by=position read=1000\n  db3 by=position read=1000 promotion=prefer\n  db4 by=position read=900')
  assert.equal(successors(topology)[0], 'db3')
  assert.deepEqual(successors(topology, { designated: 'db2', only: null }).slice(0, 2), ['db2', 'db3'])
  assert.ok(successors(topology, { designated: 'db4', only: null }).includes('failover-position-candidate-behind'), 'what it lacks would be lost')
  assert.deepEqual(successors(topology, { designated: null, only: 'db4' }), ['db4'], 'the other co-primary, or nobody')
})

test('one without a log of what it applies does not lead, however far it has read', () => {
  assert.equal(successors(topologyOf('  db2 by=position read=1200 no-log-updates\n  db3 by=position read=1000'))[0], 'db3')
})

test('positions count only where no replica uses GTID, and those that cannot be read are lost with the reason', () => {
  assert.equal(isByPosition(topologyOf('  db2 by=position\n  db3 by=position'), db1), true)
  assert.equal(isByPosition(topologyOf('  db2 by=position\n  db3'), db1), false)
  assert.equal(isByPosition(topologyOf(''), db1), false)
  const { reachable, lost } = replicasByPosition(topologyOf('  db2 by=position unreachable\n  db3 by=position unread\n  db4 by=position channels=2\n  db5 by=position'), db1)
  assert.deepEqual(reachable.map(({ key }) => key), [caseKey('db5')])
  assert.deepEqual(lost.map(({ reason }) => reason.code), ['replica-unreachable', 'failover-position-not-read', 'replica-several-channels'])
})

test('whoever still applies comes to stand, and whoever stands with nothing left is left alone', () => {
  const topology = topologyOf(`  db2 by=position io=stopped read=1000 exec=900\n  db3 ${stands}\n  db4 by=position io=stopped sql=stopped read=1000 exec=900`)
  const { reachable } = replicasByPosition(topology, db1)
  const acts = planStandOthers(topology, reachable, db1, 1000).steps.map(({ step }) => `${step.do} ${step.on.split(':')[0] ?? ''}`)
  assert.deepEqual(acts, ['start-applier db4', 'wait-received db2', 'wait-received db4', 'stop-replication db2', 'stop-replication db4'])
  const [candidate] = reachable
  assert.ok(candidate)
  assert.deepEqual(planStandPosition(topology, candidate, 1000).steps.map(({ step }) => step.do), ['wait-received', 'read-coordinates', 'read-coordinates'])
  assert.deepEqual(planStopPositions(topology, db1, reachable).steps, [])
})

test('who stands at the same place follows from the end of the new log, who is behind is matched or lost, who is ahead is lost', () => {
  const topology = topologyOf(`  db2 ${stands} exec=1000 read=1000\n  db3 ${stands} exec=1000 read=1000\n  db4 ${stands} exec=900 read=900\n  db5 ${stands} exec=1100 read=1100\n  db6 by=position io=stopped exec=1000 read=1200`)
  const [successor] = replicasByPosition(topology, db1).reachable
  assert.ok(successor?.replication?.executedCoordinates)
  const place = { executed: successor.replication.executedCoordinates, ownEnd: { file: 'binlog.000007', position: 4321n } }
  const follow = (pseudoGtid: boolean) => planFollowPosition(topology, replicasByPosition(topology, db1).reachable, successor, place, { replication: defaultReplicationPolicy, pseudoGtid, matchMilliseconds: 1000 })
  const shown = ({ plan, lost }: ReturnType<typeof follow>): readonly string[] => [
    ...plan.steps.map(({ step }) => `${step.do} ${step.on.split(':')[0] ?? ''}${'at' in step && step.at !== undefined && 'place' in step.at ? ` ${step.at.place}` : ''}`), ...lost.map(({ key, reason }) => `${reason.code} ${key.split(':')[0] ?? ''}`),
  ]
  assert.deepEqual(shown(follow(false)), [
    'read-coordinates db3', 'change-source db3 binlog.000007:4321', 'start-replication db3', 'failover-position-behind db4', 'failover-position-ahead db5', 'failover-position-not-standing db6',
  ])
  assert.deepEqual(shown(follow(true)), [
    'read-coordinates db3', 'change-source db3 binlog.000007:4321', 'start-replication db3', 'match-position db4', 'change-source db4', 'start-replication db4', 'failover-position-ahead db5', 'failover-position-not-standing db6',
  ])
  assert.equal(follow(true).plan.method, 'pseudo-gtid')
})

test('only lost replicas that have nothing left to apply are detached, and their place is kept', () => {
  const topology = topologyOf(`  db2 ${stands} exec=900 read=900\n  db3 ${stands} exec=900 read=1000\n  db4 by=position`)
  const names = { server: 'x', successor: 'y', at: 'a', place: 'b' }
  const lost = ['db2', 'db3', 'db4'].map(name => ({ key: caseKey(name), reason: positionFailoverReason('failover-position-not-standing', { server: name }) }))
  assert.deepEqual(planDetachPosition(topology, lost, db1).steps.map(({ step }) => ('way' in step ? `${step.on} ${step.to} ${step.way}` : step.do)), ['db2:3306 //db1:3306 executed-position'])
  const partly = [{ key: caseKey('db3'), reason: positionFailoverReason('failover-position-behind', names) }]
  assert.equal(planDetachPosition(topology, partly, db1).steps.length, 1, 'a part of a transaction is nothing that could be applied')
})

test('replicas of a dead intermediate source without GTID are matched below a server that lives, and are lost where nothing marks unique statements', () => {
  const text = 'db1 gtid-mode=OFF\n  db2 unreachable by=position gtid-mode=OFF\n    db3 by=position gtid-mode=OFF io=connecting\n    db4 by=position gtid-mode=OFF io=connecting sql=stopped read=1000 exec=900\n  db5 by=position gtid-mode=OFF'
  const topology = topologyFromText(text)
  const failed = topology.get(caseKey('db2'))
  assert.ok(failed)
  const limits = { drainMilliseconds: 1000, matchMilliseconds: 1000, pseudoGtid: false }
  const policy = { replication: defaultReplicationPolicy, isBanned: () => false, limits, postponeMinutes: 0 }
  const without = planReplaceIntermediate(topology, failed, policy)
  assert.ok('refused' in without, 'by GTID alone nobody can be saved')
  assert.equal(without.refused.code, 'no-orphan-can-move')
  assert.match(without.refused.text, /only db2:3306 can say/)
  const matched = planReplaceIntermediate(topology, failed, { ...policy, limits: { ...limits, pseudoGtid: true } })
  assert.ok(!('refused' in matched))
  assert.deepEqual([matched.lost, matched.successor], [[], caseKey('db5')])
  const acts = (key: string): readonly string[] => matched.plan.steps.filter(({ step }) => step.on === caseKey(key)).map(({ step }) => step.do)
  assert.deepEqual(acts('db3'), ['stop-receiver', 'wait-received', 'stop-replication', 'match-position', 'change-source', 'start-replication'])
  assert.deepEqual(acts('db4'), ['stop-receiver', 'start-applier', 'wait-received', 'stop-replication', 'match-position', 'change-source', 'start-replication'])
  assert.ok(matched.plan.steps.every(({ part, onFailure }) => part !== undefined && onFailure === 'note'), 'each stands or falls alone')
})
