import type { AnalysisFacts } from './finding.ts'
import type { AnalysisPolicy } from './policy.ts'

/** Something about the structure of a topology that will hurt one day. `code` is a public word. */
export interface StructureWarning {
  readonly code: string
  /** Our sentence; the original has none. */
  readonly says: string
  readonly holds: (facts: AnalysisFacts, policy: AnalysisPolicy) => boolean
}

/** All that hold are reported, in this order (contract failure-detection.md section 5). None starts a recovery by itself. */
export const structureWarnings: readonly StructureWarning[] = [
  {
    code: 'NoLoggingReplicasStructureWarning',
    says: 'No replica writes a binary log of what it replicates, so none can take over',
    holds: f => f.isPrimary && f.loggingReplicas === 0 && f.replicas > 1,
  },
  {
    code: 'NoFailoverSupportStructureWarning',
    says: 'Replicas use neither GTID nor another way by which they could follow a new primary',
    holds: f =>
      f.isPrimary && f.replicas > 1 &&
      !(f.oracleGtidImmediateTopology || f.mariadbGtidImmediateTopology || f.binlogServerImmediateTopology || f.pseudoGtidImmediateTopology),
  },
  {
    code: 'StatementAndMixedLoggingReplicasStructureWarning',
    says: 'Some replicas log in STATEMENT format and others in MIXED',
    holds: f => f.isPrimary && f.statementLoggingReplicas > 0 && f.mixedLoggingReplicas > 0,
  },
  {
    code: 'StatementAndRowLoggingReplicasStructureWarning',
    says: 'Some replicas log in STATEMENT format and others in ROW',
    holds: f => f.isPrimary && f.statementLoggingReplicas > 0 && f.rowLoggingReplicas > 0,
  },
  {
    code: 'MixedAndRowLoggingReplicasStructureWarning',
    says: 'Some replicas log in MIXED format and others in ROW',
    holds: f => f.isPrimary && f.mixedLoggingReplicas > 0 && f.rowLoggingReplicas > 0,
  },
  {
    code: 'MultipleMajorVersionsLoggingReplicasStructureWarning',
    says: 'Replicas run different major versions, which not every other can follow',
    holds: f => f.isPrimary && f.distinctMajorVersionsLoggingReplicas > 1,
  },
  {
    code: 'DifferentGTIDModesStructureWarning',
    says: 'The server and its replicas have different GTID modes',
    holds: f => f.replicas > 0 && (f.gtidMode !== f.minReplicaGtidMode || f.gtidMode !== f.maxReplicaGtidMode),
  },
  {
    code: 'ErrantGTIDStructureWarning',
    says: 'A replica holds transactions that its source does not have',
    holds: f => f.maxReplicaGtidErrant !== '',
  },
  {
    code: 'NoWriteableMasterStructureWarning',
    says: 'The primary is read-only',
    holds: f => f.isPrimary && f.isReadOnly,
  },
  {
    code: 'NotEnoughValidSemiSyncReplicasStructureWarning',
    says: 'Fewer semi-sync replicas are connected than the primary waits for, so it replicates asynchronously',
    holds: f =>
      f.isPrimary && f.semiSyncSourceEnabled && !f.semiSyncSourceActive && f.semiSyncWaitForReplicaCount > 0 && f.semiSyncClients < f.semiSyncWaitForReplicaCount,
  },
  // Of our own (the original has none of these): a server that answers and is of no use as a primary.
  {
    code: 'WritesStalledWarning',
    says: 'Writes have been waiting for long and nothing is written, although the primary answers',
    holds: (f, policy) => f.isPrimary && !f.waitsForDisk && areWritesStalled(f, policy),
  },
  {
    code: 'DiskFullWarning',
    says: 'Writes wait for space on the disk of the primary',
    holds: f => f.isPrimary && f.waitsForDisk,
  },
  {
    code: 'ConnectionLimitReachedWarning',
    says: 'The server takes no more connections: it turned our probe down',
    holds: f => f.isConnectionLimitReached,
  },
  {
    code: 'StaleWriteableMasterWarning',
    says: 'Another server took its place, and it still takes writes',
    holds: f => f.isStaleWritable,
  },
]

export const areWritesStalled = (facts: AnalysisFacts, policy: AnalysisPolicy): boolean =>
  policy.stalledWritesSeconds > 0 && facts.lastCheckValid && facts.writesStalledSeconds >= policy.stalledWritesSeconds

export const warningsOf = (facts: AnalysisFacts, policy: AnalysisPolicy): readonly string[] =>
  structureWarnings.filter(warning => warning.holds(facts, policy)).map(warning => warning.code)
