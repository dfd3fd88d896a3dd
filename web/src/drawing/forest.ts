import type { ServerView } from '../../../src/contract/views.ts'
import { below, kinOf, upwards, type Kin } from './kin.ts'
import { compareByTrouble, isInTrouble } from './trouble.ts'

export { byName } from './kin.ts'

/** One thing that has a place in the drawing. */
export type Branch =
  | {
      readonly kind: 'server'
      readonly id: string
      readonly server: ServerView
      readonly children: readonly Branch[]
      /** All below it, while its replicas are hidden; by a person, or for want of room. */
      readonly hidden: readonly ServerView[]
      readonly isFull: boolean
    }
  /** Alike replicas without replicas of their own, folded to one card. Opened, they stand beside it. */
  | {
      readonly kind: 'stack'
      readonly id: string
      readonly source: string
      readonly dataCenter: string
      readonly servers: readonly ServerView[]
      readonly isOpen: boolean
      readonly children: readonly Branch[]
    }
  /** Those of one source for which there is no room at first, with all below them. Opened, they stand before it. */
  | {
      readonly kind: 'more'
      readonly id: string
      readonly source: string
      /** How many of them follow the source itself. */
      readonly count: number
      readonly servers: readonly ServerView[]
      readonly isOpen: boolean
      readonly children: readonly Branch[]
    }
  /** A source that replicas name and we do not know. */
  | { readonly kind: 'ghost'; readonly id: string; readonly name: string; readonly children: readonly Branch[] }

export interface GrowOptions {
  /** Fold alike replicas (same source, site and version, none of their own). */
  readonly foldAlike: boolean
  /** Ids of stacks, of left-out ones and of servers without room for their replicas, that were opened in place. */
  readonly opened: ReadonlySet<string>
  /** Replicas deeper than this are hidden at first; null: none. The root has depth 1. */
  readonly depthMax?: number | null
  /** Keys of servers whose replicas a person has hidden, or shown where they were hidden. */
  readonly toggled: ReadonlySet<string>
  /** No limit of cards: for lists, which are not drawn at once. */
  readonly isWhole?: boolean
  /** Keys of servers that must be seen: found, chosen, visited. They are neither in a stack nor left out. */
  readonly shown?: ReadonlySet<string>
}

/** A stack of fewer saves no room. */
const stackMin = 3
/** Of each stack so many in trouble stand beside it as cards: trouble is never inside a fold alone. */
const besideMax = 5
/** Of one source so many replicas are drawn at first, of the whole cluster so many cards. What must be seen and what is broken is never left out for it. */
const childrenMax = 25
const cardsMax = 200
/** So many of the worst are never left out. */
const neededMax = 100

/** Who hangs below whom. Every member is in the forest exactly once: as a card, in a closed stack, left out, or hidden below a collapsed server. */
export function grow(members: readonly ServerView[], options: GrowOptions): readonly Branch[] {
  const kin = kinOf(members)
  const rows = new Rows(kin, options)
  const branchOf = (item: Item): Branch => {
    switch (item.kind) {
      case 'stack':
      case 'more':
        return { ...item, children: [] }
      case 'server': {
        const { server } = item
        const isFull = rows.isFull(server.key)
        const isCollapsed = item.isCollapsed || isFull
        return {
          kind: 'server',
          id: server.key,
          server,
          children: isCollapsed ? [] : rows.of(server.key).map(branchOf),
          hidden: isCollapsed ? below(kin, server.key) : [],
          isFull,
        }
      }
    }
  }
  return [
    ...rows.of('').map(branchOf),
    ...[...kin.orphans.keys()].map((name): Branch => ({ kind: 'ghost', id: `ghost ${name}`, name, children: rows.of(`ghost ${name}`).map(branchOf) })),
  ]
}

/** Every branch, parents before their children. */
export function walk(branches: readonly Branch[]): Branch[] {
  return branches.flatMap(branch => [branch, ...walk(branch.children)])
}

type Item =
  | { readonly kind: 'server'; readonly server: ServerView; readonly isCollapsed: boolean }
  | Omit<Extract<Branch, { kind: 'stack' }>, 'children'>
  | Omit<Extract<Branch, { kind: 'more' }>, 'children'>

/** What stands below each source, decided level by level, so that room is given to those near the root first. */
class Rows {
  readonly #kin: Kin
  readonly #options: GrowOptions
  readonly #rows = new Map<string, readonly Item[]>()
  /** What must be seen with all on its way up, and of it what was asked for. */
  readonly #needed: ReadonlySet<string>
  /** Servers for whose replicas there was no room. */
  readonly #full = new Set<string>()
  #room: number

