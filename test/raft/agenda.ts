/** What happens when, in virtual time: a heap by time, and by order among equals. */
export class Agenda {
  now = 0
  #count = 0
  readonly #heap: { readonly at: number; readonly order: number; readonly act: () => void }[] = []

  after(delay: number, act: () => void): void {
    const heap = this.#heap
    const event = { at: this.now + delay, order: this.#count += 1, act }
    heap.push(event)
    let place = heap.length - 1
    while (place > 0) {
      const up = (place - 1) >> 1
      const parent = heap[up]
      if (parent === undefined || isBefore(parent, event)) break
      heap[place] = parent
      place = up
    }
    heap[place] = event
  }

  runUntil(end: number): void {
    for (;;) {
      const [first] = this.#heap
      if (first === undefined || first.at > end) break
      this.#removeFirst()
      this.now = first.at
      first.act()
    }
    this.now = end
  }

  #removeFirst(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let place = 0
    for (;;) {
      let down = place * 2 + 1
      const [left, right] = [heap[down], heap[down + 1]]
      if (left === undefined) break
      let child = left
      if (right !== undefined && isBefore(right, left)) [child, down] = [right, down + 1]
      if (isBefore(last, child)) break
      heap[place] = child
      place = down
    }
    heap[place] = last
  }
}

type Moment = { readonly at: number; readonly order: number }
const isBefore = (left: Moment, right: Moment): boolean => left.at < right.at || (left.at === right.at && left.order < right.order)
