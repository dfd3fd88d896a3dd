import type { Edge, EdgeTypes, Node, NodeTypes } from '@xyflow/react'
import type { ServerView } from '../../../src/contract/views.ts'
import type { Branch } from '../drawing/forest.ts'
import type { Link } from '../drawing/links.ts'
import type { Frame } from '../drawing/frames.ts'
import type { Box, Direction } from '../drawing/place.ts'
import { LinkEdge } from './link-edge.tsx'
import { FrameNode, GhostNode, MoreNode } from './other-nodes.tsx'
import { ServerNode } from './server-node.tsx'
import { StackNode } from './stack-node.tsx'

export type ServerCard = Node<
  {
    readonly sentence: string
    readonly server: ServerView
    readonly hidden: readonly ServerView[]
    readonly isCurrent: boolean
    readonly isChosen: boolean
    readonly isDimmed: boolean
    readonly hasReplicas: boolean
    /** Which of the colours that tell site, version or pool. */
    readonly colour: number | null
  },
  'server'
>
export type StackCard = Node<
  {
    readonly sentence: string
    readonly branch: Extract<Branch, { kind: 'stack' }>
    readonly isCurrent: boolean
    readonly isDimmed: boolean
    readonly colour: number | null
  },
  'stack'
>
export type MoreCard = Node<
  { readonly sentence: string; readonly branch: Extract<Branch, { kind: 'more' }>; readonly isCurrent: boolean; readonly isDimmed: boolean },
  'more'
>
export type FrameCard = Node<{ readonly frame: Frame }, 'frame'>
export type GhostCard = Node<{ readonly sentence: string; readonly name: string; readonly isCurrent: boolean }, 'ghost'>
export type Card = ServerCard | StackCard | MoreCard | GhostCard | FrameCard
export type LinkLine = Edge<{ readonly link: Link; readonly from: Box; readonly to: Box; readonly direction: Direction }, 'link'>

/** Outside of components, so that React Flow does not make every card anew. */
export const nodeTypes: NodeTypes = { server: ServerNode, stack: StackNode, more: MoreNode, ghost: GhostNode, frame: FrameNode }
export const edgeTypes: EdgeTypes = { link: LinkEdge }
