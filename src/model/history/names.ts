import type { Picture } from './picture.ts'

/** From that moment on a cluster is called `to`; before, most of its servers were in `from`. */
export interface Succession {
  readonly at: number
  readonly from: string
  readonly to: string
}

/** What one cluster was called, the newest name first; each until the one before it began. */
export type Names = readonly { readonly since: number; readonly name: string }[]

/** Names that are new in `after`, each with the cluster that most of its servers come from. */
export function successionsBetween(before: Picture, after: Picture, at: number): readonly Succession[] {
  const known = new Set([...before.values()].map(({ clusterName }) => clusterName))
  const origins = new Map<string, Map<string, number>>()
  for (const server of after.values()) {
    if (known.has(server.clusterName)) continue
    const from = before.get(server.key)?.clusterName
    if (from === undefined) continue
    const counts = origins.get(server.clusterName) ?? new Map<string, number>()
    counts.set(from, (counts.get(from) ?? 0) + 1)
    origins.set(server.clusterName, counts)
  }
  return [...origins].map(([to, counts]) => ({ at, to, from: [...counts].reduce((most, each) => (each[1] > most[1] ? each : most))[0] }))
}

/** What the cluster that is called `name` now was called before. */
export function namesOver(name: string, successions: readonly Succession[]): Names {
  const names: { since: number; name: string }[] = []
  let called = name
  for (const { at, from, to } of successions.toSorted((left, right) => right.at - left.at)) {
    if (to !== called) continue
    names.push({ since: at, name: called })
    called = from
  }
  return [...names, { since: -Infinity, name: called }]
}

export const nameAt = (names: Names, at: number): string => names.find(({ since }) => since <= at)?.name ?? ''

/** The name that it had at that moment and the one just before: a change of the name itself is of both. */
export const namesAround = (names: Names, at: number): ReadonlySet<string> => new Set([nameAt(names, at), nameAt(names, at - 1)])
