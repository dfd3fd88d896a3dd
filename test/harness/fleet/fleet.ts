import { Answers } from './answers.ts'
import type { Moment } from './cells.ts'
import { Counters } from './counters.ts'
import type { Behaviour, FakeServer, Trouble } from './fake-server.ts'
import { Listener } from './listener.ts'
import { capability, type Greeting } from './packets.ts'
import { type IntervalReport, PollsSeen } from './polls-seen.ts'
import { readTape, type Tape } from './tape.ts'

export interface FleetOptions {
  readonly servers: readonly FakeServer[]
  /** Before each answer. Default: none. */
  readonly delayMilliseconds?: number
  readonly tape?: Tape
  /** Intervals kept for the report. Default: two million. */
  readonly intervalsMax?: number
}

export interface FleetReport extends IntervalReport {
  readonly connections: number
  readonly logins: number
  readonly commands: number
  /** Short readings out of turn, for evidence. */
  readonly readings: number
  readonly bytesReceived: number
  readonly bytesSent: number
  readonly overlaps: number
  readonly broken: number
  readonly unknown: number
  readonly unknownTexts: readonly string[]
}

/** We speak neither TLS nor compression, as a server that was built or configured without them. */
const notOffered = capability.tls | capability.compress | capability.zstd | capability.multiFactor
/** What every reading of a server asks and nothing else does; a whole poll asks the second one too, a reading out of turn for evidence does not. */
const readingMark = '@@global.gtid_executed'
const wholePollMark = 'SHOW BINARY LOG STATUS'
const listensAtOnce = 100

/** Many servers in one process that answer our probe as real ones do. */
export class Fleet {
  readonly #listeners: readonly Listener[]
  readonly #polls: PollsSeen
  readonly #counters = new Counters()
  readonly #answers: Answers

  private constructor({ servers, delayMilliseconds = 0, tape = readTape(), intervalsMax = 2_000_000 }: FleetOptions) {
    const began = performance.now()
    const greeting: Greeting = { ...tape.greeting, capabilities: tape.greeting.capabilities & ~notOffered }
    const answers = new Answers(tape)
    this.#answers = answers
    const moment = (): Moment => ({ seconds: (performance.now() - began) / 1000, unix: Date.now() / 1000 })
    const polls = new PollsSeen(servers.length, intervalsMax)
    this.#polls = polls
    const counters = this.#counters
    this.#listeners = servers.map((server, index) => new Listener({
      server, greeting, answers, counters, delayMilliseconds, moment,
      onQuery: text => {
        if (!text.includes(readingMark)) return
        if (text.includes(wholePollMark)) polls.note(index, performance.now())
        else counters.readings++
      },
    }))
  }

  static async start(options: FleetOptions): Promise<Fleet> {
    const fleet = new Fleet(options)
    try {
      await fleet.#each(fleet.#listeners, listener => listener.behave('answer'))
    } catch (error) {
      await fleet.stop()
      throw error
    }
    return fleet
  }

  get servers(): readonly FakeServer[] {
    return this.#listeners.map(listener => listener.server)
  }

  /** Makes this share of the servers, spread evenly, behave so; the others are left as they are. */
  async behave(share: number, behaviour: Behaviour): Promise<number> {
    const chosen = this.#listeners.filter((_, index) => Math.floor((index + 1) * share) > Math.floor(index * share))
    await this.#each(chosen, listener => listener.behave(behaviour))
    return chosen.length
  }

  /** Gives these replicas this trouble, or none; by their places in `servers`. */
  trouble(places: readonly number[], trouble: Trouble | null): void {
    for (const place of places) {
      const server = this.#listeners[place]?.server
      if (server === undefined || server.source === null) throw new Error(`there is no replica ${place}`)
      server.trouble = trouble
      this.#answers.forget(server)
    }
  }

  /** Counts begin anew. */
  reset(): void {
    const { unknown, unknownTexts, threads } = this.#counters
    Object.assign(this.#counters, new Counters(), { unknown, unknownTexts, threads })
    this.#polls.reset()
  }

  /** Unknown statements are counted from the start, everything else since the last reset. */
  report(): FleetReport {
    const { unknownTexts, threads: _threads, ...counts } = this.#counters
    return { ...this.#polls.report(performance.now()), ...counts, unknownTexts: [...unknownTexts] }
  }

  async stop(): Promise<void> {
    await this.#each(this.#listeners, listener => listener.close())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #each(listeners: readonly Listener[], act: (listener: Listener) => Promise<void>): Promise<void> {
    for (let at = 0; at < listeners.length; at += listensAtOnce) await Promise.all(listeners.slice(at, at + listensAtOnce).map(act))
  }
}
