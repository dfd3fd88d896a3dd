import type { Result } from '../kit/result.ts'
import type { MemberId, Message } from '../model/raft/types.ts'
import type { Json } from './group.ts'
import type { RaftIdentity } from './raft-disk.ts'

/** How it stands with the way to another member. `refused`: its machine answers, and no process listens there. */
export type LinkState =
  | { readonly state: 'open' }
  | { readonly state: 'lost'; readonly why: 'closed' | 'silent' | 'stopped' }
  | { readonly state: 'unreachable'; readonly why: 'refused' | 'no-name' | 'no-answer' | 'not-proved' | 'not-for-me' | 'failed'; readonly text: string }

export interface RaftTransportEvents {
  /** From a member that has proved who it is; a member speaks only for itself. */
  message(message: Message): void
  link(member: MemberId, state: LinkState): void
  /** Somebody came who was not let in. */
  turnedAway(from: string, why: string): void
  /**
   * Asked by one who has proved to know the secret, member or not; `from` is the address that it gives itself, which a certificate confirms where TLS is on.
   * Where nobody answers, questions are turned away.
   */
  asked?(from: string, question: Json): Promise<Json>
}

/** Messages between members, without any promise that they arrive: they may be lost, and after a new connection some may come twice or late. */
export interface RaftTransport {
  /** Who there is beside this member, and where (`host:port`). Names are resolved at every connection. Members that are not named are let go. */
  setPeers(peers: ReadonlyMap<MemberId, string>): void
  /** Who this member is from now on, and in which group; connections of a former identity end. Before that only questions are let in. */
  become(identity: RaftIdentity): void
  /** One question and one answer on a connection of their own, for those who are not members of one group yet. `from`: the own address. The failure is a sentence. */
  ask(from: string, address: string, question: Json, milliseconds: number): Promise<Result<Json, string>>
  /** Returns at once; dropped where there is no connection, or too much is waiting on it. */
  send(message: Message): void
  close(): Promise<void>
}
