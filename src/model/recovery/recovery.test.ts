import assert from 'node:assert/strict'
import { test } from 'node:test'
import { analyseOne } from '../analysis/analyse.ts'
import { noMemory } from '../analysis/memory.ts'
import { defaultAnalysisPolicy } from '../analysis/policy.ts'
import { bareInstance, bareLink } from '../topology/fresh-instance.ts'
import type { Instance, ReplicationLink } from '../topology/instance.ts'
import { instanceKey, type InstanceKey } from '../topology/instance-key.ts'
import { Topology } from '../topology/topology.ts'
import { parseVersion } from '../topology/version.ts'
import { blockageOf, isBlocking } from './blocking.ts'
import { clusterFilters, coveringFilter } from './cluster-filters.ts'
import { isConfirmed, noSightings } from './confirmation.ts'
import { hasReceiverChanged, neighbourhood, neighboursMax, toLookAgain } from './evidence.ts'
import { crashedRecoveries, isLostDowntimeOver, lostInRecoveryDowntime, renewedDowntime } from './lifecycle.ts'
import { defaultRecoveryPolicy } from './policy.ts'
import type { Recovery } from './records.ts'
import { isUnheardFor, stillUnheard } from './unheard.ts'

const now = 1_000_000_000
const key = (name: string): InstanceKey => instanceKey(name, 3306)
const good = { lastAttemptedAt: now, lastCheckedAt: now, lastSeenAt: now, partialSuccess: false, failure: null, latencyMilliseconds: 1 }
const server = (name: string, changes: Partial<Instance> = {}): Instance => ({ ...bareInstance(key(name)), clusterName: key('db1'), check: good, ...changes })
const replica = (name: string, link: Partial<ReplicationLink> = {}, changes: Partial<Instance> = {}): Instance => {
  const replication: ReplicationLink = { ...bareLink(key('db1')), gtid: 'mysql', receiver: 'running', applier: 'running', ...link }
  return server(name, { replication, channels: [replication], replicationDepth: 1, ...changes })
}
const topologyOf = (...instances: Instance[]): Topology => new Topology(1, new Map(instances.map(instance => [instance.key, instance])))

const recovery: Recovery = {
  id: 7, uid: 'u7', key: key('db1'), code: 'DeadMaster', kind: 'MasterRecovery', method: 'MasterRecoveryGTID', command: '', startedBy: '', clusterName: key('db1'), clusterAlias: '',
  replicas: [], successor: key('db2'), successorAlias: '', successorCoordinates: null, isSuccessful: true, isActive: true, lostReplicas: [], participants: [], errors: [],
  startedAt: now - 100_000, endedAt: null, acknowledged: null, detectionId: 1, nodeHostname: 'orc1', nodeToken: 'a',
}

test('filters match by exact name or alias, alias=, alias~=, a star, or a pattern on the cluster name', () => {
  const cluster = { name: 'db1.example:3306', alias: 'orders' }
  const covers = (...texts: string[]): string | undefined => coveringFilter(clusterFilters(texts).accepted, cluster)?.text
  assert.equal(covers(), undefined)
  assert.equal(covers(''), undefined)
  assert.equal(covers('nothing', '*'), '*')
  assert.equal(covers('db1.example:3306'), 'db1.example:3306')
  assert.equal(covers('orders'), 'orders')
  assert.equal(covers('alias=orders'), 'alias=orders')
  assert.equal(covers('alias=order'), undefined)
  assert.equal(covers('alias~=^ord'), 'alias~=^ord')
  assert.equal(covers('alias~=example'), undefined, 'the pattern is on the alias')
  assert.equal(covers('example'), 'example')
  assert.equal(covers('(?i)DB1'), '(?i)DB1')
  assert.equal(covers('order'), undefined, 'a bare pattern is on the name, not on the alias')
})

test('a filter that is no pattern is reported, and still matches by exact text', () => {
  const { accepted, rejected } = clusterFilters(['a(', 'alias~=b('])
  assert.deepEqual(rejected, ['a(', 'alias~=b('])
  assert.equal(coveringFilter(accepted, { name: 'a(', alias: '' })?.text, 'a(')
})

