import type { Configuration, Entry, LogIndex, SnapshotMark, Term } from './types.ts'

/**
 * The entries after `before`. A value: every change is a new one. Views share one row of entries, which only grows; a view that must change what another one
 * shows copies it first. So appending costs what is appended.
 */
export class RaftLog {
  /** Nothing up to here is held any more; the term of this place still is. */
  readonly before: LogIndex
  readonly beforeTerm: Term
  readonly lastIndex: LogIndex
  /** The snapshot's configuration and each one that stands in the log, by place: the last is in force, committed or not (thesis, 4.1). */
  readonly configurations: readonly { readonly index: LogIndex; readonly configuration: Configuration }[]
  readonly #row: Entry[]
  /** How many of the row lie at or before `before`. */
  readonly #skip: number

  private constructor(before: LogIndex, beforeTerm: Term, row: Entry[], skip: number, length: number, configurations: RaftLog['configurations']) {
    this.before = before
    this.beforeTerm = beforeTerm
    this.#row = row
    this.#skip = skip
    this.lastIndex = before + length
    this.configurations = configurations
  }

  static after(mark: SnapshotMark): RaftLog {
    return new RaftLog(mark.index, mark.term, [], 0, 0, [{ index: mark.index, configuration: mark.configuration }])
  }

  /** From a disk: `entries` may begin before the snapshot, of which the first then only tells its term. */
  static restored(mark: SnapshotMark, entries: readonly Entry[]): RaftLog {
    const [first] = entries
    if (first === undefined || first.index > mark.index + 1) {
      if (first !== undefined) throw new Error(`the log begins at ${first.index}, after the snapshot of ${mark.index}`)
      return RaftLog.after(mark)
    }
    const early = first.index <= mark.index
    const base = [{ index: mark.index, configuration: mark.configuration }]
    const log = early ? new RaftLog(first.index, first.term, [], 0, 0, base) : new RaftLog(mark.index, mark.term, [], 0, 0, base)
    const restored = log.append(early ? entries.slice(1) : entries)
    if (restored.termAt(mark.index) !== mark.term) throw new Error(`the log holds another entry ${mark.index} than the snapshot`)
    return restored
  }

  get lastTerm(): Term {
    return this.lastIndex === this.before ? this.beforeTerm : this.#at(this.lastIndex).term
  }

  get configuration(): Configuration {
    return this.#newest.configuration
  }

  get configurationIndex(): LogIndex {
    return this.#newest.index
  }

  get #newest(): RaftLog['configurations'][number] {
    const newest = this.configurations.at(-1)
    if (newest === undefined) throw new Error('a log without a configuration')
    return newest
  }

  /** Undefined: not known any more, or not yet there. */
  termAt(index: LogIndex): Term | undefined {
    if (index === this.before) return this.beforeTerm
    return index < this.before || index > this.lastIndex ? undefined : this.#at(index).term
  }

  entry(index: LogIndex): Entry {
    if (index <= this.before || index > this.lastIndex) throw new Error(`entry ${index} is not within ${this.before + 1}..${this.lastIndex}`)
    return this.#at(index)
  }

  /** From `first` on, at most `countMax` of them and `bytesMax` bytes, but always one where there is one. */
  slice(first: LogIndex, countMax: number, bytesMax: number): readonly Entry[] {
    const slice: Entry[] = []
    let bytes = 0
    for (let index = first; index <= this.lastIndex && slice.length < countMax; index += 1) {
      const entry = this.#at(index)
      bytes += entrySize(entry)
      if (slice.length > 0 && bytes > bytesMax) break
      slice.push(entry)
    }
    return slice
  }

  /** Entries in order; the first follows some place of this log, and what was after that place is gone. */
  append(entries: readonly Entry[]): RaftLog {
    const [first] = entries
    if (first === undefined) return this
    const keep = first.index - 1
    if (keep < this.before || keep > this.lastIndex) throw new Error(`entry ${first.index} cannot follow a log of ${this.before}..${this.lastIndex}`)
    const kept = this.#skip + keep - this.before
    const row = this.#row.length === kept ? this.#row : this.#row.slice(this.#skip, kept)
    const skip = row === this.#row ? this.#skip : 0
    const configurations = this.configurations.filter(({ index }, place) => place === 0 || index <= keep)
    entries.forEach((entry, place) => {
      if (entry.index !== first.index + place) throw new Error(`entry ${entry.index} out of order`)
      row.push(entry)
      if (entry.kind === 'configuration' && entry.index > (configurations.at(-1)?.index ?? -1)) configurations.push(entry)
    })
    return new RaftLog(this.before, this.beforeTerm, row, skip, keep - this.before + entries.length, configurations)
  }

  /** Forgets entries up to `index`. The configuration of a snapshot at or after that place is given. */
  dropUpTo(index: LogIndex, mark: SnapshotMark): RaftLog {
    const term = this.termAt(index)
    if (term === undefined) throw new Error(`cannot forget up to ${index} of ${this.before}..${this.lastIndex}`)
    const base = { index: mark.index, configuration: mark.configuration }
    const configurations = [base, ...this.configurations.filter(({ index: place }) => place > mark.index)]
    const skip = this.#skip + index - this.before
    const isMostlyForgotten = skip * 2 > this.#row.length
    const length = this.lastIndex - index
    return isMostlyForgotten
      ? new RaftLog(index, term, this.#row.slice(skip, skip + length), 0, length, configurations)
      : new RaftLog(index, term, this.#row, skip, length, configurations)
  }

  configurationAt(index: LogIndex): Configuration {
    const found = this.configurations.findLast(({ index: place }) => place <= index)
    if (found === undefined) throw new Error(`the configuration at ${index} is not known any more`)
    return found.configuration
  }

  /** The last place at or before `index` whose term is at most `term`: where two logs may still be equal. */
  lastAtMost(index: LogIndex, term: Term): LogIndex {
    let place = Math.min(index, this.lastIndex)
    while (place > this.before && (this.termAt(place) ?? 0) > term) place -= 1
    return place
  }

  #at(index: LogIndex): Entry {
    const entry = this.#row[this.#skip + index - this.before - 1]
    if (entry === undefined) throw new Error(`entry ${index} is not there`)
    return entry
  }
}

/** Bytes of an entry on its way, roughly: what bounds count. */
export function entrySize(entry: Entry): number {
  return 32 + (entry.kind === 'command' ? entry.data.byteLength : entry.kind === 'configuration' ? 256 : 0)
}
