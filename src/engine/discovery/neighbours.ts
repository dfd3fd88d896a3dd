import type { Instance } from '../../model/topology/instance.ts'
import { type InstanceKey, isValidKey } from '../../model/topology/instance-key.ts'
import type { Filters } from './filters.ts'

/** Whom a server names: the members of its group, its replicas, its source; without those that filters leave out (contract discovery.md 4). */
export function neighboursOf(instance: Instance, filters: Filters): readonly InstanceKey[] {
  const members = [...(instance.group?.members ?? []), ...instance.listedReplicas].filter(key => !filters.ignoresReplica(key))
  const sources = instance.channels.map(link => link.source).filter(key => !filters.ignoresSource(key))
  return [...new Set([...members, ...sources])].filter(key => isValidKey(key) && !filters.ignoresServer(key))
}
