import { bareInstance } from '../../model/topology/fresh-instance.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { ServerFacts } from '../../ports/servers.ts'
import type { Observation } from './observation.ts'

/** A good reading becomes a record: what the server says is new, what is ours (identity, decisions) stays. */
export function instanceFromFacts({ facts, at, latencyMilliseconds }: Extract<Observation, { outcome: 'read' }>, previous: Instance | undefined): Instance {
  const { detectedPromotionRule, detectedClusterAlias, detectedClusterDomain: _domain, probeWay: _way, ...read } = facts
  const ours = previous ?? bareInstance(facts.key)
  return {
    ...read,
    group: groupWithPrimary(facts, previous),
    clusterName: ours.clusterName, replicationDepth: ours.replicationDepth, isCoPrimary: ours.isCoPrimary, ancestryUuid: ours.ancestryUuid,
    errantGtidSet: ours.errantGtidSet, suggestedClusterAlias: detectedClusterAlias === '' ? ours.suggestedClusterAlias : detectedClusterAlias,
    unresolvedHostname: ours.unresolvedHostname, downtime: ours.downtime, maintenance: ours.maintenance,
    promotionRule: detectedPromotionRule ?? ours.promotionRule,
    check: { lastAttemptedAt: at, lastCheckedAt: at, lastSeenAt: at, partialSuccess: true, failure: null, latencyMilliseconds },
  }
}

/** While a group chooses a primary none is named: the one that was known stays (contract discovery.md 12). */
function groupWithPrimary({ group }: ServerFacts, previous: Instance | undefined): Instance['group'] {
  if (group === null || group.primary !== null || previous?.group?.name !== group.name) return group
  return { ...group, primary: previous.group.primary }
}

/** A failed check keeps everything as last read and says so (contract discovery.md 6). */
export function failedCheck({ failure, at, latencyMilliseconds }: Extract<Observation, { outcome: 'failed' }>, previous: Instance): Instance {
  return {
    ...previous,
    check: {
      ...previous.check, lastAttemptedAt: at, lastCheckedAt: at, partialSuccess: failure.partial, failure: failure.failure, latencyMilliseconds,
    },
  }
}

/** What another manager read, with what is decided here and what our own checks came to; its clock may be ahead of ours. */
export function toldInstance(told: Instance, ours: Instance, now: number): Instance {
  const { downtime, maintenance, promotionRule, unresolvedHostname, check } = ours
  const lastSeenAt = told.check.lastSeenAt === null ? null : Math.min(told.check.lastSeenAt, now)
  return { ...told, downtime, maintenance, promotionRule, unresolvedHostname, check: { ...check, lastSeenAt } }
}
