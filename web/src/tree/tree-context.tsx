import { createContext, useContext } from 'react'
import type { ServerView } from '../../../src/contract/views.ts'

/** What a pointer takes hold of: servers, or all replicas of one by its grip. */
export interface Pressed {
  readonly servers: readonly string[]
  readonly replicasOf: string | null
}

/** What cards can ask of the tree around them. */
export interface TreeActions {
  readonly openMenu: (server: ServerView, at: { readonly x: number; readonly y: number }) => void
  readonly toggleReplicas: (key: string) => void
  /** Opens or closes a stack, or what was left out. */
  readonly open: (id: string) => void
  /** Shows what a stack holds as a list. */
  readonly list: (servers: readonly ServerView[], at: { readonly x: number; readonly y: number }) => void
  readonly press: (pressed: Pressed, event: React.PointerEvent) => void
  readonly suffix: string
  readonly mayAct: boolean
  /** As it was at another time: nothing can be done to these servers. */
  readonly isPast: boolean
}

export const TreeContext = createContext<TreeActions | null>(null)

export function useTree(): TreeActions {
  const tree = useContext(TreeContext)
  if (tree === null) throw new Error('a card outside of a tree')
  return tree
}
