import type { Reason } from '../../kit/reason.ts'
import type { GroupStanding } from '../../ports/group.ts'

/** What operations ask of the managers as one, and do to it. */
export interface GroupParts {
  standing(): GroupStanding
  onStanding(listener: (standing: GroupStanding) => void): () => void
  /** What only processes have that share a store: the office itself can be taken, or made free. */
  readonly election?: ElectionActs
  /** What only a Raft group has; null: the managers are one by other means. */
  readonly raft: RaftActs | null
}

export interface ElectionActs {
  /** This process acts from now on, whoever did. */
  grab(): Promise<Reason | null>
  /** Nobody acts until one of them is elected anew. */
  reelect(): Promise<Reason | null>
}

export interface RaftActs {
  readonly bind: string
  readonly advertise: string
  /** As members are named: with DefaultRaftPort where a text has no port. */
  address(text: string): string
  /** Gives up leadership, to a certain member where one is named. */
  stepAside(to: string | null): Promise<Reason | null>
  /** Resolves when the change is in force. */
  add(address: string): Promise<Reason | null>
  remove(address: string): Promise<Reason | null>
  /** Of this member alone. */
  snapshot(): Promise<Reason | null>
}
