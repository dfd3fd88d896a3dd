import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bareInstance, bareLink } from '../topology/fresh-instance.ts'
import type { Instance, ReplicationLink, ServerFailure } from '../topology/instance.ts'
import { instanceKey, type InstanceKey } from '../topology/instance-key.ts'
import { Topology } from '../topology/topology.ts'
import { parseVersion } from '../topology/version.ts'
import { analyse, analyseOne } from './analyse.ts'
import type { Finding } from './finding.ts'
import { type AnalysisMemory, noMemory, suspectLock } from './memory.ts'
import { type AnalysisPolicy, defaultAnalysisPolicy } from './policy.ts'

const now = 1_000_000_000
const key = (name: string): InstanceKey => instanceKey(name, 3306)
const refused: ServerFailure = { kind: 'refused', number: null, text: 'connect ECONNREFUSED' }

function server(name: string, changes: Partial<Instance> = {}): Instance {
  return {
    ...bareInstance(key(name)), clusterName: key('db1'), version: parseVersion('9.7.0', ''), logBin: true, logReplicaUpdates: true, binlogFormat: 'ROW',
    gtidMode: 'ON', check: { lastAttemptedAt: now - 2000, lastCheckedAt: now - 1000, lastSeenAt: now - 1000, partialSuccess: false, failure: null, latencyMilliseconds: 1 },
    ...changes,
  }
}

function replica(name: string, link: Partial<ReplicationLink> = {}, changes: Partial<Instance> = {}): Instance {
  const replication: ReplicationLink = { ...bareLink(key('db1')), gtid: 'mysql', receiver: 'running', applier: 'running', ...link }
  return server(name, { replication, channels: [replication], replicationDepth: 1, ...changes })
}

const dead = (failure: ServerFailure = refused): Pick<Instance, 'check'> => ({
  check: { lastAttemptedAt: now - 900, lastCheckedAt: now - 900, lastSeenAt: now - 6000, partialSuccess: false, failure, latencyMilliseconds: 0 },
})

const lost: Partial<ReplicationLink> = { receiver: 'connecting', receiverError: { number: 2003, text: "error reconnecting to source 'repl@db1:3306'", at: now - 800 } }

const topologyOf = (...instances: Instance[]): Topology => new Topology(1, new Map(instances.map(instance => [instance.key, instance])))
const find = (instances: Instance[], policy: Partial<AnalysisPolicy> = {}, memory: AnalysisMemory = noMemory): Finding => {
  const finding = analyseOne(topologyOf(...instances), key('db1'), { ...defaultAnalysisPolicy, ...policy }, now, memory)
  assert.ok(finding)
  return finding
}

test('a primary that refuses connections and whose replicas lost it is dead, and everyone is quoted', () => {
  const finding = find([server('db1', dead()), replica('db2', lost), replica('db3', lost)])
  assert.equal(finding.code, 'DeadMaster')
  assert.equal(finding.description, 'Master cannot be reached by orchestrator and none of its replicas is replicating')
  assert.equal(finding.remedy, 'promote-replica')
  assert.equal(finding.isActionable, true)
  assert.deepEqual(finding.facts.replicasFailingToConnect, 2)
  assert.deepEqual(finding.evidence.map(evidence => [evidence.witness, evidence.at, evidence.says.code]), [
    ['orchestrator', now - 900, 'probe-failed'],
    ['db2:3306', now - 1000, 'replica-lost-link'],
    ['db3:3306', now - 1000, 'replica-lost-link'],
  ])
  assert.equal(finding.evidence[0]?.says.text, 'our probe failed: refused: connect ECONNREFUSED')
})

test('error numbers count where the text says nothing of connecting, and the text where the number is another', () => {
  const byNumber = replica('db2', { receiver: 'stopped', receiverError: { number: 2013, text: 'Lost connection', at: null } })
  const byText = replica('db3', { receiver: 'connecting', receiverError: { number: 1045, text: "error connecting to source 'repl@db1:3306' - Access denied", at: null } })
  const neither = replica('db4', { receiver: 'stopped', receiverError: { number: 1236, text: 'Got fatal error 1236', at: null } })
  assert.equal(find([server('db1', dead()), byNumber, byText, neither]).facts.replicasFailingToConnect, 2)
})

test('a probe that is overdue makes the server miss its check, and a probe under way does not', () => {
  const check = { lastCheckedAt: now - 7000, lastSeenAt: now - 7000, partialSuccess: false, failure: null, latencyMilliseconds: 1 }
  const hung = server('db1', { check: { ...check, lastAttemptedAt: now - 900 } })
  assert.equal(find([hung, replica('db2')]).code, 'UnreachableMaster')
  assert.equal(find([server('db1', { check: { ...check, lastAttemptedAt: now - 2000 } }), replica('db2')]).code, 'NoProblem')
})

