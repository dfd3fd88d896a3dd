import type { Reason } from '../kit/reason.ts'
import type { Result } from '../kit/result.ts'

/** A value that can be written as JSON and read again unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** How several managers are one: by rows of one database, by Raft, or by an etcd that somebody runs already. */
export type GroupMode = 'shared-store' | 'raft' | 'etcd'

export type MemberState = 'leader' | 'follower' | 'candidate' | 'learner' | 'stopped'

/** Which program a manager is, and what it keeps its memory in: `sqlite`, `mysql`. */
export interface ManagerAbout {
  readonly version: string
  readonly backend: string
}

/** One manager as the others know it. */
export interface GroupMember {
  /** As people call it: the advertised `host:port` under Raft, the host's name elsewhere. */
  readonly name: string
  /** Scheme, host and port where its HTTP API is reached; null: it has not said so yet. */
  readonly uri: string | null
  /** Its vote counts; false: it still learns. */
  readonly votes: boolean
  /** Heard within an election time, as far as this manager can tell; null: only the leader can. */
  readonly isHeard: boolean | null
  /** The last entry that it surely has; null: only the leader knows. */
  readonly matched: number | null
  /** Absent: it has not told. */
  readonly about?: ManagerAbout
}

/** How it stands with the group, as this manager knows it now. */
export interface GroupStanding {
  readonly mode: GroupMode
  readonly self: string
  readonly state: MemberState
  /** Null: nobody is known to lead. */
  readonly leader: Pick<GroupMember, 'name' | 'uri'> | null
  /** Grows with every change of leader. */
  readonly term: number
  /** A leader is known, and a majority hears it, as far as this manager can tell. */
  readonly isPartOfQuorum: boolean
  readonly members: readonly GroupMember[]
  /** Places in the log; null where there is none. */
  readonly log: { readonly last: number; readonly committed: number; readonly applied: number; readonly snapshot: number } | null
  /** In words, for people: who leads, who is missing, what may be done now. */
  readonly says: Reason
}

/**
 * Why a change was not made. `not-leader`: nothing happened; ask the leader. `lost`: nothing happened and never will. `unknown`: it may or may not have
 * happened, and the same one (same `id`) may be proposed again.
 */
export interface GroupRefusal {
  readonly kind: 'not-leader' | 'no-leader' | 'lost' | 'unknown' | 'too-much' | 'stopped' | 'failed'
  readonly leader: Pick<GroupMember, 'name' | 'uri'> | null
  readonly text: string
}

/** The managers as one: who acts, and how a change of the shared memory reaches all of them. */
export interface Group<Command> {
  readonly mode: GroupMode
  /** As far as this manager can know by itself, at once and without asking: false as soon as it may be wrong. */
  isLeader(): boolean
  standing(): GroupStanding
  onStanding(listener: (standing: GroupStanding) => void): () => void
  /** Resolves when the change is durable with a majority and applied here, to what it came to. `id` is the proposer's own and new: one is carried out once, however often it is proposed. */
  propose(command: Command, id: string): Promise<Result<Json, GroupRefusal>>
  /** Asked before each step that changes a server: null when this manager surely still leads, and everything decided before is applied here. Costs one round among the managers. */
  confirm(): Promise<Reason | null>
  /** Gives up leadership, to a certain member where one is named; resolves to the refusal when it cannot be done. Whether another leads shows in the standing. */
  stepAside(to: string | null): Promise<Reason | null>
  close(): Promise<void>
}
