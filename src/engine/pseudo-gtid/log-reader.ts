import { unreachable } from '../../kit/unreachable.ts'
import type { Ask, ChunkAsked, Reply, Walk } from '../../model/pseudo-gtid/asks.ts'
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
    let events = 0
    for (let turn = walk.next(); ; ) {
      if (turn.done === true) return { answer: turn.value, asked, events }
      const reply = await this.#answer(turn.value, servers, until)
      if (turn.value.ask === 'chunk' && asked.length < askedMax) asked.push(asText(turn.value))
      if (reply.ok) events += reply.value.length
      turn = walk.next(reply)
    }
  }

  async #answer(ask: Ask, servers: ReadonlyMap<InstanceKey, Instance>, until: number): Promise<Reply> {
    const { clock, logs } = this.#parts
    const left = until - clock.monotonic()
    if (left <= 0) return overtime
    switch (ask.ask) {
      case 'chunk': {
        const on = servers.get(ask.of)
        if (on === undefined) throw new Error(`a walk asked for ${ask.of}, which it was not given`)
        return logs.events(on, ask, Math.min(left, chunkMilliseconds))
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

const nothing: Reply = { ok: true, value: [] }
const overtime: Reply = { ok: false, failure: { kind: 'timeout', number: null, text: 'the logs were not walked through in time' } }

const asText = ({ of, log, file, from, skip, count }: ChunkAsked): string =>
  `${of}: SHOW ${log === 'binary' ? 'BINLOG' : 'RELAYLOG'} EVENTS IN '${file}' FROM ${from} LIMIT ${skip === 0 ? '' : `${skip}, `}${count}`
