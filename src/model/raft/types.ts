/**
 * The words of the Raft core: what goes in, what comes out, what is kept on disk. After Ongaro's thesis "Consensus: Bridging Theory and Practice" (2014).
 *
 * The contract with the one who drives it (engine/raft), in this order for every output of `step`:
 *
 * 1. A `save` is handed to the storage. Saves become durable in the order of their numbers; many may share one synchronisation of the disk.
 *    Its parts are written in this order: hard state, snapshot piece, installed snapshot, log, compaction. After a crash any prefix of the parts and
 *    entries not yet synchronised may be found; never a later part without an earlier one.
 * 2. A message is sent once the save `after` is durable (0: at once). The network may lose, repeat, delay and reorder them.
 * 3. When saves up to a number are durable, `saved` is given to `step`. A node counts itself, acknowledges and applies only what is durable.
 * 4. `restore`, then `committed`, are applied in order; both are durable here already.
 *
 * A storage that failed (disk full, I/O error) never says `saved`: such a node neither votes nor acknowledges, and a leader steps down after `storageStallTicks`.
 */

/**
 * Identity of a member, and of its disk: whoever loses its disk, or finds it damaged, comes back under a new one, because it no longer knows what it promised.
 * Names and addresses belong to the outer world; the core only compares.
 */
export type MemberId = string & { readonly memberId: never }
export type Term = number
/** Place in the log; the first entry is 1, and 0 is before everything. */
export type LogIndex = number

/**
 * Who counts. While `outgoing` is not empty the configuration is joint: every decision needs a majority of `voters` and a majority of `outgoing`.
 * Learners receive everything and count nowhere; a voter that is being made a learner stands in `outgoing` and `learners` at once.
 */
export interface Configuration {
  readonly voters: readonly MemberId[]
  readonly outgoing: readonly MemberId[]
  readonly learners: readonly MemberId[]
}

export type Entry =
  | { readonly kind: 'command'; readonly index: LogIndex; readonly term: Term; readonly data: Uint8Array }
  | { readonly kind: 'configuration'; readonly index: LogIndex; readonly term: Term; readonly configuration: Configuration }
  /** The first entry of each leader: with it, everything before is committed too (thesis, 3.6.2). */
  | { readonly kind: 'nothing'; readonly index: LogIndex; readonly term: Term }

/** Must be on disk before anything that follows from it is sent. `votedFor`: whom this member gave its vote in `term`. */
export interface HardState {
  readonly term: Term
  readonly votedFor: MemberId | null
}

/** What is known of a snapshot beside its bytes: it stands for all entries up to `index`. */
export interface SnapshotMark {
  readonly index: LogIndex
  readonly term: Term
  readonly configuration: Configuration
}

/** One write to the disk. Each part may be null or empty. */
export interface Save {
  /** 1, 2, 3 … since the node was started. */
  readonly number: number
  readonly hardState: HardState | null
  /** A piece of a snapshot that is being received: written at `offset` of a file of its own; offset 0 begins it anew. */
  readonly piece: { readonly mark: SnapshotMark; readonly offset: number; readonly data: Uint8Array } | null
  /**
   * The received file is whole: it becomes the snapshot of this node at one stroke. Where the log holds the entry `index` with the same term, the entries
   * after it stay; otherwise the whole log is thrown away (`keepsLaterEntries` says which).
   */
  readonly install: { readonly mark: SnapshotMark; readonly keepsLaterEntries: boolean } | null
  /** In order, without gaps; the first may take the place of one that was written earlier, and ends all from there on. */
  readonly entries: readonly Entry[]
  /** Entries up to here are covered by the snapshot and may be forgotten, now or later. */
  readonly dropUpTo: LogIndex | null
}

/** What a node finds on its disk when it starts. A new cluster: every member begins with the same configuration in a snapshot of index 0 and term 0. */
export interface Stored {
  readonly hardState: HardState
  readonly snapshot: SnapshotMark
  /** Those after the snapshot, and perhaps some before it; without gaps. */
  readonly entries: readonly Entry[]
  /** What the state machine has durably applied; at least `snapshot.index`. */
  readonly applied: LogIndex
  /** What was handed to the state machine of an earlier life, as far as it was noted: committed for ever, whether anybody else is left or not. */
  readonly handedOver?: LogIndex
}

