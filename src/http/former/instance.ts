import { wholeNumber } from '../../contract/wire.ts'
import { isDetachedFromSource, problemsOf } from '../../model/topology/describe.ts'
import { type FreshnessPolicy, isDowntimed, isRecentlyChecked, isUpToDate, secondsSinceLastSeen } from '../../model/topology/freshness.ts'
import { type Instance, isLastCheckValid, type ReplicationLink, type ThreadError, type ThreadState } from '../../model/topology/instance.ts'
import { hostOf } from '../../model/topology/instance-key.ts'
import { supportsMysqlGtid } from '../../model/topology/replication-rules.ts'
import { quotedAscii } from './quoted-ascii.ts'
import { formerCoordinates, formerKey, formerKeys, formerPlainTime, formerTime, nanoseconds, nullableBoolean, nullableNumber } from './parts.ts'

const threadStates: Readonly<Record<ThreadState, number>> = { stopped: 0, running: 1, connecting: 2 }
const threadState = (state: ThreadState | undefined): number => (state === undefined ? -1 : threadStates[state])

/** The original encloses an error's text in double quotes, as a Go string. */
const quotedError = (error: ThreadError | undefined): string => (error === undefined || error.text === '' ? '' : quotedAscii(error.text))

const isMysqlGtid = (link: ReplicationLink | null): boolean => link?.gtid === 'mysql'
const isMariadbGtid = (link: ReplicationLink | null): boolean => link?.gtid === 'mariadb-slave-pos' || link?.gtid === 'mariadb-current-pos'
const isDetachedByFile = (link: ReplicationLink | null): boolean => /^\/\/[^/:]+/.test(link?.executedCoordinates?.file ?? '')

/** MariaDB tells no UUID of its source, which the original shows as this word. */
const sourceUuidOf = ({ version }: Instance, link: ReplicationLink | null): string => (link === null || version.flavour !== 'MariaDB' ? (link?.sourceUuid ?? '') : 'No')

/** What a server's JSON needs beside its record. */
export interface InstanceContext {
  readonly policy: FreshnessPolicy
  readonly now: number
  snapshotsOf(this: void, host: string): number
}

