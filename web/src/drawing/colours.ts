import type { ServerView } from '../../../src/contract/views.ts'

/** What the stripe of a card may tell. Never how the server is: that has colours of its own. */
export const colourings = ['nothing', 'site', 'version', 'pool'] as const
export type Colouring = (typeof colourings)[number]

export interface Colours {
  /** Which of the colours a server has; null: none, as it has no such value. */
  readonly of: (server: ServerView) => number | null
  /** Every value with its colour, by name. */
  readonly values: readonly { readonly value: string; readonly colour: number; readonly count: number }[]
}

/** So many colours can be told apart; further values begin anew. Each value stands on the cards and in the legend in words. */
export const colourCount = 8

const collator = new Intl.Collator('en', { numeric: true })
const valueOf: Readonly<Record<Colouring, (server: ServerView) => string>> = {
  nothing: () => '',
  site: server => server.dataCenter,
  version: server => server.version.replace(/-.*$/, ''),
  pool: server => server.pools?.[0] ?? '',
}

export function coloursBy(members: readonly ServerView[], by: Colouring): Colours {
  const counts = new Map<string, number>()
  for (const member of members) {
    const value = valueOf[by](member)
    if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  const values = [...counts].toSorted(([left], [right]) => collator.compare(left, right)).map(([value, count], index) => ({ value, colour: index % colourCount, count }))
  const colours = new Map(values.map(({ value, colour }) => [value, colour]))
  return { of: server => colours.get(valueOf[by](server)) ?? null, values }
}
