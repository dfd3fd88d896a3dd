import type { Instance } from './instance.ts'
import { compareKeys, type InstanceKey } from './instance-key.ts'
import type { Topology } from './topology.ts'

/** Who a server is in its cluster (contract discovery.md 7). */
export interface ClusterIdentity {
  readonly clusterName: string
  readonly replicationDepth: number
  readonly isCoPrimary: boolean
  readonly ancestryUuid: string
  /** Inherited from above; a server without anything above keeps its own. */
  readonly suggestedClusterAlias: string
}

/** How to find a server by key. */
export type Lookup = (key: InstanceKey) => Instance | undefined

/** The server above this one, if it is known: the group's primary for a group secondary, else the source. */
export function upstreamOf(instance: Instance, lookup: Lookup): Instance | undefined {
  const { group } = instance
  const key = group !== null && group.memberRole === 'SECONDARY' && group.primary !== null ? group.primary : instance.replication?.source
  return key === undefined ? undefined : lookup(key)
}

/** Identity of a server from the *stored* identity of the one above it: names spread one level per call. See identifyAll for all at once. */
export function clusterIdentity(instance: Instance, lookup: Lookup): ClusterIdentity {
  const seen: InstanceKey[] = [instance.key]
  let above = upstreamOf(instance, lookup)
  while (above !== undefined && !seen.includes(above.key)) {
    seen.push(above.key)
    above = upstreamOf(above, lookup)
  }
  return identityBelow(instance, upstreamOf(instance, lookup), above?.key === instance.key ? seen : [])
}

/** `ring` holds the keys of the ring that the server is part of; empty when it is in none. */
function identityBelow(instance: Instance, above: Instance | undefined, ring: readonly InstanceKey[]): ClusterIdentity {
  const own = instance.key
  let clusterName: string = above === undefined || above.clusterName === '' ? own : above.clusterName
  let depth = above === undefined ? 0 : above.replicationDepth + 1
  let base = above?.ancestryUuid ?? ''
  const isCoPrimary = ring.length === 2
  if (ring.length > 1) {
    if (!ring.some(member => member === clusterName)) clusterName = ring.toSorted(compareKeys)[0] ?? own
    // One place of a ring counts as its top, so that depth and ancestry do not grow at every poll.
    if (clusterName === own) [depth, base] = [0, '']
  }
  if (isCoPrimary) base = instance.replication?.sourceUuid ?? ''
  return {
    clusterName, replicationDepth: depth, isCoPrimary,
    ancestryUuid: [base, instance.serverUuid, instance.group?.name ?? ''].filter(part => part !== '').join(','),
    suggestedClusterAlias: above === undefined || above.suggestedClusterAlias === '' ? instance.suggestedClusterAlias : above.suggestedClusterAlias,
  }
}

/** Every server with its identity, made from the top down, so that a name reaches the lowest replica at once. */
export function identifyAll(instances: ReadonlyMap<InstanceKey, Instance>): ReadonlyMap<InstanceKey, Instance> {
  const done = new Map<InstanceKey, Instance>()
  const lookup: Lookup = key => instances.get(key)
  for (const first of instances.values()) {
    const upwards: Instance[] = []
    const places = new Map<InstanceKey, number>()
    let at: Instance | undefined = first
    while (at !== undefined && !done.has(at.key) && !places.has(at.key)) {
      places.set(at.key, upwards.length)
      upwards.push(at)
      at = upstreamOf(at, lookup)
    }
    const ringFrom = at === undefined ? undefined : places.get(at.key)
    const ring = ringFrom === undefined ? [] : topLast(upwards.slice(ringFrom))
    const ringKeys = ring.map(member => member.key)
    const top = ring.at(-1)
    for (const member of ring.toReversed()) {
      const source = upstreamOf(member, lookup)
      const above = source === undefined || member !== top ? done.get(source?.key ?? member.key) : { ...source, clusterName: member.key }
      done.set(member.key, { ...member, ...identityBelow(member, above, ringKeys) })
    }
    for (const instance of upwards.slice(0, ringFrom).toReversed()) {
      const source = upstreamOf(instance, lookup)
      done.set(instance.key, { ...instance, ...identityBelow(instance, source === undefined ? undefined : done.get(source.key), []) })
    }
  }
  return done
}

/** Turns a ring so that its top is last: the server its cluster is named after, else the one with the smallest key. */
function topLast(ring: readonly Instance[]): readonly Instance[] {
  const sorted = ring.toSorted((left, right) => compareKeys(left.key, right.key))
  const top = sorted.find(candidate => ring.some(member => member.clusterName === candidate.key)) ?? sorted[0]
  const place = ring.findIndex(member => member === top)
  return [...ring.slice(place + 1), ...ring.slice(0, place + 1)]
}

/** Servers of a cluster that may be its primary: writable first, then least depth, then key. */
export function primariesOf(topology: Topology, clusterName: string): readonly Instance[] {
  return (topology.clusters.get(clusterName) ?? [])
    .filter(instance => instance.replicationDepth === 0 || instance.isCoPrimary)
    .toSorted((left, right) => Number(left.readOnly) - Number(right.readOnly) || left.replicationDepth - right.replicationDepth || compareKeys(left.key, right.key))
}

export const primaryOf = (topology: Topology, clusterName: string): Instance | undefined => primariesOf(topology, clusterName)[0]

export const writablePrimaryOf = (topology: Topology, clusterName: string): Instance | undefined => primariesOf(topology, clusterName).find(instance => !instance.readOnly)

/** `descendant` has `ancestor`'s UUID among its ancestors; a server is its own descendant, and MariaDB servers never are (contract discovery.md 7). */
export function isDescendantByUuid(descendant: Instance, ancestor: Instance): boolean {
  return ancestor.serverUuid !== '' && descendant.ancestryUuid.split(',').includes(ancestor.serverUuid)
}
