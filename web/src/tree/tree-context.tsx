import { createContext, useContext } from 'react'
import type { ServerView } from '../../../src/contract/views.ts'

/** What cards can ask of the tree around them. */
export interface TreeActions {
  readonly openMenu: (server: ServerView, at: { readonly x: number; readonly y: number }) => void
  readonly toggleReplicas: (key: string) => void
  readonly openStack: (id: string) => void
  readonly press: (pressed: { readonly servers: readonly string[]; readonly replicasOf: string | null }, event: React.PointerEvent) => void
  readonly suffix: string
  readonly mayAct: boolean
}

export const TreeContext = createContext<TreeActions | null>(null)

export function useTree(): TreeActions {
  const tree = useContext(TreeContext)
  if (tree === null) throw new Error('a card outside of a tree')
  return tree
}
