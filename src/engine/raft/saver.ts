import type { LogIndex, Save } from '../../model/raft/types.ts'
import type { RaftDisk } from '../../ports/raft-disk.ts'

/** Brings saves onto the disk in their order. What comes while one synchronisation is on its way goes together with the next. */
export class Saver {
  readonly #disk: Pick<RaftDisk, 'save'>
  readonly #done: (upTo: number) => void
  readonly #failed: (error: unknown) => void
  readonly #handedOver: () => LogIndex
  #waiting: Save[] = []
  #isSaving = false
  #isOver = false
  #noted: LogIndex = 0
  #isNoteDue = false

  /** `handedOver`: how far what is committed has been handed to the state machine, noted with each save. */
  constructor(disk: Pick<RaftDisk, 'save'>, handedOver: () => LogIndex, done: (upTo: number) => void, failed: (error: unknown) => void) {
    this.#disk = disk
    this.#handedOver = handedOver
    this.#done = done
    this.#failed = failed
  }

  get isSaving(): boolean {
    return this.#isSaving
  }

  add(save: Save): void {
    this.#waiting.push(save) // bounded by the core: a leader steps down when the disk stalls, a follower is sent no more than the window
    void this.#save()
  }

  /** Notes what was handed over since the last save, where nothing else is to be saved. */
  note(): void {
    if (this.#handedOver() <= this.#noted) return
    this.#isNoteDue = true
    void this.#save()
  }

  /** Nothing is told any more of what is still on its way. */
  stop(): void {
    this.#isOver = true
    this.#waiting = []
  }

  async #save(): Promise<void> {
    if (this.#isSaving) return
    this.#isSaving = true
    while ((this.#waiting.length > 0 || this.#isNoteDue) && !this.#isOver) { // ends when nothing waits
      const together = this.#waiting
      this.#waiting = []
      this.#isNoteDue = false
      this.#noted = this.#handedOver()
      try {
        await this.#disk.save(together, this.#noted)
      } catch (error) {
        if (!this.#isOver) this.#failed(error)
        return // and stays saving: this disk takes nothing more
      }
      const upTo = together.at(-1)?.number
      if (upTo !== undefined && !this.#isOver) this.#done(upTo)
    }
    this.#isSaving = false
  }
}
