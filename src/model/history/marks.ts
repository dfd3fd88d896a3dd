import type { Picture } from './picture.ts'
import { toldBetween, type ToldKind } from './told.ts'

/** That something changed: when, how much, of which kinds, and whether a server failed. */
export interface Mark {
  readonly at: number
  /** Marks that lie close together are one; the last of them. */
  readonly until: number
  /** Servers that changed, each counted for every kind. */
  readonly changes: number
  readonly kinds: readonly ToldKind[]
  readonly isFailure: boolean
}

/** What a row of the history says of each cluster without its body being read. */
export type Summary = Readonly<Record<string, Omit<Mark, 'at' | 'until'>>>

/** By the names that the clusters had before and have after. Servers that stand in neither picture did not change. */
export function summaryOf(before: Picture, after: Picture): Summary {
  const marks = new Map<string, { changes: number; kinds: Set<ToldKind>; isFailure: boolean }>()
  for (const { kind, servers, from, to } of toldBetween(before, after, 0)) {
    for (const key of servers) {
      const [was, is] = [before.get(key), after.get(key)]
      const failed = kind === 'status' && isWorse(from, to) && (is?.statuses.some(({ severity }) => severity === 'critical') ?? false)
      for (const clusterName of new Set([was?.clusterName ?? is?.clusterName ?? '', is?.clusterName ?? was?.clusterName ?? ''])) {
        const mark = marks.get(clusterName) ?? { changes: 0, kinds: new Set<ToldKind>(), isFailure: false }
        mark.changes++
        mark.kinds.add(kind)
        mark.isFailure ||= failed
        marks.set(clusterName, mark)
      }
    }
  }
  return Object.fromEntries([...marks].map(([clusterName, mark]) => [clusterName, { ...mark, kinds: [...mark.kinds] }]))
}

/** A status is there that was not there before. */
const isWorse = (from: string, to: string): boolean => to.split(' ').some(code => !from.split(' ').includes(code))

/** Marks of all clusters, or of one, in one. Null: none of them changed. */
export function markOf(at: number, summary: Summary, isWanted: (clusterName: string) => boolean): Mark | null {
  const wanted = Object.entries(summary).filter(([clusterName]) => isWanted(clusterName)).map(([, mark]) => mark)
  if (wanted.length === 0) return null
  return {
    at, until: at, changes: wanted.reduce((sum, { changes }) => sum + changes, 0), kinds: [...new Set(wanted.flatMap(({ kinds }) => kinds))],
    isFailure: wanted.some(({ isFailure }) => isFailure),
  }
}

/** At most so many, oldest first: neighbours become one, evenly over the time that they span. */
export function thinned(marks: readonly Mark[], max: number): readonly Mark[] {
  const [first, last] = [marks[0], marks.at(-1)]
  if (marks.length <= max || first === undefined || last === undefined) return marks
  const width = (last.at - first.at + 1) / max
  const merged: Mark[] = []
  let place = -1
  for (const mark of marks) {
    const before = merged.at(-1)
    const own = Math.floor((mark.at - first.at) / width)
    if (own !== place || before === undefined) merged.push(mark)
    else {
      merged[merged.length - 1] = {
        at: before.at, until: mark.until, changes: before.changes + mark.changes, kinds: [...new Set([...before.kinds, ...mark.kinds])], isFailure: before.isFailure || mark.isFailure,
      }
    }
    place = own
  }
  return merged
}
