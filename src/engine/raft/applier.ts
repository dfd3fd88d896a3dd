import type { Entry, LogIndex, SnapshotMark } from '../../model/raft/types.ts'
import type { RaftDisk } from '../../ports/raft-disk.ts'
import type { StateMachine } from './state-machine.ts'

export interface ApplierEvents {
  /** `result`: what a command came to; undefined for the other kinds. */
  applied(entry: Entry, result: unknown): void
  /** Everything up to here came at once, from the leader's snapshot. */
  restored(mark: SnapshotMark): void
  /** Between two entries: the place that a snapshot would have; the next entry waits. */
  pause(index: LogIndex): Promise<void>
  failed(error: unknown): void
}

/** Something that is done between two entries. */
type Between = () => Promise<void>

/** Gives the state machine what is committed, one after the other and in order. */
export class Applier {
  readonly #machine: StateMachine
  readonly #disk: Pick<RaftDisk, 'newestSnapshot'>
  readonly #events: ApplierEvents
  #queue: (Entry | 'restore' | Between)[] = []
  #index: LogIndex
  #isApplying = false
  #isOver = false

  constructor(machine: StateMachine, disk: Pick<RaftDisk, 'newestSnapshot'>, index: LogIndex, events: ApplierEvents) {
    this.#machine = machine
    this.#disk = disk
    this.#index = index
    this.#events = events
  }

  get index(): LogIndex {
    return this.#index
  }

  get waiting(): number {
    return this.#queue.length
  }

  restore(): void {
    this.#queue.push('restore')
    void this.#apply()
  }

  /** After everything that waits now. */
  between(act: Between): void {
    this.#queue.push(act)
    void this.#apply()
  }

  add(entries: readonly Entry[]): void {
    if (entries.length === 0) return
    for (const entry of entries) this.#queue.push(entry) // after a restart they are more than a call takes arguments
    void this.#apply()
  }

  stop(): void {
    this.#isOver = true
    this.#queue = []
  }

  async #apply(): Promise<void> {
    if (this.#isApplying) return
    this.#isApplying = true
    try {
      while (this.#queue.length > 0 && !this.#isOver) { // ends when nothing waits
        const all = this.#queue
        this.#queue = []
        for (const next of all) {
          if (this.#isOver) return
          await this.#one(next)
        }
      }
      this.#isApplying = false
    } catch (error) {
      if (!this.#isOver) this.#events.failed(error) // and stays applying: nothing more is applied here
    }
  }

  async #one(next: Entry | 'restore' | Between): Promise<void> {
    if (typeof next === 'function') return next()
    if (next === 'restore') {
      const { mark, state } = await this.#disk.newestSnapshot()
      if (mark.index <= this.#index) return
      await this.#machine.restore(state)
      this.#index = mark.index
      return this.#events.restored(mark)
    }
    if (next.index <= this.#index) return // a newer snapshot than the one that was announced held it already
    if (next.index !== this.#index + 1) throw new Error(`entry ${next.index} is to be applied after ${this.#index}`)
    const result = next.kind === 'command' ? await this.#machine.apply(next, next.data) : undefined
    this.#index = next.index
    this.#events.applied(next, result)
    return this.#events.pause(next.index)
  }
}
