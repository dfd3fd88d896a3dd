import { type Instance, isLastCheckValid } from './instance.ts'

/** How old a check may be (contract discovery.md 6). */
export interface FreshnessPolicy {
  readonly instancePollSeconds: number
  readonly reasonableLagSeconds: number
}

export const defaultFreshnessPolicy: FreshnessPolicy = { instancePollSeconds: 5, reasonableLagSeconds: 10 }

/** Polls that may be missed before a record counts as not recently checked. */
const recentPolls = 5

export const isUpToDate = (instance: Instance, policy: FreshnessPolicy, now: number): boolean => checkedWithin(instance, policy.instancePollSeconds, now)

export const isRecentlyChecked = (instance: Instance, policy: FreshnessPolicy, now: number): boolean => checkedWithin(instance, recentPolls * policy.instancePollSeconds, now)

function checkedWithin(instance: Instance, seconds: number, now: number): boolean {
  const { lastCheckedAt } = instance.check
  return lastCheckedAt !== null && now - lastCheckedAt <= seconds * 1000
}

/** Null: never seen. */
export function secondsSinceLastSeen(instance: Instance, now: number): number | null {
  const { lastSeenAt } = instance.check
  return lastSeenAt === null ? null : Math.max(0, Math.floor((now - lastSeenAt) / 1000))
}

/** Read well, and not too long ago: what most decisions ask for. */
export const isValidAndRecent = (instance: Instance, policy: FreshnessPolicy, now: number): boolean => isLastCheckValid(instance) && isRecentlyChecked(instance, policy, now)

export const isDowntimed = (instance: Instance, now: number): boolean => instance.downtime !== null && instance.downtime.endsAt > now

/** A lock that has no end, or whose end is still to come. */
export const isUnderMaintenance = (instance: Instance, now: number): boolean =>
  instance.maintenance !== null && (instance.maintenance.endsAt === null || instance.maintenance.endsAt > now)
