import { type Instance, isLastCheckValid } from './instance.ts'
import { compareKeys, hostOf } from './instance-key.ts'
import type { Topology } from './topology.ts'

/** Replicas that stand for a data center: so many of a depth. */
const perDataCenter = 2
/** And so many of those below each of them. */
const perSource = 2

/**
 * Replicas that an online schema change should watch (contract http-api.md 8): of depth 1 the two busiest of each data center, their own two
 * busiest replicas, and the two busiest of depth 3 of each data center. Binlog servers, those whose last check failed and ignored hosts are left out.
 */
export function controlReplicas(topology: Topology, clusterName: string, ignoredHosts: readonly RegExp[]): readonly Instance[] {
  const busy = (instance: Instance): number => topology.replicasOf(instance.key).length
  const lag = (instance: Instance): number => instance.replicationLagSeconds ?? 0
  const busiestFirst = (left: Instance, right: Instance): number => busy(right) - busy(left) || lag(right) - lag(left) || compareKeys(left.key, right.key)
  const isUsable = (instance: Instance): boolean =>
    !instance.isBinlogServer && isLastCheckValid(instance) && !ignoredHosts.some(pattern => pattern.test(hostOf(instance.key)))
  const usable = (topology.clusters.get(clusterName) ?? []).filter(isUsable)
  const ofDepth = (depth: number): readonly Instance[] => firstOfEach(usable.filter(instance => instance.replicationDepth === depth).sort(busiestFirst), instance => instance.dataCenter, perDataCenter)
  const first = ofDepth(1)
  const below = first.flatMap(instance => topology.replicasOf(instance.key).filter(isUsable).toSorted(busiestFirst).slice(0, perSource))
  return [...new Set([...first, ...below, ...ofDepth(3)])]
}

/** The first so many of each group, in the given order. */
function firstOfEach<Item>(items: readonly Item[], groupOf: (item: Item) => string, count: number): readonly Item[] {
  const taken = new Map<string, number>()
  return items.filter(item => {
    const before = taken.get(groupOf(item)) ?? 0
    taken.set(groupOf(item), before + 1)
    return before < count
  })
}

/** Replicas to migrate from by reading a row-based binary log, those with the fewest replicas first (contract http-api.md 8). */
export function rowLogReplicas(topology: Topology, clusterName: string): readonly Instance[] {
  const busy = (instance: Instance): number => topology.replicasOf(instance.key).length
  return (topology.clusters.get(clusterName) ?? [])
    .filter(instance => instance.replicationDepth > 0 && instance.binlogFormat === 'ROW' && instance.logBin && instance.logReplicaUpdates)
    .filter(instance => isLastCheckValid(instance) && !instance.isBinlogServer)
    .sort((left, right) => busy(left) - busy(right) || compareKeys(left.key, right.key))
}

/** The largest known lag among servers; null when there is no server. */
export function largestLag(instances: readonly Instance[]): number | null {
  return instances.length === 0 ? null : Math.max(...instances.map(({ replicationLagSeconds }) => replicationLagSeconds ?? 0))
}
