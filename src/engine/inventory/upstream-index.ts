import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'

/** Who hangs directly below whom, kept up to date record by record, so that a change above reaches those below without a search. */
export class UpstreamIndex {
  readonly #above = new Map<InstanceKey, InstanceKey>()
  readonly #below = new Map<InstanceKey, Set<InstanceKey>>()

  set(instance: Instance): void {
    const above = upstreamKey(instance)
    const before = this.#above.get(instance.key)
    if (above === before) return
    this.remove(instance.key)
    if (above === undefined) return
    this.#above.set(instance.key, above)
    const below = this.#below.get(above)
    if (below === undefined) this.#below.set(above, new Set([instance.key]))
    else below.add(instance.key)
  }

  remove(key: InstanceKey): void {
    const above = this.#above.get(key)
    if (above === undefined) return
    this.#above.delete(key)
    const below = this.#below.get(above)
    below?.delete(key)
    if (below?.size === 0) this.#below.delete(above)
  }

  hasBelow(key: InstanceKey): boolean {
    return this.#below.has(key)
  }

  countBelow(key: InstanceKey): number {
    return this.#below.get(key)?.size ?? 0
  }

  /** A copy, so that records can be moved while it is walked. */
  below(key: InstanceKey): InstanceKey[] {
    return [...(this.#below.get(key) ?? [])]
  }
}

/** The key above: the group's primary for a group secondary, else the source. */
function upstreamKey({ group, replication }: Instance): InstanceKey | undefined {
  if (group !== null && group.memberRole === 'SECONDARY' && group.primary !== null) return group.primary
  return replication?.source
}
