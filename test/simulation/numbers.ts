/** Transactions by their origin and number, as intervals: what MySQL calls a GTID set. Made to be added to one by one. */
export class Numbers {
  readonly #intervals = new Map<string, [number, number][]>()
  #text: string | null = ''

  static of(...sets: readonly Numbers[]): Numbers {
    const all = new Numbers()
    for (const set of sets) all.addAll(set)
    return all
  }

  add(origin: string, number: number): void {
    this.#addRange(origin, number, number)
  }

  addAll(other: Numbers): void {
    for (const [origin, intervals] of other.#intervals) for (const [from, to] of intervals) this.#addRange(origin, from, to)
  }

  has(origin: string, number: number): boolean {
    return (this.#intervals.get(origin) ?? []).some(([from, to]) => from <= number && number <= to)
  }

  /** Everything that is here and not there. */
  without(other: Numbers): readonly { readonly origin: string; readonly number: number }[] {
    return [...this.each()].filter(({ origin, number }) => !other.has(origin, number))
  }

  isWithin(other: Numbers): boolean {
    for (const [origin, intervals] of this.#intervals) {
      const theirs = other.#intervals.get(origin) ?? []
      if (!intervals.every(([from, to]) => theirs.some(([first, last]) => first <= from && to <= last))) return false
    }
    return true
  }

  *each(): Iterable<{ readonly origin: string; readonly number: number }> {
    for (const [origin, intervals] of this.#intervals) for (const [from, to] of intervals) for (let number = from; number <= to; number += 1) yield { origin, number }
  }

  last(origin: string): number {
    return this.#intervals.get(origin)?.at(-1)?.[1] ?? 0
  }

  clear(): void {
    this.#intervals.clear()
    this.#text = ''
  }

  /** As the server writes it. */
  get text(): string {
    this.#text ??= [...this.#intervals].sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([origin, intervals]) => `${origin}:${intervals.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(':')}`).join(',')
    return this.#text
  }

  #addRange(origin: string, from: number, to: number): void {
    const intervals = this.#intervals.get(origin) ?? []
    const last = intervals.at(-1)
    if (last !== undefined && from === last[1] + 1) last[1] = to
    else if (intervals.some(([first, end]) => first <= from && to <= end)) return
    else {
      const merged: [number, number][] = []
      for (const [first, end] of [...intervals, [from, to] as [number, number]].sort(([left], [right]) => left - right)) {
        const before = merged.at(-1)
        if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], end)
        else merged.push([first, end])
      }
      intervals.splice(0, intervals.length, ...merged)
    }
    this.#intervals.set(origin, intervals)
    this.#text = null
  }
}
