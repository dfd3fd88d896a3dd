import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { RecordedServers } from '../harness/walk/recorded-servers.ts'

let servers: RecordedServers

before(async () => {
  servers = await RecordedServers.start()
}, { timeout: 200_000 })

after(() => servers?.[Symbol.asyncDispose]())

/** How far a server is just after it was told something, and who is listed below it: MySQL lists those that left for a while. */
const ofTheMoment = [
  'ReplicationIOThreadState', 'Slave_IO_Running', 'ReplicationIOThreadRuning', 'LastIOError', 'SecondsBehindMaster', 'SlaveLagSeconds', 'ReplicationLagSeconds', 'Replicas', 'SlaveHosts',
  'IsLastCheckValid', 'GtidErrant', 'MaxReplicaGTIDErrant', 'ReplicationCredentialsAvailable',
  // How these replicas were told to connect.
  'AllowTLS', 'Bool', 'Valid', 'Int64',
]

const under = (folder: string, ...names: readonly string[]): readonly string[] => names.map(name => `${folder}/${name}.json`)
const asRecorded = (steps: Parameters<RecordedServers['walk']>[0]) => async (): Promise<void> => {
  await servers.reset()
  assert.deepEqual(await servers.walk(steps, ofTheMoment), [])
}
const allBelowTheFirst = '/api/relocate/127.0.0.1/3311/127.0.0.1/3308'
const reset = (): Promise<void> => servers.reset()

test('as recorded: servers are read', { timeout: 200_000 }, asRecorded([
  ...under('instance', 'discover', 'async-discover', 'refresh', 'resolve'), ...under('meta', 'hostname-resolve-cache'), ...under('metrics', 'discovery-metrics-raw'),
  ...under('errors', 'discover-unreachable', 'discover-unresolvable', 'refresh-unreachable'),
]))

test('as recorded: what a server does not let be done is answered with the reason', { timeout: 200_000 }, asRecorded([
  ...under('errors', 'change-master-credentials-master', 'delay-replication-nan', 'delay-replication-negative', 'detach-on-master', 'enable-gtid-again', 'enable-semi-sync-replica',
    'enable-semi-sync-source', 'force-master-takeover-not-direct', 'force-master-takeover-unknown', 'graceful-takeover-designated-not-direct', 'graceful-takeover-no-designated',
    'gtid-errant-inject-empty-none', 'gtid-errant-reset-master-none', 'kill-query-nan', 'kill-query-unknown-thread', 'last-pseudo-gtid', 'locate-gtid-errant-none', 'make-co-master-of-master',
    'match-no-pgtid', 'move-below-not-sibling', 'move-up-master', 'move-up-top', 'purge-binary-logs-nosuch', 'reattach-not-detached', 'recover-healthy', 'recover-lite-unknown',
    'relocate-below-child', 'relocate-below-self', 'relocate-master', 'relocate-unknown-below', 'relocate-unknown', 'skip-query-no-error', 'start-replica-on-master', 'stop-replica-on-master'),
  '/api/begin-maintenance/127.0.0.1/3309/alice/move%20below%20127.0.0.1:3310', ...under('errors', 'relocate-in-maintenance'), '/api/end-maintenance/127.0.0.1/3309',
  ...under('edge', 'delay-on-master', 'reset-replica-on-master', 'take-master-of-master', 'purge-binary-logs-has-replicas'),
]))

test('as recorded: replicas are moved', { timeout: 400_000 }, asRecorded([
  ...under('relocate', 'relocate', 'relocate-back', 'relocate-replicas', 'relocate-slaves', 'relocate-replicas-pattern-nomatch', 'relocate-below'), reset,
  ...under('relocate', 'relocate-3311'), reset, ...under('relocate', 'move-below-gtid', 'move-replicas-gtid', 'move-replicas-gtid-b'), reset,
  '/api/relocate/127.0.0.1/3310/127.0.0.1/3309', ...under('relocate', 'relocate-3310-back'), allBelowTheFirst, ...under('relocate', 'regroup-replicas-gtid'), reset,
  allBelowTheFirst, ...under('relocate', 'regroup-replicas'), reset, allBelowTheFirst, ...under('relocate', 'take-siblings'), reset,
  ...under('relocate', 'repoint', 'repoint-replicas', 'move-below', 'move-up'), reset, ...under('relocate', 'move-up-replicas'), reset,
  '/api/set-read-only/127.0.0.1/3310', ...under('relocate', 'make-co-master'), () => servers.untilSeen(3308, ({ MasterKey }) => MasterKey.Port === 3310)(),
  ...under('relocate', 'cluster-co-masters', 'replication-analysis-co-masters', 'topology-co-masters'), ...under('errors', 'make-co-master-again'),
]))

