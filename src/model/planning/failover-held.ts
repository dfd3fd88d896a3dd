import type { Instance } from '../topology/instance.ts'
import { beyond, hasUnappliedPosition, heldPosition, holdsGtids, unappliedPosition } from '../topology/mariadb-held.ts'
import { countGtids, emptyGtidSet, type GtidSet, isEmptyGtidSet, isGtidSubset, parseGtidSet, subtractGtidSets, unionGtidSets } from '../topology/gtid-set.ts'

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

/** The server as one that gives nothing but what it has executed: its applier will not run any more. */
export const executedOnly = (instance: Instance): Instance => ({ ...instance, replication: null, channels: [] })

/** What was received and is not applied yet. */
export const unappliedGtids = (instance: Instance): GtidSet => subtractGtidSets(heldGtids(instance), readGtids(instance.executedGtidSet))

/** Of either flavour. */
export const hasUnapplied = (instance: Instance): boolean => (instance.mariadbGtid === null ? !isEmptyGtidSet(unappliedGtids(instance)) : hasUnappliedPosition(instance))

/** How many transactions of what `left` holds `right` does not hold; on MariaDB at most so many, of which the last is named. */
export const countHeldBeyond = (left: Instance, right: Instance): number =>
  left.mariadbGtid === null || right.mariadbGtid === null ? countMissing(heldGtids(left), heldGtids(right)) : beyond(heldPosition(left), heldPosition(right)).count

/** Has `holder` executed all that `replica` has received and not applied? */
export function holdsUnapplied(holder: Instance, replica: Instance): boolean {
  if (replica.mariadbGtid === null) return isGtidSubset(unappliedGtids(replica), readGtids(holder.executedGtidSet))
  const unapplied = unappliedPosition(replica)
  // Something waits of which no GTID is known: nothing can be shown to hold it.
  return (unapplied.size > 0 || !hasUnapplied(replica)) && holdsGtids(holder, unapplied)
}

/** How many transactions of `left` are not in `right`. */
export const countMissing = (left: GtidSet, right: GtidSet): number => Number(countGtids(subtractGtidSets(left, right)))
