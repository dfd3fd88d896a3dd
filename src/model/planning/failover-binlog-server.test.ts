import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caseKey } from '../../../test/harness/notation/attributes.ts'
import { topologyFromText } from '../../../test/harness/notation/topology-text.ts'
import type { Instance } from '../topology/instance.ts'
import { defaultPromotionPolicy } from './promote-policy.ts'
import { chooseBinlogSuccessors, filesToBegin, gatheredServers, isByBinlogServers, nextFile, planNumberLogs, planRollForward, replicasBelow } from './failover-binlog-server.ts'

const topology = topologyFromText([
  'db1 gtid-mode=OFF unreachable', '  b1 by=position binlog-server exec=900 read=900', '  b2 by=position binlog-server exec=950 read=950', '  b3 by=position binlog-server unreachable',
  '    r3 by=position',
].join('\n'))
const place = { file: 'binlog.000012', position: 950n }

/** A replica below a binlog server, that logs nothing of what it replicates. */
function below(name: string, source: string, changes: Partial<Instance> = {}, executed = 900n): Instance {
  const base = topology.get(caseKey('r3'))
  const link = base?.replication
  if (base === undefined || link === null || link === undefined) throw new Error('the topology has no r3')
  const at = { file: 'binlog.000012', position: executed }
  const replication = { ...link, source: caseKey(source), readCoordinates: at, executedCoordinates: at }
  return { ...base, key: caseKey(name), logReplicaUpdates: false, binlogCoordinates: { file: 'binlog.000003', position: 157n }, replication, channels: [replication], ...changes }
}

test('the binlog server that has read furthest leads, and one that does not answer is lost with the reason', () => {
  assert.equal(isByBinlogServers(topology, caseKey('db1')), true)
  const gathered = gatheredServers(topology, caseKey('db1'))
  assert.ok(!('refused' in gathered))
  assert.deepEqual([gathered.leader.key, gathered.others.map(({ key }) => key), gathered.lost.map(({ key, reason }) => [key, reason.code])], [caseKey('b2'), [caseKey('b1')], [[caseKey('b3'), 'replica-unreachable']]])
  assert.deepEqual(replicasBelow(topology, [gathered.leader, ...gathered.others]), [])
})

test('whoever logs what it replicates, is banned, has a log of another name or one that is further, may not take over, and each is told why', () => {
  const leader = topology.get(caseKey('b2'))
  assert.ok(leader !== undefined)
  const { successors, refused, ahead } = chooseBinlogSuccessors([
    below('r1', 'b1'), below('r2', 'b2'), below('r4', 'b2', { promotionRule: 'prefer' }, 100n), below('r5', 'b2', { logReplicaUpdates: true }), below('r6', 'b2', { logBin: false }),
    below('r7', 'b2', { promotionRule: 'must_not' }), below('r8', 'b2', { binlogCoordinates: { file: 'mysql-bin.000001', position: 4n } }),
    below('r9', 'b2', { binlogCoordinates: { file: 'binlog.000013', position: 4n } }), below('r10', 'b1', {}, 951n), below('r11', 'b2', { binlogCoordinates: null }),
    below('r12', 'b2', { channels: [] }),
  ].map(each => (each.key === caseKey('r12') ? { ...each, replication: null } : each)), leader, place, defaultPromotionPolicy, null)
  assert.deepEqual(successors.map(({ key }) => key), ['r4', 'r2', 'r1'].map(caseKey), 'by rule, then below the leader already')
  assert.deepEqual(refused.map(({ key, reason }) => [key, reason.code]), [
    ['r5', 'needs-own-log-alone'], ['r6', 'needs-binary-log'], ['r7', 'banned-by-rule'], ['r8', 'log-name-differs'], ['r9', 'log-number-beyond'], ['r11', 'own-log-unread'], ['r12', 'not-by-file-and-position'],
  ].map(([name = '', code]) => [caseKey(name), code]))
  assert.deepEqual(ahead.map(({ key, reason }) => [key, reason.code]), [[caseKey('r10'), 'reads-beyond']])
  const asked = chooseBinlogSuccessors([below('r2', 'b2'), below('r4', 'b2', { promotionRule: 'prefer' })], leader, place, defaultPromotionPolicy, caseKey('r2'))
  assert.equal(asked.successors[0]?.key, caseKey('r2'), 'the one that was asked for comes first')
})

test('as many files are begun as lead to the one after that of the binlog servers, and writes come after the last of them', () => {
  assert.deepEqual([filesToBegin(below('r1', 'b2'), place), nextFile(place), nextFile({ file: 'binlog.000099', position: 4n })], [10, 'binlog.000013', 'binlog.000100'])
  const far = filesToBegin(below('r1', 'b2'), { file: 'binlog.009999', position: 4n })
  assert.ok(typeof far !== 'number' && far.code === 'log-number-too-far')
  const kinds = planNumberLogs(topology, below('r1', 'b2'), caseKey('b2'), { file: 'binlog.000004', position: 950n }, 2, true).steps.map(({ step }) => step.do)
  assert.deepEqual(kinds, ['forget-source', 'flush-binary-logs', 'flush-binary-logs', 'set-writable', 'purge-binary-logs'])
  assert.ok(!planNumberLogs(topology, below('r1', 'b2'), caseKey('b2'), place, 2, false).steps.some(({ step }) => step.do === 'set-writable'), 'a person makes it writable')
})

test('a candidate below another binlog server goes below the leader from where it stands, having applied all; one that stands is started', () => {
  const kindsOf = (candidate: Instance): readonly string[] => planRollForward(topology, candidate, caseKey('b2'), place, 1000).steps.map(({ step }) => step.do)
  assert.deepEqual(kindsOf(below('r1', 'b2')), ['wait-position', 'stop-replication', 'read-coordinates'])
  assert.deepEqual(kindsOf(below('r1', 'b1')), ['stop-receiver', 'wait-received', 'stop-replication', 'change-source', 'start-replication', 'wait-position', 'stop-replication', 'read-coordinates'])
  const standing = below('r1', 'b2')
  const link = standing.replication
  assert.ok(link !== null)
  assert.deepEqual(kindsOf({ ...standing, replication: { ...link, receiver: 'stopped', applier: 'stopped' } })[0], 'start-replication')
})