test('as recorded: replication of a server is stopped, started and changed', { timeout: 300_000 }, asRecorded([
  ...under('replication', 'stop-replica'), () => servers.untilSeen(3310, ({ ReplicationSQLThreadState }) => ReplicationSQLThreadState === 0)(),
  ...under('problems', 'problems-stopped'), ...under('analysis', 'replication-analysis-one-stopped'), ...under('cluster', 'topology-tabulated-one-stopped'),
  ...under('replication', 'start-replica', 'start-slave', 'restart-replica', 'stop-replica-nice', 'change-master-credentials'), '/api/start-replica/127.0.0.1/3310',
  ...under('replication', 'disable-gtid', 'enable-gtid', 'delay-replication', 'delay-replication-0', 'set-read-only', 'set-writeable', 'restart-replica-statements-noq', 'restart-replica-statements'),
  ...under('replication', 'flush-binary-logs'), '/api/flush-binary-logs/127.0.0.1/3311', ...under('replication', 'purge-binary-logs', 'purge-binary-logs-latest', 'reset-replica'),
  async () => {
    await using asleep = await servers.asleep(3310)
    await servers.compare('replication/kill-query.json', ofTheMoment, `/api/kill-query/127.0.0.1/3310/${asleep.id}`)
  },
  ...under('replication', 'detach-replica-master-host'), () => servers.untilSeen(3310, ({ ReplicationDepth }) => ReplicationDepth === 0)(),
  ...under('replication', 'instance-detached', 'topology-detached'), ...under('problems', 'problems-detached'), ...under('errors', 'detach-again'), ...under('replication', 'reattach-replica-master-host'),
]))

const errant = async (): Promise<void> => {
  for (const name of ['errant_one', 'errant_two']) await servers.server(3310).sql(`CREATE DATABASE IF NOT EXISTS ${name}_${Date.now()}`)
  await servers.untilSeen(3310, ({ GtidErrant }) => /:1-2$|:\d+-\d+$/.test(GtidErrant))()
}

test('as recorded: errant transactions are found and mended', { timeout: 300_000 }, asRecorded([
  errant, ...under('gtid', 'instance-errant', 'problems-errant', 'replication-analysis-errant', 'topology-errant', 'locate-gtid-errant', 'gtid-errant-reset-master'), reset,
  errant, ...under('gtid', 'gtid-errant-inject-empty'), () => servers.untilSeen(3310, ({ GtidErrant }) => GtidErrant === '')(), ...under('gtid', 'topology-after-inject'),
]))

test('as recorded: semi-sync is switched', { timeout: 300_000 }, asRecorded([
  async () => {
    for (const port of [3308, 3310] as const) {
      await servers.server(port).sql("INSTALL PLUGIN rpl_semi_sync_source SONAME 'semisync_source.so'")
      await servers.server(port).sql("INSTALL PLUGIN rpl_semi_sync_replica SONAME 'semisync_replica.so'")
    }
    // What a server has loaded is learnt with the connection, and every minute.
    for (const port of [3308, 3310] as const) await servers.untilSeen(port, ({ SemiSyncAvailable }) => SemiSyncAvailable)()
  },
  ...under('semisync', 'enable-semi-sync-master', 'enable-semi-sync-source', 'enable-semi-sync-replica'), ...['3308', '3310'].map(port => `/api/refresh/127.0.0.1/${port}`),
  ...under('semisync', 'instance-source', 'topology', 'disable-semi-sync-replica', 'disable-semi-sync-master', 'disable-semi-sync-source'),
]))
