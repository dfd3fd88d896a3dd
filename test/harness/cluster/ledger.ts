/** A row that a server said it had committed. Milliseconds on the writers' clock: it was committed at some moment between `sentAt` and `at`. */
export interface Acknowledged {
  readonly id: number
  readonly sentAt: number
  readonly at: number
  readonly server: string
}

/** Commits that are no further apart belong together. */
const sameSpanMillis = 200

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

  /**
   * For how long two servers surely committed at once, at least: what one of them was sent and had acknowledged between two commits of the other, where
   * that one was never silent for long. An answer that is read late proves nothing, nor does one that waited while its server was frozen.
   */
  togetherMillis(since: number): number {
    const spans = new Map<string, Acknowledged[][]>()
    for (const row of this.#rows.toSorted((one, other) => one.at - other.at)) {
      if (row.at < since) continue
      const own = spans.get(row.server) ?? []
      spans.set(row.server, own)
      const last = own.at(-1)
      if (last !== undefined && row.at - (last.at(-1)?.at ?? 0) <= sameSpanMillis) last.push(row)
      else own.push([row])
    }
    let longest = 0
    for (const [name, one] of spans) {
      for (const [otherName, other] of spans) if (name !== otherName) longest = Math.max(longest, within(one, other))
    }
    return longest
  }
}

/** How long the spans of one server lie between the first and the last commit of a span of another. */
function within(one: readonly (readonly Acknowledged[])[], other: readonly (readonly Acknowledged[])[]): number {
  let sum = 0
  for (const span of other) {
    const [from, to] = [span[0]?.at ?? 0, span.at(-1)?.sentAt ?? 0]
    for (const own of one) {
      const between = own.filter(({ sentAt, at }) => sentAt >= from && at <= to)
      const [first, last] = [between[0], between.at(-1)]
      if (first !== undefined && last !== undefined) sum += last.at - first.sentAt
    }
  }
  return sum
}
