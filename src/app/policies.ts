import { goPattern } from '../kit/go-pattern.ts'
import { type AnalysisPolicy, defaultAnalysisPolicy } from '../model/analysis/policy.ts'
import { defaultPromotionPolicy, promotionIgnores } from '../model/planning/promote-policy.ts'
import { defaultRelocatePolicy } from '../model/planning/relocate-judgement.ts'
import { clusterFilters } from '../model/recovery/cluster-filters.ts'
import { durabilityRules } from '../engine/recovery/durability.ts'
import type { OperationsPolicy } from '../engine/operations/parts.ts'
import type { AppSettings } from './settings.ts'

/** Settings as what handlers decide by. */
export function operationsPolicy(settings: AppSettings): OperationsPolicy {
  const [primary, intermediate] = [settings.primaryFilters ?? [], settings.intermediateFilters ?? []]
  const freshness = { instancePollSeconds: settings.pollSeconds, reasonableLagSeconds: settings.reasonableLagSeconds }
  const replication = {
    lowerReplicaVersionAllowed: settings.lowerReplicaVersionAllowed, verifyReplicationFilters: settings.verifyReplicationFilters,
    reasonableMaintenanceLagSeconds: settings.maintenanceLagSeconds,
  }
  const semiSync = { enforcesExact: settings.exactSemiSyncReplicas, recoversLocked: settings.recoverLockedSemiSync }
  return {
    ...freshness,
    recoverPrimary: { texts: primary, filters: clusterFilters(primary).accepted },
    recoverIntermediate: { texts: intermediate, filters: clusterFilters(intermediate).accepted },
    recoveryIgnoredHosts: settings.recoveryIgnoredHosts ?? [],
    problemIgnoredHosts: patterns(settings.problemIgnoredHosts),
    defaultPort: settings.defaultPort,
    useSuperReadOnly: settings.useSuperReadOnly,
    durability: durabilityRules(settings.durability),
    semiSync,
    controlIgnoredHosts: patterns(settings.controlIgnoredHosts),
    fuzzyPoolHosts: settings.fuzzyPoolHosts,
    candidateExpireMinutes: settings.candidateExpireMinutes,
    relocate: { ...defaultRelocatePolicy, freshness, replication, pseudoGtid: settings.pseudoGtidPattern !== '', semiSync },
    promotion: { ...defaultPromotionPolicy, replication, ignored: promotionIgnores(settings.promotionIgnored ?? []).accepted },
  }
}

export function analysisPolicy(settings: AppSettings): AnalysisPolicy {
  return {
    ...defaultAnalysisPolicy,
    pollSeconds: settings.pollSeconds, checkSlackSeconds: settings.checkSlackSeconds, reduced: settings.reducedAnalysis,
    reasonableLagSeconds: settings.reasonableLagSeconds, lockedSemiSyncSeconds: settings.lockedSemiSyncSeconds,
    enforceExactSemiSyncReplicas: settings.exactSemiSyncReplicas, recoverReadOnlyPrimary: settings.recoverReadOnlyPrimary,
    ignoredHosts: patterns(settings.recoveryIgnoredHosts), stalledWritesSeconds: settings.stalledWritesSeconds,
    replaces: { stalledWrites: settings.replacesStalled, fullDisk: settings.replacesFullDisk },
    cutOffSemiSyncSeconds: settings.cutOffSemiSyncSeconds,
  }
}

/** Patterns that cannot be read match nothing; loading the settings has warned of them. */
const patterns = (texts: readonly string[] | null): readonly RegExp[] => (texts ?? []).flatMap(text => {
  const compiled = goPattern(text)
  return compiled.ok ? [compiled.value] : []
})
