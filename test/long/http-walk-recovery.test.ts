import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { until } from '../harness/recorded/api.ts'
import { keptOfRecoveries } from '../harness/walk/kept.ts'
import { RecordedServers } from '../harness/walk/recorded-servers.ts'

let servers: RecordedServers

before(async () => {
  servers = await RecordedServers.start({ RecoverMasterClusterFilters: ['*'], RecoverIntermediateMasterClusterFilters: ['*'] })
}, { timeout: 200_000 })

after(() => servers?.[Symbol.asyncDispose]())

const waitMilliseconds = 100_000

/** How far a server is just after it was told something, whom a server that came back lists, and whether an announcement still keeps the next one back. */
const ofTheMoment = [
  'ReplicationIOThreadState', 'Slave_IO_Running', 'ReplicationIOThreadRuning', 'LastIOError', 'SecondsBehindMaster', 'SlaveLagSeconds', 'ReplicationLagSeconds', 'Replicas', 'SlaveHosts',
  'IsLastCheckValid', 'GtidErrant', 'MaxReplicaGTIDErrant', 'ReplicationCredentialsAvailable',
  // How these replicas were told to connect.
  'AllowTLS', 'Bool', 'Valid', 'Int64',
]
type Steps = Parameters<RecordedServers['walk']>[0]
const under = (folder: string, ...names: readonly string[]): readonly string[] => names.map(name => `${folder}/${name}.json`)
/** Whether an announcement still keeps the next one back depends on when it is looked at. */
const announcements = (folder: string, ...names: readonly string[]): Steps => under(folder, ...names).map(name => () => servers.compare(name, [...ofTheMoment, 'IsActive']))
const walked = async (steps: Steps): Promise<void> => assert.deepEqual(await servers.walk(steps, ofTheMoment, keptOfRecoveries), [])

interface Recovery {
  readonly UID: string
  readonly IsActive: boolean
  readonly RecoveryEndTimestamp: string
}

// The shapes are compared; here they are looked at for what is waited for.
const list = <Entry>(path: string) => async (): Promise<readonly Entry[]> => await servers.do(path) as readonly Entry[]
const recoveries = list<Recovery>('/api/audit-recovery')
const analysed = (port: 3308 | 3309, code: RegExp) => () => servers.untilAnalysed(port, code)()
const announced = (count: number) => (): Promise<unknown> => until(list('/api/audit-failure-detection'), all => all.length === count, waitMilliseconds)
/** `blocks`: others are still kept back by the last one. */
const recovered = (count: number, blocks = false) => (): Promise<unknown> =>
  until(recoveries, all => all.length === count && all.every(one => one.RecoveryEndTimestamp !== '' && (blocks || !one.IsActive)), waitMilliseconds)
const ofNewest = (name: string, path: (recovery: Recovery) => string) => async (): Promise<void> => {
  const [recovery] = await recoveries()
  assert.ok(recovery)
  await servers.compare(name, ofTheMoment, path(recovery))
}

test('as recorded: takeovers', { timeout: 400_000 }, () => walked([
  '/api/relocate/127.0.0.1/3311/127.0.0.1/3308', ...['3309', '3310', '3311'].map(port => `/api/stop-replica/127.0.0.1/${port}`), analysed(3308, /^AllMasterReplicasNotReplicating$/), announced(1),
  ...under('recovery', 'audit-failure-detection-stopped-replicas'), () => servers.reset(), '/api/relocate/127.0.0.1/3311/127.0.0.1/3308',
  ...under('recovery', 'graceful-master-takeover'), recovered(1), ...under('recovery', 'active-cluster-recovery-graceful', 'audit-recovery-graceful'),
  ofNewest('recovery/audit-recovery-steps-graceful.json', ({ UID }) => `/api/audit-recovery-steps/${UID}`), ...under('recovery', 'downtimed-after-graceful', 'topology-after-graceful'),
  '/api/start-replica/127.0.0.1/3308', servers.untilSeen(3308, ({ ReplicationIOThreadState: receiver }) => receiver === 1), ...under('recovery', 'graceful-master-takeover-auto'),
]))

test('as recorded: a primary dies', { timeout: 400_000 }, async () => {
  await servers.beginAgain()
  await walked([
    '/api/disable-global-recoveries', () => servers.server(3308).kill(), analysed(3308, /^DeadMaster$/), announced(4),
    ...under('analysis', 'replication-analysis-changelog-dead', 'replication-analysis-dead-master', 'replication-analysis-dead-master-instance'), ...under('cluster', 'cluster-dead-master'),
    ...under('problems', 'problems-dead-master'), ...under('errors', 'discover-dead', 'stop-replica-dead'),
    ...under('recovery', 'clusters-info-dead', 'instance-dead', 'masters-dead', 'topology-dead-master', 'audit-recovery-disabled'), ...announcements('recovery', 'audit-failure-detection-no-recovery'),
    '/api/enable-global-recoveries', recovered(3),
    ...under('recovery', 'audit-recovery', 'audit-recovery-alias', 'audit-recovery-cluster', 'audit-recovery-id', 'audit-recovery-unack'),
    ofNewest('recovery/audit-recovery-uid.json', ({ UID }) => `/api/audit-recovery/uid/${UID}`), ofNewest('recovery/audit-recovery-steps.json', ({ UID }) => `/api/audit-recovery-steps/${UID}`),
    ...announcements('recovery', 'audit-failure-detection', 'audit-failure-detection-alias', 'audit-failure-detection-id'),
    ...under('recovery', 'active-cluster-recovery', 'recently-active-cluster-recovery', 'recently-active-instance-recovery', 'blocked-recoveries-after', 'clusters-info-after-failover',
      'downtimed-after-failover', 'topology-after-failover', 'ack-recovery-cluster', 'ack-recovery-cluster-alias', 'audit-recovery-acked'),
  ])
})

test('as recorded: an intermediate source dies', { timeout: 400_000 }, async () => {
  await servers.server(3308).start()
  await servers.beginAgain()
  await servers.reconfigure({ RecoveryPeriodBlockSeconds: 3600 })
  await walked([
    '/api/disable-global-recoveries', () => servers.server(3309).kill(), analysed(3309, /^DeadIntermediateMasterWithSingleReplicaFailingToConnect$/),
    ...under('im', 'replication-analysis-dead-im', 'topology-dead-im'), '/api/enable-global-recoveries', recovered(4, true), ...under('im', 'audit-recovery', 'audit-failure-detection', 'topology-after'),
    ofNewest('im/audit-recovery-steps.json', ({ UID }) => `/api/audit-recovery-steps/${UID}`),
    // It dies again too soon.
    () => servers.server(3309).start(), () => servers.reset(), () => servers.server(3309).kill(), () => until(list('/api/blocked-recoveries'), all => all.length > 0, waitMilliseconds),
    ...under('recovery', 'blocked-recoveries', 'blocked-recoveries-cluster'), ...under('im', 'replication-analysis-blocked'),
    '/api/recover/127.0.0.1/3309', ...under('im', 'topology-after-manual-recover'),
  ])
})

test('as recorded: a takeover by force', { timeout: 400_000 }, async () => {
  await servers.server(3309).start()
  await servers.beginAgain()
  await servers.reconfigure({ RecoveryPeriodBlockSeconds: 5 })
  await walked(under('recovery', 'force-master-takeover', 'topology-after-force-takeover'))
})
