import { hierarchy, tree } from 'd3-hierarchy'
import type { Branch } from './forest.ts'
import { cardHeight, cardWidth, gapAcross, gapDown } from './sizes.ts'

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Placement {
  readonly boxes: ReadonlyMap<string, Box>
  readonly bounds: Box
}

interface Node {
  readonly id: string
  readonly children: readonly Node[]
}

/**
 * Gives every branch its box: levels from left to right, siblings in order from top to bottom, roots below each other.
 * The first root is at 0, 0 whatever hangs below it: when a replica moves, the primary stays where it is. */
export function place(branches: readonly Branch[]): Placement {
  const above: Node = { id: '', children: branches }
  const root = tree<Node>()
    .nodeSize([cardHeight + gapDown, cardWidth + gapAcross])
    .separation(() => 1)(hierarchy<Node>(above, node => [...node.children]))
  const nodes = root.descendants().filter(node => node.data.id !== '')
  const boxes = new Map<string, Box>()
  let right = 0
  let top = 0
  let bottom = 0
  const origin = nodes[0]?.x ?? 0
  for (const node of nodes) {
    const box = { x: (node.depth - 1) * (cardWidth + gapAcross), y: node.x - origin, width: cardWidth, height: cardHeight }
    boxes.set(node.data.id, box)
    right = Math.max(right, box.x + box.width)
    top = Math.min(top, box.y)
    bottom = Math.max(bottom, box.y + box.height)
  }
  return { boxes, bounds: { x: 0, y: top, width: right, height: bottom - top } }
}
