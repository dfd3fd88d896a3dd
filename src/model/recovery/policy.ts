import type { ClusterFilter } from './cluster-filters.ts'

/** When we may act, as values of the settings named in contract recovery.md section 17. */
export interface RecoveryPolicy {
  /** RecoverMasterClusterFilters and RecoverIntermediateMasterClusterFilters. */
  readonly primaryFilters: readonly ClusterFilter[]
  readonly intermediateFilters: readonly ClusterFilter[]
  /** RecoveryPeriodBlockSeconds, counted from the start of a recovery. */
  readonly blockSeconds: number
  /** How long a server that gives no answer at all, rather than refusing, is waited for. */
  readonly silentDeadlineSeconds: number
  /** RecoverLockedSemiSyncMaster or EnforceExactSemiSyncReplicas: without either a locked semi-sync source is only reported. */
  readonly repairsSemiSync: boolean
  /** A recovery that promoted nobody (of an intermediate source, of semi-sync) keeps a primary that dies after it from being replaced for the period. */
  readonly lesserBlocksPrimary: boolean
}

export const defaultRecoveryPolicy: RecoveryPolicy = {
  primaryFilters: [], intermediateFilters: [], blockSeconds: 3600, silentDeadlineSeconds: 3, repairsSemiSync: false, lesserBlocksPrimary: true,
}
