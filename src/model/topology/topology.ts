import type { Instance } from './instance.ts'
import { compareKeys, type InstanceKey } from './instance-key.ts'

/** What people decided about clusters and servers, beside what the servers say. Part of the snapshot so that decisions stay pure. */
export interface Decisions {
  /** Cluster name → alias. */
  readonly aliases: ReadonlyMap<string, string>
  /** Cluster name → domain. */
  readonly domains: ReadonlyMap<string, string>
  readonly recoveriesDisabled: { readonly since: number; readonly by: string } | null
}

export const noDecisions: Decisions = { aliases: new Map(), domains: new Map(), recoveriesDisabled: null }

/** A numbered snapshot of all known servers. It never changes; `engine/inventory` makes the next one. */
export class Topology {
  readonly number: number
  readonly instances: ReadonlyMap<InstanceKey, Instance>
  readonly decisions: Decisions
  #replicas: Map<InstanceKey, readonly Instance[]> | null = null
  #clusters: Map<string, readonly Instance[]> | null = null

  constructor(number: number, instances: ReadonlyMap<InstanceKey, Instance>, decisions: Decisions = noDecisions) {
    this.number = number
    this.instances = instances
    this.decisions = decisions
  }

  get(key: InstanceKey): Instance | undefined {
    return this.instances.get(key)
  }

  /** Every known server whose configured source is `key`, alive or not, sorted by key. */
  replicasOf(key: InstanceKey): readonly Instance[] {
    this.#replicas ??= groupSorted(this.instances.values(), instance => instance.replication?.source)
    return this.#replicas.get(key) ?? []
  }

  sourceOf(instance: Instance): Instance | undefined {
    return instance.replication === null ? undefined : this.instances.get(instance.replication.source)
  }

  /** The other replicas of this server's source. */
  siblingsOf(key: InstanceKey): readonly Instance[] {
    const source = this.instances.get(key)?.replication?.source
    return source === undefined ? [] : this.replicasOf(source).filter(sibling => sibling.key !== key)
  }

  /** True when `key` replicates, over any number of steps, from `ancestor`. Ends in rings. */
  isDescendant(key: InstanceKey, ancestor: InstanceKey): boolean {
    const seen = new Set<InstanceKey>()
    let at = this.instances.get(key)?.replication?.source
    while (at !== undefined && !seen.has(at)) {
      if (at === ancestor) return true
      seen.add(at)
      at = this.instances.get(at)?.replication?.source
    }
    return false
  }

  /** Cluster name → its servers, sorted by key. */
  get clusters(): ReadonlyMap<string, readonly Instance[]> {
    this.#clusters ??= groupSorted(this.instances.values(), instance => instance.clusterName)
    return this.#clusters
  }

  /** The alias shown for a cluster: the decided one, else the cluster's name. */
  aliasOf(clusterName: string): string {
    return this.decisions.aliases.get(clusterName) ?? clusterName
  }
}

function groupSorted<Name>(instances: Iterable<Instance>, nameOf: (instance: Instance) => Name | undefined): Map<Name, readonly Instance[]> {
  const groups = new Map<Name, Instance[]>()
  for (const instance of instances) {
    const name = nameOf(instance)
    if (name === undefined) continue
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [instance])
    else group.push(instance)
  }
  for (const group of groups.values()) group.sort((left, right) => compareKeys(left.key, right.key))
  return groups
}
