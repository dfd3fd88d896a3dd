import type { RaftNodePolicy } from '../../../src/engine/raft/policy.ts'
import type { MemberId, Notice } from '../../../src/model/raft/types.ts'
import type { RegisterCommand } from './register-commands.ts'

export interface MemberSettings {
  readonly folder: string
  readonly member: MemberId
  /** Where each is reached. */
  readonly members: Readonly<Record<string, string>>
  readonly founders: readonly MemberId[]
  readonly group: string
  readonly secret: string | null
  readonly policy: Partial<RaftNodePolicy>
  /** Connects to everybody in `members`, whatever the configuration says: a newcomer hears those who take it in. */
  readonly keepsAllPeers: boolean
}

type Question =
  | { readonly what: 'status' }
  | { readonly what: 'propose'; readonly id: string; readonly command: RegisterCommand }
  | { readonly what: 'load'; readonly commands: number; readonly atOnce: number; readonly bytes: number }
  | { readonly what: 'read'; readonly key: string }
  | { readonly what: 'change-members'; readonly voters: readonly MemberId[]; readonly learners: readonly MemberId[] }
  | { readonly what: 'step-aside' }
  | { readonly what: 'block'; readonly milliseconds: number }

export type MemberQuestion = Question
export type MemberAsk = Question & { readonly number: number }

export type MemberSaid =
  | { readonly kind: 'ready' }
  | { readonly kind: 'notice'; readonly notice: Notice }
  | { readonly kind: 'link'; readonly member: MemberId; readonly state: string }
  | { readonly kind: 'turned-away'; readonly from: string; readonly why: string }
  | { readonly kind: 'failed'; readonly part: string; readonly text: string }
  | { readonly kind: 'answer'; readonly number: number; readonly value: unknown }
