import { ok, type Result } from '../../kit/result.ts'
import { isGtidSubset, type MalformedGtidSet, parseGtidSet } from './gtid-set.ts'

/**
 * May a replica that has executed one set auto-position below a source that has purged the other (contract gtid.md 4)?
 * Errant transactions of the replica do not matter here.
 */
export function canAutoPosition(replicaExecuted: string, sourcePurged: string): Result<boolean, MalformedGtidSet> {
  if (sourcePurged === '' || sourcePurged === replicaExecuted) return ok(true)
  const purged = parseGtidSet(sourcePurged)
  if (!purged.ok) return purged
  const executed = parseGtidSet(replicaExecuted)
  return executed.ok ? ok(isGtidSubset(purged.value, executed.value)) : executed
}
