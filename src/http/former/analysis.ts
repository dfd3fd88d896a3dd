import type { ClusterSummary } from '../../contract/clusters.ts'
import type { AnalysisFacts, Finding } from '../../model/analysis/finding.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import { formerCoordinates, formerKey, formerKeys, formerPlainTime } from './parts.ts'

/** ClusterInfo (contract http-api.md 5.4). */
export const formerClusterInfo = (summary: ClusterSummary) => ({
  ClusterName: summary.name,
  ClusterAlias: summary.alias,
  ClusterDomain: summary.domain,
  CountInstances: summary.servers,
  HeuristicLag: Math.trunc(summary.heuristicLagSeconds ?? 0),
  HasAutomatedMasterRecovery: summary.recoversPrimary,
  HasAutomatedIntermediateMasterRecovery: summary.recoversIntermediate,
})

/** What an analysis record says beside the finding itself. A record read back from the store has only a part; the rest is zero. */
export interface AnalysisRecord {
  readonly key: InstanceKey
  readonly cluster: ClusterSummary
  readonly code: string
  readonly description: string
  readonly replicas: readonly InstanceKey[]
  readonly instance: Instance | null
  readonly finding: Finding | null
  readonly now: number
  readonly node: { readonly hostname: string; readonly token: string }
  readonly startActivePeriod: string
  readonly isActionable: boolean
  readonly commandHint: string
}

const noFacts: AnalysisFacts = {
  isPrimary: false, isCoPrimary: false, isGroupMember: false, isBinlogServer: false, lastCheckValid: false, lastCheckPartialSuccess: false,
  replicas: 0, validReplicas: 0, validReplicatingReplicas: 0, replicasFailingToConnect: 0, downtimedReplicas: 0, delayedReplicas: 0, laggingReplicas: 0,
  replicationDepth: 0, isFailingToConnectToSource: false, isDowntimed: false, oracleGtidImmediateTopology: false, mariadbGtidImmediateTopology: false,
  binlogServerImmediateTopology: false, pseudoGtidImmediateTopology: false, semiSyncSourceEnabled: false, semiSyncSourceActive: false,
  semiSyncWaitForReplicaCount: 0, semiSyncClients: 0, semiSyncReplicasEnabled: 0, isStaleBinlogCoordinates: false, loggingReplicas: 0,
  statementLoggingReplicas: 0, mixedLoggingReplicas: 0, rowLoggingReplicas: 0, distinctMajorVersionsLoggingReplicas: 0,
  gtidMode: '', minReplicaGtidMode: '', maxReplicaGtidMode: '', maxReplicaGtidErrant: '', isReadOnly: false, writesStalledSeconds: 0, waitsForDisk: false, replicasCutOff: 0, waitsForAcknowledgement: false,
  isConnectionLimitReached: false, isStaleWritable: false,
}

/** ReplicationAnalysis: all keys, in the original's order (contract failure-detection.md 7). */
export function formerAnalysis(record: AnalysisRecord) {
  const { finding, instance, now } = record
  const facts = finding?.facts ?? noFacts
  const replicas = formerKeys(record.replicas)
  const warnings = finding?.warnings ?? []
  const downtimeEndsAt = finding?.isDowntimed === true ? (instance?.downtime?.endsAt ?? null) : null
  return {
    AnalyzedInstanceKey: formerKey(record.key),
    AnalyzedInstanceMasterKey: formerKey(instance?.replication?.source),
    ClusterDetails: formerClusterInfo(record.cluster),
    AnalyzedInstanceDataCenter: instance?.dataCenter ?? '',
    AnalyzedInstanceRegion: instance?.region ?? '',
    AnalyzedInstancePhysicalEnvironment: instance?.physicalEnvironment ?? '',
    AnalyzedInstanceBinlogCoordinates: formerCoordinates(instance?.binlogCoordinates ?? null),
    IsMaster: facts.isPrimary,
    IsReplicationGroupMember: facts.isGroupMember,
    IsCoMaster: facts.isCoPrimary,
    LastCheckValid: facts.lastCheckValid,
    LastCheckPartialSuccess: facts.lastCheckPartialSuccess,
    CountReplicas: finding === null ? record.replicas.length : facts.replicas,
    CountValidReplicas: facts.validReplicas,
    CountValidReplicatingReplicas: facts.validReplicatingReplicas,
    CountReplicasFailingToConnectToMaster: facts.replicasFailingToConnect,
    CountDowntimedReplicas: facts.downtimedReplicas,
    ReplicationDepth: facts.replicationDepth,
    Replicas: replicas,
    SlaveHosts: replicas,
    IsFailingToConnectToMaster: facts.isFailingToConnectToSource,
    Analysis: record.code,
    Description: record.description,
    StructureAnalysis: warnings.length === 0 ? null : warnings,
    IsDowntimed: finding?.isDowntimed ?? false,
    IsReplicasDowntimed: finding?.isReplicasDowntimed ?? false,
    DowntimeEndTimestamp: formerPlainTime(downtimeEndsAt),
    // The original's sign: negative while the downtime runs.
    DowntimeRemainingSeconds: downtimeEndsAt === null ? 0 : Math.round((now - downtimeEndsAt) / 1000),
    IsBinlogServer: facts.isBinlogServer,
    PseudoGTIDImmediateTopology: facts.pseudoGtidImmediateTopology,
    OracleGTIDImmediateTopology: facts.oracleGtidImmediateTopology,
    MariaDBGTIDImmediateTopology: facts.mariadbGtidImmediateTopology,
    BinlogServerImmediateTopology: facts.binlogServerImmediateTopology,
    SemiSyncMasterEnabled: facts.semiSyncSourceEnabled,
    SemiSyncMasterStatus: facts.semiSyncSourceActive,
    SemiSyncMasterWaitForReplicaCount: facts.semiSyncWaitForReplicaCount,
    SemiSyncMasterClients: facts.semiSyncClients,
    CountSemiSyncReplicasEnabled: facts.semiSyncReplicasEnabled,
    CountLoggingReplicas: facts.loggingReplicas,
    CountStatementBasedLoggingReplicas: facts.statementLoggingReplicas,
    CountMixedBasedLoggingReplicas: facts.mixedLoggingReplicas,
    CountRowBasedLoggingReplicas: facts.rowLoggingReplicas,
    CountDistinctMajorVersionsLoggingReplicas: facts.distinctMajorVersionsLoggingReplicas,
    CountDelayedReplicas: facts.delayedReplicas,
    CountLaggingReplicas: facts.laggingReplicas,
    IsActionableRecovery: record.isActionable,
    ProcessingNodeHostname: record.node.hostname,
    ProcessingNodeToken: record.node.token,
    CountAdditionalAgreeingNodes: 0,
    StartActivePeriod: record.startActivePeriod,
    SkippableDueToDowntime: finding?.skippableDueToDowntime ?? false,
    GTIDMode: facts.gtidMode,
    MinReplicaGTIDMode: facts.minReplicaGtidMode,
    MaxReplicaGTIDMode: facts.maxReplicaGtidMode,
    MaxReplicaGTIDErrant: facts.maxReplicaGtidErrant,
    CommandHint: record.commandHint,
    IsReadOnly: facts.isReadOnly,
  }
}
