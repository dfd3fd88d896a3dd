import type { LogIndex, Term } from '../../model/raft/types.ts'

/** Where a command stands; the same on every member. */
export interface Place {
  readonly index: LogIndex
  readonly term: Term
}

/**
 * What all members remember alike. Every member applies the same commands in the same order; what a command comes to may depend on nothing else than what was
 * applied before it: no clock, no randomness, no own name.
 */
export interface StateMachine {
  /** Resolves to what the proposer is told. A rejection is a fault: the member stops, because it cannot know any more what the others know. */
  apply(place: Place, data: Uint8Array): Promise<unknown>
  /** What `act` applies, one after the other, is written with as few writes as can be; it is durable when this resolves. A rejection is a fault, too. */
  together(act: () => Promise<void>): Promise<void>
  snapshot(): Promise<Uint8Array>
  /** Forgets everything else. */
  restore(state: Uint8Array): Promise<void>
}
