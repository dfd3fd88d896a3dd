import type { ClusterRow, ServerView } from '../../../src/contract/views.ts'

/** What the palette can lead to. `words`: what it is found by, besides its name. */
export interface PaletteEntry<Name extends string = string> {
  readonly kind: 'page' | 'cluster' | 'server' | 'act'
  readonly id: string
  readonly name: Name
  readonly words: string
}

export const entriesShown = 30
const perKind = 10
const kinds = ['page', 'cluster', 'server', 'act'] as const

/** How well an entry fits: 0 the whole name, 1 its beginning, 2 the beginning of a word of it, 3 a part, null not at all. All words asked must fit. */
function fit(entry: PaletteEntry, asked: readonly string[]): number | null {
  const name = entry.name.toLowerCase()
  const all = `${name} ${entry.words.toLowerCase()}`
  let worst = 0
  for (const word of asked) {
    const at = all.indexOf(word)
    if (at === -1) return null
    const rank = name === word ? 0 : name.startsWith(word) ? 1 : at === 0 || /[\s.:_-]/.test(all[at - 1] ?? '') ? 2 : 3
    worst = Math.max(worst, rank)
  }
  return worst
}

/** Best first; of equals pages before clusters before servers before acts, and each in the order given. Without a question: pages and clusters. */
export function find<Entry extends PaletteEntry>(entries: readonly Entry[], query: string): readonly Entry[] {
  const asked = query.toLowerCase().split(/\s+/).filter(word => word !== '')
  if (asked.length === 0) return entries.filter(({ kind }) => kind === 'page' || kind === 'cluster').slice(0, entriesShown)
  const fitting = entries.flatMap(entry => {
    const rank = fit(entry, asked)
    return rank === null ? [] : [{ entry, rank }]
  })
  const sorted = fitting.toSorted((left, right) => left.rank - right.rank || kinds.indexOf(left.entry.kind) - kinds.indexOf(right.entry.kind))
  const counts = new Map<string, number>()
  return sorted
    .filter(({ entry }) => {
      const count = counts.get(entry.kind) ?? 0
      counts.set(entry.kind, count + 1)
      return count < perKind
    })
    .map(({ entry }) => entry)
    .slice(0, entriesShown)
}

export const clusterEntry = ({ name, alias }: Pick<ClusterRow, 'name' | 'alias'>): PaletteEntry => ({ kind: 'cluster', id: name, name: alias === '' ? name : alias, words: name })

export const serverEntry = ({ key, alias, dataCenter, clusterName }: Pick<ServerView, 'key' | 'alias' | 'dataCenter' | 'clusterName'>): PaletteEntry =>
  ({ kind: 'server', id: key, name: alias === '' ? key : alias, words: `${key} ${dataCenter} ${clusterName}` })
