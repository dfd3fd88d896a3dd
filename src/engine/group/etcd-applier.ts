import type { Clock } from '../../ports/clock.ts'
import type { Etcd, EtcdFailure } from '../../ports/etcd.ts'
import type { StateMachine } from '../raft/state-machine.ts'
import { type EtcdKeys, jsonOf, type LogEntry, readEntry, type SnapshotPlace, textOf } from './etcd-keys.ts'
import type { EtcdGroupPolicy } from './etcd-policy.ts'
import { readSnapshot } from './etcd-snapshots.ts'

export interface EtcdApplierEvents {
  applied(entry: LogEntry, result: unknown): void
  restored(): void
  /** Between two commands: the place that a snapshot would have; the next one waits. */
  pause(index: number): Promise<void>
  /** etcd did not answer; it is asked again. */
  trouble(failure: EtcdFailure): void
  /** The state machine failed, or etcd no longer holds what was applied here: nothing more is applied. */
  failed(text: string): void
}

/** Gives the state machine every command of the log, one after the other: those that were told of, and those that are read. */
export class EtcdApplier {
  readonly #etcd: Pick<Etcd, 'transact'>
  readonly #clock: Clock
  readonly #keys: EtcdKeys
  readonly #policy: EtcdGroupPolicy
  readonly #machine: StateMachine
  readonly #events: EtcdApplierEvents
  readonly #stop = new AbortController()
  readonly #told = new Map<number, LogEntry>()
  #waiting: { readonly number: number; readonly settle: (isReached: boolean) => void }[] = []
  #index: number | null = null
  #last = 0
  #limit: number
  #isRunning = false

  constructor(etcd: Pick<Etcd, 'transact'>, clock: Clock, keys: EtcdKeys, policy: EtcdGroupPolicy, machine: StateMachine, events: EtcdApplierEvents) {
    this.#etcd = etcd
    this.#clock = clock
    this.#keys = keys
    this.#policy = policy
    this.#machine = machine
    this.#events = events
    this.#limit = policy.entriesPerReadMax
  }

  /** Everything up to here is applied; null: nothing was read yet. */
  get index(): number | null {
    return this.#index
  }

  get last(): number {
    return this.#last
  }

  /** The log is known to reach so far. */
  reaches(last: number): void {
    if (last <= this.#last && this.#index !== null) return
    this.#last = Math.max(last, this.#last)
    void this.#run()
  }

  /** What somebody has told of; what does not fit is read when its turn comes. */
  offer(entry: LogEntry): void {
    if (this.#told.size < this.#policy.bufferedMax && entry.number > (this.#index ?? 0)) this.#told.set(entry.number, entry)
    this.reaches(entry.number)
  }

  /** Resolves to true once everything up to `number` is applied here, and to false when the time is over. */
  reached(number: number, milliseconds: number): Promise<boolean> {
    if (this.#index !== null && this.#index >= number) return Promise.resolve(true)
    return new Promise(resolve => {
      const one = { number, settle: (isReached: boolean): void => { cancel(); resolve(isReached) } }
      const cancel = this.#clock.after(milliseconds, () => {
        this.#waiting = this.#waiting.filter(other => other !== one)
        resolve(false)
      })
      this.#waiting.push(one)
    })
  }

  stop(): void {
    this.#stop.abort()
    for (const { settle } of this.#waiting) settle(false)
    this.#waiting = []
    this.#told.clear()
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    try {
      while (!this.#isOver && (this.#index === null || this.#index < this.#last)) { // ends when everything is applied, or by `stop`
        const next = this.#index === null ? undefined : this.#told.get(this.#index + 1)
        if (next !== undefined) {
          await this.#one(next)
          continue
        }
        const failure = await this.#read()
        if (failure === null || this.#isOver) continue
        this.#events.trouble(failure)
        await this.#clock.sleep(this.#policy.againMilliseconds, this.#stop.signal)
      }
      this.#isRunning = false
    } catch (error) {
      if (!this.#isOver) this.#events.failed(error instanceof Error ? error.message : String(error)) // and stays running: nothing more is applied here
    }
  }

  get #isOver(): boolean {
    return this.#stop.signal.aborted
  }

  async #one(entry: LogEntry): Promise<void> {
    this.#told.delete(entry.number)
    const result = await this.#machine.apply({ index: entry.number, term: entry.term }, entry.data)
    if (this.#isOver) return
    this.#events.applied(entry, result)
    this.#moved(entry.number)
    await this.#events.pause(entry.number)
  }

  #moved(index: number): void {
    this.#index = index
    const ready = this.#waiting.filter(({ number }) => number <= index)
    if (ready.length === 0) return
    this.#waiting = this.#waiting.filter(({ number }) => number > index)
    for (const { settle } of ready) settle(true)
  }

  /** The next commands, or the newest snapshot where they are no longer kept. */
  async #read(): Promise<EtcdFailure | null> {
    const { log, last, snapshot } = this.#keys
    const from = this.#index === null ? log.upTo : this.#keys.entry(this.#index + 1)
    const read = await this.#etcd.transact({
      when: [], acts: [{ do: 'get', key: last }, { do: 'get', key: snapshot }, ...(this.#index === null ? [] : [{ do: 'get', key: from, upTo: log.upTo, limit: this.#limit } as const])], otherwise: [],
    }, this.#policy.requestMilliseconds)
    if (!read.ok) {
      if (read.failure.kind === 'too-large' && this.#limit > 1) this.#limit = Math.ceil(this.#limit / 2)
      return read.failure
    }
    const [[lastFound], [place], entries = []] = [read.value.got[0] ?? [], read.value.got[1] ?? [], read.value.got[2]]
    if (lastFound === undefined || place === undefined) throw new Error('etcd no longer holds what the managers remember: somebody has deleted it')
    const reaches = Number(textOf(lastFound))
    if (this.#index !== null && reaches < this.#index) throw new Error(`etcd holds ${reaches} commands, and ${this.#index} were applied here: it was set back to an earlier state`)
    this.#last = Math.max(this.#last, reaches)
    const first = entries[0] === undefined ? null : this.#keys.numberOf(entries[0].key)
    if (this.#index !== null && first === this.#index + 1) {
      for (const [at, { value }] of entries.entries()) this.#told.set(first + at, readEntry(first + at, value))
      return null
    }
    return this.#restore(jsonOf<SnapshotPlace>(place))
  }

  async #restore(place: SnapshotPlace): Promise<EtcdFailure | null> {
    if (this.#index !== null && place.index <= this.#index) throw new Error(`etcd does not hold command ${this.#index + 1}, and its snapshot ends at ${place.index}`)
    const state = await readSnapshot(this.#etcd, this.#keys, this.#policy, place)
    if (!state.ok) return state.failure
    if (state.value === null) return { kind: 'refused', text: `the snapshot of ${place.index} was replaced while it was read` }
    if (this.#isOver) return null
    await this.#machine.restore(state.value)
    for (const number of this.#told.keys()) if (number <= place.index) this.#told.delete(number)
    this.#moved(place.index)
    this.#events.restored()
    return null
  }
}
