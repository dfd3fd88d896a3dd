import type { Instance, PromotionRule } from '../model/topology/instance.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'

/** What people say of servers, and what was noted of them, beside their records. Times in ms since 1970. */

export interface InstanceTag {
  readonly key: InstanceKey
  readonly name: string
  /** '' when it has none. */
  readonly value: string
}

export interface TagStore {
  /** By server and name; of one server, or of one name, when it is given. */
  list(filter: { readonly key?: InstanceKey; readonly name?: string }): Promise<readonly InstanceTag[]>
  /** Replaces the value of a tag that the server has. */
  put(tag: InstanceTag, at: number): Promise<void>
  remove(keys: readonly InstanceKey[], name: string): Promise<void>
}

export interface PoolMember {
  readonly pool: string
  readonly key: InstanceKey
}

export interface PoolStore {
  /** By pool and server. */
  list(): Promise<readonly PoolMember[]>
  /** Replaces the members of a pool; none empties it. */
  submit(pool: string, keys: readonly InstanceKey[], at: number): Promise<void>
  /** Drops what was submitted before, and says how many members. */
  expire(before: number): Promise<number>
}

export interface RegisteredRule {
  readonly key: InstanceKey
  readonly rule: PromotionRule
  readonly suggestedAt: number
}

/** One host under two names. */
export interface HostName {
  readonly host: string
  readonly name: string
  readonly at: number
}

export interface HostNameStore {
  /** Names that were resolved, by host. */
  resolved(): Promise<readonly HostName[]>
  resolve(name: HostName): Promise<void>
  /** Names that hosts once had, by the name they have: kept when the cache is cleared. */
  formerNames(): Promise<readonly HostName[]>
  clearResolved(): Promise<void>
  /** Drops what was resolved before, and the older half of pairs that lead to each other; says how many. */
  tidyResolved(before: number): Promise<number>
  /** Names to be used for hosts in place of their own, by host. */
  unresolved(): Promise<readonly HostName[]>
  unresolve(name: HostName): Promise<void>
  /** False when there was none. */
  endUnresolve(host: string): Promise<boolean>
  /** Drops what was last registered before, and says which hosts. */
  expireUnresolved(before: number): Promise<readonly string[]>
}

/** A server as a snapshot of the topology remembers it. */
export interface SnapshotRow {
  readonly key: InstanceKey
  /** Null: it was nobody's replica. */
  readonly source: InstanceKey | null
  readonly clusterName: string
  readonly version: string
}

export interface SnapshotStore {
  take(at: number, instances: readonly Instance[]): Promise<void>
  /** The newest snapshot of a cluster whose time in seconds since 1970 matches; null when there is none. */
  find(clusterName: string, isWanted: (secondsSince1970: string) => boolean): Promise<{ readonly at: number; readonly rows: readonly SnapshotRow[] } | null>
  /** When the newest was taken; null when there is none. */
  newestAt(): Promise<number | null>
}

export interface AnalysisChange {
  readonly key: InstanceKey
  readonly at: number
  readonly code: string
}

export interface AnalysisChangeStore {
  /** What each server's analysis came to last. */
  last(): Promise<ReadonlyMap<InstanceKey, string>>
  note(change: AnalysisChange): Promise<void>
  /** By server, oldest first; the newest so many. */
  changes(limit: number): Promise<readonly AnalysisChange[]>
  expire(before: number): Promise<number>
}

/** The table of the original in which scripts look up the primary of a cluster. */
export interface KeyValueStore {
  get(keys: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** All of them, or none. */
  put(pairs: readonly { readonly key: string; readonly value: string }[], at: number): Promise<void>
}

/** Texts kept under a name, of no server in particular. */
export interface AttributeStore {
  get(name: string): Promise<string | null>
  set(name: string, value: string, at: number): Promise<void>
}
