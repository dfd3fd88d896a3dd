import type { ServerView } from '../../../src/contract/views.ts'
import type { Branch } from '../drawing/forest.ts'
import { stepFocus, type Direction } from '../drawing/step-focus.ts'

export interface TreeKeyContext {
  readonly branches: readonly Branch[]
  readonly current: string
  readonly server: ServerView | null
  /** Servers that `n` and `N` go to, one after the other: in trouble, or found by the filter. */
  readonly stops: readonly string[]
  readonly focusCard: (id: string) => void
  readonly openOrClose: () => void
  readonly close: () => void
  readonly choose: () => void
  readonly zoomIn: () => void
  readonly zoomOut: () => void
  readonly fit: () => void
  readonly toPrimary: () => void
  /** With Shift the arrows take along where they come from and where they come to. */
  readonly chooseFurther: (id: string) => void
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
}

/** What a key does in the tree. Answers whether it did something. */
export function treeKey(key: Key, context: TreeKeyContext): boolean {
  if (key.ctrlKey || key.metaKey || key.altKey) return false
  const direction = directions[key.key]
  if (direction !== undefined) {
    const to = stepFocus(context.branches, context.current, direction)
    if (key.shiftKey && (direction === 'next-sibling' || direction === 'previous-sibling')) context.chooseFurther(to)
    context.focusCard(to)
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
    '0': context.fit,
    'p': context.toPrimary,
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

/** To the next or previous stop, round and round. */
function step({ stops, current, focusCard }: TreeKeyContext, by: 1 | -1): void {
  if (stops.length === 0) return
  const at = stops.indexOf(current)
  const next = at === -1 ? (by === 1 ? 0 : stops.length - 1) : (at + by + stops.length) % stops.length
  const id = stops[next]
  if (id !== undefined) focusCard(id)
}
