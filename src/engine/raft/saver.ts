import type { Save } from '../../model/raft/types.ts'
import type { RaftDisk } from '../../ports/raft-disk.ts'

/** Brings saves onto the disk in their order. What comes while one synchronisation is on its way goes together with the next. */
export class Saver {
  readonly #disk: Pick<RaftDisk, 'save'>
  readonly #done: (upTo: number) => void
  readonly #failed: (error: unknown) => void
  #waiting: Save[] = []
  #isSaving = false
  #isOver = false

  constructor(disk: Pick<RaftDisk, 'save'>, done: (upTo: number) => void, failed: (error: unknown) => void) {
    this.#disk = disk
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

  /** Nothing is told any more of what is still on its way. */
  stop(): void {
    this.#isOver = true
    this.#waiting = []
  }

  async #save(): Promise<void> {
    if (this.#isSaving) return
    this.#isSaving = true
    while (this.#waiting.length > 0 && !this.#isOver) { // ends when nothing waits
      const together = this.#waiting
      this.#waiting = []
      try {
        await this.#disk.save(together)
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
