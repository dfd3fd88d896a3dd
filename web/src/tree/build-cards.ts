import { Position, type NodeHandle } from '@xyflow/react'
import type { TFunction } from 'i18next'
import type { ServerView } from '../../../src/contract/views.ts'
import { walk, type Branch } from '../drawing/forest.ts'
import { linksOf } from '../drawing/links.ts'
import type { Colours } from '../drawing/colours.ts'
import { framesOf, type Frame } from '../drawing/frames.ts'
import type { Direction, Placement } from '../drawing/place.ts'
import { cardHeight, cardWidth } from '../drawing/sizes.ts'
import { serverSentence } from '../instance/server-words.ts'
import { countWords } from './count-words.ts'
import type { Card, LinkLine } from './node-types.ts'

/** Given with every card, so that React Flow need not measure a thousand of them. */
const handles: Readonly<Record<Direction, NodeHandle[]>> = {
  right: [
    { type: 'target', position: Position.Left, x: 0, y: cardHeight / 2, width: 1, height: 1 },
    { type: 'source', position: Position.Right, x: cardWidth, y: cardHeight / 2, width: 1, height: 1 },
  ],
  down: [
    { type: 'target', position: Position.Top, x: cardWidth / 2, y: 0, width: 1, height: 1 },
    { type: 'source', position: Position.Bottom, x: cardWidth / 2, y: cardHeight, width: 1, height: 1 },
  ],
}

export interface CardOptions {
  readonly current: string
  readonly selected: string | null
  readonly lit: ReadonlySet<string> | null
  /** Those that something is done to together. */
  readonly chosen: ReadonlySet<string>
  readonly colours: Colours
  readonly nameOf: (key: string) => string
  readonly t: TFunction
}

/** Branches and their places as React Flow's nodes: each is a tree item with its level, and a whole sentence for its name. */
export function cardsOf(branches: readonly Branch[], placement: Placement, options: CardOptions): Card[] {
  const { t, nameOf } = options
  const levels = levelsOf(branches)
  const isLit = (servers: readonly ServerView[]): boolean => options.lit === null || servers.some(({ key }) => options.lit?.has(key))
  const cards = walk(branches).flatMap((branch): Card[] => {
    const box = placement.boxes.get(branch.id)
    if (box === undefined) return []
    const isCurrent = branch.id === options.selected
    const isExpandable = branch.children.length > 0 || (branch.kind === 'server' && branch.hidden.length > 0)
    const base = {
      id: branch.id,
      position: { x: box.x, y: box.y },
      width: box.width,
      height: box.height,
      handles: handles[placement.direction],
      ...(placement.direction === 'right' ? { targetPosition: Position.Left, sourcePosition: Position.Right } : { targetPosition: Position.Top, sourcePosition: Position.Bottom }),
      draggable: false,
      selectable: false,
      focusable: false,
      connectable: false,
      ariaRole: 'treeitem' as const,
      domAttributes: {
        'tabIndex': branch.id === options.current ? 0 : -1,
        'aria-level': levels.get(branch.id) ?? 1,
        'aria-selected': isCurrent,
        'aria-roledescription': undefined,
        ...(isExpandable ? { 'aria-expanded': branch.children.length > 0 } : {}),
      },
    }
    switch (branch.kind) {
      case 'server': {
        const isDimmed = options.lit !== null && !options.lit.has(branch.id)
        return [
          {
            ...base,
            type: 'server',
            data: {
              sentence: [
                serverSentence(branch.server, nameOf(branch.id), nameOf, t),
                ...(branch.hidden.length === 0 ? [] : [t('card.below', { count: branch.hidden.length })]),
                ...(options.chosen.has(branch.id) ? [t('many.isChosen')] : []),
              ].join(', '),
              server: branch.server,
              hidden: branch.hidden,
              isCurrent,
              isChosen: options.chosen.has(branch.id),
              isDimmed,
              hasReplicas: branch.children.length > 0,
              colour: options.colours.of(branch.server),
            },
          },
        ]
      }
      case 'stack':
        return [
          {
            ...base,
            type: 'stack',
            data: {
              sentence: t('card.stackSentence', { count: branch.servers.length, words: countWords(branch.servers, t) }),
              branch,
              isCurrent,
              isDimmed: !isLit(branch.servers),
              colour: branch.servers[0] === undefined ? null : options.colours.of(branch.servers[0]),
            },
          },
        ]
      case 'more':
        return [
          {
            ...base,
            type: 'more',
            data: { sentence: t(branch.isOpen ? 'card.fewer' : 'card.more', { count: branch.count }), branch, isCurrent, isDimmed: !branch.isOpen && !isLit(branch.servers) },
          },
        ]
      case 'ghost':
        return [{ ...base, type: 'ghost', data: { sentence: t('card.ghost', { name: nameOf(branch.name) }), name: branch.name, isCurrent } }]
    }
  })
  return [...framesOf(branches, placement).map(frameCard), ...cards]
}

/** Behind the cards of its members; each of these says in its own sentence what it is. */
const frameCard = (frame: Frame): Card => ({
  id: frame.id,
  type: 'frame',
  position: { x: frame.box.x, y: frame.box.y },
  width: frame.box.width,
  height: frame.box.height,
  zIndex: -1,
  draggable: false,
  selectable: false,
  focusable: false,
  connectable: false,
  className: 'frame-node',
  domAttributes: { 'aria-hidden': true },
  data: { frame },
})

export function linesOf(branches: readonly Branch[], placement: Placement): LinkLine[] {
  return linksOf(branches).flatMap((link): LinkLine[] => {
    const from = placement.boxes.get(link.from)
    const to = placement.boxes.get(link.to)
    if (from === undefined || to === undefined) return []
    // The line's words are part of the replica's own sentence; for assistive tools the line itself says nothing more.
    return [
      {
        id: `to ${link.to}${link.isMutual ? ' mutual' : ''}`,
        source: link.from,
        target: link.to,
        type: 'link',
        focusable: false,
        selectable: false,
        domAttributes: { 'aria-hidden': true },
        data: { link, from, to, direction: placement.direction },
      },
    ]
  })
}

/** Servers that match a filter with everything on their way up, so that it is seen where they are. Null: no filter. */
export function litBy(
  members: readonly ServerView[],
  isHit: ((server: ServerView) => boolean) | null,
): { readonly lit: ReadonlySet<string>; readonly hits: readonly string[] } | null {
  if (isHit === null) return null
  const byKey = new Map(members.map(member => [member.key, member]))
  const hits = members.filter(isHit)
  const lit = new Set<string>()
  for (const hit of hits) {
    let at: ServerView | undefined = hit
    while (at !== undefined && !lit.has(at.key)) {
      lit.add(at.key)
      at = at.source === null ? undefined : byKey.get(at.source)
    }
  }
  return { lit, hits: hits.map(hit => hit.key) }
}

function levelsOf(branches: readonly Branch[]): Map<string, number> {
  const levels = new Map<string, number>()
  const visit = (list: readonly Branch[], level: number): void => {
    for (const branch of list) {
      levels.set(branch.id, level)
      visit(branch.children, level + 1)
    }
  }
  visit(branches, 1)
  return levels
}
