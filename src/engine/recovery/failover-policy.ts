import type { PromotionPolicy } from '../../model/planning/promote-policy.ts'

/** How a dead primary is replaced, as values of the settings (contract recovery.md section 17). Times in milliseconds. */
export interface FailoverPolicy {
  readonly promotion: PromotionPolicy
  /** ApplyMySQLPromotionAfterMasterFailover: make the promoted server forget its source and take writes. */
  readonly makesWritable: boolean
  /** DetachLostReplicasAfterMasterFailover. */
  readonly detachesLost: boolean
  /** MasterFailoverDetachReplicaMasterHost: where the promoted server is not made to forget its source, it is detached from it. */
  readonly detachesPromoted: boolean
  /** How long a replica may take to stop its receiver before it is left behind. */
  readonly stopLimit: number
  /** How long one candidate may take to apply what it received before the next one is tried. */
  readonly drainLimit: number
  /** How long the best one may take when none was quick enough. */
  readonly lastDrainLimit: number
  /** How long a candidate may take to fetch and apply what only another one has. */
  readonly feedLimit: number
  /** PostponeReplicaRecoveryOnLagMinutes. */
  readonly postponeMinutes: number
  /** What marks unique statements is configured, so that replicas without GTID can be matched by Pseudo-GTID. */
  readonly pseudoGtid: boolean
}