test('nothing is begun in the cluster of a promoted server while its recovery still moves the others; afterwards its own next failure alone is blocked', () => {
  const blocked = (server: string, open: Recovery, underWay: readonly string[]): string | undefined =>
    blockageOf({ key: key(server), clusterName: key('db2'), remedy: 'replace-intermediate' }, [open], now, defaultRecoveryPolicy, new Set(underWay))?.because.code
  assert.deepEqual(['db2', 'db3'].map(server => blocked(server, recovery, ['u7'])), ['blocked-instance', 'blocked-cluster'])
  assert.deepEqual(['db2', 'db3'].map(server => blocked(server, { ...recovery, endedAt: now - 1000 }, ['u7'])), ['blocked-instance', undefined])
  assert.deepEqual(['db2', 'db3'].map(server => blocked(server, recovery, [])), ['blocked-instance', undefined], 'of another process, or crashed')
})

test('a block ends by time from its start even if the recovery did not end, unless it is at work here', () => {
  const policy = { ...defaultRecoveryPolicy, blockSeconds: 60 }
  assert.equal(isBlocking(recovery, now, policy, new Set()), false)
  assert.equal(isBlocking(recovery, now, policy, new Set(['u7'])), true)
  assert.equal(isBlocking(recovery, now - 50_000, policy, new Set()), true)
  assert.equal(isBlocking({ ...recovery, isActive: false }, now - 50_000, policy, new Set()), false)
})

test('recoveries of nodes that are gone have crashed; ended and inactive ones have not', () => {
  const live = [{ hostname: 'orc2', token: 'b' }]
  assert.deepEqual(crashedRecoveries([recovery, { ...recovery, endedAt: now }, { ...recovery, isActive: false }, { ...recovery, nodeHostname: 'orc2', nodeToken: 'b' }], live), [recovery])
  assert.deepEqual(crashedRecoveries([recovery], [{ hostname: 'orc1', token: 'other life' }]), [recovery])
})

test('a recovery whose plans are open has crashed with its node, though its time is over or a person has acknowledged it', () => {
  const over = { ...recovery, isActive: false }
  assert.deepEqual(crashedRecoveries([over], [], new Set([over.uid])), [over])
  assert.deepEqual(crashedRecoveries([{ ...over, endedAt: now }], [], new Set([over.uid])), [])
})

test('the downtime of a lost server ends after a minute when it replicates, or is the one primary of its alias', () => {
  const downtime = lostInRecoveryDowntime('orc', now - 61_000)
  const over = (instance: Instance, ...others: Instance[]): boolean => isLostDowntimeOver(instance, topologyOf(instance, ...others), now)
  assert.equal(over(replica('db2', {}, { downtime })), true)
  assert.equal(over(replica('db2', {}, { downtime: lostInRecoveryDowntime('orc', now - 59_000) })), false, 'not a minute yet')
  assert.equal(over(replica('db2', { receiver: 'connecting' }, { downtime })), false)
  assert.equal(over(replica('db2', {}, { downtime: { ...downtime, reason: 'upgrade' } })), false, "a person's downtime is not ours to end")
  assert.equal(over(replica('db2', {}, { downtime, check: { ...good, lastSeenAt: now - 1 } })), false)
  const primary = server('db1', { downtime, suggestedClusterAlias: 'orders' })
  assert.equal(over(primary), true)
  assert.equal(over(primary, server('db9', { suggestedClusterAlias: 'orders' })), false)
  assert.equal(renewedDowntime(primary, now)?.endsAt, now + 365 * 24 * 3600 * 1000)
  assert.equal(renewedDowntime(server('db1'), now), null)
  const minutes = lostInRecoveryDowntime('orc', now, 10)
  assert.equal(minutes.endsAt, now + 600_000)
  assert.equal(renewedDowntime(server('db1', { downtime: minutes }), now), null, 'one of so many minutes ends with them')
})

