import { makeStore, useStore } from '../ui/store.ts'

interface Names {
  readonly nameOf: (key: string) => string
}

const whole = (key: string): string => key
const names = makeStore<Names>({ nameOf: whole })

/** How servers are called on this page: without what all of them share. Dialogs and toasts stand outside of the page, so this is no React context. */
export const useNameOf = (): ((key: string) => string) => useStore(names, state => state.nameOf)

/** Sets how servers are called until the answer is called (when the page goes). */
export function callServers(nameOf: (key: string) => string): () => void {
  names.set({ nameOf })
  return () => names.set(state => (state.nameOf === nameOf ? { nameOf: whole } : state))
}
