import { makeStore } from '../ui/store.ts'

/** Whether the server asked for a sign-in, by the last answer that told. */
export const signedOut = makeStore<{ readonly isSignedOut: boolean }>({ isSignedOut: false })

export function noteStatus(status: number): void {
  const isSignedOut = status === 401
  if (signedOut.get().isSignedOut !== isSignedOut) signedOut.set({ isSignedOut })
}
