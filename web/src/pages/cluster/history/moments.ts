import type { HistoryView } from '../../../../../src/contract/history.ts'
import type { Mark } from '../../../../../src/model/history/marks.ts'

/** The part of the history that the slider shows. */
export interface Frame {
  readonly from: number
  readonly to: number
}

/** Nothing smaller can be told apart on a slider. */
const frameMin = 60_000

/** The last so many milliseconds, or all that is kept; always with the moment that is shown in it. */
export function frameOf(history: Pick<HistoryView, 'from' | 'now'>, width: number | null, at: number): Frame {
  const oldest = history.from ?? history.now - frameMin
  const to = history.now
  const from = Math.min(Math.max(width === null ? oldest : to - width, oldest), to - frameMin)
  if (at >= from || width === null) return { from, to }
  // A moment further back takes the frame along.
  const middle = Math.max(oldest, at - width / 2)
  return { from: middle, to: Math.min(history.now, middle + width) }
}

export const placeIn = ({ from, to }: Frame, at: number): number => Math.min(1, Math.max(0, (at - from) / (to - from)))
export const momentAt = ({ from, to }: Frame, place: number): number => Math.round(from + Math.min(1, Math.max(0, place)) * (to - from))

/** Where the changes of a mark are done: what is shown there includes them. */
export const next = (marks: readonly Mark[], at: number): number | null => marks.find(mark => mark.until > at)?.until ?? null
export const previous = (marks: readonly Mark[], at: number): number | null => marks.findLast(mark => mark.until < at)?.until ?? null

export interface Column {
  readonly place: number
  readonly changes: number
  readonly isFailure: boolean
}

/** Marks as so many columns at most, each with its place from 0 to 1. */
export function columnsOf(marks: readonly Mark[], frame: Frame, count: number): readonly Column[] {
  const columns = new Map<number, Column>()
  for (const mark of marks) {
    if (mark.until < frame.from || mark.at > frame.to) continue
    const column = Math.min(count - 1, Math.floor(placeIn(frame, mark.until) * count))
    const before = columns.get(column)
    columns.set(column, { place: (column + 0.5) / count, changes: (before?.changes ?? 0) + mark.changes, isFailure: mark.isFailure || before?.isFailure === true })
  }
  return [...columns.values()]
}

/** Times within the frame in which nobody wrote down what changed, as places from 0 to 1. */
export function gapsOf({ spans }: Pick<HistoryView, 'spans'>, frame: Frame): readonly { readonly from: number; readonly to: number }[] {
  const gaps: { from: number; to: number }[] = []
  let known = frame.from
  for (const span of spans.toSorted((left, right) => left.from - right.from)) {
    if (span.from > known) gaps.push({ from: known, to: Math.min(span.from, frame.to) })
    known = Math.max(known, span.until)
    if (known >= frame.to) break
  }
  if (known < frame.to) gaps.push({ from: known, to: frame.to })
  return gaps.filter(gap => gap.to - gap.from > (frame.to - frame.from) / 500).map(gap => ({ from: placeIn(frame, gap.from), to: placeIn(frame, gap.to) }))
}

/** What a field for date and time shows and takes, to the second. */
export function fieldText(at: number, zone: 'local' | 'utc'): string {
  const time = new Date(at)
  const shifted = zone === 'utc' ? time : new Date(at - time.getTimezoneOffset() * 60_000)
  return shifted.toISOString().slice(0, 19)
}

/** Null: no time. */
export function fieldMoment(text: string, zone: 'local' | 'utc'): number | null {
  const at = Date.parse(zone === 'utc' ? `${text}Z` : text)
  return Number.isNaN(at) ? null : at
}