interface Letter<Kind extends string> {
  readonly kind: Kind
  readonly from: MemberId
  readonly to: MemberId
  /** Of the sender; for `pre-vote` and a granted `pre-vote-reply` the term the candidate would begin. */
  readonly term: Term
}

/** What members say to each other. Sizes are bounded by `RaftPolicy`. */
export type Message =
  | (Letter<'pre-vote'> & { readonly lastIndex: LogIndex; readonly lastTerm: Term })
  | (Letter<'pre-vote-reply'> & { readonly granted: boolean })
  /** `byTransfer`: the leader itself asked for this election, so nobody protects it. */
  | (Letter<'vote'> & { readonly lastIndex: LogIndex; readonly lastTerm: Term; readonly byTransfer: boolean })
  | (Letter<'vote-reply'> & { readonly granted: boolean })
  | (Letter<'append'> & { readonly previousIndex: LogIndex; readonly previousTerm: Term; readonly entries: readonly Entry[]; readonly commit: LogIndex })
  /** Accepted: everything up to `matched` is durable and equal. */
  | (Letter<'append-reply'> & { readonly accepted: true; readonly matched: LogIndex })
  /** Not accepted: `previousIndex` as asked, and the last place, with its term, where the logs may be equal. */
  | (Letter<'append-reply'> & { readonly accepted: false; readonly previousIndex: LogIndex; readonly hintIndex: LogIndex; readonly hintTerm: Term })
  /** `round` grows with each; its echo proves that the sender was still leader after the round began. */
  | (Letter<'heartbeat'> & { readonly commit: LogIndex; readonly round: number })
  | (Letter<'heartbeat-reply'> & { readonly round: number })
  | (Letter<'snapshot-piece'> & { readonly mark: SnapshotMark; readonly offset: number; readonly data: Uint8Array; readonly isLast: boolean })
  /** `nextOffset`: what is wanted next; `isInstalled`: the snapshot, or more, is durable here. */
  | (Letter<'snapshot-reply'> & { readonly index: LogIndex; readonly nextOffset: number; readonly isInstalled: boolean })
  /** The leader hands over: begin an election at once. */
  | Letter<'campaign-now'>
  | (Letter<'read-index'> & { readonly id: string })
  | (Letter<'read-index-reply'> & { readonly id: string; readonly index: LogIndex | null; readonly refusal: ReadRefusal | null })

export type Input =
  /**
   * Time has passed: `count` ticks, all that did (after a pause many at once, and then before any message that waited meanwhile, so that a leader that slept
   * steps down before it hears old answers). `random`: a fresh whole number, 0 ≤ random < 2^32.
   */
  | { readonly kind: 'tick'; readonly count: number; readonly random: number }
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'saved'; readonly upTo: number }
  | { readonly kind: 'propose'; readonly proposals: readonly { readonly id: string; readonly data: Uint8Array }[] }
  /** The whole configuration that is wanted; the way there (learners at once, voters through a joint configuration) is found here. */
  | { readonly kind: 'change-members'; readonly id: string; readonly voters: readonly MemberId[]; readonly learners: readonly MemberId[] }
  /** Read what is committed: answered with an index; the state machine may be read once it has applied that. On any member. */
  | { readonly kind: 'read'; readonly ids: readonly string[] }
  | { readonly kind: 'transfer'; readonly to: MemberId }
  /** An election now, without waiting for the timer (pre-vote first). */
  | { readonly kind: 'campaign' }
  /** A snapshot of the state machine after applying `index` is durable; all but the last `keepEntries` entries it covers may be forgotten. */
  | { readonly kind: 'snapshot-taken'; readonly index: LogIndex; readonly keepEntries: number }
  /** Answer to a `PieceWanted`; `data` null: that snapshot is no longer there. */
  | { readonly kind: 'piece-read'; readonly to: MemberId; readonly index: LogIndex; readonly offset: number; readonly data: Uint8Array | null; readonly isLast: boolean }

