import type { TargetView } from '../../../src/contract/views.ts'
import type { Box } from './place.ts'

/** What one card says while something is dragged. `takeOver` is the second, dangerous act, which only ever opens a dialog. */
export interface Verdict {
  readonly kind: 'possible' | 'possible-with-warning' | 'refused' | 'dragged' | 'waiting'
  readonly move: TargetView | null
  readonly takeOver: TargetView | null
}

export const takeOverAct = 'take-over'

/** The verdict on a card: `targets` null while the server has not answered yet. */
export function verdictOn(card: string, dragged: readonly string[], targets: readonly TargetView[] | null): Verdict {
  if (dragged.includes(card)) return { kind: 'dragged', move: null, takeOver: null }
  if (targets === null) return { kind: 'waiting', move: null, takeOver: null }
  const own = targets.filter(target => target.target === card)
  const move = own.find(target => target.act !== takeOverAct) ?? null
  const takeOver = own.find(target => target.act === takeOverAct && target.verdict !== 'refused') ?? null
  return { kind: move?.verdict ?? 'refused', move, takeOver }
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** The card under a point, with how far down in it (0 top, 1 bottom). Cards are rectangles we placed, so no look at the document is needed. */
export function cardAt(boxes: ReadonlyMap<string, Box>, point: Point): { readonly id: string; readonly down: number } | null {
  for (const [id, box] of boxes) {
    if (point.x >= box.x && point.x <= box.x + box.width && point.y >= box.y && point.y <= box.y + box.height)
      return { id, down: (point.y - box.y) / box.height }
  }
  return null
}

/** Best first: possible ones before those with a warning before refused ones; then as the server ordered them. */
export function sortTargets(targets: readonly TargetView[]): readonly TargetView[] {
  const rank = { possible: 0, 'possible-with-warning': 1, refused: 2 }
  return targets.toSorted((left, right) => rank[left.verdict] - rank[right.verdict])
}
