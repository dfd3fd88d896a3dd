import { hierarchy, tree } from 'd3-hierarchy'
import type { Branch } from './forest.ts'
import { cardHeight, cardWidth, gapAcross, gapDown, gapLevels, gapSide } from './sizes.ts'

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Placement {
  readonly boxes: ReadonlyMap<string, Box>
  readonly bounds: Box
  readonly direction: Direction
}

/** Where replicas stand: to the right of their source, or below it. */
export type Direction = 'right' | 'down'

interface Node {
  readonly id: string
  readonly children: readonly Node[]
}

/** Separate trees and groups keep this much more distance than siblings do. */
const betweenRoots = 1.5

/**
 * Gives every branch its box: levels from left to right (or from top to bottom), siblings in order, roots beside each other.
 * The first root is at 0, 0 whatever hangs below it: when a replica moves, the primary stays where it is. */
export function place(branches: readonly Branch[], direction: Direction = 'right'): Placement {
  const isRight = direction === 'right'
  const [perSibling, perLevel] = isRight ? [cardHeight + gapDown, cardWidth + gapAcross] : [cardWidth + gapSide, cardHeight + gapLevels]
  const above: Node = { id: '', children: branches }
  const belongsTo = new Map(branches.flatMap(branch => (branch.kind === 'server' ? [[branch.id, togetherAs(branch)] as const] : [])))
  const root = tree<Node>()
    .nodeSize([perSibling, perLevel])
    .separation((left, right) => (left.depth === 1 && right.depth === 1 && (belongsTo.get(left.data.id) ?? left) !== (belongsTo.get(right.data.id) ?? right) ? betweenRoots : 1))(
    hierarchy<Node>(above, node => [...node.children]),
  )
  const nodes = root.descendants().filter(node => node.data.id !== '')
  const origin = nodes[0]?.x ?? 0
  const boxes = new Map(
    nodes.map(node => {
      const [along, across] = [(node.depth - 1) * perLevel, node.x - origin]
      return [node.data.id, { x: isRight ? along : across, y: isRight ? across : along, width: cardWidth, height: cardHeight }] as const
    }),
  )
  return { boxes, bounds: around([...boxes.values()]), direction }
}

/** What stands close together at the top: the members of a group, or two that follow each other. */
const togetherAs = ({ server }: Extract<Branch, { kind: 'server' }>): string | undefined =>
  server.group === undefined ? (server.source === null ? undefined : [server.key, server.source].toSorted().join(' ')) : `group ${server.group.name}`

/** The smallest box around all of them. */
export function around(boxes: readonly Box[]): Box {
  if (boxes.length === 0) return { x: 0, y: 0, width: 0, height: 0 }
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const box of boxes) {
    left = Math.min(left, box.x)
    top = Math.min(top, box.y)
    right = Math.max(right, box.x + box.width)
    bottom = Math.max(bottom, box.y + box.height)
  }
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** The same drawing, moved so that one card stays where it was before. */
export function keepInPlace(placement: Placement, anchor: Box | undefined, id: string): Placement {
  const box = placement.boxes.get(id)
  if (anchor === undefined || box === undefined || (anchor.x === box.x && anchor.y === box.y)) return placement
  const [dx, dy] = [anchor.x - box.x, anchor.y - box.y]
  const moved = (each: Box): Box => ({ ...each, x: each.x + dx, y: each.y + dy })
  return { ...placement, boxes: new Map([...placement.boxes].map(([key, each]) => [key, moved(each)])), bounds: moved(placement.bounds) }
}
