import type { RecoveryOccasion } from '../../model/recovery/records.ts'
import type { FreshnessPolicy } from '../../model/topology/freshness.ts'
import type { Topology } from '../../model/topology/topology.ts'

/** What former answers are made from beside the output itself. */
export interface FormerContext {
  readonly topology: Topology
  readonly policy: FreshnessPolicy
  readonly now: number
  readonly node: { readonly hostname: string; readonly token: string }
  aliasOf(clusterName: string): string
  /** Logical volumes of a host, as its agent told last; 0 where no agents are served. */
  snapshotsOf(host: string): number
  /** How it stood when a recovery was decided; null where it is not known any more. */
  decisionOf(uid: string): RecoveryOccasion | null
  /** The number of the recovery that followed a detection, 0 for none. */
  recoveryOfDetection(detectionId: number): number
  /** Whether automatic recovery covers a cluster. */
  recovers(cluster: { readonly name: string; readonly alias: string }): { readonly recoversPrimary: boolean; readonly recoversIntermediate: boolean }
}
