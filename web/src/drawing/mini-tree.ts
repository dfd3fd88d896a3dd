/** One line of a small tree: a server, how deep, and whether it is about to move. */
export interface MiniLine {
  readonly key: string
  readonly depth: number
  /** Rows up to its source or its sibling above: how long its line is. */
  readonly reach: number
  readonly isMoved: boolean
}

/**
 * The small trees of a plan: `sources` tells each concerned replica's source, `other` the same before or after.
 * Servers that are only named as sources stand at the top.
 */
export function miniTree(sources: Readonly<Record<string, string | null>>, other: Readonly<Record<string, string | null>>): readonly MiniLine[] {
  const all = new Set([
    ...Object.keys(sources),
    ...Object.values(sources).flatMap(source => source ?? []),
    ...Object.keys(other),
    ...Object.values(other).flatMap(source => source ?? []),
  ])
  const names = [...all].toSorted(collator.compare)
  const lines: MiniLine[] = []
  const seen = new Set<string>()
  const visit = (key: string, depth: number): void => {
    if (seen.has(key)) return
    seen.add(key)
    const above = lines.findLastIndex(line => line.depth <= depth)
    lines.push({
      key,
      depth,
      reach: depth === 0 || above === -1 ? 0 : lines.length - above,
      isMoved: key in sources && key in other && sources[key] !== other[key],
    })
    for (const name of names) if (sources[name] === key) visit(name, depth + 1)
  }
  for (const name of names) if ((sources[name] ?? null) === null) visit(name, 0)
  // What is left is a ring; its first server by name opens it.
  for (const name of names) visit(name, 0)
  return lines
}

const collator = new Intl.Collator('en', { numeric: true })

/** A cluster of more servers is not drawn whole: then only those that move, where from and where to, and what is above those. */
const wholeMax = 12

/** The sources around a plan, so that its small trees show the place and not only the moved servers. `changed` is what the plan itself tells. */
export function sourcesAround(
  members: readonly { readonly key: string; readonly source: string | null }[],
  changed: Readonly<Record<string, string | null>>,
  other: Readonly<Record<string, string | null>>,
): Readonly<Record<string, string | null>> {
  const sources = new Map(members.map(member => [member.key, member.source]))
  const wanted = new Set<string>()
  const climb = (key: string | null | undefined): void => {
    let at = key ?? null
    while (at !== null && !wanted.has(at)) {
      wanted.add(at)
      at = sources.get(at) ?? null
    }
  }
  if (members.length <= wholeMax) for (const member of members) climb(member.key)
  for (const [key, source] of [...Object.entries(changed), ...Object.entries(other)]) {
    climb(key)
    climb(source)
  }
  return { ...Object.fromEntries([...wanted].map(key => [key, sources.get(key) ?? null])), ...changed }
}
