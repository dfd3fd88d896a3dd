import { banOf, defaultPromotionPolicy, type PromotionPolicy, promotionIgnores } from '../../model/planning/promote-policy.ts'
import type { DurabilityPolicy } from '../../model/planning/durability.ts'
import { type SemiSyncMode, semiSyncModeOf } from '../../model/planning/semi-sync-roles.ts'
import type { TakeoverPolicy } from '../../model/planning/takeover.ts'
import type { ReplaceIntermediatePolicy } from '../../model/planning/replace-intermediate.ts'
import { type ClusterFilter, clusterFilters } from '../../model/recovery/cluster-filters.ts'
import { defaultRecoveryPolicy, type RecoveryPolicy } from '../../model/recovery/policy.ts'
import { type DurabilityRule, durabilityRules } from './durability.ts'
import type { FailoverPolicy } from './failover-policy.ts'
import type { RecoverySettings } from './settings.ts'

/** Settings as the values that planning and deciding understand. */
export interface Policies {
  readonly recovery: RecoveryPolicy
  readonly promotion: PromotionPolicy
  readonly failover: FailoverPolicy
  readonly intermediate: ReplaceIntermediatePolicy
  /** How semi-sync roles are kept; null: they are not. */
  readonly semiSyncMode: SemiSyncMode | null
  readonly mustPromoteOtherCoPrimary: boolean
  readonly durability: readonly DurabilityRule[]
  /** How long failures of some clusters must be seen before they are acted upon; the first that matches decides. */
  readonly confirmations: readonly { readonly filter: ClusterFilter; readonly milliseconds: number }[]
  /** UseSuperReadOnly. */
  readonly alsoSuper: boolean
  takeover(startOldPrimary: boolean, durability?: DurabilityPolicy): TakeoverPolicy
}

/** A replica that reads from a frozen source takes 2 s to stop its receiver (measured). */
const stopLimitMilliseconds = 3500
/** When no candidate was quick enough, and when DelayMasterPromotionIfSQLThreadNotUpToDate asks for patience. */
const lastDrainMilliseconds = 5 * 60_000
const patientDrainMilliseconds = 24 * 3600_000
/** A takeover that cannot stop writes within this is given up: every client waits behind it. */
export const fenceLimitMilliseconds = 2000
/** Logs may be walked for as long as this. */
const matchMilliseconds = 5 * 60_000

export function policiesOf(settings: RecoverySettings): Policies {
  const promotion: PromotionPolicy = {
    ...defaultPromotionPolicy,
    replication: {
      lowerReplicaVersionAllowed: settings.lowerReplicaVersionAllowed, verifyReplicationFilters: settings.verifyReplicationFilters,
      reasonableMaintenanceLagSeconds: settings.reasonableMaintenanceLagSeconds,
    },
    ignored: promotionIgnores(settings.promotionIgnored).accepted,
    preventCrossDataCenter: settings.preventCrossDataCenter, preventCrossRegion: settings.preventCrossRegion,
    failOnLagMinutes: settings.lagQuery === '' ? 0 : settings.failOnLagMinutes,
    failIfApplierBehind: settings.failIfApplierBehind, waitForApplier: settings.waitForApplier,
  }
  const semiSyncMode = semiSyncModeOf({ enforcesExact: settings.exactSemiSyncReplicas, recoversLocked: settings.recoverLockedSemiSync })
  const isBanned: TakeoverPolicy['isBanned'] = instance => banOf(instance, promotion) !== null
  return {
    recovery: {
      ...defaultRecoveryPolicy, blockSeconds: settings.blockSeconds,
      primaryFilters: clusterFilters(settings.primaryFilters).accepted, intermediateFilters: clusterFilters(settings.intermediateFilters).accepted,
      repairsSemiSync: semiSyncMode !== null, lesserBlocksPrimary: settings.lesserBlocksPrimary,
    },
    promotion,
    failover: {
      promotion, makesWritable: settings.makesWritable, detachesLost: settings.detachesLost, stopLimit: stopLimitMilliseconds,
      drainLimit: settings.waitForApplier ? patientDrainMilliseconds : settings.bulkWaitSeconds * 1000, lastDrainLimit: lastDrainMilliseconds,
      feedLimit: settings.bulkWaitSeconds * 1000, detachesPromoted: settings.detachesPromoted, postponeMinutes: settings.postponeMinutes, pseudoGtid: settings.pseudoGtidPattern !== '',
    },
    durability: durabilityRules(settings.durability),
    confirmations: Object.entries(settings.confirmationByCluster).flatMap(([text, milliseconds]) =>
      clusterFilters([text]).accepted.map(filter => ({ filter, milliseconds: Number(milliseconds) }))),
    semiSyncMode, mustPromoteOtherCoPrimary: settings.mustPromoteOtherCoPrimary, alsoSuper: settings.useSuperReadOnly,
    intermediate: {
      replication: promotion.replication, isBanned,
      postponeMinutes: settings.postponeMinutes,
      limits: { drainMilliseconds: settings.bulkWaitSeconds * 1000, matchMilliseconds, pseudoGtid: settings.pseudoGtidPattern !== '' },
    },
    takeover: (startOldPrimary, durability = 'none') => ({
      durability,
      replication: promotion.replication, reasonableLagSeconds: settings.reasonableMaintenanceLagSeconds,
      catchUpMilliseconds: settings.reasonableMaintenanceLagSeconds * 1000, startOldPrimary, isBanned,
    }),
  }
}
