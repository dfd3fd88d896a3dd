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
}

export const defaultRecoveryPolicy: RecoveryPolicy = { primaryFilters: [], intermediateFilters: [], blockSeconds: 3600, silentDeadlineSeconds: 3 }