test('a server that only its replicas have named is not judged before its first probe', () => {
  assert.equal(analyseOne(topologyOf(bareInstance(key('db1')), replica('db2', lost)), key('db1'), defaultAnalysisPolicy, now, noMemory), null)
})

test('a primary that hangs is found out by silence while its replicas still call themselves connected', () => {
  const options = { ...bareLink(key('db1')).options, heartbeatPeriodSeconds: 1 }
  const silent = { lastHeardAt: now - 5000, options }
  const hung = server('db1', dead({ kind: 'timeout', number: null, text: 'no answer in 2 s' }))
  const finding = find([hung, replica('db2', silent), replica('db3', silent)])
  assert.equal(finding.code, 'DeadMaster')
  assert.deepEqual(finding.observations.map(reason => reason.text), ['2 of 2 replicas are connected but hear nothing: it hangs or is cut off'])
  assert.equal(find([hung, replica('db2', silent), replica('db3', { lastHeardAt: now - 500, options })]).code, 'UnreachableMaster', 'one replica still hears it')
  assert.equal(find([hung, replica('db2', { ...silent, options: { ...options, heartbeatPeriodSeconds: 30 } })]).code, 'UnreachableMaster', 'no heartbeat was due yet')
  assert.equal(find([hung, replica('db2', { ...silent, options: { ...options, heartbeatPeriodSeconds: null } })]).code, 'UnreachableMaster', 'unknown period')
  assert.equal(find([hung, replica('db2', silent)], { silenceSeconds: 0 }).code, 'UnreachableMaster', 'switched off')
  assert.equal(find([server('db1'), replica('db2', silent), replica('db3', silent)]).code, 'NoProblem', 'a primary that answers us is not judged by silence')
})

test('a suspected semi-sync lock is believed when the binary log stands still long enough', () => {
  const semiSync = {
    sourcePluginLoaded: true, replicaPluginLoaded: true, newNames: true, sourceEnabled: true, replicaEnabled: false, sourceActive: true, replicaActive: false,
    clients: 0, waitForReplicaCount: 1, timeoutMilliseconds: 10_000n, priority: 0,
  }
  const binlogCoordinates = { file: 'binlog.000002', position: 150n }
  const primary = server('db1', { semiSync, binlogCoordinates })
  const suspected = (since: number, position = 150n): AnalysisMemory => ({
    ...noMemory, suspectedLocks: new Map([[key('db1'), { coordinates: { file: 'binlog.000002', position }, since }]]),
  })
  assert.equal(find([primary, replica('db2')]).code, 'LockedSemiSyncMasterHypothesis')
  assert.equal(find([primary, replica('db2')], {}, suspected(now - 9000)).code, 'LockedSemiSyncMasterHypothesis')
  assert.equal(find([primary, replica('db2')], {}, suspected(now - 11_000)).code, 'LockedSemiSyncMaster')
  assert.equal(find([primary, replica('db2')], { lockedSemiSyncSeconds: 5 }, suspected(now - 6000)).code, 'LockedSemiSyncMaster')
  assert.equal(find([primary, replica('db2')], {}, suspected(now - 11_000, 149n)).code, 'LockedSemiSyncMasterHypothesis')
})

test('a suspicion keeps its oldest time while the coordinates stand, and begins anew when they move', () => {
  const first = suspectLock(undefined, { file: 'binlog.000001', position: 4n }, 10)
  assert.equal(suspectLock(first, { file: 'binlog.000001', position: 4n }, 20).since, 10)
  assert.equal(suspectLock(first, { file: 'binlog.000001', position: 5n }, 20).since, 20)
})

test('for some seconds after we restarted the receivers a dead primary is not actionable, unless all of them have tried to connect since', () => {
  const instances = [server('db1', dead()), replica('db2', lost), replica('db3', { receiver: 'connecting' })]
  const restarted = (at: number): AnalysisMemory => ({ ...noMemory, receiversRestartedAt: new Map([[key('db1'), at]]) })
  assert.equal(find(instances, {}, restarted(now - 4000)).isActionable, false)
  assert.equal(find(instances, {}, restarted(now - 5000)).isActionable, true)
  assert.equal(find([server('db1', dead()), replica('db2', lost), replica('db3', lost)], {}, restarted(now - 1000)).isActionable, true)
})

