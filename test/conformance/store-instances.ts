import { bareInstance, bareLink, defaultReplicationOptions } from '../../src/model/topology/fresh-instance.ts'
import type { Instance } from '../../src/model/topology/instance.ts'
import { instanceKey } from '../../src/model/topology/instance-key.ts'
import { parseVersion } from '../../src/model/topology/version.ts'

export const aSecond = Date.UTC(2026, 10, 22, 6, 0, 0)
const uuid = '00020192-1111-1111-1111-111111111111'

/** A primary with semi-sync, positions beyond 2^53 and a group. */
export const fullPrimary: Instance = {
  ...bareInstance(instanceKey('db1.example.com', 3306)),
  alias: 'one', hostname: 'db1', serverId: 4294967295, serverUuid: uuid, version: parseVersion('9.7.4', 'MySQL Community Server - GPL'), uptimeSeconds: 1234567,
  logBin: true, logReplicaUpdates: true, binlogFormat: 'ROW', binlogRowImage: 'FULL', binlogCoordinates: { file: 'binlog.000123', position: 9007199254740993n },
  gtidMode: 'ON', executedGtidSet: `${uuid}:1-1000,\n${uuid.replace('0002', '0003')}:tag:1-5`, purgedGtidSet: `${uuid}:1-10`,
  listedReplicas: [instanceKey('db2.example.com', 3306), instanceKey('2001:db8::1', 3307)],
  semiSync: {
    sourcePluginLoaded: true, replicaPluginLoaded: false, newNames: true, sourceEnabled: true, replicaEnabled: false, sourceActive: true, replicaActive: false,
    clients: 2, waitForReplicaCount: 1, timeoutMilliseconds: 9007199254740995n, priority: 3,
  },
  group: {
    name: 'b3a3b0ce-0000-4000-8000-000000000000', isSinglePrimary: true, memberState: 'ONLINE', memberRole: 'PRIMARY',
    members: [instanceKey('db9', 3306)], primary: instanceKey('db1.example.com', 3306),
  },
  dataCenter: 'dc1', region: 'north', physicalEnvironment: 'prod', clusterName: 'db1.example.com:3306', suggestedClusterAlias: 'shop', ancestryUuid: uuid,
  check: { lastAttemptedAt: aSecond, lastCheckedAt: aSecond, lastSeenAt: aSecond, partialSuccess: true, failure: null, latencyMilliseconds: 1.234567 },
}

/** A replica with every option of its channel set, two channels, errors and a failed last check. */
export const fullReplica: Instance = (() => {
  const link = {
    ...bareLink(instanceKey('db1.example.com', 3306)),
    sourceUuid: uuid, user: 'repl', receiver: 'connecting', applier: 'running',
    receiverError: { number: 2003, text: 'error reconnecting to source "repl"@db1: 110', at: aSecond - 1500 }, applierError: { number: 0, text: '', at: null },
    readCoordinates: { file: 'binlog.000123', position: 4n }, executedCoordinates: { file: 'binlog.000122', position: 9007199254740999n },
    relayLogCoordinates: { file: 'relay.000002', position: 123n }, retrievedGtidSet: `${uuid}:900-1000`, gtid: 'mysql', secondsBehindSource: 17,
    delaySeconds: 5,
    hasFilters: true, lastHeardAt: aSecond - 123,
    options: {
      ...defaultReplicationOptions, tlsAllowed: true, tlsCaFile: '/etc/ca.pem', tlsVerifyServerCert: true, publicKeyPath: '', getPublicKey: false,
      connectRetrySeconds: 10, retryCount: 86400, heartbeatPeriodSeconds: 0.5, compression: 'zstd', filters: 'Replicate_Do_DB: a',
    },
  } as const
  return {
    ...bareInstance(instanceKey('db2.example.com', 3306)),
    hostname: 'db2', serverId: 2, serverUuid: uuid.replace('0002', '0004'), version: parseVersion('8.0.36-28', 'Percona Server (GPL)'), readOnly: true,
    superReadOnly: true,
    gtidMode: 'ON', executedGtidSet: `${uuid}:1-950`, errantGtidSet: `${uuid}:951`,
    replication: link, channels: [link, { ...link, channel: 'second', gtid: 'none' }], replicationCredentialsAvailable: true, replicationLagSeconds: 17.25,
    clusterName: 'db1.example.com:3306', replicationDepth: 1, ancestryUuid: `${uuid},${uuid.replace('0002', '0004')}`,
    check: {
      lastAttemptedAt: aSecond, lastCheckedAt: aSecond + 3000, lastSeenAt: aSecond, partialSuccess: false,
      failure: { kind: 'privilege-missing', number: 1227, text: 'Access denied; you need PROCESS', grant: 'GRANT PROCESS ON *.* TO …' },
      latencyMilliseconds: 12,
    },
  }
})()

export const mariadbReplica: Instance = (() => {
  const link = { ...bareLink(instanceKey('//db1.example.com', 3306)), gtid: 'mariadb-current-pos', receiver: 'running', applier: 'running', user: 'repl' } as const
  return {
    ...bareInstance(instanceKey('maria.example.com', 3310)),
    serverId: 3, version: parseVersion('10.11.6-MariaDB-log', 'Debian 12'),
    mariadbGtid: { binlogPos: '0-1-5', slavePos: '0-1-5', currentPos: '0-1-5', binlogState: '0-1-5,0-2-4', strictMode: true },
    replication: link, channels: [link], replicationLagSeconds: 0, clusterName: 'db1.example.com:3306', replicationDepth: 1, isCoPrimary: true,
    usingPseudoGtid: true,
    check: { lastAttemptedAt: aSecond, lastCheckedAt: aSecond, lastSeenAt: aSecond, partialSuccess: true, failure: null, latencyMilliseconds: 0 },
  }
})()
