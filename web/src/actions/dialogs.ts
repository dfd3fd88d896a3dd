import type { ClusterView, PlanView, ServerView } from '../../../src/contract/views.ts'
import type { OperationInput } from '../api/client.ts'
import { makeStore } from '../ui/store.ts'

/** An operation that shows its plan before it runs. */
export interface PlanRequest {
  readonly operation: string
  readonly input: OperationInput
  readonly title: string
  /** The button's words: verb and object. */
  readonly runLabel: string
  /** What must be typed before it runs, for dangerous ones. */
  readonly typed: string | null
  /** Said above the steps when it is worth a warning. */
  readonly note: string | null
}

export type OpenDialog =
  | { readonly kind: 'plan'; readonly request: PlanRequest }
  | { readonly kind: 'move'; readonly server: ServerView; readonly cluster: ClusterView }
  | { readonly kind: 'downtime'; readonly server: ServerView }
  | { readonly kind: 'forget'; readonly server: ServerView }
  | { readonly kind: 'recover'; readonly server: string; readonly clusterName: string; readonly clusterAlias: string }
  | { readonly kind: 'takeover'; readonly cluster: ClusterView; readonly to: string | null }
  | { readonly kind: 'acknowledge'; readonly uid: string; readonly id: number }
  | { readonly kind: 'automatic'; readonly enabled: boolean }
  | { readonly kind: 'keys' }

interface Dialogs {
  readonly open: OpenDialog | null
}

export const dialogs = makeStore<Dialogs>({ open: null })
export const openDialog = (open: OpenDialog): void => dialogs.set({ open })
export const closeDialog = (): void => dialogs.set({ open: null })

/** Where each replica was before a plan: the way back. */
export const sourceBefore = (plan: PlanView, server: string): string | null => plan.before[server] ?? null
