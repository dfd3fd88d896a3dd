import { toJson } from '../../contract/wire.ts'
import type { LiveEvent } from '../../contract/views.ts'

/** How far back a client may resume. */
const keptEvents = 2000
const keptBytes = 8 << 20

interface Kept {
  readonly id: number
  readonly text: string
}

/** An event as it is sent. Source: HTML Living Standard, "Server-sent events". */
export const eventText = (event: LiveEvent, id: number | null): string => `${id === null ? '' : `id: ${id}\n`}event: ${event.event}\ndata: ${toJson(event.data)}\n\n`

/** The last events with their ids, so that a client that was away for a moment misses nothing. */
export class EventLog {
  readonly #events: Kept[] = []
  #bytes = 0
  #last: number

  /** `start` is far from those of all other processes, so that an event of one of them is known to be missing here, not taken for one of these. */
  constructor(start: number) {
    this.#last = start
  }

  get lastId(): number {
    return this.#last
  }

  append(event: LiveEvent): string {
    this.#last += 1
    const text = eventText(event, this.#last)
    this.#events.push({ id: this.#last, text })
    this.#bytes += text.length
    while (this.#events.length > keptEvents || this.#bytes > keptBytes) this.#bytes -= this.#events.shift()?.text.length ?? 0
    return text
  }

  /** What came after an event, or null when some of it is gone. */
  since(id: number): readonly string[] | null {
    if (id === this.#last) return []
    const [oldest] = this.#events
    if (id > this.#last || oldest === undefined || id < oldest.id - 1) return null
    return this.#events.filter(event => event.id > id).map(({ text }) => text)
  }

  /** Nobody can resume any more: the state went on without events. */
  clear(): void {
    this.#events.length = 0
    this.#bytes = 0
    this.#last += 1
  }
}
