import type { InstanceKey } from '../topology/instance-key.ts'

/** A GTID set that is known when the plan is made, or one that an earlier `read-executed` step bound to a name. */
export type SetReference = { readonly set: string } | { readonly boundTo: string }

/** A place in a binary log (`file:position`) that is known when the plan is made, or one that an earlier step bound to a name. */
export type CoordinatesReference = { readonly place: string } | { readonly boundTo: string }

/**
 * One act on one server, in words; `adapters/mysql/statements` turns it into SQL for that server's version, and nothing else does.
 * The same values are shown by a dry run, executed, recorded and read back after a crash, so they are plain JSON.
 */
export type Step =
  /** Stop fetching from the source; the applier goes on with what was received. */
  | { readonly do: 'stop-receiver'; readonly on: InstanceKey }
  /**
   * `connectsLater`: it is started and not waited for; whether its source lets it in is what is to be found out. `triesSeconds`: so long it tries to connect
   * this time, where the server cannot stop a receiver before it has given up trying.
   */
  | { readonly do: 'start-receiver'; readonly on: InstanceKey; readonly connectsLater?: true; readonly triesSeconds?: number }
  /** Stop both threads. Destructive before `change-source` unless all that was received is applied (beyond.md section 3). */
  | { readonly do: 'stop-replication'; readonly on: InstanceKey }
  | { readonly do: 'start-replication'; readonly on: InstanceKey }
  | { readonly do: 'start-applier'; readonly on: InstanceKey }
  /**
   * A MariaDB by GTID whose threads both stand throws its relay log away as soon as either is started (measured on 11.8). This names the place where
   * its applier stands in the relay log, which keeps it, and applies on; the link is by file and position until its source is changed.
   */
  | { readonly do: 'apply-relay-log'; readonly on: InstanceKey }
  /** Read executed ∪ retrieved and keep it under a name for later steps. */
  | { readonly do: 'read-executed'; readonly on: InstanceKey; readonly as: string }
  /** Wait until the server has executed the whole set; fails when the time is over. */
  | { readonly do: 'wait-executed'; readonly on: InstanceKey; readonly what: SetReference; readonly timeoutMilliseconds: number }
  /**
   * Follow another source. `receiver-only` names host and port alone while the applier runs, which keeps what was received;
   * `auto-position` also names GTID auto-position and needs both threads stopped (MariaDB: `slave-pos` / `current-pos`). Of a replica without GTID:
   * `read-position` names how far it has read while the applier runs, which keeps what was received; `executed-position` names how far it has
   * executed, switches auto-position off and needs both threads stopped. Both take the position that the server itself has when the step runs.
   * `coordinates` names the place `at` in the new source's log, and needs both threads stopped.
   */
  | {
    readonly do: 'change-source'; readonly on: InstanceKey; readonly to: InstanceKey
    readonly way: 'receiver-only' | 'auto-position' | 'slave-pos' | 'current-pos' | 'read-position' | 'executed-position' | 'coordinates'
    readonly at?: CoordinatesReference
  }
  /** Give the channel the replication user of `like` (a server that can read it), for a former primary that never was a replica. */
  | { readonly do: 'copy-replication-credentials'; readonly on: InstanceKey; readonly like: InstanceKey }
  /** Stop being a replica and forget the source (RESET REPLICA ALL). */
  | { readonly do: 'forget-source'; readonly on: InstanceKey }
  /** read_only, and super_read_only where the server knows it and `alsoSuper` is set. */
  | { readonly do: 'set-read-only'; readonly on: InstanceKey; readonly alsoSuper: boolean }
  | { readonly do: 'set-writable'; readonly on: InstanceKey }
  | { readonly do: 'stop-applier'; readonly on: InstanceKey }
  /** Wait until it has executed its source's log up to a place (`file:position`), or all that its stopped receiver has read (`read`). */
  | {
    readonly do: 'wait-position'; readonly on: InstanceKey; readonly upTo: string | CoordinatesReference; readonly timeoutMilliseconds: number
    /** With `read`: a receiver that was stopped in the middle of a transaction may fetch the rest of it. Never where the source must not be read from any more. */
    readonly mayFetch?: true
  }
  /**
   * Wait until the applier has applied every whole transaction that the stopped receiver has received. Of one that broke off half way nothing is applied,
   * and nothing more will come.
   */
  | { readonly do: 'wait-received'; readonly on: InstanceKey; readonly timeoutMilliseconds: number }
  /**
   * Keep a place under a name: where the server's own binary log ends, or how far it has executed its source's. With `mustBe` it fails when
   * the place is another one than that name was bound to.
   */
  | { readonly do: 'read-coordinates'; readonly on: InstanceKey; readonly which: 'own' | 'executed'; readonly as: string; readonly mustBe?: CoordinatesReference }
  /**
   * Keep under a name where in the binary log of `with` a server that stands goes on: both logs are walked in step from the newest unique statement
   * that they share (Pseudo-GTID). Reads both, changes neither.
   */
  | { readonly do: 'match-position'; readonly on: InstanceKey; readonly with: InstanceKey; readonly as: string; readonly timeoutMilliseconds: number; readonly relayLogsOnly?: true }
  /** A stopped replica executes its source's log up to a place, and stops there. */
  | { readonly do: 'start-until'; readonly on: InstanceKey; readonly upTo: CoordinatesReference; readonly timeoutMilliseconds: number }
  /** Commit an empty transaction under each number of the set, so that nothing is executed under it any more. All on one connection. */
  | { readonly do: 'inject-empty'; readonly on: InstanceKey; readonly set: string }
  /** Let the applier leave out the next group of events, when it has no GTID. */
  | { readonly do: 'skip-next-event'; readonly on: InstanceKey }
  /** Throw all binary logs away, and of what was executed remember all but this set. */
  | { readonly do: 'forget-gtids'; readonly on: InstanceKey; readonly set: string }
  /** Apply each event this many seconds late; 0: at once. */
  | { readonly do: 'set-delay'; readonly on: InstanceKey; readonly seconds: number }
  | { readonly do: 'set-semi-sync'; readonly on: InstanceKey; readonly side: 'source' | 'replica'; readonly enabled: boolean }
  /** Commit a transaction without content: a semi-sync source waits until it is acknowledged, and all before it with it. */
  | { readonly do: 'commit-nothing'; readonly on: InstanceKey }
  /**
   * Beside a `set-read-only` that waits for commits which nobody acknowledges: end all clients, so that none of them is told of a success, and let the
   * server go on without acknowledgements. Of a server that was replaced; nothing is done when nothing waits.
   */
  | { readonly do: 'end-blocked-commits'; readonly on: InstanceKey }
  | { readonly do: 'flush-binary-logs'; readonly on: InstanceKey }
  /** Remove the binary logs before this file. */
  | { readonly do: 'purge-binary-logs'; readonly on: InstanceKey; readonly upTo: string }
  /** Replace all its data, and with them its accounts and its replication, by those of the donor (MySQL's clone plugin). The server restarts then. */
  | { readonly do: 'clone-from'; readonly on: InstanceKey; readonly donor: InstanceKey; readonly timeoutMilliseconds: number }
  /** Until it answers again after a clone, and is made read-only at once; where nobody starts servers that end, a person must. */
  | { readonly do: 'wait-restart'; readonly on: InstanceKey; readonly timeoutMilliseconds: number }
  | { readonly do: 'kill-query'; readonly on: InstanceKey; readonly thread: number }

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
  /** `source` has executed all that `server` has executed. */
  | { readonly holds: 'source-has-executed'; readonly server: InstanceKey; readonly source: InstanceKey }
  | { readonly holds: 'applier-stopped'; readonly server: InstanceKey }
  /** It runs or tries to connect: while it is there, the server keeps its relay log through a change. */
  | { readonly holds: 'receiver-there'; readonly server: InstanceKey }
  /** The stopped applier failed on this transaction, and has not executed it since; '' is one without GTID. */
  | { readonly holds: 'applier-failed-on'; readonly server: InstanceKey; readonly gtid: string }
  /** By coordinates, which every flavour reports: the applier has executed all that the receiver has read. */
  | { readonly holds: 'executed-all-read'; readonly server: InstanceKey }
  | { readonly holds: 'has-executed'; readonly server: InstanceKey; readonly set: string }
  | { readonly holds: 'has-no-replicas'; readonly server: InstanceKey }
  | { readonly holds: 'is-writable'; readonly server: InstanceKey }
