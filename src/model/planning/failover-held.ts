import type { Instance } from '../topology/instance.ts'
import { countGtids, emptyGtidSet, type GtidSet, isEmptyGtidSet, parseGtidSet, subtractGtidSets, unionGtidSets } from '../topology/gtid-set.ts'

/** Reads a set that a server printed; text that is no set counts as empty, because nothing can be proven with it. */
export function readGtids(text: string): GtidSet {
  const parsed = parseGtidSet(text)
  return parsed.ok ? parsed.value : emptyGtidSet
}

/** Every MySQL transaction a server would still have if everything else died now: executed ∪ received (beyond.md section 3). */
export function heldGtids(instance: Instance): GtidSet {
  return instance.channels.reduce((held, link) => unionGtidSets(held, readGtids(link.retrievedGtidSet)), withDefaultChannel(instance))
}

function withDefaultChannel(instance: Instance): GtidSet {
  return unionGtidSets(readGtids(instance.executedGtidSet), readGtids(instance.replication?.retrievedGtidSet ?? ''))
}

/** What was received and is not applied yet. */
export const unappliedGtids = (instance: Instance): GtidSet => subtractGtidSets(heldGtids(instance), readGtids(instance.executedGtidSet))

export const hasUnapplied = (instance: Instance): boolean => !isEmptyGtidSet(unappliedGtids(instance))

/** How many transactions of `left` are not in `right`. */
export const countMissing = (left: GtidSet, right: GtidSet): number => Number(countGtids(subtractGtidSets(left, right)))
