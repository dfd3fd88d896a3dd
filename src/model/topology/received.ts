import { compareCoordinates } from './binlog-coordinates.ts'
import { type GtidSet, parseGtidSet, subtractGtidSets } from './gtid-set.ts'
import type { Instance } from './instance.ts'

/** Transactions that a MySQL replica has received and not applied; null when its sets cannot be read. */
export function receivedUnapplied(instance: Instance): GtidSet | null {
  const retrieved = parseGtidSet(instance.replication?.retrievedGtidSet ?? '')
  const executed = parseGtidSet(instance.executedGtidSet)
  return retrieved.ok && executed.ok ? subtractGtidSets(retrieved.value, executed.value) : null
}

/** By coordinates in the source's binary log, which every flavour reports: all that was read is executed. False when either is unknown. */
export function hasAppliedAllItRead(instance: Instance): boolean {
  const { readCoordinates, executedCoordinates } = instance.replication ?? { readCoordinates: null, executedCoordinates: null }
  return readCoordinates !== null && executedCoordinates !== null && compareCoordinates(readCoordinates, executedCoordinates) === 0
}
