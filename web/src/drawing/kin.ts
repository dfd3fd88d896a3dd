import type { ServerView } from '../../../src/contract/views.ts'

/** Who follows whom, before anything is folded. */
export interface Kin {
  readonly byKey: ReadonlyMap<string, ServerView>
  /** Those that follow nobody, or each other: primaries first, members of one group beside each other. */
  readonly roots: readonly ServerView[]
  /** Replicas by the key of their source, in the order of their names. */
  readonly children: ReadonlyMap<string, readonly ServerView[]>
  /** Replicas of sources that are not known, by the name of the source. */
  readonly orphans: ReadonlyMap<string, readonly ServerView[]>
}

export function kinOf(members: readonly ServerView[]): Kin {
  const byKey = new Map(members.map(member => [member.key, member]))
  const children = new Map<string, ServerView[]>()
  const orphans = new Map<string, ServerView[]>()
  const roots: ServerView[] = []
  for (const member of members) {
    if (member.source === null || isRingRoot(member, byKey)) roots.push(member)
    else push(byKey.has(member.source) ? children : orphans, member.source, member)
  }
  for (const list of [...children.values(), ...orphans.values()]) list.sort(byName)
  return { byKey, roots: besideEachOther(roots.toSorted((left, right) => rootRank(left) - rootRank(right) || byName(left, right))), children, orphans }
}

/** All that hang below a server, nearest first in each family. */
export const below = (kin: Pick<Kin, 'children'>, key: string): readonly ServerView[] => (kin.children.get(key) ?? []).flatMap(child => [child, ...below(kin, child.key)])

/** A server with all on its way up, itself first. */
export function upwards({ byKey }: Pick<Kin, 'byKey'>, key: string): readonly string[] {
  const way: string[] = []
  for (let at = byKey.get(key); at !== undefined && !way.includes(at.key); at = at.source === null ? undefined : byKey.get(at.source)) way.push(at.key)
  return way
}

/** The primary stands first; a former primary that nobody follows comes after the trees. */
const rootRank = (server: ServerView): number => (server.role.endsWith('primary') ? 0 : server.replicas.length > 0 ? 1 : 2)

/** The members of a group follow their first one. */
function besideEachOther(roots: readonly ServerView[]): readonly ServerView[] {
  const groupOf = (server: ServerView): string => (server.group === undefined ? `server ${server.key}` : `group ${server.group.name}`)
  return [...Map.groupBy(roots, groupOf).values()].flat()
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