test('a lost connection is asked about at the server, its source and its replicas, those that answer first, and bounded', () => {
  const topology = topologyOf(
    server('db0'), replica('db1', { source: key('db0') }), replica('db2', {}, { check: { ...good, lastSeenAt: now - 9 } }), replica('db3'),
    ...Array.from({ length: 300 }, (_, index) => replica(`x${index}`, { source: key('db9') })), server('db9'),
  )
  assert.deepEqual(neighbourhood(topology, { noticed: 'connection-lost', server: key('db1') }), [key('db1'), key('db0'), key('db3'), key('db2')])
  assert.deepEqual(neighbourhood(topology, { noticed: 'receiver-changed', replica: key('db3') }), [key('db1'), key('db2')])
  assert.deepEqual(neighbourhood(topology, { noticed: 'receiver-changed', replica: key('nobody') }), [])
  assert.equal(neighbourhood(topology, { noticed: 'probe-failed', server: key('db9') }).length, neighboursMax)
  const detached = topologyOf(replica('db1', { source: instanceKey('//db0', 3306) }))
  assert.deepEqual(neighbourhood(detached, { noticed: 'probe-failed', server: key('db1') }), [key('db1')])
})

test('a finding says whom to ask again', () => {
  const failure = { kind: 'refused' as const, number: null, text: '' }
  const dead = server('db1', { check: { ...good, lastSeenAt: now - 9000, failure } })
  const topology = topologyOf(dead, replica('db2', { receiver: 'connecting' }))
  const finding = analyseOne(topology, key('db1'), defaultAnalysisPolicy, now, noMemory)
  assert.ok(finding)
  assert.deepEqual(toLookAgain(topology, finding), [key('db1'), key('db2')])
})

test('a receiver that stopped or fails otherwise has changed; a first reading, or another source, has not', () => {
  const running = replica('db2')
  const failing = (number: number): Instance => replica('db2', { receiver: 'connecting', receiverError: { number, text: '', at: null } })
  assert.equal(hasReceiverChanged(running, failing(2003)), true)
  assert.equal(hasReceiverChanged(failing(2003), running), true)
  assert.equal(hasReceiverChanged(failing(2003), failing(1045)), true)
  assert.equal(hasReceiverChanged(failing(2003), failing(2003)), false)
  assert.equal(hasReceiverChanged(undefined, failing(2003)), false)
  assert.equal(hasReceiverChanged(running, replica('db2', { source: key('db9'), receiver: 'connecting' })), false)
})

test('without any record of when servers were asked nothing is confirmed', () => {
  const failure = { kind: 'refused' as const, number: null, text: '' }
  const topology = topologyOf(server('db1', { check: { ...good, lastSeenAt: now - 9000, failure } }), replica('db2', { receiver: 'connecting' }))
  const finding = analyseOne(topology, key('db1'), defaultAnalysisPolicy, now, noMemory)
  assert.ok(finding)
  const confirmation = isConfirmed(finding, topology, noSightings, defaultRecoveryPolicy, defaultAnalysisPolicy, now)
  assert.equal(confirmation.confirmed, false)
  assert.deepEqual(confirmation.askAgain, [key('db2')])
})

