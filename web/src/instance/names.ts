import { makeStore, useStore } from '../ui/store.ts'
import { namesOf, nameIn, type ServerNames } from './server-names.ts'

const none: ServerNames = namesOf([])
const names = makeStore<{ readonly names: ServerNames }>({ names: none })

/** How servers are called on this page. Dialogs and toasts stand outside of the page, so this is no React context. */
export const useNameOf = (): ((key: string) => string) => useStore(names, state => state.names.nameOf)

/** Sets how servers are called until the answer is called (when the page goes). */
export function callServers(called: ServerNames): () => void {
  names.set({ names: called })
  return () => names.set(state => (state.names === called ? { names: none } : state))
}

/** A sentence with every server called as on this page. */
export const withNames = (sentence: string): string => nameIn(sentence, names.get().names)

/** The same outside of components. */
export const readNames = (key: string): string => names.get().names.nameOf(key)