test('co-primaries, detached servers and group members are told apart', () => {
  const co = replica('db2', {}, { isCoPrimary: true })
  const coPrimary = { ...replica('db1', { source: key('db2') }), ...dead(), isCoPrimary: false }
  const facts = find([coPrimary, co]).facts
  assert.deepEqual([facts.isPrimary, facts.isCoPrimary], [false, true])
  assert.equal(find([replica('db1', { source: instanceKey('//db9', 3306) })]).facts.isPrimary, true)
  const group = { name: 'g', isSinglePrimary: true, memberState: 'ONLINE', memberRole: 'SECONDARY' as const, members: [], primary: key('db9') }
  const member = find([server('db1', { group, ...dead() }), replica('db2', lost)])
  assert.equal(member.code, 'DeadReplicationGroupMemberWithReplicas')
  assert.equal(member.facts.isPrimary, false)
  assert.equal(find([server('db1', { group: { ...group, memberState: 'OFFLINE' } })]).facts.isGroupMember, false)
})

test('counts follow the replicas: valid, delayed, lagging, downtimed, logging, versions, GTID', () => {
  const downtime = { owner: 'a', reason: 'b', beginsAt: now - 10, endsAt: now + 10 }
  const { facts } = find([
    server('db1', { gtidMode: 'OFF' }),
    replica('db2', { delaySeconds: 60 }, { replicationLagSeconds: 61, errantGtidSet: 'b:1' }),
    replica('db3', {}, { replicationLagSeconds: null, version: parseVersion('8.4.3', ''), binlogFormat: 'MIXED', downtime, errantGtidSet: 'c:1' }),
    replica('db4', {}, { ...dead(), replicationLagSeconds: 10, logReplicaUpdates: false, gtidMode: 'OFF' }),
  ])
  const { replicas, validReplicas, validReplicatingReplicas, delayedReplicas, laggingReplicas, downtimedReplicas, loggingReplicas } = facts
  assert.deepEqual(
    { replicas, validReplicas, validReplicatingReplicas, delayedReplicas, laggingReplicas, downtimedReplicas, loggingReplicas },
    { replicas: 3, validReplicas: 2, validReplicatingReplicas: 2, delayedReplicas: 1, laggingReplicas: 1, downtimedReplicas: 1, loggingReplicas: 2 },
  )
  const { rowLoggingReplicas, mixedLoggingReplicas, distinctMajorVersionsLoggingReplicas, minReplicaGtidMode, maxReplicaGtidMode, maxReplicaGtidErrant } = facts
  assert.deepEqual(
    [rowLoggingReplicas, mixedLoggingReplicas, distinctMajorVersionsLoggingReplicas, minReplicaGtidMode, maxReplicaGtidMode, maxReplicaGtidErrant],
    [1, 1, 2, 'OFF', 'ON', 'b:1'],
  )
  assert.equal(facts.oracleGtidImmediateTopology, true)
})

test('the list begins with primaries, then names of clusters, then the server with more replicas', () => {
  const below = (name: string, source: string): Instance => replica(name, { ...lost, source: key(source) }, { replicationDepth: 2 })
  const findings = analyse(
    topologyOf(
      server('db1'), replica('db2'), replica('db3'), below('db4', 'db2'), below('db5', 'db3'), below('db6', 'db3'),
      server('da1', { ...dead(), clusterName: key('da1') }), replica('da2', { source: key('da1') }, { clusterName: key('da1') }),
      server('db0', { ...dead(), clusterName: key('db1') }),
    ),
    defaultAnalysisPolicy, now, noMemory,
  )
  assert.deepEqual(findings.map(finding => `${finding.key} ${finding.code}`), [
    'da1:3306 UnreachableMaster',
    'db0:3306 DeadMasterWithoutReplicas',
    'db3:3306 AllIntermediateMasterReplicasFailingToConnectOrDead',
    'db2:3306 AllIntermediateMasterReplicasNotReplicating',
  ])
})

test('an analysis can be restricted to a cluster, and leaves out healthy leaves unless it is not reduced', () => {
  const topology = topologyOf(server('db1'), replica('db2'), server('da1', { clusterName: key('da1') }))
  const names = (options: object, policy: Partial<AnalysisPolicy> = {}): string[] =>
    analyse(topology, { ...defaultAnalysisPolicy, ...policy }, now, noMemory, { includeNoProblem: true, ...options }).map(finding => finding.key)
  assert.deepEqual(names({}), ['db1:3306'])
  assert.deepEqual(names({}, { reduced: false }), ['db1:3306', 'da1:3306', 'db2:3306'])
  assert.deepEqual(names({ clusterName: key('da1') }, { reduced: false }), ['da1:3306'])
  assert.deepEqual(names({ clusterName: 'nowhere' }), [])
})

