import type { ServerView } from '../../../src/contract/views.ts'
import { compareByTrouble, isInTrouble } from './trouble.ts'

/** One thing that has a place in the drawing. */
export type Branch =
  | { readonly kind: 'server'; readonly id: string; readonly server: ServerView; readonly children: readonly Branch[]; readonly hidden: readonly ServerView[] }
  /** Alike replicas without replicas of their own, folded to one card. */
  | {
      readonly kind: 'stack'
      readonly id: string
      readonly source: string
      readonly dataCenter: string
      readonly servers: readonly ServerView[]
      readonly children: readonly Branch[]
    }
  /** A source that replicas name and we do not know. */
  | { readonly kind: 'ghost'; readonly id: string; readonly name: string; readonly children: readonly Branch[] }

export interface GrowOptions {
  /** Fold alike replicas (same source, site and version, none of their own). */
  readonly foldAlike: boolean
  /** Ids of stacks opened in place. */
  readonly opened: ReadonlySet<string>
  /** Keys of servers whose replicas are hidden. */
  readonly collapsed: ReadonlySet<string>
}

/** A stack of fewer saves no room. */
const stackMin = 3
/** Of each stack so many in trouble stand beside it as cards: trouble is never inside a fold alone. */
const besideMax = 5

/** Who hangs below whom. Every member is in the forest exactly once: as a card, in a stack, or hidden below a collapsed server. */
export function grow(members: readonly ServerView[], options: GrowOptions): readonly Branch[] {
  const byKey = new Map(members.map(member => [member.key, member]))
  const children = new Map<string, ServerView[]>()
  const roots: ServerView[] = []
  const ghosts = new Map<string, ServerView[]>()
  for (const member of members) {
    if (member.source === null || isRingRoot(member, byKey)) roots.push(member)
    else if (byKey.has(member.source)) push(children, member.source, member)
    else push(ghosts, member.source, member)
  }

  const below = (key: string): ServerView[] => (children.get(key) ?? []).flatMap(child => [child, ...below(child.key)])

  const branchOf = (server: ServerView): Branch => {
    const isCollapsed = options.collapsed.has(server.key)
    return {
      kind: 'server',
      id: server.key,
      server,
      children: isCollapsed ? [] : branchesOf(server.key, children.get(server.key) ?? []),
      hidden: isCollapsed ? below(server.key) : [],
    }
  }

  const branchesOf = (source: string, servers: readonly ServerView[]): readonly Branch[] => {
    const sorted = servers.toSorted(byName)
    if (!options.foldAlike) return sorted.map(branchOf)
    const groups = Map.groupBy(sorted, server => (children.has(server.key) ? server.key : `stack ${source} ${server.dataCenter} ${server.version}`))
    return [...groups].flatMap(([id, group]) => {
      const first = group[0]
      if (first === undefined || group.length < stackMin || options.opened.has(id)) return group.map(branchOf)
      const beside = group.filter(isInTrouble).toSorted(compareByTrouble).slice(0, besideMax)
      const folded = group.filter(server => !beside.includes(server))
      if (folded.length < stackMin) return group.map(branchOf)
      return [...beside.map(branchOf), { kind: 'stack' as const, id, source, dataCenter: first.dataCenter, servers: folded, children: [] }]
    })
  }

  return [
    ...roots.toSorted((left, right) => rootRank(left) - rootRank(right) || byName(left, right)).map(branchOf),
    ...[...ghosts].map(([name, servers]): Branch => ({ kind: 'ghost', id: `ghost ${name}`, name, children: branchesOf(name, servers) })),
  ]
}

/** The primary stands first; a former primary that nobody follows comes after the trees. */
const rootRank = (server: ServerView): number => (server.role.endsWith('primary') ? 0 : server.replicas.length > 0 ? 1 : 2)

/** Every branch, parents before their children. */
export function walk(branches: readonly Branch[]): Branch[] {
  return branches.flatMap(branch => [branch, ...walk(branch.children)])
}

/** In a ring of servers that follow each other all ring members are roots beside each other (a co-primary pair is a ring of two). */
function isRingRoot(member: ServerView, byKey: ReadonlyMap<string, ServerView>): boolean {
  const seen = new Set<string>()
  let at: ServerView | undefined = member
  while (at !== undefined && !seen.has(at.key)) {
    seen.add(at.key)
    at = at.source === null ? undefined : byKey.get(at.source)
    if (at?.key === member.key) return true
  }
  return false
}

function push(map: Map<string, ServerView[]>, key: string, server: ServerView): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [server])
  else list.push(server)
}

/** By host with numbers as numbers (db2 before db10), then port. */
const collator = new Intl.Collator('en', { numeric: true })
export const byName = (left: ServerView, right: ServerView): number => collator.compare(left.key, right.key)
