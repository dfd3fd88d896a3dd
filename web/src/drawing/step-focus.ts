import type { Branch } from './forest.ts'

export type Direction = 'source' | 'first-replica' | 'next-sibling' | 'previous-sibling' | 'first' | 'last'

/** Which branch has the focus after a movement; the same one where there is nothing further. */
export function stepFocus(branches: readonly Branch[], at: string, direction: Direction): string {
  const paths = pathsOf(branches)
  const flat = [...paths.keys()]
  if (direction === 'first') return flat[0] ?? at
  if (direction === 'last') return flat.at(-1) ?? at
  const path = paths.get(at)
  if (path === undefined) return flat[0] ?? at
  const level = [...paths.values()].filter(other => other.depth === path.depth)
  const place = level.findIndex(other => other.branch.id === at)
  switch (direction) {
    case 'source':
      return path.parent?.id ?? at
    case 'first-replica':
      return path.branch.children[0]?.id ?? at
    // Along the column, over the borders of families: what is below on the screen is next.
    case 'next-sibling':
      return level[place + 1]?.branch.id ?? at
    case 'previous-sibling':
      return level[place - 1]?.branch.id ?? at
  }
}

interface Path {
  readonly branch: Branch
  readonly parent: Branch | null
  readonly depth: number
}

function pathsOf(branches: readonly Branch[]): Map<string, Path> {
  const paths = new Map<string, Path>()
  const visit = (branch: Branch, parent: Branch | null, depth: number): void => {
    paths.set(branch.id, { branch, parent, depth })
    for (const child of branch.children) visit(child, branch, depth + 1)
  }
  for (const branch of branches) visit(branch, null, 1)
  return paths
}
