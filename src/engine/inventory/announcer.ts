import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Log } from '../../ports/log.ts'

/** Keys of records that have something new, or are new or gone. */
export type ChangeListener = (changed: ReadonlySet<InstanceKey>) => void

/** Tells once, soon after, of all that changed in one go; a listener that fails keeps nobody else from hearing. */
export class Announcer {
  readonly #log: Log
  readonly #listeners = new Set<ChangeListener>()
  #changed = new Set<InstanceKey>()
  #isSoon = false

  constructor(log: Log) {
    this.#log = log
  }

  /** The answer unsubscribes. */
  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Null: something that is no server's. */
  tell(key: InstanceKey | null): void {
    if (key !== null) this.#changed.add(key)
    if (this.#isSoon) return
    this.#isSoon = true
    queueMicrotask(() => this.#now())
  }

  close(): void {
    this.#listeners.clear()
  }

  #now(): void {
    this.#isSoon = false
    const changed = this.#changed
    this.#changed = new Set()
    for (const listener of this.#listeners) {
      try {
        listener(changed)
      } catch (error) {
        this.#log.error('a listener of the inventory failed', { text: error instanceof Error ? (error.stack ?? error.message) : String(error) })
      }
    }
  }
}
