import { unreachable } from '../../kit/unreachable.ts'
import type { Ask, ChunkAsked, Reply, Walk } from '../../model/pseudo-gtid/asks.ts'
import { behind } from '../../model/pseudo-gtid/cursor.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Clock } from '../../ports/clock.ts'
import type { LogEvents } from '../../ports/log-events.ts'

export interface LogReaderParts {
  readonly logs: Pick<LogEvents, 'events'>
  readonly clock: Clock
  /** Reads the server now. */
  look(key: InstanceKey): Promise<Instance | undefined>
  readonly reasonableLagSeconds: number
}

/** One reading of many events from a busy disk. */
const chunkMilliseconds = 30_000
const pauseMilliseconds = 250
const lagLookMilliseconds = 1000
/** What was asked, for the record of the step: enough to see the way it took. */
const askedMax = 100

/** What a walk came to, and what it read. */
export interface Walked<Answer> {
  readonly answer: Answer
  readonly asked: readonly string[]
  readonly events: number
}

/** Reads for a walk what it asks for, until it is at its end or the time is over. `servers` are those it may ask about, as last read. */
export class LogReader {
  readonly #parts: LogReaderParts

  constructor(parts: LogReaderParts) {
    this.#parts = parts
  }

  async drive<Answer>(walk: Walk<Answer>, servers: ReadonlyMap<InstanceKey, Instance>, milliseconds: number): Promise<Walked<Answer>> {
    const { clock } = this.#parts
    const until = clock.monotonic() + milliseconds
    const asked: string[] = []
    const ahead: Ahead = new Map()
    let events = 0
    for (let turn = walk.next(); ; ) {
      if (turn.done === true) return { answer: turn.value, asked, events }
      const reply = await this.#answer(turn.value, servers, until, ahead)
      if (turn.value.ask === 'chunk' && asked.length < askedMax) asked.push(asText(turn.value))
      if (reply.ok) events += reply.value.length
      turn = walk.next(reply)
    }
  }

  async #answer(ask: Ask, servers: ReadonlyMap<InstanceKey, Instance>, until: number, ahead: Ahead): Promise<Reply> {
    const { clock } = this.#parts
    const left = until - clock.monotonic()
    if (left <= 0) return overtime
    switch (ask.ask) {
      case 'chunk': {
        const on = servers.get(ask.of)
        if (on === undefined) throw new Error(`a walk asked for ${ask.of}, which it was not given`)
        return this.#read(on, ask, left, ahead)
      }
      case 'keep-up':
        await this.#keepUp(ask.of, until)
        return nothing
      case 'pause':
        await clock.sleep(Math.min(left, pauseMilliseconds))
        return nothing
      default:
        return unreachable(ask)
    }
  }

  /** While a chunk is walked through, the server reads the next one. */
  async #read(on: Instance, ask: ChunkAsked, left: number, ahead: Ahead): Promise<Reply> {
    const { logs } = this.#parts
    const begun = ahead.get(on.key)
    ahead.delete(on.key)
    const limit = Math.min(left, chunkMilliseconds)
    const reply = await (begun?.of === asText(ask) ? begun.reply : logs.events(on, ask, limit))
    if (reply.ok && reply.value.length >= ask.count) {
      const next: ChunkAsked = { ...ask, ...behind(ask, reply.value) }
      ahead.set(on.key, { of: asText(next), reply: logs.events(on, next, limit) })
    }
    return reply
  }

  /** As long as a reasonable lag is; the walk goes on whatever came of it. */
  async #keepUp(key: InstanceKey, until: number): Promise<void> {
    const { clock, look, reasonableLagSeconds } = this.#parts
    const end = Math.min(until, clock.monotonic() + reasonableLagSeconds * 1000)
    for (;;) {
      const instance = await look(key)
      const [lag, delay] = [instance?.replication?.secondsBehindSource ?? null, instance?.replication?.delaySeconds ?? 0]
      // A server that does not tell its lag is not replicating: waiting changes nothing.
      if (lag === null || Math.abs(lag - delay) <= reasonableLagSeconds || clock.monotonic() + lagLookMilliseconds > end) return
      await clock.sleep(lagLookMilliseconds)
    }
  }
}

/** The next chunk of each server, asked for before the walk did. */
type Ahead = Map<InstanceKey, { readonly of: string; readonly reply: Promise<Reply> }>

const nothing: Reply = { ok: true, value: [] }
const overtime: Reply = { ok: false, failure: { kind: 'timeout', number: null, text: 'the logs were not walked through in time' } }

const asText = ({ of, log, file, from, skip, count }: ChunkAsked): string =>
  `${of}: SHOW ${log === 'binary' ? 'BINLOG' : 'RELAYLOG'} EVENTS IN '${file}' FROM ${from} LIMIT ${skip === 0 ? '' : `${skip}, `}${count}`
