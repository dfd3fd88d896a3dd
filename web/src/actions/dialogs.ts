import type { ClusterView, ServerView } from '../../../src/contract/views.ts'
import type { OperationInput } from '../api/client.ts'
import type { AskedField } from './acts/act.ts'
import type { ReplicationChange } from './acts/replication.ts'
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
  /** A reason is asked for, and kept in the audit. */
  readonly asksWhy?: boolean
  /** Said above the steps when it is worth a warning. */
  readonly note: string | null
  /** A person chose server and target just now: not so for what an address or an undo opens. */
  readonly isMoveInHand?: true
}

/** What is asked before a plan can be made, or before the server can answer. */
export interface AskRequest {
  readonly title: string
  readonly text: string
  readonly runLabel: string
  readonly operation: string
  readonly input: OperationInput
  readonly fields: readonly AskedField[]
  /** The plan that follows; or what is shown of the answer. */
  readonly next: { readonly plan: Omit<PlanRequest, 'input'> } | { readonly lines: (output: unknown) => readonly string[] }
}

/** An act without a plan that asks for a word to be typed. */
export interface TypedRequest {
  readonly title: string
  readonly text: string
  readonly typed: string
  readonly runLabel: string
  readonly operation: string
  readonly input: OperationInput
  readonly done: string
  /** It may take long: only its end tells. */
  readonly waits?: true
  /** A reason is asked for, and kept in the audit. */
  readonly asksWhy?: true
}

export type OpenDialog =
  | { readonly kind: 'plan'; readonly request: PlanRequest }
  | { readonly kind: 'ask'; readonly request: AskRequest }
  | { readonly kind: 'typed'; readonly request: TypedRequest }
  | { readonly kind: 'move'; readonly what: 'server' | 'replicas'; readonly server: ServerView }
  | { readonly kind: 'downtime' | 'maintenance'; readonly server: ServerView }
  | { readonly kind: 'downtime-many' | 'tag-many' | 'rule-many' | 'forget-many'; readonly servers: readonly ServerView[] }
  /** `destination` null: it is asked for. */
  | { readonly kind: 'move-many'; readonly servers: readonly ServerView[]; readonly destination: string | null }
  | { readonly kind: 'replication-many'; readonly servers: readonly ServerView[]; readonly change: ReplicationChange }
  | { readonly kind: 'palette' }
  | { readonly kind: 'submit-pool'; readonly pool: string; readonly members: readonly string[] }
  | { readonly kind: 'seed'; readonly host: string; readonly sources: readonly string[] }
  | { readonly kind: 'reload-configuration' }
  | { readonly kind: 'tags' | 'promotion-rule'; readonly server: ServerView }
  | { readonly kind: 'cluster-alias' | 'forget-cluster'; readonly cluster: ClusterView }
  | { readonly kind: 'forget'; readonly server: ServerView }
  | { readonly kind: 'recover'; readonly server: string; readonly clusterName: string; readonly clusterAlias: string; readonly isForced?: boolean }
  | { readonly kind: 'what-if'; readonly about: { readonly instance: string } | { readonly cluster: string } }
  | { readonly kind: 'takeover'; readonly cluster: ClusterView; readonly to: string | null }
  | { readonly kind: 'acknowledge'; readonly uid: string; readonly id: number }
  | { readonly kind: 'automatic'; readonly enabled: boolean }
  | { readonly kind: 'operation'; readonly number: number }
  | { readonly kind: 'keys' }

interface Dialogs {
  readonly open: OpenDialog | null
  /** Counts what was opened: the same asked for again is another dialog. */
  readonly number: number
}

export const dialogs = makeStore<Dialogs>({ open: null, number: 0 })
/** Where the focus was before the first of a row of dialogs; it goes back there when the last one closes. */
let focusedBefore: Element | null = null

export function openDialog(open: OpenDialog): void {
  if (dialogs.get().open === null) focusedBefore = document.activeElement
  dialogs.set(({ number }) => ({ open, number: number + 1 }))
}

export function closeDialog(): void {
  dialogs.set(({ number }) => ({ open: null, number }))
  // The entry of a menu that opened the dialog is gone by now: then the card in hand takes the focus.
  const target = focusedBefore?.isConnected === true && focusedBefore !== document.body ? focusedBefore : document.querySelector('[role="treeitem"][tabindex="0"]')
  focusedBefore = null
  if (target instanceof HTMLElement) setTimeout(() => target.focus({ preventScroll: true }), 0)
}
