import { type BinlogCoordinates, compareCoordinates } from '../topology/binlog-coordinates.ts'
import type { Instance } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'

const minute = 60_000
export const recordEveryMilliseconds = minute
/** How long a place is kept, and how old one must be to be a hint: a statement that both servers have lies behind it then. */
export const keptForMilliseconds = 4 * minute
const hintAfterMilliseconds = 2 * minute

interface Stand {
  readonly at: number
  readonly own: BinlogCoordinates | null
  readonly relay: BinlogCoordinates | null
}

/** Where each server stood some minutes ago: hints where to begin reading, nothing else (contract pseudo-gtid.md section 4). */
export interface PositionHistory {
  readonly stands: ReadonlyMap<InstanceKey, readonly Stand[]>
}

export const noHistory: PositionHistory = { stands: new Map() }

/** Every server as it stands now; what is too old, and who is not known any more, goes. `now` is ms since 1970. */
export function recorded(history: PositionHistory, instances: Iterable<Instance>, now: number): PositionHistory {
  const stands = new Map<InstanceKey, readonly Stand[]>()
  for (const { key, binlogCoordinates: own, replication } of instances) {
    const kept = (history.stands.get(key) ?? []).filter(({ at }) => at > now - keptForMilliseconds)
    stands.set(key, [...kept, { at: now, own, relay: replication?.relayLogCoordinates ?? null }])
  }
  return { stands }
}

/** A changed source begins other relay logs. */
export function withoutRelay(history: PositionHistory, key: InstanceKey): PositionHistory {
  const stands = history.stands.get(key)
  return stands === undefined ? history : { stands: new Map(history.stands).set(key, stands.map(stand => ({ ...stand, relay: null }))) }
}

/** Where its own log ended at least two minutes ago. */
export const recentOwn = (history: PositionHistory, key: InstanceKey, now: number): BinlogCoordinates | null =>
  history.stands.get(key)?.findLast(({ at, own }) => own !== null && at <= now - hintAfterMilliseconds)?.own ?? null

/** The newest place in its relay log before where it stands now. */
export const previousRelay = (history: PositionHistory, key: InstanceKey, present: BinlogCoordinates | null): BinlogCoordinates | null =>
  present === null ? null : (history.stands.get(key)?.findLast(({ relay }) => relay !== null && compareCoordinates(relay, present) < 0)?.relay ?? null)
