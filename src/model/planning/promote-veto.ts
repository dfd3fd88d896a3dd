import type { Reason } from '../../kit/reason.ts'
import { compareCoordinates } from '../topology/binlog-coordinates.ts'
import type { Instance } from '../topology/instance.ts'
import type { Site } from './promote-choice.ts'
import type { PromotionPolicy } from './promote-policy.ts'
import { promotionReason } from './promote-reasons.ts'

/** Why the server may not be promoted after all, in the original's order (contract recovery.md 6.1); null: it may. */
export function vetoOf(server: Instance, failed: Site, policy: PromotionPolicy): Reason | null {
  const geography = geographyVeto(server, failed, policy)
  if (geography !== null) return geography
  const { replicationLagSeconds: seconds, key } = server
  const minutes = policy.failOnLagMinutes
  // Unknown is not none (known-pains.md A5).
  if (minutes > 0 && seconds === null) return promotionReason('promotion-lag-unknown', { server: key, minutes })
  if (minutes > 0 && seconds !== null && seconds >= minutes * 60) return promotionReason('FailMasterPromotionOnLagMinutes', { server: key, seconds, minutes })
  if (policy.failIfApplierBehind && !hasAppliedAll(server)) return promotionReason('FailMasterPromotionIfSQLThreadNotUpToDate', { server: server.key })
  return null
}

export function geographyVeto(server: Instance, failed: Site, policy: PromotionPolicy): Reason | null {
  if (policy.preventCrossDataCenter && server.dataCenter !== failed.dataCenter) {
    return promotionReason('PreventCrossDataCenterMasterFailover', { server: server.key, dataCenter: server.dataCenter, failedDataCenter: failed.dataCenter })
  }
  if (policy.preventCrossRegion && server.region !== failed.region) {
    return promotionReason('PreventCrossRegionMasterFailover', { server: server.key, region: server.region, failedRegion: failed.region })
  }
  return null
}

/** Read and executed coordinates are the same. */
export function hasAppliedAll({ replication }: Instance): boolean {
  const { readCoordinates: read = null, executedCoordinates: executed = null } = replication ?? {}
  return read === null || executed === null ? read === executed : compareCoordinates(read, executed) === 0
}
