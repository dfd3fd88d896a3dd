import { primariesOf } from '../topology/cluster.ts'
import { isDowntimed } from '../topology/freshness.ts'
import { isLastCheckValid } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'

export interface ClusterWriter {
  readonly clusterName: string
  readonly alias: string
  readonly primary: InstanceKey
}

/** The writable primary of each cluster, the first where there are two (contract kv-stores.md 1). One that is published already stays while it is one of them. */
export function writersOf(topology: Topology, published: (alias: string) => InstanceKey | null = () => null): readonly ClusterWriter[] {
  const writers: ClusterWriter[] = []
  for (const clusterName of topology.clusters.keys()) {
    const alias = topology.aliasOf(clusterName)
    const writable = primariesOf(topology, clusterName).filter(({ readOnly }) => !readOnly)
    const primary = writable.find(({ key }) => key === published(alias)) ?? writable[0]
    if (primary !== undefined) writers.push({ clusterName, alias, primary: primary.key })
  }
  return writers
}

/** Is it named by itself, without anybody asking? Not while it cannot be read, or is in a downtime: it may be the one that was replaced (known-pains.md B5). */
export function isCertain(topology: Topology, { primary }: ClusterWriter, now: number): boolean {
  const instance = topology.get(primary)
  return instance !== undefined && isLastCheckValid(instance) && instance.check.failure === null && !isDowntimed(instance, now)
}
