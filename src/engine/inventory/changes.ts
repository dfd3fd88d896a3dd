import type { Instance } from '../../model/topology/instance.ts'
import { isSame } from './same.ts'

/** Facts that change at every poll without anything having happened. */
const restless: ReadonlySet<string> = new Set<keyof Instance>(['uptimeSeconds', 'check'])

/**
 * True when there is something new to tell: any fact but uptime and the times of checks; of the check only whether, and why, it failed.
 */
export function isNews(before: Instance | undefined, after: Instance): boolean {
  if (before === undefined) return true
  if (before === after) return false
  for (const name of Object.keys(after) as (keyof Instance)[]) { // the record's own names
    if (!restless.has(name) && before[name] !== after[name] && !isSame(before[name], after[name])) return true
  }
  return before.check.partialSuccess !== after.check.partialSuccess || before.check.failure?.kind !== after.check.failure?.kind
    || (before.check.lastSeenAt === null) !== (after.check.lastSeenAt === null)
}
