import type { InstanceKey } from '../topology/instance-key.ts'

interface Entry {
  readonly key: InstanceKey
  at: number
  place: number
}

/** Keys by the moment at which each is due: the earliest is at hand however many there are (a binary heap). */
export class DueQueue {
  readonly #heap: Entry[] = []
  readonly #entries = new Map<InstanceKey, Entry>()

  get size(): number {
    return this.#heap.length
  }

  has(key: InstanceKey): boolean {
    return this.#entries.has(key)
  }

  dueAt(key: InstanceKey): number | undefined {
    return this.#entries.get(key)?.at
  }

  /** The earliest moment; Infinity when nothing is due ever. */
  get nextAt(): number {
    return this.#heap[0]?.at ?? Infinity
  }

  /** The key is due then, and at no other moment. */
  set(key: InstanceKey, at: number): void {
    const present = this.#entries.get(key)
    if (present === undefined) {
      const entry: Entry = { key, at, place: this.#heap.length }
      this.#entries.set(key, entry)
      this.#heap.push(entry)
      this.#rise(entry)
      return
    }
    const before = present.at
    present.at = at
    if (at < before) this.#rise(present)
    else this.#sink(present)
  }

  /** The key that is due first, if it is due by `now`; it stays until it is set anew or removed. */
  dueBy(now: number): InstanceKey | undefined {
    const first = this.#heap[0]
    return first !== undefined && first.at <= now ? first.key : undefined
  }

  remove(key: InstanceKey): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    const last = this.#heap.pop()
    if (last === undefined || last === entry) return
    this.#put(last, entry.place)
    this.#rise(last)
    this.#sink(last)
  }

  #put(entry: Entry, place: number): void {
    this.#heap[place] = entry
    entry.place = place
  }

  #rise(entry: Entry): void {
    for (let place = entry.place; place > 0;) {
      const above = (place - 1) >> 1
      const parent = this.#heap[above]
      if (parent === undefined || parent.at <= entry.at) return
      this.#put(parent, place)
      this.#put(entry, above)
      place = above
    }
  }

  #sink(entry: Entry): void {
    for (let place = entry.place; ;) {
      const left = this.#heap[2 * place + 1]
      const right = this.#heap[2 * place + 2]
      const earlier = right !== undefined && left !== undefined && right.at < left.at ? right : left
      if (earlier === undefined || earlier.at >= entry.at) return
      const below = earlier.place
      this.#put(earlier, place)
      this.#put(entry, below)
      place = below
    }
  }
}
