import { countGtids, gtidSetText, isEmptyGtidSet, isGtidSubset, parseGtidSet, subtractGtidSets } from '../topology/gtid-set.ts'
import type { Instance } from '../topology/instance.ts'
import { readGtids, unappliedGtids } from './failover-held.ts'

const named = /\btransaction '([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?::[a-z_][a-z0-9_]{0,31})?:\d+)'/i

/**
 * The transaction at which a stopped applier stands with an error: the one that the error names, and otherwise the first of those received and not
 * executed where they all have one origin, because then they are applied in the order of their numbers. '': it has no GTID. Null: the applier
 * does not stand at an error, or nobody can tell at which transaction (contract refactoring.md 9, wanted rule).
 */
export function standsAt(instance: Instance): string | null {
  const { replication: link } = instance
  if (link === null || link.applier !== 'stopped' || link.applierError.number === 0) return null
  const isNamed = named.exec(link.applierError.text)?.[1]?.toLowerCase()
  if (isNamed !== undefined) return isGtidSubset(readGtids(isNamed), readGtids(instance.executedGtidSet)) ? null : isNamed
  if (instance.gtidMode !== 'ON') return ''
  const waiting = unappliedGtids(instance)
  const [origin] = waiting.keys()
  const from = origin === undefined ? undefined : waiting.get(origin)?.[0]
  return waiting.size === 1 && from !== undefined ? `${origin}:${from}` : null
}

/** What a server has executed, without a set. */
export function executedWithout(executed: string, set: string): string {
  return gtidSetText(subtractGtidSets(readGtids(executed), readGtids(set)))
}

/** How many transactions a set names; null for a text that is no set or an empty one. */
export function sizeOfSet(text: string): bigint | null {
  const set = parseGtidSet(text)
  return !set.ok || isEmptyGtidSet(set.value) ? null : countGtids(set.value)
}