/** Asks the storage for bytes of the own snapshot `index`, to be sent to `to`. */
export interface PieceWanted {
  readonly to: MemberId
  readonly index: LogIndex
  readonly offset: number
}

export type ProposalRefusal = 'not-leader' | 'transferring' | 'too-much-uncommitted' | 'too-large'
export type ReadRefusal = 'no-leader' | 'leader-changed' | 'too-many-reads'
export type MemberRefusal =
  | 'not-leader' | 'transferring' | 'change-in-progress' | 'not-yet-committed' | 'no-voters' | 'member-twice' | 'too-many-voters' | 'nothing-to-change'
  /** A new voter must be a learner that has nearly everything: otherwise writes would wait for it. */
  | 'not-caught-up'
export type TransferRefusal = 'not-leader' | 'not-a-voter' | 'is-leader-already' | 'transferring' | 'change-in-progress'

export type ProposalAnswer =
  /** Where it stands in the log. It is committed when an entry of this index and term is; an entry of another term there means that it was lost. */
  | { readonly id: string; readonly index: LogIndex; readonly term: Term }
  | { readonly id: string; readonly refusal: ProposalRefusal }

export type ReadAnswer = { readonly id: string; readonly index: LogIndex } | { readonly id: string; readonly refusal: ReadRefusal }

export type MemberAnswer = { readonly id: string; readonly index: LogIndex; readonly term: Term } | { readonly id: string; readonly refusal: MemberRefusal }

/** What a person or a log wants to know; nothing follows from it. */
export type Notice =
  | { readonly kind: 'role'; readonly role: Role; readonly term: Term; readonly why: RoleReason }
  | { readonly kind: 'leader'; readonly leader: MemberId | null; readonly term: Term }
  | { readonly kind: 'transfer-refused'; readonly to: MemberId; readonly refusal: TransferRefusal }
  | { readonly kind: 'transfer-given-up'; readonly to: MemberId }
  /** A letter that was not for this member: it is meant for a disk that is no more, or comes from a stranger's cluster. */
  | { readonly kind: 'not-for-me'; readonly from: MemberId; readonly to: MemberId }

export type Role = 'follower' | 'pre-candidate' | 'candidate' | 'leader'

export type RoleReason =
  | 'started' | 'timer' | 'asked' | 'handed-over' | 'pre-vote-won' | 'elected' | 'higher-term' | 'leader-heard' | 'vote-lost'
  | 'quorum-lost' | 'storage-stalled' | 'removed' | 'makes-room'

/** What a step tells the world to do. */
export interface Output {
  readonly save: Save | null
  readonly messages: readonly { readonly message: Message; readonly after: number }[]
  /** The state machine is to be replaced by this snapshot, which is durable. Comes before `committed`. */
  readonly restore: SnapshotMark | null
  readonly committed: readonly Entry[]
  readonly proposals: readonly ProposalAnswer[]
  readonly reads: readonly ReadAnswer[]
  readonly members: readonly MemberAnswer[]
  readonly pieces: readonly PieceWanted[]
  readonly notices: readonly Notice[]
}

/** Bounds and times. Ticks are of one length on all members. */
export interface RaftPolicy {
  /** A follower that hears nothing for 1 to 2 times this begins a pre-vote; a leader that hears no quorum for this steps down one heartbeat earlier. */
  readonly electionTicks: number
  readonly heartbeatTicks: number
  /** A leader whose own disk has not confirmed a write for so long steps down. */
  readonly storageStallTicks: number
  readonly entriesPerAppendMax: number
  readonly bytesPerAppendMax: number
  readonly appendsInFlightMax: number
  /** More than this waiting to be committed: further proposals are refused. One larger than `bytesPerAppendMax` is always refused. */
  readonly uncommittedBytesMax: number
  readonly readsPendingMax: number
  /** How many entries a learner may lack and still be made a voter. */
  readonly learnerLagMax: number
  readonly votersMax: number
}
