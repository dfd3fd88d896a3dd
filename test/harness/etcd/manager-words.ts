import type { EtcdGroupPolicy } from '../../../src/engine/group/etcd-policy.ts'
import type { RegisterCommand } from '../raft/register-commands.ts'

export interface ManagerSettings {
  readonly name: string
  readonly endpoints: readonly string[]
  readonly policy: Partial<EtcdGroupPolicy>
}

type Question =
  | { readonly what: 'standing' }
  | { readonly what: 'propose'; readonly id: string; readonly command: RegisterCommand }
  | { readonly what: 'confirm' }
  /** Of its own memory, without asking anybody. */
  | { readonly what: 'look'; readonly key: string }
  /** Confirmed first: not stale. */
  | { readonly what: 'read'; readonly key: string }
  | { readonly what: 'step-aside'; readonly to: string | null }
  | { readonly what: 'close' }
  | { readonly what: 'load'; readonly commands: number; readonly atOnce: number }

export type ManagerQuestion = Question
export type ManagerAsk = Question & { readonly number: number }

export type ManagerSaid =
  | { readonly kind: 'ready' }
  | { readonly kind: 'trouble'; readonly text: string }
  | { readonly kind: 'failed'; readonly text: string }
  | { readonly kind: 'answer'; readonly number: number; readonly value: unknown }
