import type { HistoryView, PastChangesView, PastView } from '../../contract/history.ts'
import { markOf, thinned } from '../../model/history/marks.ts'
import { nameAt, type Names, namesAround, namesOver } from '../../model/history/names.ts'
import type { Picture } from '../../model/history/picture.ts'
import { membersOf, pictureAfter, replayed } from '../../model/history/replay.ts'
import { type ToldChange, toldBetween } from '../../model/history/told.ts'
import type { Clock } from '../../ports/clock.ts'
import type { HistorySpan, HistoryStore } from '../../ports/history-store.ts'
import type { HistorySettings } from './settings.ts'

export interface ReaderParts {
  readonly store: HistoryStore
  readonly clock: Pick<Clock, 'now'>
  readonly settings: HistorySettings
}

/** Rows whose summaries are looked through, the newest; marks that are answered. */
const rowsMax = 20_000
const marksMax = 1000
/** Rows between two moments that are read, and changes that are told. */
const rowsBetweenMax = 5000
const changesMax = 1000
/** A span says that it lives every 30 s; one that did not for so long has ended. */
const livesMilliseconds = 60_000

/** What the recorder wrote down, asked for by moment. */
export class HistoryReader {
  readonly #parts: ReaderParts

  constructor(parts: ReaderParts) {
    this.#parts = parts
  }

  async bounds(clusterName: string | null): Promise<HistoryView> {
    const { store, settings, clock } = this.#parts
    const [size, spans, rows, names] = await Promise.all([store.size(), store.spans(), store.summaries(rowsMax), this.#names(clusterName)])
    const marks = rows.flatMap(({ at, summary }) => {
      const around = names === null ? null : namesAround(names, at)
      const mark = markOf(at, summary, name => around === null || around.has(name))
      return mark === null ? [] : [mark]
    })
    const now = clock.now()
    marks.sort((left, right) => left.at - right.at)
    return {
      isKept: settings.days > 0, days: settings.days, bytes: size.bytes, bytesMax: settings.megabytesMax * 1_000_000, from: size.from, now,
      spans: size.from === null ? [] : spans.map(span => ({ from: Math.max(span.from, size.from ?? 0), until: untilOf(span, now) })), marks: thinned(marks, marksMax),
    }
  }

  async picture(at: number, clusterName: string | null): Promise<PastView | null> {
    const { store, clock } = this.#parts
    const [rows, spans, names] = await Promise.all([store.standing(at), store.spans(), this.#names(clusterName)])
    const [first] = rows
    if (first === undefined) return null
    const span = spans.find(({ id }) => id === first.span)
    const knownAt = Math.min(at, span === undefined ? (rows.at(-1)?.at ?? at) : untilOf(span, clock.now()))
    const all = pictureAfter(rows)
    if (names === null) return { at, knownAt, cluster: null, servers: [...all.values()] }
    const name = nameAt(names, at)
    const servers = [...membersOf(all, name).values()]
    return { at, knownAt, cluster: { name, alias: servers[0]?.clusterAlias ?? name }, servers }
  }

  async changes(from: number, to: number, clusterName: string | null): Promise<PastChangesView | null> {
    const { store } = this.#parts
    const [rowsBefore, rowsAfter, rows, names] = await Promise.all([store.standing(from), store.standing(to), store.between(from, to, rowsBetweenMax + 1), this.#names(clusterName)])
    const [begin] = rowsBefore
    if (begin === undefined || rowsAfter.length === 0) return null
    const [before, after] = [pictureAfter(rowsBefore), pictureAfter(rowsAfter)]
    const told = replayed(before, begin.span, rows.slice(0, rowsBetweenMax), names)
    const difference = names === null ? toldBetween(before, after, to) : toldBetween(...concerned(before, nameAt(names, from), after, nameAt(names, to)), to)
    const changes = told.slice(-changesMax)
    return { from, to, difference, changes, isCut: rows.length > rowsBetweenMax || told.length > changesMax, aliases: aliasesIn([...difference, ...changes], [after, before]) }
  }

  async #names(clusterName: string | null): Promise<Names | null> {
    return clusterName === null ? null : namesOver(clusterName, await this.#parts.store.successions(0))
  }
}

const untilOf = ({ until }: HistorySpan, now: number): number => (now - until < livesMilliseconds ? now : until)

/** Of every server that is changed, or a source before or after, as it was called last. */
function aliasesIn(changes: readonly ToldChange[], pictures: readonly Picture[]): Readonly<Record<string, string>> {
  const keys = new Set(changes.flatMap(({ servers, from, to }): readonly string[] => [...servers, from, to]))
  const called = pictures.toReversed().flatMap(picture => [...picture.values()].filter(({ key, alias }) => alias !== '' && keys.has(key)).map(({ key, alias }) => [key, alias] as const))
  return Object.fromEntries(called)
}

type Pictures = ReturnType<typeof membersOf>

/** Servers that were in the cluster then, or are in it later, as they stood at both moments: one that left it did not vanish. */
function concerned(before: Pictures, nameBefore: string, after: Pictures, nameAfter: string): [Pictures, Pictures] {
  const keys = new Set([...membersOf(before, nameBefore).keys(), ...membersOf(after, nameAfter).keys()])
  const only = (picture: Pictures): Pictures => new Map([...picture].filter(([key]) => keys.has(key)))
  return [only(before), only(after)]
}
