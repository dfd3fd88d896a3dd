import type { ServerView } from '../../../src/contract/views.ts'
import type { Branch } from './forest.ts'
import { around, type Box, type Placement } from './place.ts'

/** A frame around the members of one replication group. */
export interface Frame {
  readonly id: string
  readonly name: string
  readonly members: readonly ServerView[]
  readonly box: Box
}

const margin = 12
/** Above the cards, for the words of the frame. */
const headHeight = 22

/** A frame for each group of which at least two members stand beside each other. */
export function framesOf(branches: readonly Branch[], placement: Placement): readonly Frame[] {
  const members = branches.flatMap(branch => (branch.kind === 'server' && branch.server.group !== undefined ? [branch.server] : []))
  return [...Map.groupBy(members, ({ group }) => group?.name ?? '')].flatMap(([name, own]) => {
    const boxes = own.flatMap(({ key }) => placement.boxes.get(key) ?? [])
    if (boxes.length < 2) return []
    const inner = around(boxes)
    const box = { x: inner.x - margin, y: inner.y - margin - headHeight, width: inner.width + 2 * margin, height: inner.height + 2 * margin + headHeight }
    return [{ id: `group ${name}`, name, members: own, box }]
  })
}

/** How many trees there are that nothing connects; a ring or a group is one. */
export function treesIn(branches: readonly Branch[]): number {
  const roots = branches.map(branch => {
    if (branch.kind !== 'server') return branch.id
    if (branch.server.group !== undefined) return `group ${branch.server.group.name}`
    return branch.server.source === null ? branch.id : ringOf(branch.server, branches)
  })
  return new Set(roots).size
}

/** The same for all that follow each other round: the least of their names. */
function ringOf(server: ServerView, branches: readonly Branch[]): string {
  const ring: string[] = []
  for (let at: ServerView | undefined = server; at !== undefined && !ring.includes(at.key); ) {
    ring.push(at.key)
    const source: string | null = at.source
    const next: Branch | undefined = branches.find(branch => branch.id === source)
    at = next?.kind === 'server' ? next.server : undefined
  }
  return ring.toSorted()[0] ?? server.key
}