/** One server as the original's JSON has it: all keys, in its order (contract discovery.md 16). */
export function formerInstance(instance: Instance, { policy, now, snapshotsOf }: InstanceContext) {
  const { key, semiSync, group, check } = instance
  // A server that was told of a source and never read from it counts as no replica, and still shows what it was told (contract discovery.md 2.3).
  const link = instance.replication ?? instance.channels.at(-1) ?? null
  const downtime = isDowntimed(instance, now) ? instance.downtime : null
  const replicas = formerKeys(instance.listedReplicas)
  const lag = nullableNumber(instance.replicationLagSeconds)
  const [applier, receiver] = [threadState(link?.applier), threadState(link?.receiver)]
  const options = link?.options
  return {
    Key: formerKey(key),
    InstanceAlias: instance.alias,
    Uptime: instance.uptimeSeconds,
    ServerID: instance.serverId,
    ServerUUID: instance.serverUuid,
    Version: instance.version.text,
    VersionComment: instance.version.comment,
    FlavorName: instance.version.flavour,
    ReadOnly: instance.readOnly,
    Binlog_format: instance.binlogFormat,
    BinlogRowImage: instance.binlogRowImage,
    LogBinEnabled: instance.logBin,
    LogSlaveUpdatesEnabled: instance.logReplicaUpdates,
    LogReplicationUpdatesEnabled: instance.logReplicaUpdates,
    SelfBinlogCoordinates: formerCoordinates(instance.binlogCoordinates),
    MasterKey: formerKey(link?.source),
    MasterUUID: sourceUuidOf(instance, link),
    AncestryUUID: instance.ancestryUuid,
    IsDetachedMaster: isDetachedFromSource(instance),
    Slave_SQL_Running: applier === 1,
    ReplicationSQLThreadRuning: applier === 1,
    Slave_IO_Running: receiver === 1,
    ReplicationIOThreadRuning: receiver === 1,
    ReplicationSQLThreadState: applier,
    ReplicationIOThreadState: receiver,
    HasReplicationFilters: link?.hasFilters ?? false,
    GTIDMode: instance.gtidMode,
    SupportsOracleGTID: supportsMysqlGtid(instance),
    UsingOracleGTID: isMysqlGtid(link),
    UsingMariaDBGTID: isMariadbGtid(link),
    UsingPseudoGTID: instance.usingPseudoGtid,
    ReadBinlogCoordinates: formerCoordinates(link?.readCoordinates ?? null),
    ExecBinlogCoordinates: formerCoordinates(link?.executedCoordinates ?? null),
    IsDetached: isDetachedByFile(link),
    RelaylogCoordinates: formerCoordinates(link?.relayLogCoordinates ?? null, 1),
    LastSQLError: quotedError(link?.applierError),
    LastIOError: quotedError(link?.receiverError),
    SecondsBehindMaster: nullableNumber(link?.secondsBehindSource ?? null),
    SQLDelay: link?.delaySeconds ?? 0,
    ExecutedGtidSet: instance.executedGtidSet,
    GtidPurged: instance.purgedGtidSet,
    GtidErrant: instance.errantGtidSet,
    SlaveLagSeconds: lag,
    ReplicationLagSeconds: lag,
    SlaveHosts: replicas,
    Replicas: replicas,
    ClusterName: instance.clusterName,
    SuggestedClusterAlias: instance.suggestedClusterAlias,
    DataCenter: instance.dataCenter,
    Region: instance.region,
    PhysicalEnvironment: instance.physicalEnvironment,
    ReplicationDepth: instance.replicationDepth,
    IsCoMaster: instance.isCoPrimary,
    HasReplicationCredentials: link !== null && link.user !== '',
    ReplicationCredentialsAvailable: instance.replicationCredentialsAvailable,
    SemiSyncAvailable: semiSync !== null && semiSync.sourcePluginLoaded && semiSync.replicaPluginLoaded,
    SemiSyncPriority: semiSync?.priority ?? 0,
    SemiSyncMasterPluginNewVersion: semiSync !== null && semiSync.sourcePluginLoaded && semiSync.newNames,
    SemiSyncReplicaPluginNewVersion: semiSync !== null && semiSync.replicaPluginLoaded && semiSync.newNames,
    SemiSyncMasterEnabled: semiSync?.sourceEnabled ?? false,
    SemiSyncReplicaEnabled: semiSync?.replicaEnabled ?? false,
    SemiSyncMasterTimeout: wholeNumber(semiSync?.timeoutMilliseconds ?? 0n),
    SemiSyncMasterWaitForReplicaCount: semiSync?.waitForReplicaCount ?? 0,
    SemiSyncMasterStatus: semiSync?.sourceActive ?? false,
    SemiSyncMasterClients: semiSync?.clients ?? 0,
    SemiSyncReplicaStatus: semiSync?.replicaActive ?? false,
    LastSeenTimestamp: formerTime(check.lastSeenAt),
    IsLastCheckValid: isLastCheckValid(instance),
    IsUpToDate: isUpToDate(instance, policy, now),
    IsRecentlyChecked: isRecentlyChecked(instance, policy, now),
    SecondsSinceLastSeen: nullableNumber(secondsSinceLastSeen(instance, now)),
    CountMySQLSnapshots: snapshotsOf(hostOf(key)),
    IsCandidate: instance.promotionRule === 'must' || instance.promotionRule === 'prefer',
    PromotionRule: instance.promotionRule,
    IsDowntimed: downtime !== null,
    DowntimeReason: downtime?.reason ?? '',
    DowntimeOwner: downtime?.owner ?? '',
    DowntimeEndTimestamp: formerPlainTime(downtime?.endsAt ?? null),
    ElapsedDowntime: downtime === null ? 0 : nanoseconds(Math.max(0, now - downtime.beginsAt)),
    UnresolvedHostname: instance.unresolvedHostname,
    AllowTLS: options?.tlsAllowed ?? false,
    ReplicationSSLCAFile: options?.tlsCaFile ?? '',
    ReplicationSSLCAPath: options?.tlsCaPath ?? '',
    ReplicationSSLCert: options?.tlsCert ?? '',
    ReplicationSSLCipher: options?.tlsCipher ?? '',
    ReplicationSSLCRLFile: options?.tlsCrlFile ?? '',
    ReplicationSSLCRLPath: options?.tlsCrlPath ?? '',
    ReplicationSSLKey: options?.tlsKey ?? '',
    ReplicationSSLVerifyServerCert: nullableBoolean(options?.tlsVerifyServerCert ?? null),
    ReplicationTLSVersion: options?.tlsVersion ?? '',
    ReplicationTLSCiphersuites: options?.tlsCiphersuites ?? '',
    ReplicationSourcePublicKeyPath: options?.publicKeyPath ?? '',
    ReplicationGetSourcePublicKey: nullableBoolean(options?.getPublicKey ?? null),
    Problems: problemsOf(instance, policy, now),
    LastDiscoveryLatency: nanoseconds(check.latencyMilliseconds),
    ReplicationGroupName: group?.name ?? '',
    ReplicationGroupIsSinglePrimary: group?.isSinglePrimary ?? false,
    ReplicationGroupMemberState: group?.memberState ?? '',
    ReplicationGroupMemberRole: group?.memberRole ?? '',
    ReplicationGroupMembers: formerKeys(group?.members ?? []),
    ReplicationGroupPrimaryInstanceKey: formerKey(group?.primary),
    QSP: {},
  }
}
