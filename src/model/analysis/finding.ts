import type { Reason } from '../../kit/reason.ts'
import type { InstanceKey } from '../topology/instance-key.ts'

/** Numbers about one server and its replicas; the decision table of failures.ts reads nothing else (contract failure-detection.md 1.3). */
export interface AnalysisFacts {
  readonly isPrimary: boolean
  readonly isCoPrimary: boolean
  readonly isGroupMember: boolean
  readonly isBinlogServer: boolean
  readonly lastCheckValid: boolean
  readonly lastCheckPartialSuccess: boolean
  readonly replicas: number
  readonly validReplicas: number
  readonly validReplicatingReplicas: number
  readonly replicasFailingToConnect: number
  readonly downtimedReplicas: number
  readonly delayedReplicas: number
  readonly laggingReplicas: number
  readonly replicationDepth: number
  readonly isFailingToConnectToSource: boolean
  readonly isDowntimed: boolean
  readonly oracleGtidImmediateTopology: boolean
  readonly mariadbGtidImmediateTopology: boolean
  readonly binlogServerImmediateTopology: boolean
  readonly pseudoGtidImmediateTopology: boolean
  readonly semiSyncSourceEnabled: boolean
  readonly semiSyncSourceActive: boolean
  readonly semiSyncWaitForReplicaCount: number
  readonly semiSyncClients: number
  readonly semiSyncReplicasEnabled: number
  readonly isStaleBinlogCoordinates: boolean
  readonly loggingReplicas: number
  readonly statementLoggingReplicas: number
  readonly mixedLoggingReplicas: number
  readonly rowLoggingReplicas: number
  readonly distinctMajorVersionsLoggingReplicas: number
  readonly gtidMode: string
  readonly minReplicaGtidMode: string
  readonly maxReplicaGtidMode: string
  readonly maxReplicaGtidErrant: string
  readonly isReadOnly: boolean
  /** How long writes have been waiting while the binary log stands still; 0: they are not. */
  readonly writesStalledSeconds: number
  readonly waitsForDisk: boolean
  /** Writes wait for replicas to acknowledge them. */
  readonly waitsForAcknowledgement: boolean
  /** Replicas that answer, want to be connected and are not let in, or have heard nothing for too long. */
  readonly replicasCutOff: number
  /** It turned our probe down because it has too many connections. */
  readonly isConnectionLimitReached: boolean
  /** Another server took its place, and it takes writes. */
  readonly isStaleWritable: boolean
}

/** What one witness said, and when: our own probe, or a replica's receiver. Times in ms since 1970. */
export interface Evidence {
  readonly witness: InstanceKey | 'orchestrator'
  readonly at: number | null
  readonly says: Reason
}

/** What will be done about a finding, or why nothing will (beyond.md section 1). */
export interface Outlook {
  readonly state: 'none-needed' | 'recovering' | 'due' | 'waiting-for-evidence' | 'blocked' | 'not-covered' | 'off' | 'downtimed' | 'no-remedy'
  readonly reason: Reason
  /** When it will be acted upon or unblocked, ms since 1970; null: not by time. */
  readonly at: number | null
}

/** One row of the analysis: what is wrong with one server. `code` is a public word (`DeadMaster`); `NoProblem` when only warnings hold. */
export interface Finding {
  readonly key: InstanceKey
  readonly clusterName: string
  readonly code: string
  /** The exact sentence of the contract, which hooks print. */
  readonly description: string
  /** Structure warnings that hold, in the contract's order. */
  readonly warnings: readonly string[]
  /** What the public codes are silent about; never starts anything. */
  readonly observations: readonly Reason[]
  readonly facts: AnalysisFacts
  readonly replicas: readonly InstanceKey[]
  readonly isDowntimed: boolean
  readonly isReplicasDowntimed: boolean
  readonly skippableDueToDowntime: boolean
  /** Which remedy the code calls for; `report` registers and runs detection hooks only, `none` not even that. */
  readonly remedy: Remedy | 'report' | 'none'
  readonly isActionable: boolean
  readonly evidence: readonly Evidence[]
}

export type Remedy = 'promote-replica' | 'replace-intermediate' | 'promote-co-primary' | 'relocate-group-replicas' | 'repair-semi-sync' | 'make-writable'
