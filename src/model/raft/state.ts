import { RaftLog } from './raft-log.ts'
import type { LogIndex, MemberId, RaftPolicy, Role, SnapshotMark, Stored, Term } from './types.ts'

/** What a leader knows of another member. */
export interface Progress {
  /** Durable and equal there for sure. */
  readonly matched: LogIndex
  /** The next to be sent. */
  readonly next: LogIndex
  /**
   * `probing`: where the logs part is not known, one append at a time. `streaming`: sent ahead of the answers. `snapshot`: what it needs is forgotten here.
   */
  readonly mode: 'probing' | 'streaming' | 'snapshot'
  /** Last places of the appends that are not answered. */
  readonly inFlight: readonly LogIndex[]
  /** While probing: an append is on its way. */
  readonly awaitsAnswer: boolean
  /** The leader's tick at which it was heard last. */
  readonly heardAt: number
  /** Newest heartbeat round it has answered. */
  readonly round: number
  readonly sending: { readonly mark: SnapshotMark; readonly offset: number; readonly since: number; readonly isReading: boolean } | null
}

export interface PendingRead {
  readonly id: string
  /** Null: asked here. */
  readonly from: MemberId | null
  /** Null until this term has committed something: only then the leader knows what is committed (thesis, 6.4). */
  readonly confirming: { readonly index: LogIndex; readonly round: number } | null
}

/** What only a leader has; gone with its leadership. */
export interface Leading {
  readonly progress: ReadonlyMap<MemberId, Progress>
  readonly round: number
  readonly sinceHeartbeat: number
  readonly reads: readonly PendingRead[]
  readonly transfer: { readonly to: MemberId; readonly ticks: number; readonly isAsked: boolean } | null
  /** First entry of its own term. */
  readonly firstIndex: LogIndex
  readonly uncommittedBytes: number
}

/** One member between two inputs. Never changed: a step makes the next one. */
export interface RaftState {
  readonly self: MemberId
  readonly policy: RaftPolicy
  readonly term: Term
  readonly votedFor: MemberId | null
  readonly role: Role
  readonly leader: MemberId | null
  readonly log: RaftLog
  readonly snapshot: SnapshotMark
  readonly commit: LogIndex
  /** Handed to the state machine. */
  readonly handedOver: LogIndex
  /** A snapshot that the state machine must take before anything else, once the save is durable. */
  readonly restoring: { readonly mark: SnapshotMark; readonly save: number } | null

  /** Ticks since the start. */
  readonly now: number
  /** Newest random number that came with a tick. */
  readonly random: number
  /** Since the timer was set anew, and when it ends. */
  readonly elapsed: number
  readonly timeout: number
  /** Tick at which the leader of this term was heard; null: none was. One that starts takes it that there is a leader, and protects it for an election time. */
  readonly leaderHeardAt: number | null

  readonly savesAsked: number
  readonly savesDone: number
  /** How far the own log is durable. */
  readonly durable: LogIndex
  /** What becomes durable with which save, and when it was asked for. */
  readonly unsaved: readonly { readonly number: number; readonly lastIndex: LogIndex; readonly askedAt: number }[]

  /** Answers to the own pre-vote or vote. */
  readonly votes: ReadonlyMap<MemberId, boolean>
  /** The save that makes the own vote count. */
  readonly ownVoteSave: number | null
  readonly isElectionByTransfer: boolean
  /** It refused a candidate that lacks what it holds, and has heard no leader since: then a learner campaigns, too. */
  readonly isMissed: boolean
  /** A snapshot that is being received. */
  readonly receiving: { readonly term: Term; readonly mark: SnapshotMark; readonly nextOffset: number } | null
  readonly leading: Leading | null
}

/** A member as it starts. `random`: a fresh whole number below 2^32. */
export function startMember(self: MemberId, stored: Stored, policy: RaftPolicy, random: number): RaftState {
  const log = RaftLog.restored(stored.snapshot, stored.entries)
  const applied = Math.max(stored.snapshot.index, stored.applied)
  if (applied > log.lastIndex) throw new Error(`the state machine has applied entry ${applied}, but the log ends at ${log.lastIndex}`)
  const commit = Math.max(applied, stored.handedOver ?? 0)
  if (commit > log.lastIndex) throw new Error(`entry ${commit} was committed, but the log ends at ${log.lastIndex}`)
  return {
    self, policy, term: stored.hardState.term, votedFor: stored.hardState.votedFor, role: 'follower', leader: null,
    log, snapshot: stored.snapshot, commit, handedOver: applied, restoring: null,
    now: 0, random, elapsed: 0, timeout: timeoutOf(policy, random), leaderHeardAt: 0,
    savesAsked: 0, savesDone: 0, durable: log.lastIndex, unsaved: [],
    votes: new Map(), ownVoteSave: null, isElectionByTransfer: false, isMissed: false, receiving: null, leading: null,
  }
}

/** Between one and two election times, so that two candidates rarely wake at once. */
export const timeoutOf = ({ electionTicks }: RaftPolicy, random: number): number => electionTicks + Math.floor((random / 2 ** 32) * electionTicks)
