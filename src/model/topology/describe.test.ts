import assert from 'node:assert/strict'
import { test } from 'node:test'
import { identifyAll } from './cluster.ts'
import { describeInstance, isProblem, problemsOf, statusWord } from './describe.ts'
import { drawCluster } from './draw.ts'
import { bareInstance, bareLink } from './fresh-instance.ts'
import { defaultFreshnessPolicy as policy, isRecentlyChecked, isUpToDate } from './freshness.ts'
import type { Instance, ReplicationLink, SemiSync } from './instance.ts'
import { instanceKey } from './instance-key.ts'
import { Topology } from './topology.ts'
import { parseVersion } from './version.ts'

// The expected texts are those of the contract's recordings (golden/cluster, cli, im, gtid, semisync, recovery, relocate).
const now = 1_000_000
const semiSync: SemiSync = {
  sourcePluginLoaded: true, replicaPluginLoaded: true, newNames: true, sourceEnabled: false, replicaEnabled: false, sourceActive: false, replicaActive: false,
  clients: 0, waitForReplicaCount: 1, timeoutMilliseconds: 10_000n, priority: 0,
}
const key = (port: number): Instance['key'] => instanceKey('127.0.0.1', port)

function server(port: number, sourcePort: number | null, more: Partial<Instance> = {}, link: Partial<ReplicationLink> = {}): Instance {
  const instance = bareInstance(key(port))
  return {
    ...instance, version: parseVersion('9.7.4-2', '(Debian)'), logBin: true, logReplicaUpdates: true, binlogFormat: 'ROW', gtidMode: 'ON', serverUuid: `uuid-${port}`,
    replicationLagSeconds: sourcePort === null ? null : 0,
    replication: sourcePort === null ? null : { ...bareLink(key(sourcePort)), receiver: 'running', applier: 'running', gtid: 'mysql', secondsBehindSource: 0, ...link },
    check: { ...instance.check, lastCheckedAt: now - 1000, lastSeenAt: now - 1000, lastAttemptedAt: now - 1000 }, ...more,
  }
}
const stopped = { receiver: 'connecting', applier: 'running' } as const
const dead = (instance: Instance): Instance => ({ ...instance, check: { ...instance.check, lastSeenAt: now - 9000 } })
const drawn = (servers: readonly Instance[], tabulated = false, cluster = servers[0]?.key ?? ''): string =>
  drawCluster(new Topology(1, identifyAll(new Map(servers.map(instance => [instance.key, instance])))), cluster, { policy, now, tabulated })

const healthy = [server(3308, null), server(3309, 3308), server(3311, 3309), server(3310, 3308)]

test('a healthy cluster is drawn as the original draws it', () => {
  assert.equal(drawn(healthy), [
    '127.0.0.1:3308     [0s,ok,9.7.4-2,rw,ROW,>>,GTID]', '+ 127.0.0.1:3309   [0s,ok,9.7.4-2,rw,ROW,>>,GTID]',
    '  + 127.0.0.1:3311 [0s,ok,9.7.4-2,rw,ROW,>>,GTID]', '+ 127.0.0.1:3310   [0s,ok,9.7.4-2,rw,ROW,>>,GTID]',
  ].join('\n'))
})

test('the tabulated form pads every column, the lag to the right', () => {
  const oneStopped = healthy.map(instance => (instance.key === key(3310) ? server(3310, 3308, {}, { receiver: 'stopped', applier: 'stopped' }) : instance))
  assert.equal(drawn(oneStopped, true), [
    '127.0.0.1:3308    |  0s|ok            |9.7.4-2|rw|ROW|>>,GTID', '+ 127.0.0.1:3309  |  0s|ok            |9.7.4-2|rw|ROW|>>,GTID',
    '  + 127.0.0.1:3311|  0s|ok            |9.7.4-2|rw|ROW|>>,GTID', '- 127.0.0.1:3310  |null|nonreplicating|9.7.4-2|rw|ROW|>>,GTID',
  ].join('\n'))
})

test('a dead primary has no prefix, and its replicas are drawn as not replicating', () => {
  const [primary = server(1, null), , sub = server(2, null)] = healthy
  assert.equal(drawn([dead(primary), server(3309, 3308, {}, stopped), sub, server(3310, 3308, {}, stopped)]), [
    '127.0.0.1:3308     [unknown,invalid,9.7.4-2,rw,ROW,>>,GTID]', '- 127.0.0.1:3309   [null,nonreplicating,9.7.4-2,rw,ROW,>>,GTID]',
    '  + 127.0.0.1:3311 [0s,ok,9.7.4-2,rw,ROW,>>,GTID]', '- 127.0.0.1:3310   [null,nonreplicating,9.7.4-2,rw,ROW,>>,GTID]',
  ].join('\n'))
})

test('co-primaries are both drawn as roots with a prefix', () => {
  assert.equal(drawn([server(3308, 3310), server(3309, 3308), server(3311, 3309), server(3310, 3308, { readOnly: true })]), [
    '+ 127.0.0.1:3308     [0s,ok,9.7.4-2,rw,ROW,>>,GTID]', '  + 127.0.0.1:3309   [0s,ok,9.7.4-2,rw,ROW,>>,GTID]',
    '    + 127.0.0.1:3311 [0s,ok,9.7.4-2,rw,ROW,>>,GTID]', '+ 127.0.0.1:3310     [0s,ok,9.7.4-2,ro,ROW,>>,GTID]',
  ].join('\n'))
})

