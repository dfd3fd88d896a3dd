import type { Edge, EdgeTypes, Node, NodeTypes } from '@xyflow/react'
import type { ServerView } from '../../../src/contract/views.ts'
import type { Branch } from '../drawing/forest.ts'
import type { Link } from '../drawing/links.ts'
import type { Box } from '../drawing/place.ts'
import { LinkEdge } from './link-edge.tsx'
import { GhostNode, StackNode } from './other-nodes.tsx'
import { ServerNode } from './server-node.tsx'

export type ServerCard = Node<
  {
    readonly sentence: string
    readonly server: ServerView
    readonly hidden: readonly ServerView[]
    readonly isCurrent: boolean
    readonly isChosen: boolean
    readonly isDimmed: boolean
    readonly hasReplicas: boolean
  },
  'server'
>
export type StackCard = Node<{ readonly sentence: string; readonly branch: Extract<Branch, { kind: 'stack' }>; readonly isCurrent: boolean }, 'stack'>
export type GhostCard = Node<{ readonly sentence: string; readonly name: string; readonly isCurrent: boolean }, 'ghost'>
export type Card = ServerCard | StackCard | GhostCard
export type LinkLine = Edge<{ readonly link: Link; readonly from: Box; readonly to: Box }, 'link'>

/** Outside of components, so that React Flow does not make every card anew. */
export const nodeTypes: NodeTypes = { server: ServerNode, stack: StackNode, ghost: GhostNode }
export const edgeTypes: EdgeTypes = { link: LinkEdge }
