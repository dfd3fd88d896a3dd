import type { InstanceKey } from '../model/topology/instance-key.ts'
import type { Json } from './group.ts'
import type { Store } from './store.ts'

/** What the managers of a group remember alike. The rest of a store is each one's own: what it probed, its audit, its heartbeat, names that it resolved. */
export type SharedStore = Pick<Store,
  | 'downtimes' | 'maintenances' | 'locks' | 'leases' | 'candidates' | 'tags' | 'pools' | 'hostNames' | 'attributes' | 'keyValues' | 'pseudoGtid' | 'aliases' | 'domains'
  | 'accessTokens' | 'recoverySwitch' | 'detections' | 'recoveries' | 'intents' | 'purge' | 'agents' | 'hostAttributes' | 'seeds'>

/** The place of the command that is carried out, and its proposer's time: the same on every member. */
export interface Stamp {
  readonly index: number
  readonly at: number
}

/** The tables that all members of a group hold alike. One command is carried out at a time. */
export interface SharedMemory {
  /**
   * Writes what a command says, with nothing of this process: numbers are counted in the memory itself, the time is the stamp's, and a lock or lease goes to
   * whoever asked last, because only a leader asks. Reading is as it always is.
   */
  readonly store: SharedStore
  /** '' until somebody's memory has been adopted as that of the group. */
  readonly name: string
  /** From here on writes bear this stamp. */
  begin(stamp: Stamp): void
  /** Servers that the group has been told of. */
  know(keys: readonly InstanceKey[]): Promise<void>
  forget(keys: readonly InstanceKey[]): Promise<void>
  known(): Promise<readonly InstanceKey[]>
  /** The same on every member that has carried out the same commands, whatever database it keeps them in. */
  dump(): Promise<Json>
  /**
   * Replaces all shared tables, at once or not at all. Null: the memory of a group that has just begun, which is empty; only a database that never was in a
   * group keeps what it has, until somebody's memory is adopted.
   */
  load(dumped: Json): Promise<void>
  /** The newest place that was carried out in this database; 0: none, or not in a group. What is carried out again after a restart is not told again. */
  readonly carriedOutTo: number
  carriedOut(index: number): Promise<void>
  /** What is written from here on, until `commit`, becomes durable at one stroke, or not at all; nothing else of this database may be waited for meanwhile. */
  gather(): Promise<void>
  /** All that was gathered, carried out up to this place. Without a beginning it does nothing, and so does `discard`. */
  commit(upTo: number): Promise<void>
  discard(): Promise<void>
}
