import type { BinlogCoordinates } from '../model/topology/binlog-coordinates.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'

/** Where a server stood. Times in ms since 1970. */
export interface StoredStand {
  readonly key: InstanceKey
  readonly at: number
  readonly lastSeenAt: number | null
  readonly own: BinlogCoordinates | null
  readonly relay: BinlogCoordinates | null
}

/** What processes that share a store tell each other about Pseudo-GTID. */
export interface PseudoGtidStore {
  noteInjected(clusterName: string, at: number): Promise<void>
  /** Clusters that were written to since then, and when. */
  injected(since: number): Promise<ReadonlyMap<string, number>>
  /** Adds these, and removes what is older than `before`. */
  record(stands: readonly StoredStand[], before: number): Promise<void>
  /** Oldest first. */
  stands(): Promise<readonly StoredStand[]>
  /** Its relay logs are other ones now. */
  forgetRelay(key: InstanceKey): Promise<void>
}
