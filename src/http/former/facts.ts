import type { PromotionRuleEntry } from '../../contract/candidates.ts'
import type { MaintenanceEntry } from '../../contract/maintenance.ts'
import type { BufferFlush, BufferFlushSummary, PollFigures, PollSpreads, PollSummary, QueueSummary, Spread, StoreWrite, StoreWriteSummary } from '../../contract/metrics.ts'
import type { HostNameEntry } from '../../contract/names.ts'
import type { PoolMembers } from '../../contract/pools.ts'
import type { AnalysisChanges } from '../../contract/which.ts'
import { wholeNumber } from '../../contract/wire.ts'
import { hostOf, portOf } from '../../model/topology/instance-key.ts'
import { type FormerKey, formerKey, formerPlainTime, formerTime } from './parts.ts'

/** Facts beside replication in the original's shapes. */

const nanosecondsPerMillisecond = 1_000_000n

export const formerMaintenance = (entry: MaintenanceEntry, now: number) => ({
  MaintenanceId: entry.id, Key: formerKey(entry.instance), BeginTimestamp: formerTime(entry.beganAt),
  SecondsElapsed: Math.max(0, Math.floor((now - entry.beganAt) / 1000)), IsActive: true, Owner: entry.owner, Reason: entry.reason,
})

export const formerPromotionRule = ({ instance, rule, suggestedAt, expiresAt }: PromotionRuleEntry) => ({
  Hostname: hostOf(instance), Port: portOf(instance), PromotionRule: rule, LastSuggestedString: formerPlainTime(suggestedAt), PromotionRuleExpiry: formerPlainTime(expiresAt),
})

/** Pool → its members. */
export function formerPools({ members }: PoolMembers): Readonly<Record<string, readonly FormerKey[]>> {
  const byPool = Map.groupBy(members, ({ pool }) => pool)
  return Object.fromEntries([...byPool].map(([pool, of]) => [pool, of.map(({ instance }) => formerKey(instance))]))
}

/** Name → resolved name and the end of its time in nanoseconds. */
export const formerHostNames = (entries: readonly HostNameEntry[]) =>
  Object.fromEntries(entries.map(({ host, name, until }) => [host, { Object: name, Expiration: wholeNumber(BigInt(Math.round(until)) * nanosecondsPerMillisecond) }]))

export const formerChangelog = ({ instance, changes }: AnalysisChanges) => ({
  AnalyzedInstanceKey: formerKey(instance), Changelog: changes.map(({ at, code }) => `${formerTime(at)};${code},`),
})

const noTime = '0001-01-01T00:00:00Z'
const preciseTime = (at: number | null): string => (at === null ? noTime : new Date(at).toISOString())

export const formerPoll = (poll: PollFigures) => ({
  Timestamp: preciseTime(poll.at), Hostname: hostOf(poll.instance), Port: portOf(poll.instance), BackendLatencySeconds: poll.ownSeconds,
  InstanceLatencySeconds: poll.serverSeconds, TotalLatencySeconds: poll.totalSeconds,
  // An error of the original is an object without members of its own here.
  Err: poll.failure === null ? null : { Message: poll.failure },
})

const figure = (name: string, prefix: string, { totalSeconds, ownSeconds, serverSeconds }: PollSpreads, of: (spread: Spread) => number) => ({
  [`${prefix}${name}TotalSeconds`]: of(totalSeconds), [`${prefix}${name}BackendSeconds`]: of(ownSeconds), [`${prefix}${name}InstanceSeconds`]: of(serverSeconds),
})

export function formerPollSummary(summary: PollSummary) {
  const both = (name: string, of: (spread: Spread) => number) => ({ ...figure(name, '', summary.good, of), ...figure(name, 'Failed', summary.failed, of) })
  return {
    FirstSeen: preciseTime(summary.firstAt), LastSeen: preciseTime(summary.lastAt), CountDistinctInstanceKeys: summary.servers,
    CountDistinctOkInstanceKeys: summary.goodServers, CountDistinctFailedInstanceKeys: summary.failedServers, FailedDiscoveries: summary.failedPolls,
    SuccessfulDiscoveries: summary.goodPolls,
    ...both('Mean', ({ mean }) => mean), ...both('Max', ({ max }) => max), ...both('Median', ({ median }) => median), ...both('P95', ({ p95 }) => p95),
  }
}

const entries = (name: 'Active' | 'Queued', { min, mean, median, p95, max }: Spread) => ({
  [`${name}MinEntries`]: min, [`${name}MeanEntries`]: mean, [`${name}MedianEntries`]: median, [`${name}P95Entries`]: p95, [`${name}MaxEntries`]: max,
})

export const formerQueueSummary = ({ active, queued }: QueueSummary) => ({ ...entries('Active', active), ...entries('Queued', queued) })

const nanoseconds = (seconds: number): number => Math.round(seconds * 1e9)

export const formerStoreWrite = ({ at, waitSeconds, executeSeconds, failure }: StoreWrite) =>
  ({ Timestamp: preciseTime(at), WaitLatency: nanoseconds(waitSeconds), ExecuteLatency: nanoseconds(executeSeconds), Err: failure })

const four = (name: string, { max, mean, median, p95 }: Spread) => ({ [`Max${name}`]: max, [`Mean${name}`]: mean, [`Median${name}`]: median, [`P95${name}`]: p95 })

export const formerStoreWriteSummary = ({ count, executeSeconds, waitSeconds }: StoreWriteSummary) =>
  ({ Count: count, ...four('LatencySeconds', executeSeconds), ...four('WaitSeconds', waitSeconds) })

export const formerFlush = ({ at, instances, waitSeconds, writeSeconds }: BufferFlush) =>
  ({ Timestamp: preciseTime(at), Instances: instances, WaitLatency: nanoseconds(waitSeconds), WriteLatency: nanoseconds(writeSeconds) })

export const formerFlushSummary = (summary: BufferFlushSummary) => ({
  InstanceWriteBufferSize: summary.bufferSize, InstanceFlushIntervalMilliseconds: summary.flushIntervalMilliseconds, CountInstances: summary.countInstances,
  ...four('Instances', summary.instances), ...four('WaitSeconds', summary.waitSeconds), ...four('WriteSeconds', summary.writeSeconds),
})