test('a primary that gives no answer is given up at once when all replicas were made to connect anew and none was let in, and not one reading sooner', () => {
  const failure = { kind: 'timeout' as const, number: null, text: '' }
  const restartedAt = now - 400
  const seenAt = (at: number): Partial<Instance> => ({ check: { ...good, lastSeenAt: at } })
  const connecting = (name: string, readAt: number, link: Partial<ReplicationLink> = {}): Instance => replica(name, { receiver: 'connecting', ...link }, seenAt(readAt))
  const judge = (replicas: readonly Instance[], wish: { askedAt?: number; primaryAskedAt?: number; restartedAt?: number | null } = {}) => {
    const topology = topologyOf(server('db1', { check: { ...good, lastSeenAt: now - 9000, failure } }), ...replicas)
    const restarted = new Map(wish.restartedAt === null ? [] : [[key('db1'), wish.restartedAt ?? restartedAt]])
    const finding = analyseOne(topology, key('db1'), defaultAnalysisPolicy, now, { ...noMemory, receiversRestartedAt: restarted, believedRestarts: restarted })
    assert.ok(finding)
    const probedAt = new Map([...replicas.map(each => [each.key, wish.askedAt ?? now - 50] as const), [key('db1'), wish.primaryAskedAt ?? now - 350] as const])
    const sightings = { failingSince: new Map([[key('db1'), now - 1000]]), probedAt, receiversRestartedAt: restarted }
    const { confirmed, because } = isConfirmed(finding, topology, sightings, defaultRecoveryPolicy, defaultAnalysisPolicy, now)
    return [finding.code, finding.isActionable && confirmed, because.code]
  }
  const both = [connecting('db2', now), connecting('db3', now)]
  assert.deepEqual(judge(both), ['DeadMaster', true, 'lets-nobody-in'])
  assert.deepEqual(judge([connecting('db2', now, { receiverError: { number: 2003, text: 'error connecting to source', at: null } }), both[1] ?? both[0] as Instance]), ['DeadMaster', true, 'lets-nobody-in'])
  const stopped = replica('db4', { receiver: 'stopped' }, seenAt(now))
  assert.deepEqual(judge([...both, stopped]), ['DeadMaster', true, 'lets-nobody-in'], 'who was not told to run says nothing')
  const waits = 'deadline-not-reached'
  assert.deepEqual(judge(both, { restartedAt: null }).slice(2), [waits], 'nobody made them connect anew')
  assert.deepEqual(judge(both, { restartedAt: now - 2000 }).slice(1), [false, waits], 'that was before it failed')
  assert.deepEqual(judge(both, { askedAt: now - 200 }).slice(1), [false, waits], 'they were asked before a source that lives would have let them in')
  assert.deepEqual(judge(both, { primaryAskedAt: now - 500 }).slice(1), [false, waits], 'we have not asked it since')
  assert.deepEqual(judge([...both, replica('db4', {}, seenAt(now))]).slice(1), [false, 'still-linked'], 'one was let in')
  assert.deepEqual(judge([...both, connecting('db4', now, { receiverError: { number: 1045, text: 'error connecting to source: Access denied', at: null } })]).slice(1), [false, waits], 'it answered one of them')
  assert.deepEqual(judge([...both, connecting('db4', now, { gtid: 'none' })]).slice(1), [true, 'lets-nobody-in'], 'by position, or by the GTIDs of MariaDB, it is no different')
  const onMariadb = (link: Partial<ReplicationLink>): Instance => replica('db4', { receiver: 'connecting', gtid: 'mariadb-slave-pos', ...link }, { ...seenAt(now), version: parseVersion('11.8.3-MariaDB', '') })
  assert.deepEqual(judge([...both, onMariadb({})]).slice(1), [false, waits], 'a MariaDB could not stop its receiver now: it tries still')
  assert.deepEqual(judge([...both, onMariadb({ receiverError: { number: 2013, text: 'error connecting to master', at: null } })]).slice(1), [true, 'lets-nobody-in'], 'it has given up trying')
  assert.deepEqual(judge([...both, replica('db4', { receiver: 'connecting' }, { ...seenAt(now), isBinlogServer: true })]).slice(1), [false, waits], 'a binlog server does not tell whether it was let in')
  assert.deepEqual(judge([stopped]).slice(1), [false, 'only-we-miss-it'])
})

test('the only replica of an intermediate source that hangs is failing to connect as soon as it was made to connect anew and was not let in', () => {
  const failure = { kind: 'timeout' as const, number: null, text: '' }
  const codeOf = (restartedAt: number | null, link: Partial<ReplicationLink> = {}): string | undefined => {
    const restarts = new Map(restartedAt === null ? [] : [[key('db2'), restartedAt]])
    const below = { ...bareLink(key('db2')), gtid: 'mysql' as const, receiver: 'connecting' as const, applier: 'running' as const, ...link }
    const topology = topologyOf(server('db1'), replica('db2', {}, { check: { ...good, lastSeenAt: now - 9000, failure } }), server('db3', { replication: below, channels: [below], replicationDepth: 2 }))
    return analyseOne(topology, key('db2'), defaultAnalysisPolicy, now, { ...noMemory, receiversRestartedAt: restarts, believedRestarts: restarts })?.code
  }
  assert.equal(codeOf(now - 400), 'DeadIntermediateMasterWithSingleReplicaFailingToConnect')
  assert.equal(codeOf(now - 200), 'DeadIntermediateMasterWithSingleReplica', 'it may still be let in')
  assert.equal(codeOf(null), 'DeadIntermediateMasterWithSingleReplica', 'nobody made it connect anew')
  assert.equal(codeOf(now - 400, { applier: 'stopped' }), 'DeadIntermediateMasterWithSingleReplica', 'it does not replicate for a reason of its own')
})

