/** A row that a server said it had committed. `at`: milliseconds on the writers' clock. */
export interface Acknowledged {
  readonly id: number
  readonly at: number
  readonly server: string
}

/** Commits that are no further apart belong together. */
const sameSpanMillis = 200
/** What a single commit counts for. */
const oneCommitMillis = 25

export interface Gap {
  readonly milliseconds: number
  readonly from: string
  readonly to: string
}

/** What clients were told: every acknowledged row, who said so and when. */
export class Ledger {
  readonly #rows: Acknowledged[] = []
  #judged = 0

  add(row: Acknowledged): void {
    this.#rows.push(row)
  }

  /** Forgets all rows: what comes is judged by itself. */
  clear(): void {
    this.#rows.length = 0
    this.#judged = 0
  }

  get rows(): readonly Acknowledged[] {
    return this.#rows
  }

  get count(): number {
    return this.#rows.length
  }

  /** Acknowledged since this was last asked: each row is judged once, so that what was lost is not lost again. */
  takeUnjudged(): readonly Acknowledged[] {
    const open = this.#rows.slice(this.#judged)
    this.#judged = this.#rows.length
    return open
  }

  /** The first row after `since` that another server than `former` acknowledged. */
  firstElsewhere(since: number, former: string): Acknowledged | null {
    return this.#rows.find(({ at, server }) => at >= since && server !== former) ?? null
  }

  isGrowingSince(since: number): boolean {
    return (this.#rows.at(-1)?.at ?? 0) > since
  }

  /** The longest time in which nobody was told of a commit, from the last one before `since` on; of all rows or of those that count. */
  longestGap(since: number, counts: (row: Acknowledged) => boolean = () => true): Gap {
    const sorted = this.#rows.filter(counts).toSorted((one, other) => one.at - other.at)
    const rows = sorted.slice(Math.max(0, sorted.findLastIndex(({ at }) => at < since)))
    let longest: Gap = { milliseconds: 0, from: '', to: '' }
    for (const [index, row] of rows.entries()) {
      const before = rows[index - 1]
      if (before !== undefined && row.at - before.at > longest.milliseconds) longest = { milliseconds: row.at - before.at, from: before.server, to: row.server }
    }
    return longest
  }

  /** For how long two servers were at it at once: a server that told of nothing for a while was not able to, as one that is frozen. */
  togetherMillis(since: number): number {
    const spans = new Map<string, Span[]>()
    for (const { at, server } of this.#rows.toSorted((one, other) => one.at - other.at)) {
      if (at < since) continue
      const own = spans.get(server) ?? []
      spans.set(server, own)
      const last = own.at(-1)
      if (last !== undefined && at - last.to <= sameSpanMillis) last.to = at
      else own.push({ from: at - oneCommitMillis, to: at })
    }
    let longest = 0
    for (const [name, one] of spans) {
      for (const [otherName, other] of spans) if (name < otherName) longest = Math.max(longest, overlap(one, other))
    }
    return longest
  }
}

interface Span {
  readonly from: number
  to: number
}

const overlap = (one: readonly Span[], other: readonly Span[]): number =>
  one.reduce((sum, span) => sum + other.reduce((part, { from, to }) => part + Math.max(0, Math.min(span.to, to) - Math.max(span.from, from)), 0), 0)
