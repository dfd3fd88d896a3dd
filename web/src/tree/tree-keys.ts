import type { ServerView } from '../../../src/contract/views.ts'
import type { Branch } from '../drawing/forest.ts'
import { stepFocus, type Direction } from '../drawing/step-focus.ts'

export interface TreeKeyContext {
  readonly branches: readonly Branch[]
  readonly current: string
  readonly server: ServerView | null
  readonly problems: readonly string[]
  readonly focusCard: (id: string) => void
  readonly openOrClose: () => void
  readonly close: () => void
  readonly choose: () => void
  readonly zoomIn: () => void
  readonly zoomOut: () => void
  readonly toggle: (shown: boolean) => void
  readonly act: (name: 'move' | 'downtimeBegin' | 'refresh') => void
  readonly menu: () => void
}

interface Key {
  readonly key: string
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
}

const directions: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'source',
  ArrowRight: 'first-replica',
  ArrowDown: 'next-sibling',
  ArrowUp: 'previous-sibling',
  Home: 'first',
  End: 'last',
  p: 'first',
}

/** What a key does in the tree. Answers whether it did something. */
export function treeKey(key: Key, context: TreeKeyContext): boolean {
  if (key.ctrlKey || key.metaKey || key.altKey) return false
  const direction = directions[key.key]
  if (direction !== undefined) {
    context.focusCard(stepFocus(context.branches, context.current, direction))
    return true
  }
  const simple: Readonly<Record<string, () => void>> = {
    'Enter': context.openOrClose,
    ' ': context.openOrClose,
    'Escape': context.close,
    '+': context.zoomIn,
    '-': context.zoomOut,
    '−': context.zoomOut,
    '[': () => context.toggle(false),
    ']': () => context.toggle(true),
    'x': context.choose,
    'm': () => context.act('move'),
    'M': () => context.act('move'),
    'd': () => context.act('downtimeBegin'),
    'r': () => context.act('refresh'),
    'ContextMenu': context.menu,
    'n': () => step(context, 1),
    'N': () => step(context, -1),
    'F10': () => {
      if (key.shiftKey) context.menu()
    },
  }
  const does = simple[key.key]
  if (does === undefined) return false
  does()
  return true
}

/** To the next or previous server in trouble, round and round. */
function step({ problems, current, focusCard }: TreeKeyContext, by: 1 | -1): void {
  if (problems.length === 0) return
  const at = problems.indexOf(current)
  const next = at === -1 ? (by === 1 ? 0 : problems.length - 1) : (at + by + problems.length) % problems.length
  const id = problems[next]
  if (id !== undefined) focusCard(id)
}
