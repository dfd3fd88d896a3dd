import { useCallback, useMemo, useState } from 'react'
import type { ServerView } from '../../../src/contract/views.ts'
import { grow, walk, type Branch } from '../drawing/forest.ts'
import { upwards } from '../drawing/kin.ts'
import { keepInPlace, place, type Box, type Direction, type Placement } from '../drawing/place.ts'

interface Folds {
  readonly opened: ReadonlySet<string>
  readonly toggled: ReadonlySet<string>
  readonly revealed: ReadonlySet<string>
  /** The card that a person did it with: it stays where it is on the screen. */
  readonly anchor: string | null
}

export interface FoldingOptions {
  readonly members: readonly ServerView[]
  readonly foldAlike: boolean
  readonly depthMax: number | null
  readonly direction: Direction
  readonly hits: readonly string[]
  readonly selected: string | null
}

export interface Folding {
  readonly branches: readonly Branch[]
  readonly placement: Placement
  /** Shows or hides the replicas of a server. */
  readonly toggleReplicas: (key: string) => void
  /** Opens or closes a stack or what was left out. */
  readonly open: (id: string) => void
  /** Brings a server out of whatever hides it. */
  readonly reveal: (key: string) => void
}

/** So many found servers are brought out of stacks. */
const hitsShownMax = 200

/** What is folded, and where everything stands. What a person folds leaves the card that was chosen where it is on the screen. */
export function useFolding({ members, foldAlike, depthMax, direction, hits, selected }: FoldingOptions): Folding {
  const [folds, setFolds] = useState<Folds>({ opened: new Set(), toggled: new Set(), revealed: new Set(), anchor: null })
  const { opened, toggled, revealed } = folds
  const shown = useMemo(() => new Set([...hits.slice(0, hitsShownMax), ...revealed, ...(selected === null ? [] : [selected])]), [hits, revealed, selected])
  const branches = useMemo(() => grow(members, { foldAlike, opened, toggled, depthMax, shown }), [members, foldAlike, opened, toggled, depthMax, shown])
  const placement = useStillPlacement(branches, direction, folds, `${foldAlike} ${depthMax} ${direction} ${hits.join()}`, selected)

  const toggleReplicas = useCallback(
    (key: string) => {
      const branch = walk(branches).find(({ id }) => id === key)
      setFolds(before =>
        branch?.kind === 'server' && branch.isFull ? { ...before, opened: changed(before.opened, key), anchor: key } : { ...before, toggled: changed(before.toggled, key), anchor: key },
      )
    },
    [branches],
  )
  const open = useCallback((id: string) => setFolds(before => ({ ...before, opened: changed(before.opened, id), anchor: id })), [])
  const reveal = useCallback(
    (key: string) => {
      const way = new Set(upwards({ byKey: new Map(members.map(member => [member.key, member])) }, key).slice(1))
      // A server that is hidden below a collapsed one is below all that are collapsed on its way, but only the first of them is drawn.
      const isCollapsed = (depth: number, of: string): boolean => (depthMax !== null && depth >= depthMax) !== toggled.has(of)
      const flipped = [...way].filter((of, index) => isCollapsed(way.size - index, of))
      setFolds(before => ({ ...before, revealed: new Set([...before.revealed, key]), toggled: flipped.reduce<ReadonlySet<string>>(changed, before.toggled), anchor: selected }))
    },
    [members, depthMax, toggled, selected],
  )
  return { branches, placement, toggleReplicas, open, reveal }
}

interface Kept {
  readonly branches: readonly Branch[]
  readonly folds: Folds
  readonly asked: string
  readonly placement: Placement
  /** Where the origin of the drawing has come to by all that was kept in place. */
  readonly moved: Pick<Box, 'x' | 'y'>
}

/** The places of all branches. After a change by the person the anchor stays; after one of the servers everything stays that did not move itself. */
function useStillPlacement(branches: readonly Branch[], direction: Direction, folds: Folds, asked: string, selected: string | null): Placement {
  const [kept, setKept] = useState<Kept>(() => ({ branches, folds, asked, placement: place(branches, direction), moved: { x: 0, y: 0 } }))
  if (kept.branches === branches && kept.asked === asked) return kept.placement
  const raw = place(branches, direction)
  const isByPerson = kept.folds !== folds || kept.asked !== asked
  const anchor = isByPerson ? [kept.folds === folds ? null : folds.anchor, selected].find(id => id !== null && raw.boxes.has(id) && kept.placement.boxes.has(id)) : undefined
  const [wanted, at] = anchor === undefined || anchor === null ? [] : [kept.placement.boxes.get(anchor), raw.boxes.get(anchor)]
  const moved = wanted === undefined || at === undefined ? kept.moved : { x: wanted.x - at.x, y: wanted.y - at.y }
  const [first] = raw.boxes
  const placement = first === undefined ? raw : keepInPlace(raw, { ...first[1], x: first[1].x + moved.x, y: first[1].y + moved.y }, first[0])
  const next = { branches, folds, asked, placement, moved }
  setKept(next)
  return placement
}

function changed(set: ReadonlySet<string>, item: string): ReadonlySet<string> {
  const next = new Set(set)
  if (!next.delete(item)) next.add(item)
  return next
}
