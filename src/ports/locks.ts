import type { Maintenance } from '../model/topology/instance.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'

/** What an operation writes beside the servers it changes. Times in ms since 1970. */
export interface LockRequest {
  readonly owner: string
  readonly reason: string
  readonly at: number
  /** The process that holds it: with its last heartbeat the lock is void. */
  readonly process: { readonly hostname: string; readonly token: string }
}

/** Nothing was taken, because of this one. */
export interface LockTaken {
  readonly taken: InstanceKey
  readonly by: Maintenance
}

/** Locks that operations take while they change servers: seen by every process that shares the store, in one table with those that people take. */
export interface LockStore {
  /**
   * All or none. A lock of a process that is gone is dropped on the way; one that a person took under the same owner's name is his own, and in nobody's way.
   * Answers the numbers of the locks, for `release`.
   */
  take(keys: readonly InstanceKey[], request: LockRequest): Promise<{ readonly ids: readonly number[] } | LockTaken>
  release(ids: readonly number[]): Promise<void>
  /** Drops those whose process is gone, and says whose. `token`: who asks; in a group only the leader does, and all others are gone. */
  dropDead(token?: string): Promise<readonly InstanceKey[]>
  /** Those that people took. */
  ofPeople(): Promise<ReadonlyMap<InstanceKey, Maintenance>>
  /** All that are on, of people and of operations, but for the operations of this process. */
  ofOthers(token: string): Promise<ReadonlyMap<InstanceKey, Maintenance>>
}