test('hosts that are ignored have no finding; downtimed ones only where asked for', () => {
  const downtime = { owner: 'a', reason: 'b', beginsAt: now - 10, endsAt: now + 10 }
  const topology = topologyOf(server('db1', { ...dead(), downtime }), replica('db2', { receiver: 'connecting' }))
  const codes = (policy: Partial<AnalysisPolicy>, options: object): string[] => analyse(topology, { ...defaultAnalysisPolicy, ...policy }, now, noMemory, options).map(finding => finding.code)
  assert.deepEqual(codes({}, {}), [])
  assert.deepEqual(codes({}, { includeDowntimed: true }), ['DeadMaster'])
  assert.deepEqual(codes({ ignoredHosts: [/^db1$/] }, { includeDowntimed: true }), [])
})

test('a failure that a maintenance hides is observed, and never reported under its code', () => {
  const maintenance = { id: 1, owner: 'a', reason: 'relocate', beganAt: now - 60_000, endsAt: null }
  const topology = topologyOf(server('db1', { ...dead(), maintenance }), replica('db2', { receiver: 'connecting' }))
  assert.deepEqual(analyse(topology, defaultAnalysisPolicy, now, noMemory, { includeNoProblem: true, includeDowntimed: true }), [])
  assert.equal(analyseOne(topology, key('db1'), defaultAnalysisPolicy, now, noMemory), null)
  const [observed] = analyse(topology, defaultAnalysisPolicy, now, noMemory, { includeObserved: true })
  assert.equal(observed?.code, 'NoProblem')
  assert.equal(observed.remedy, 'none')
  assert.equal(observed.observations[0]?.text, 'it would be DeadMaster, but is under maintenance')
})

test('what the public codes are silent about is observed beside them', () => {
  const observed = (...instances: Instance[]): string[] => find(instances).observations.map(reason => reason.code)
  assert.deepEqual(observed(server('db1'), replica('db2', {}, dead()), replica('db3', {}, dead())), ['all-replicas-unreachable'])
  assert.deepEqual(observed(server('db1', dead({ kind: 'too-many-connections', number: 1040, text: 'Too many connections' })), replica('db2')), ['answers-but-refuses-us'])
  assert.deepEqual(observed(server('db1', dead()), replica('db2', { receiver: 'stopped' })), ['replicas-stopped-by-hand'])
  const partly = dead()
  assert.deepEqual(observed(server('db1', { check: { ...partly.check, partialSuccess: true } }), replica('db2')), ['answers-partly'])
})

test('every way in which a probe or a replica can testify has its sentence', () => {
  const says = (primary: Instance, ...replicas: Instance[]): (string | undefined)[] => find([primary, ...replicas]).evidence.map(evidence => evidence.says.code)
  const { check } = dead()
  assert.deepEqual(says(server('db1', { check: { ...check, partialSuccess: true } }), replica('db2', lost)), ['probe-failed-partly', 'replica-lost-link'])
  assert.deepEqual(says(server('db1', { check: { ...check, lastAttemptedAt: now, lastCheckedAt: now - 9000, lastSeenAt: now - 9000, failure: null } }), replica('db2')), ['probe-overdue', 'replica-linked'])
  assert.deepEqual(says(server('db1', { check: { ...check, lastSeenAt: null, failure: null } }), replica('db2', { receiver: 'connecting' })), ['probe-never-answered', 'replica-connecting'])
  const refusedAtDoor = { number: 1045, text: "error connecting to source 'repl@db1:3306'", at: null }
  assert.deepEqual(
    says(server('db1', dead()), replica('db2', { receiver: 'connecting', receiverError: refusedAtDoor }), replica('db3', { applier: 'stopped' })),
    ['probe-failed', 'replica-refused', 'replica-applier-stopped'],
  )
})

test('among 5,000 servers every failure is found, and nothing else', () => {
  const instances: Instance[] = []
  for (let cluster = 0; cluster < 500; cluster++) {
    const name = `c${cluster}-0`
    const clusterName = key(name)
    instances.push(server(name, cluster % 10 === 0 ? { ...dead(), clusterName } : { clusterName }))
    for (let at = 1; at < 10; at++) instances.push(replica(`c${cluster}-${at}`, cluster % 10 === 0 ? { ...lost, source: clusterName } : { source: clusterName }, { clusterName }))
  }
  const findings = analyse(topologyOf(...instances), defaultAnalysisPolicy, now, noMemory)
  assert.equal(findings.length, 50 + 50 * 9)
})