  constructor(kin: Kin, options: GrowOptions) {
    this.#kin = kin
    this.#options = options
    const worst = [...kin.byKey.values()].filter(isInTrouble).toSorted(compareByTrouble).slice(0, neededMax)
    this.#needed = new Set([...(options.shown ?? []), ...worst.map(({ key }) => key)].flatMap(key => upwards(kin, key)))
    // What must be seen takes room where there is none. Whoever opens what was left out wants it, and what hangs below it, to be seen.
    const kept = Math.max(cardsMax / 2, cardsMax - this.#needed.size)
    this.#room = options.isWhole === true ? Infinity : kept + [...options.opened].filter(id => id.startsWith('more ')).length * (cardsMax / 2)
    let level: readonly (readonly [id: string, servers: readonly ServerView[]])[] = [
      ['', kin.roots],
      ...[...kin.orphans].map(([name, servers]) => [`ghost ${name}`, servers] as const),
    ]
    for (let depth = 1; level.length > 0; depth += 1) {
      for (const [id, servers] of level) {
        if (this.#hasRoom(id, servers)) this.#rows.set(id, this.#row(id, servers, depth))
        else this.#full.add(id)
      }
      level = level.flatMap(([id]) =>
        this.of(id).flatMap(item => (item.kind === 'server' && !item.isCollapsed ? [[item.server.key, kin.children.get(item.server.key) ?? []] as const] : [])),
      )
    }
  }

  of(id: string): readonly Item[] {
    return this.#rows.get(id) ?? []
  }

  isFull(key: string): boolean {
    return this.#full.has(key)
  }

  #hasRoom(id: string, servers: readonly ServerView[]): boolean {
    if (this.#room > 0 || servers.length === 0 || !this.#kin.byKey.has(id) || this.#options.opened.has(id)) return true
    return servers.some(({ key }) => this.#needed.has(key))
  }

  #row(source: string, servers: readonly ServerView[], depth: number): readonly Item[] {
    const items = this.#options.foldAlike && source !== '' ? this.#stacked(source, servers, depth) : servers.map(server => this.#single(server, depth))
    const row = source === '' || this.#options.isWhole === true ? items : this.#limited(source, items)
    this.#room = Math.max(0, this.#room - row.length)
    return row
  }

  #single(server: ServerView, depth: number): Item {
    const { toggled, depthMax = null } = this.#options
    const hasReplicas = this.#kin.children.has(server.key)
    return { kind: 'server', server, isCollapsed: hasReplicas && (depthMax !== null && depth >= depthMax) !== toggled.has(server.key) }
  }

  #stacked(source: string, servers: readonly ServerView[], depth: number): readonly Item[] {
    const { opened, shown } = this.#options
    const groups = Map.groupBy(servers, server => (this.#kin.children.has(server.key) ? server.key : `stack ${source} ${server.dataCenter} ${server.version}`))
    return [...groups].flatMap(([id, group]): readonly Item[] => {
      const single = (server: ServerView): Item => this.#single(server, depth)
      const isOpen = opened.has(id)
      const worst = new Set(group.filter(isInTrouble).toSorted(compareByTrouble).slice(0, besideMax))
      const isBeside = (server: ServerView): boolean => worst.has(server) || shown?.has(server.key) === true
      const folded = group.filter(server => !isBeside(server))
      const [first] = folded
      if (first === undefined || folded.length < stackMin) return group.map(single)
      const stack: Item = { kind: 'stack', id, source, dataCenter: first.dataCenter, servers: folded, isOpen }
      return [...group.filter(isBeside).map(single), stack, ...(isOpen ? folded.map(single) : [])]
    })
  }

  /** Those for which there is room, in their order, and one for the rest. */
  #limited(source: string, items: readonly Item[]): readonly Item[] {
    const id = `more ${source}`
    const isOpen = this.#options.opened.has(id)
    const keptMax = this.#options.opened.has(source) ? childrenMax : Math.min(childrenMax, this.#room)
    const members = items.flatMap(item => (item.kind === 'server' ? [item.server] : []))
    const rank = (server: ServerView): number => (this.#needed.has(server.key) ? 0 : this.#kin.children.has(server.key) ? 1 : 2)
    const ranked = members.toSorted((left, right) => rank(left) - rank(right))
    const stacks = items.length - members.length
    const needed = ranked.filter(server => rank(server) === 0).length
    const left = new Set(ranked.slice(Math.max(needed, keptMax - stacks)))
    // A card that says "1 more" takes the room of the one.
    if (left.size <= 1) return items
    const kept = items.filter(item => isOpen || item.kind !== 'server' || !left.has(item.server))
    const servers = members.filter(server => left.has(server)).flatMap(server => [server, ...below(this.#kin, server.key)])
    return [...kept, { kind: 'more', id, source, count: left.size, servers, isOpen }]
  }
}
