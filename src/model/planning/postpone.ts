import type { Instance } from '../topology/instance.ts'

/**
 * Who has to apply what it has received before it can follow another server, and applies it late on purpose (PostponeReplicaRecoveryOnLagMinutes, 0: nobody),
 * or was slow to answer: it is moved behind, and neither the record nor the hooks wait for it. By GTID nobody needs to apply anything first.
 */
export const isPostponed = ({ replication, check }: Instance, minutes: number): boolean =>
  minutes > 0 && ((replication?.delaySeconds ?? 0) > minutes * 60 || check.latencyMilliseconds > slowMilliseconds)

const slowMilliseconds = 500
const longestMilliseconds = 3_600_000

/** How long it may take to apply what it has received: as late as it is, and then what anybody may take; an hour at most, because the recovery is under way until then. */
export const postponedLimit = (replicas: readonly Instance[], limitMilliseconds: number): number =>
  Math.min(longestMilliseconds, limitMilliseconds + 1000 * Math.max(0, ...replicas.map(({ replication }) => replication?.delaySeconds ?? 0)))