test('a detached server is a cluster of one without prefix', () => {
  const detached = server(3310, null, { replication: { ...bareLink(instanceKey('//127.0.0.1', 3308)), receiver: 'connecting', applier: 'running', gtid: 'mysql' } })
  assert.equal(drawn([detached]), '127.0.0.1:3310 [null,nonreplicating,9.7.4-2,rw,ROW,>>,GTID]')
})

test('tags and an alias are drawn beside the server', () => {
  const topology = new Topology(1, identifyAll(new Map([server(3308, null, { alias: 'main' }), server(3309, 3308)].map(instance => [instance.key, instance]))))
  const tagsOf = (at: string): string[] => (at.endsWith('9') ? ['dc=ny', 'role=backup'] : [])
  assert.equal(drawCluster(topology, key(3308), { policy, now, tagsOf }), [
    '127.0.0.1:3308 (main) [0s,ok,9.7.4-2,rw,ROW,>>,GTID] []', '+ 127.0.0.1:3309      [0s,ok,9.7.4-2,rw,ROW,>>,GTID] [dc=ny,role=backup]',
  ].join('\n'))
})

test('a description names semi-sync, errant transactions and a downtime that has not ended', () => {
  const told = (more: Partial<Instance>, link = {}): string => describeInstance(server(3310, 3308, more, link), policy, now)
  assert.equal(told({ semiSync: { ...semiSync, replicaEnabled: true } }), '[0s,ok,9.7.4-2,rw,ROW,>>,GTID,semi:replica]')
  assert.equal(told({ semiSync: { ...semiSync, sourceEnabled: true } }), '[0s,ok,9.7.4-2,rw,ROW,>>,GTID,semi:master]')
  assert.equal(told({ errantGtidSet: 'x:1' }), '[0s,ok,9.7.4-2,rw,ROW,>>,GTID:errant]')
  const downtime = { owner: 'o', reason: 'r', beginsAt: 0, endsAt: now + 1 }
  assert.equal(told({ downtime }), '[0s,ok,9.7.4-2,rw,ROW,>>,GTID,downtimed]')
  assert.equal(told({ downtime: { ...downtime, endsAt: now } }), '[0s,ok,9.7.4-2,rw,ROW,>>,GTID]')
  assert.equal(told({ logBin: false, readOnly: true, gtidMode: 'OFF' }, { gtid: 'none', readCoordinates: { file: 'b.1', position: 4n } }), '[0s,ok,9.7.4-2,ro,nobinlog]')
  assert.equal(told({}, { executedCoordinates: { file: '//b.1:4', position: 4n } }), '[detached,ok,9.7.4-2,rw,ROW,>>,GTID]')
  assert.equal(told({ replicationLagSeconds: 11 }), '[11s,lag,9.7.4-2,rw,ROW,>>,GTID]')
  assert.equal(told({ replicationLagSeconds: 3605 }, { delaySeconds: 3600 }), '[3605s,ok,9.7.4-2,rw,ROW,>>,GTID]')
})

test('problems are the first of four, then errant transactions and a group member that is not online', () => {
  const problems = (instance: Instance, at = now): readonly string[] => problemsOf(instance, policy, at)
  assert.deepEqual(problems(server(1, 2)), [])
  assert.deepEqual(problems(dead(server(1, 2, { replicationLagSeconds: 99, errantGtidSet: 'x:1' }, stopped))), ['last_check_invalid', 'errant_gtid'])
  assert.deepEqual(problems(server(1, 2, {}, stopped), now + 26_000), ['not_recently_checked'])
  assert.deepEqual(problems(server(1, 2, { replicationLagSeconds: 99 }, stopped)), ['not_replicating'])
  assert.deepEqual(problems(server(1, 2, { replicationLagSeconds: 99 })), ['replication_lag'])
  const group = { name: 'g', isSinglePrimary: true, memberState: 'RECOVERING', memberRole: 'SECONDARY', members: [], primary: null } as const
  assert.deepEqual(problems(server(1, null, { group })), ['group_replication_member_not_online'])
})

test('a server that was never seen, and one that lags only by its own measure, are listed among the problems', () => {
  assert.equal(isProblem(bareInstance(key(1)), policy, now), true)
  assert.equal(isProblem(server(1, 2, { replicationLagSeconds: 0 }, { secondsBehindSource: 50 }), policy, now), true)
  assert.equal(isProblem(server(1, 2), policy, now), false)
})

test('a check is up to date within one poll and recent within five', () => {
  const instance = server(1, null)
  assert.deepEqual([isUpToDate(instance, policy, now + 4000), isUpToDate(instance, policy, now + 4001)], [true, false])
  assert.deepEqual([isRecentlyChecked(instance, policy, now + 24_000), isRecentlyChecked(instance, policy, now + 24_001)], [true, false])
  assert.equal(statusWord(instance, policy, now + 24_001), 'unchecked')
})
