import type { ReactNode } from 'react'
import { makeStore } from './store.ts'

/** One message of the page, as it was told in a toast. */
export interface Told {
  readonly number: number
  readonly at: number
  readonly isFailure: boolean
  readonly title: string
  readonly message: ReactNode
}

const toldMax = 50

/** What was told since the page was opened, newest first: a toast leaves, and what it said stays here. */
export const told = makeStore<{ readonly list: readonly Told[] }>({ list: [] })

export const keepTold = (message: Omit<Told, 'number' | 'at'>): void =>
  told.set(({ list }) => ({ list: [{ ...message, at: Date.now(), number: (list[0]?.number ?? 0) + 1 }, ...list].slice(0, toldMax) }))