test('nothing has come to replicas only when each was read again and stands where it stood', () => {
  const seenAt = (at: number): Partial<Instance> => ({ check: { ...good, lastSeenAt: at } })
  const at = (position: bigint): Partial<ReplicationLink> => ({ readCoordinates: { file: 'binlog.000001', position } })
  const first = [replica('db2', at(100n), seenAt(now)), replica('db3', at(100n), seenAt(now))]
  const begun = stillUnheard(undefined, first)
  assert.equal(isUnheardFor(begun, first, 900), false)
  // Looked at again without a new reading: at a poll every five seconds that says nothing of a source that sends all the time.
  const later = stillUnheard(begun, first)
  assert.equal(isUnheardFor(later, first, 900), false)
  const read = [replica('db2', at(100n), seenAt(now + 1000)), replica('db3', at(100n), seenAt(now + 1000))]
  assert.equal(isUnheardFor(stillUnheard(begun, read), read, 900), true)
  const half = [replica('db2', at(100n), seenAt(now + 1000)), replica('db3', at(100n), seenAt(now))]
  assert.equal(isUnheardFor(stillUnheard(begun, half), half, 900), false, 'one was not read yet')
  const moved = [replica('db2', at(100n), seenAt(now + 1000)), replica('db3', at(140n), seenAt(now + 1000))]
  assert.equal(isUnheardFor(stillUnheard(begun, moved), moved, 900), false, 'something came to one of them')
  const heard = [replica('db2', { ...at(100n), lastHeardAt: now + 500 }, seenAt(now + 1000)), replica('db3', at(100n), seenAt(now + 1000))]
  assert.equal(isUnheardFor(stillUnheard(begun, heard), heard, 900), false, 'a heartbeat came')
  const heardAt = (lastHeardAt: number, readAt: number): Instance[] => [replica('db2', { ...at(100n), lastHeardAt }, seenAt(readAt))]
  const told = stillUnheard(undefined, heardAt(now - 400, now))
  assert.equal(isUnheardFor(stillUnheard(told, heardAt(now - 350, now + 1000)), heardAt(now - 350, now + 1000), 900), true, 'the same moment, reckoned anew')
  assert.equal(isUnheardFor(stillUnheard(told, heardAt(now - 250, now + 1000)), heardAt(now - 250, now + 1000), 900), false, 'a heartbeat soon after the one before')
  assert.equal(isUnheardFor(stillUnheard(told, heardAt(now + 1000, now + 1000)), heardAt(now + 1000, now + 1000), 900), true, 'it says that it hears just now, and has read nothing: half a transaction')
  const [twice, thrice] = [heardAt(now + 950, now + 1000), heardAt(now + 950, now + 1300)]
  assert.equal(isUnheardFor(stillUnheard(stillUnheard(told, twice), thrice), thrice, 900), false, 'what had come just then is found out at the next look')
  const joined = [...read, replica('db4', at(100n), seenAt(now + 1000))]
  assert.equal(isUnheardFor(stillUnheard(begun, joined), joined, 900), false, 'one has just connected')
  assert.equal(isUnheardFor(begun, [replica('db2', { receiver: 'connecting' }, seenAt(now + 1000))], 900), false, 'nobody calls itself connected')
})

test('of a source that is being stopped heartbeats still come: that no event does tells that nobody commits there any more', () => {
  const read = (position: bigint, lastHeardAt: number, lastSeenAt: number): Instance[] =>
    [replica('db2', { readCoordinates: { file: 'binlog.000001', position }, lastHeardAt }, { check: { ...good, lastSeenAt } })]
  const first = read(100n, now - 200, now)
  const begun = stillUnheard(undefined, first, 'events')
  const beats = read(100n, now + 900, now + 1200)
  assert.equal(isUnheardFor(stillUnheard(begun, beats, 'events'), beats, 1000), true)
  assert.equal(isUnheardFor(stillUnheard(begun, beats), beats, 1000), false, 'of one that gives no answer a heartbeat says that it lives')
  const commit = read(140n, now + 900, now + 1200)
  assert.equal(isUnheardFor(stillUnheard(begun, commit, 'events'), commit, 1000), false, 'a commit that was under way')
})
