import type { Finding } from '../analysis/finding.ts'
import type { Instance } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import type { BinlogCoordinates } from '../topology/binlog-coordinates.ts'

/** A failure that was noticed and registered (table topology_failure_detection). Times in ms since 1970. */
export interface Detection {
  readonly id: number
  readonly key: InstanceKey
  readonly code: string
  readonly description: string
  readonly clusterName: string
  readonly clusterAlias: string
  readonly replicas: readonly InstanceKey[]
  readonly isActionable: boolean
  readonly startedAt: number
  readonly endedActiveAt: number | null
  readonly nodeHostname: string
  readonly nodeToken: string
}

/** One recovery, running or over (table topology_recovery). */
export interface Recovery {
  readonly id: number
  readonly uid: string
  readonly key: InstanceKey
  readonly code: string
  readonly kind: 'MasterRecovery' | 'CoMasterRecovery' | 'IntermediateMasterRecovery' | 'ReplicationGroupMemberRecovery' | ''
  readonly method: 'NotMasterRecovery' | 'MasterRecoveryGTID' | 'MasterRecoveryPseudoGTID' | 'MasterRecoveryBinlogServer'
  /** '' for an automatic one, else the command (`recover`, `graceful-master-takeover` …). */
  readonly command: string
  readonly startedBy: string
  readonly clusterName: string
  readonly clusterAlias: string
  readonly replicas: readonly InstanceKey[]
  readonly successor: InstanceKey | null
  readonly successorAlias: string
  readonly successorCoordinates: BinlogCoordinates | null
  readonly isSuccessful: boolean
  /** Active: blocks further recoveries of the cluster until the block period ends or someone acknowledges. */
  readonly isActive: boolean
  readonly lostReplicas: readonly InstanceKey[]
  readonly participants: readonly InstanceKey[]
  readonly errors: readonly string[]
  readonly startedAt: number
  readonly endedAt: number | null
  readonly acknowledged: { readonly at: number; readonly by: string; readonly comment: string } | null
  readonly detectionId: number
  readonly nodeHostname: string
  readonly nodeToken: string
}

/** How the server stood when its recovery was decided; the store keeps less. */
export interface RecoveryOccasion {
  readonly finding: Finding
  /** Null where it was never read. */
  readonly instance: Instance | null
  readonly serversOfCluster: number
}

/** One line of a recovery's story, with its place on the time line. */
export interface RecoveryStep {
  readonly id: number
  readonly recoveryUid: string
  /** ms since 1970. */
  readonly at: number
  readonly stage: string
  /** The server it was about, null for the recovery as a whole. */
  readonly server: InstanceKey | null
  readonly message: string
  readonly outcome: 'note' | 'started' | 'done' | 'failed'
  /** How long it took where that is known. */
  readonly durationMilliseconds: number | null
}

/** A recovery that was not begun because another one is too recent (table blocked_topology_recovery). */
export interface BlockedRecovery {
  readonly key: InstanceKey
  readonly clusterName: string
  readonly code: string
  readonly lastBlockedAt: number
  readonly blockingRecoveryId: number
}

/** Something that was done, for `audit` (table audit, file, syslog). */
export interface AuditEntry {
  readonly id: number
  readonly at: number
  readonly kind: string
  readonly key: InstanceKey | null
  readonly clusterName: string
  readonly message: string
}
