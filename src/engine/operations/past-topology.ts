import { bareInstance, bareLink } from '../../model/topology/fresh-instance.ts'
import type { Instance } from '../../model/topology/instance.ts'
import { Topology } from '../../model/topology/topology.ts'
import { parseVersion } from '../../model/topology/version.ts'
import type { SnapshotRow } from '../../ports/store-facts.ts'

/** The topology that a snapshot remembers: who replicated from whom, and the versions. */
export function pastTopology(rows: readonly SnapshotRow[]): Topology {
  const instances = rows.map(({ key, source, clusterName, version }): Instance => {
    const link = source === null ? null : bareLink(source)
    return { ...bareInstance(key), clusterName, version: parseVersion(version, ''), replication: link, channels: link === null ? [] : [link] }
  })
  return new Topology(0, new Map(instances.map(instance => [instance.key, instance])))
}
