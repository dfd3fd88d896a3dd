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

/** So many are written together at most: a batch of them holds up all else that this process does with its database for some milliseconds. */
const entriesTogetherMax = 100

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
        const entries = this.#nextEntries()
        const [first] = this.#queue
        if (entries.length > 0) await this.#applyTogether(entries)
        else if (typeof first === 'function') await this.#taken(first)
        else await this.#restore()
      }
      this.#isApplying = false
    } catch (error) {
      if (!this.#isOver) this.#events.failed(error) // and stays applying: nothing more is applied here
    }
  }

  async #taken(act: Between): Promise<void> {
    this.#queue.shift()
    return act()
  }

  /** Takes them off the queue: those that come before anything else, and may share a write. */
  #nextEntries(): readonly Entry[] {
    const isEntry = (waiting: Entry | 'restore' | Between): waiting is Entry => typeof waiting === 'object'
    const end = this.#queue.slice(0, entriesTogetherMax).findIndex(waiting => !isEntry(waiting))
    return this.#queue.splice(0, end < 0 ? entriesTogetherMax : end).filter(isEntry)
  }

  /** What they came to is told when it is durable. */
  async #applyTogether(entries: readonly Entry[]): Promise<void> {
    const applied: { readonly entry: Entry; readonly result: unknown }[] = []
    let index = this.#index
    await this.#machine.together(async () => {
      for (const entry of entries) {
        if (this.#isOver) return
        if (entry.index <= index) continue // a newer snapshot than the one that was announced held it already
        if (entry.index !== index + 1) throw new Error(`entry ${entry.index} is to be applied after ${index}`)
        applied.push({ entry, result: entry.kind === 'command' ? await this.#machine.apply(entry, entry.data) : undefined })
        index = entry.index
      }
    })
    if (this.#isOver || applied.length === 0) return
    this.#index = index
    for (const { entry, result } of applied) this.#events.applied(entry, result)
    return this.#events.pause(index)
  }

  async #restore(): Promise<void> {
    this.#queue.shift()
    const { mark, state } = await this.#disk.newestSnapshot()
    if (mark.index <= this.#index) return
    await this.#machine.restore(state)
    this.#index = mark.index
    this.#events.restored(mark)
  }
}
