import type { ServerResponse } from 'node:http'
import type { LiveEvent, MeView } from '../../contract/views.ts'
import type { Topology } from '../../model/topology/topology.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Answer, Request } from '../exchange.ts'
import { plainText } from '../exchange.ts'
import type { Changes } from './changes.ts'
import { EventLog, eventText } from './event-log.ts'

export const streamLimits = {
  heartbeatMilliseconds: 5000,
  /** Changes of the topology are told at most this often. */
  betweenMilliseconds: 250,
  clients: 1000,
  /** A client that has so much unread is dropped; it comes back and resumes, or fetches anew. */
  unreadBytes: 2 << 20,
  /** After the last client has left, changes are watched on for this long, so that it can resume. */
  lingerMilliseconds: 60_000,
} as const

export interface StreamParts {
  readonly clock: Clock
  readonly changes: Changes
  topology(): Topology
  /** Another one for each process: an event of one manager is never taken for one of another. */
  readonly salt: number
  me(asked: Pick<Request, 'person' | 'askedThrough'>): MeView
}

/** One stream of events for all clients: told once, kept for those who resume. */
export class LiveStream {
  readonly #parts: StreamParts
  readonly #log: EventLog
  readonly #clients = new Set<ServerResponse>()
  #isWatching = false
  #isPending = false
  #toldAt = 0
  #lookAtAll = false
  #stopTelling: () => void = () => undefined
  #stopBeating: () => void = () => undefined
  #stopLinger: (() => void) | null = null
  #isClosed = false

  constructor(parts: StreamParts) {
    this.#parts = parts
    this.#log = new EventLog(parts.clock.now() * 1000 + parts.salt)
  }

  /** The topology has changed: clients are told, soon, and not more often than they can use. */
  topologyChanged(): void {
    if (!this.#isWatching || this.#isPending || this.#isClosed) return
    this.#isPending = true
    const wait = Math.max(0, this.#toldAt + streamLimits.betweenMilliseconds - this.#parts.clock.monotonic())
    this.#stopTelling = this.#parts.clock.after(wait, () => this.#tellChanges())
  }

  /** Tells at once: steps of recoveries and operations, the audit. */
  tell(event: LiveEvent): void {
    if (!this.#isWatching || this.#isClosed) return
    this.#send(this.#log.append(event))
  }

  /** Another manager leads now, or none: those who listen come back, and are told so by whoever answers them then. */
  leaderChanged(): void {
    for (const client of this.#clients) client.end()
  }

  answer(request: Request): Answer {
    if (this.#isClosed || this.#clients.size >= streamLimits.clients) return plainText('Too many streams\n', 503, { 'Retry-After': '5' })
    return { take: response => this.#join(request, response) }
  }

  close(): void {
    this.#isClosed = true
    this.#stopLinger?.()
    this.#stopTelling()
    this.#stopBeating()
    for (const client of this.#clients) client.end()
    this.#clients.clear()
  }

  #join(request: Request, response: ServerResponse): void {
    this.#watch()
    const asked = request.headers['last-event-id'] ?? request.query.get('lastEventId')
    const missed = typeof asked === 'string' && /^\d{1,16}$/.test(asked) ? this.#log.since(Number(asked)) : undefined
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' })
    const hello: LiveEvent = { event: 'hello', data: { ...this.#parts.me(request), snapshot: this.#parts.topology().number, gap: missed === null } }
    // With an id, so that a client that saw nothing else can resume; what it missed follows with ids of its own.
    response.write(`retry: 1000\n${eventText(hello, missed === undefined || missed === null ? this.#log.lastId : null)}${(missed ?? []).join('')}`)
    this.#clients.add(response)
    response.on('close', () => this.#leave(response))
  }

  #leave(response: ServerResponse): void {
    if (!this.#clients.delete(response) || this.#clients.size > 0 || this.#isClosed) return
    this.#stopLinger = this.#parts.clock.after(streamLimits.lingerMilliseconds, () => this.#rest())
  }

  #watch(): void {
    this.#stopLinger?.()
    this.#stopLinger = null
    if (this.#isWatching) return
    this.#isWatching = true
    this.#parts.changes.reset(this.#parts.topology(), this.#parts.clock.now())
    this.#beat()
  }

  /** Nobody listens: nothing is compared, and nobody can resume. */
  #rest(): void {
    this.#isWatching = false
    this.#log.clear()
  }

  #beat(): void {
    if (!this.#isWatching || this.#isClosed) return
    this.#send(eventText({ event: 'heartbeat', data: { at: this.#parts.clock.now() } }, null))
    this.#lookAtAll = true
    this.topologyChanged()
    this.#stopBeating = this.#parts.clock.after(streamLimits.heartbeatMilliseconds, () => this.#beat())
  }

  #tellChanges(): void {
    this.#isPending = false
    if (this.#isClosed) return
    this.#toldAt = this.#parts.clock.monotonic()
    const all = this.#lookAtAll
    this.#lookAtAll = false
    for (const event of this.#parts.changes.since(this.#parts.topology(), this.#parts.clock.now(), all)) this.tell(event)
  }

  #send(text: string): void {
    for (const client of this.#clients) {
      if (client.writableLength + text.length > streamLimits.unreadBytes) client.destroy()
      else client.write(text)
    }
  }
}
