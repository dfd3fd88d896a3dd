import type { ServerView } from '../../../src/contract/views.ts'
import type { Branch } from './forest.ts'
import type { Box, Direction } from './place.ts'
import { worstOf } from './trouble.ts'

/** How a line between a source and a replica is drawn. `broken` and `slow` carry the replica's status as words. */
export interface Link {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly state: 'well' | 'slow' | 'broken' | 'unknown'
  /** The replica whose link it is, null for a stack. */
  readonly replica: ServerView | null
  readonly isSemiSync: boolean
  /** The replica's site when it is another one than its source's. */
  readonly crossesTo: string | null
  /** Two primaries that follow each other. */
  readonly isMutual: boolean
}

/** Every line of the drawing. */
export function linksOf(branches: readonly Branch[]): readonly Link[] {
  const links: Link[] = []
  const visit = (parent: Branch): void => {
    for (const child of parent.children) {
      links.push(linkBetween(parent, child))
      visit(child)
    }
  }
  for (const branch of branches) visit(branch)
  for (const left of branches) {
    if (left.kind !== 'server' || left.server.source === null || left.server.source <= left.id) continue
    const right = branches.find(branch => branch.id === (left.kind === 'server' ? left.server.source : ''))
    if (right?.kind === 'server' && right.server.source === left.id) links.push({ ...linkBetween(left, right), isMutual: true })
  }
  return links
}

function linkBetween(parent: Branch, child: Branch): Link {
  const base = { id: `${parent.id} → ${child.id}`, from: parent.id, to: child.id, isMutual: false }
  if (child.kind !== 'server') return { ...base, state: 'well', replica: null, isSemiSync: false, crossesTo: null }
  const { server } = child
  const source = parent.kind === 'server' ? parent.server : null
  const isSemiSync = server.semiSync?.replicaEnabled === true && source?.semiSync?.sourceEnabled === true
  const crossesTo =
    source !== null && source.dataCenter !== '' && server.dataCenter !== '' && source.dataCenter !== server.dataCenter ? server.dataCenter : null
  return { ...base, state: stateOf(server), replica: server, isSemiSync, crossesTo }
}

function stateOf(server: ServerView): Link['state'] {
  const { replication } = server
  const code = worstOf(server)?.code
  if (code === 'unreachable' || code === 'not-checked' || replication === null) return 'unknown'
  if (replication.receiver !== 'running' || replication.applier !== 'running') return 'broken'
  return code === 'lag' || code === 'lag-unknown' ? 'slow' : 'well'
}

export interface Line {
  readonly path: string
  readonly labelX: number
  readonly labelY: number
}

/**
 * A line that leaves the source's right edge and enters the replica's left edge (downwards: its lower and its upper edge); always the same commands,
 * so that it can be animated. */
export function pathBetween(from: Box, to: Box, direction: Direction): Line {
  if (direction === 'down') {
    const [startX, startY, endX, endY] = [from.x + from.width / 2, from.y + from.height, to.x + to.width / 2, to.y]
    const bend = Math.max(16, (endY - startY) / 2)
    // Words stand near the replica: in the middle those of all siblings would cover each other.
    return { path: `M${startX},${startY} C${startX},${startY + bend} ${endX},${endY - bend} ${endX},${endY}`, labelX: endX, labelY: endY - 20 }
  }
  const [startX, startY, endX, endY] = [from.x + from.width, from.y + from.height / 2, to.x, to.y + to.height / 2]
  const bend = Math.max(24, (endX - startX) / 2)
  return { path: `M${startX},${startY} C${startX + bend},${startY} ${endX - bend},${endY} ${endX},${endY}`, labelX: (startX + endX) / 2, labelY: (startY + endY) / 2 }
}

/** Between two primaries that stand beside each other, an arrow at each end: from the first's edge to the other's that is next to it. */
export function mutualPath(from: Box, to: Box, direction: Direction): Line {
  const isRight = direction === 'right'
  const [first, second] = (isRight ? from.y <= to.y : from.x <= to.x) ? [from, to] : [to, from]
  const [startX, startY] = isRight ? [first.x + first.width / 2, first.y + first.height] : [first.x + first.width, first.y + first.height / 2]
  const [endX, endY] = isRight ? [startX, second.y] : [second.x, startY]
  return { path: `M${startX},${startY} C${startX},${startY} ${endX},${endY} ${endX},${endY}`, labelX: (startX + endX) / 2, labelY: (startY + endY) / 2 }
}
