import { type ClusterIdentity, clusterIdentity } from '../../model/topology/cluster.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import { isNews } from './changes.ts'
import { isSame, reuseParts } from './same.ts'
import { UpstreamIndex } from './upstream-index.ts'

export interface RecordsListener {
  /** What this record shows is another than before. `isNews`: one that whoever watches is told. */
  readonly changed: (key: InstanceKey, isNews: boolean) => void
  /** Who is in which cluster, or who could be its primary, may be otherwise. */
  readonly clustersChanged: () => void
  /** It stands here and not in the store. */
  readonly unsaved: (key: InstanceKey) => void
}

/** One record of each server, and who hangs below whom: a cluster's identity goes down from the record that it comes from to all below it. */
export class Records {
  readonly #tell: RecordsListener
  readonly #instances = new Map<InstanceKey, Instance>()
  readonly #index = new UpstreamIndex()

  constructor(tell: RecordsListener) {
    this.#tell = tell
  }

  get all(): ReadonlyMap<InstanceKey, Instance> {
    return this.#instances
  }

  get(key: InstanceKey): Instance | undefined {
    return this.#instances.get(key)
  }

  hasBelow(key: InstanceKey): boolean {
    return this.#index.hasBelow(key)
  }

  countBelow(key: InstanceKey): number {
    return this.#index.countBelow(key)
  }

  below(key: InstanceKey): readonly InstanceKey[] {
    return this.#index.below(key)
  }

  /** By the record as it was just read, also where a ring leads back to it. */
  identityOf(instance: Instance): ClusterIdentity {
    return clusterIdentity(instance, key => (key === instance.key ? instance : this.#instances.get(key)))
  }

  edit(key: InstanceKey, change: (instance: Instance) => Instance): void {
    const instance = this.#instances.get(key)
    if (instance !== undefined) this.put(change(instance))
  }

  /** Puts a record, which becomes the inventory's own, in its place; a changed identity goes down to all that hang below. */
  put(next: Instance): Instance {
    const before = this.#instances.get(next.key)
    const instance = before === undefined ? next : sharingParts(next, before)
    this.#instances.set(next.key, instance)
    this.#index.set(instance)
    this.#tell.changed(next.key, before === undefined || isNews(before, instance))
    this.#tell.unsaved(next.key)
    if (before === undefined || identityDiffers(before, instance)) {
      this.#tell.clustersChanged()
      this.#passDown(instance.key)
    } else if (before.readOnly !== instance.readOnly || before.check.failure?.kind !== instance.check.failure?.kind) this.#tell.clustersChanged()
    return instance
  }

  /** A record as it stands in the store: nothing is to be saved, and what hangs below it has been worked out by whoever wrote it. False: it is known like that. */
  adopt(instance: Instance): boolean {
    const before = this.#instances.get(instance.key)
    const next = before === undefined ? instance : sharingParts(instance, before)
    if (before !== undefined && isSame(next, before)) return false
    this.#instances.set(next.key, next)
    this.#index.set(next)
    this.#tell.clustersChanged()
    this.#tell.changed(next.key, true)
    return true
  }

  /** Recomputes the identity of those below, level by level; each server at most once, so that a ring ends. */
  #passDown(from: InstanceKey): void {
    const seen = new Set([from])
    const waiting = [...this.#index.below(from)]
    for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) {
      if (seen.has(key)) continue
      seen.add(key)
      const instance = this.#instances.get(key)
      if (instance === undefined) continue
      const moved = { ...instance, ...this.identityOf(instance) }
      if (!identityDiffers(instance, moved)) continue
      this.#instances.set(key, moved)
      this.#tell.changed(key, true)
      this.#tell.unsaved(key)
      waiting.push(...this.#index.below(key))
    }
  }

  /** Those below belong to nobody's cluster but their own then. */
  remove(key: InstanceKey): void {
    if (!this.#instances.delete(key)) return
    this.#index.remove(key)
    this.#tell.clustersChanged()
    this.#tell.changed(key, true)
    for (const below of this.#index.below(key)) this.edit(below, instance => ({ ...instance, ...this.identityOf(instance) }))
  }
}

/** Parts that did not change are the same objects as before, and the counting channel is one of all channels: one object where there is only one. */
function sharingParts(fresh: Instance, before: Instance): Instance {
  const { replication, channels } = reuseParts(fresh, before)
  const isTwice = replication !== null && channels.length === 1 && channels[0] !== replication && channels[0]?.channel === replication.channel
  return isTwice ? Object.assign(fresh, { channels: [replication] }) : fresh
}

const identityDiffers = (left: Instance, right: Instance): boolean =>
  left.clusterName !== right.clusterName || left.replicationDepth !== right.replicationDepth || left.isCoPrimary !== right.isCoPrimary
  || left.ancestryUuid !== right.ancestryUuid || left.suggestedClusterAlias !== right.suggestedClusterAlias
