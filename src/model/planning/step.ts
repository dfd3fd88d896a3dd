import type { InstanceKey } from '../topology/instance-key.ts'

/** A GTID set that is known when the plan is made, or one that an earlier `read-executed` step bound to a name. */
export type SetReference = { readonly set: string } | { readonly boundTo: string }

/**
 * One act on one server, in words; `adapters/mysql/statements` turns it into SQL for that server's version, and nothing else does.
 * The same values are shown by a dry run, executed, recorded and read back after a crash, so they are plain JSON.
 */
export type Step =
  /** Stop fetching from the source; the applier goes on with what was received. */
  | { readonly do: 'stop-receiver'; readonly on: InstanceKey }
  | { readonly do: 'start-receiver'; readonly on: InstanceKey }
  /** Stop both threads. Destructive before `change-source` unless all that was received is applied (beyond.md section 3). */
  | { readonly do: 'stop-replication'; readonly on: InstanceKey }
  | { readonly do: 'start-replication'; readonly on: InstanceKey }
  | { readonly do: 'start-applier'; readonly on: InstanceKey }
  /** Read executed ∪ retrieved and keep it under a name for later steps. */
  | { readonly do: 'read-executed'; readonly on: InstanceKey; readonly as: string }
  /** Wait until the server has executed the whole set; fails when the time is over. */
  | { readonly do: 'wait-executed'; readonly on: InstanceKey; readonly what: SetReference; readonly timeoutMilliseconds: number }
  /**
   * Follow another source. `receiver-only` names host and port alone while the applier runs, which keeps what was received;
   * `auto-position` also names GTID auto-position and needs both threads stopped (MariaDB: `slave-pos` / `current-pos`).
   */
  | { readonly do: 'change-source'; readonly on: InstanceKey; readonly to: InstanceKey; readonly way: 'receiver-only' | 'auto-position' | 'slave-pos' | 'current-pos' }
  /** Give the channel the replication user of `like` (a server that can read it), for a former primary that never was a replica. */
  | { readonly do: 'copy-replication-credentials'; readonly on: InstanceKey; readonly like: InstanceKey }
  /** Stop being a replica and forget the source (RESET REPLICA ALL). */
  | { readonly do: 'forget-source'; readonly on: InstanceKey }
  /** read_only, and super_read_only where the server knows it and `alsoSuper` is set. */
  | { readonly do: 'set-read-only'; readonly on: InstanceKey; readonly alsoSuper: boolean }
  | { readonly do: 'set-writable'; readonly on: InstanceKey }

export type StepKind = Step['do']

/** Something that must be true of a server, checked on a fresh probe right before the step that requires it. */
export type Condition =
  | { readonly holds: 'is-reachable'; readonly server: InstanceKey }
  | { readonly holds: 'replicates-from'; readonly server: InstanceKey; readonly source: InstanceKey }
  | { readonly holds: 'is-primary'; readonly server: InstanceKey }
  | { readonly holds: 'applier-running'; readonly server: InstanceKey }
  | { readonly holds: 'receiver-stopped'; readonly server: InstanceKey }
  | { readonly holds: 'read-only'; readonly server: InstanceKey }
  | { readonly holds: 'nothing-received-unapplied'; readonly server: InstanceKey }
  /** The server lacks nothing that `source` has purged, so auto-position can work. */
  | { readonly holds: 'can-auto-position'; readonly server: InstanceKey; readonly source: InstanceKey }
  /**
   * `source` has executed all that `server` has received and not applied. The step that requires it may make the server forget its relay log;
   * whoever checks that no step shrinks retrieved ∪ executed allows the loss of exactly those transactions.
   */
  | { readonly holds: 'source-holds-received'; readonly server: InstanceKey; readonly source: InstanceKey }
