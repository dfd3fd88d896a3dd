import type { ServerView } from '../../../src/contract/views.ts'
import type { Branch } from './forest.ts'
import type { Box } from './place.ts'
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

/** A line that leaves the source's right edge and enters the replica's left edge; always the same commands, so that it can be animated. */
export function pathBetween(from: Box, to: Box): { readonly path: string; readonly labelX: number; readonly labelY: number } {
  const startX = from.x + from.width
  const startY = from.y + from.height / 2
  const endX = to.x
  const endY = to.y + to.height / 2
  const bendX = Math.max(24, (endX - startX) / 2)
  const path = `M${startX},${startY} C${startX + bendX},${startY} ${endX - bendX},${endY} ${endX},${endY}`
  return { path, labelX: (startX + endX) / 2, labelY: (startY + endY) / 2 }
}

/** Between two primaries that stand below each other: along their left edges. */
export function mutualPath(upper: Box, lower: Box): { readonly path: string; readonly labelX: number; readonly labelY: number } {
  const x = upper.x + upper.width / 2
  const startY = upper.y + upper.height
  return { path: `M${x},${startY} C${x},${startY} ${x},${lower.y} ${x},${lower.y}`, labelX: x, labelY: (startY + lower.y) / 2 }
}
