import { type Instance, type ReplicationLink, type ReplicationOptions, noThreadError } from './instance.ts'
import type { InstanceKey } from './instance-key.ts'
import { unknownVersion } from './version.ts'

/** A record of which nothing is known but the key: a seed, or a source that only its replicas have named. */
export function bareInstance(key: InstanceKey): Instance {
  return {
    key, alias: '', hostname: '', serverId: 0, serverUuid: '', version: unknownVersion, uptimeSeconds: 0, readOnly: false, superReadOnly: false,
    logBin: false, logReplicaUpdates: false, binlogFormat: '', binlogRowImage: '', binlogCoordinates: null,
    gtidMode: '', executedGtidSet: '', purgedGtidSet: '', errantGtidSet: '', mariadbGtid: null,
    replication: null, channels: [], replicationCredentialsAvailable: false, hasReplicationAccount: false, listedReplicas: [], replicationLagSeconds: null,
    semiSync: null, group: null, isBinlogServer: false, usingPseudoGtid: false,
    dataCenter: '', region: '', physicalEnvironment: '', unresolvedHostname: '',
    clusterName: key, suggestedClusterAlias: '', replicationDepth: 0, isCoPrimary: false, ancestryUuid: '',
    promotionRule: 'neutral', downtime: null, maintenance: null,
    check: { lastAttemptedAt: null, lastCheckedAt: null, lastSeenAt: null, partialSuccess: false, failure: null, latencyMilliseconds: 0 },
  }
}

export const defaultReplicationOptions: ReplicationOptions = {
  tlsAllowed: false, tlsCaFile: '', tlsCaPath: '', tlsCert: '', tlsCipher: '', tlsKey: '', tlsCrlFile: '', tlsCrlPath: '', tlsVerifyServerCert: null,
  tlsVersion: '', tlsCiphersuites: '', publicKeyPath: '', getPublicKey: null, connectRetrySeconds: null, retryCount: null,
  heartbeatPeriodSeconds: null, compression: null, bind: '', filters: '',
}

/** A link to `source` with both threads stopped and every other fact at its quietest; builders and row readers start from it. */
export function bareLink(source: InstanceKey): ReplicationLink {
  return {
    channel: '', source, sourceUuid: '', user: '', receiver: 'stopped', applier: 'stopped', receiverError: noThreadError, applierError: noThreadError,
    readCoordinates: null, executedCoordinates: null, relayLogCoordinates: null, retrievedGtidSet: '', gtid: 'none',
    secondsBehindSource: null, delaySeconds: 0, hasFilters: false, lastHeardAt: null, options: defaultReplicationOptions,
  }
}
