import type { OperationName } from '../../../../src/contract/all.ts'
import type { ClusterView, ServerView } from '../../../../src/contract/views.ts'
import { worstOf } from '../../drawing/trouble.ts'
import type { en } from '../../words/en.ts'
import type { enActs } from '../../words/en-acts.ts'
import type { OpenDialog } from '../dialogs.ts'

export type ActName = keyof typeof enActs
export type WhyNot = keyof typeof en.why
type Worded<Word extends string> = { [Name in ActName]: (typeof enActs)[Name] extends { readonly [Each in Word]: string } ? Name : never }[ActName]
/** Acts that ask before they do something. */
export type AskingActName = Worded<'title'>
/** Acts that are done at once and say so. */
export type ImmediateActName = Worded<'done'>
/** Acts whose sentence is another one on the primary. */
export type PrimaryActName = Worded<'onPrimary'>

/** Where an entry stands: in a group of the menu, or in a menu of its own below that group. */
export const places = {
  groupMove: ['moreMoves'],
  groupReplication: ['moreReplication'],
  groupServer: ['gtid', 'semiSync', 'logs'],
  groupOther: ['moreOther'],
} as const
export type Group = keyof typeof places
export type Submenu = (typeof places)[Group][number]

/** What is asked before a plan is made, under the name of the operation's input. */
export interface AskedField {
  readonly name: string
  readonly kind: 'text' | 'number' | 'check'
  readonly label: keyof typeof en.ask
  readonly hint?: keyof typeof en.ask
  readonly required?: boolean
}

/** What must be typed before it runs: nothing, the server's name, or the cluster's (the policy for dangerous acts). */
export type Typed = 'nothing' | 'server' | 'cluster'

export type Does =
  | { readonly does: 'plan'; readonly name: AskingActName; readonly operation: OperationName; readonly typed?: Typed; readonly fields?: readonly AskedField[] }
  /** As above; what is said and typed is another thing on the primary of a cluster. */
  | { readonly does: 'plan-by-role'; readonly name: PrimaryActName; readonly operation: OperationName; readonly typed: { readonly primary: Typed; readonly replica: Typed } }
  /** Shows what the server answers; nothing is changed. */
  | {
      readonly does: 'answer'
      readonly name: AskingActName
      readonly operation: OperationName
      readonly fields?: readonly AskedField[]
      readonly lines: (output: unknown) => readonly string[]
    }
  | { readonly does: 'now'; readonly name: ImmediateActName; readonly operation: OperationName }
  | { readonly does: 'dialog'; readonly name: ActName; readonly operations: readonly OperationName[]; readonly open: (server: ServerView, cluster: ClusterView) => OpenDialog }
  /** Goes to the page that shows it. */
  | { readonly does: 'examine'; readonly name: ActName; readonly operations: readonly OperationName[] }

export interface Placed {
  readonly group: Group
  readonly submenu?: Submenu
  /** Null: it can be asked for; the server judges it once more. */
  readonly whyNot: (server: ServerView, cluster: ClusterView) => WhyNot | null
  /** It changes nothing: whoever may look may do it. */
  readonly isReading?: true
  /** Not offered at all where it has no meaning (the end of a downtime that is not there). */
  readonly isOffered?: (server: ServerView) => boolean
}

/** One entry of the menu of a server. */
export type Act = Placed & Does

export const operationsOf = (act: Act): readonly OperationName[] => ('operations' in act ? act.operations : [act.operation])

export const isSilent = (server: ServerView): boolean => worstOf(server)?.code === 'unreachable'
export const possible = (): null => null
export const answering =
  (other: (server: ServerView) => WhyNot | null = possible) =>
  (server: ServerView): WhyNot | null =>
    isSilent(server) ? 'unreachable' : other(server)
export const replicaOr =
  (other: (server: ServerView) => WhyNot | null = possible) =>
  (server: ServerView): WhyNot | null =>
    server.replication === null ? 'noSource' : isSilent(server) ? 'unreachable' : other(server)
