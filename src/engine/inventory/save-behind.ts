import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Store } from '../../ports/store.ts'

/** Rows of one transaction: more make it longer for others and hardly cheaper. */
const batchMax = 500
/** Between attempts while the store fails. */
const retryMilliseconds = 1_000

export interface SaveStatus {
  /** Null: the store works. Else since when it fails, ms since 1970, and what it says. */
  readonly failing: { readonly since: number; readonly text: string } | null
  /** Records that are newer in memory than in the store. */
  readonly waiting: number
}

export interface SaveBehindOptions {
  readonly store: Pick<Store, 'instances'>
  readonly clock: Pick<Clock, 'now' | 'after'>
  readonly log: Log
  readonly get: (key: InstanceKey) => Instance | undefined
  readonly intervalMilliseconds: number
}

/** Writes changed records to the store in batches, behind what happens. A record waits at most once, so the queue is bounded by the records. */
export class SaveBehind {
  readonly #options: SaveBehindOptions
  readonly #waiting = new Set<InstanceKey>()
  #cancelTimer: (() => void) | null = null
  #writing: Promise<void> | null = null
  #failing: SaveStatus['failing'] = null
  #isClosed = false

  constructor(options: SaveBehindOptions) {
    this.#options = options
  }

  get status(): SaveStatus {
    return { failing: this.#failing, waiting: this.#waiting.size }
  }

  add(key: InstanceKey): void {
    this.#waiting.add(key)
    this.#schedule(this.#options.intervalMilliseconds)
  }

  /** The record is gone. */
  drop(key: InstanceKey): void {
    this.#waiting.delete(key)
  }

  /** Writes what waits, and resolves when it is written or the store failed. */
  async flush(): Promise<void> {
    this.#cancelTimer?.()
    this.#cancelTimer = null
    await this.#writing
    this.#writing = this.#write()
    await this.#writing
    this.#writing = null
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.flush()
  }

  #schedule(milliseconds: number): void {
    if (this.#cancelTimer !== null || this.#isClosed) return
    this.#cancelTimer = this.#options.clock.after(milliseconds, () => {
      this.#cancelTimer = null
      void this.flush()
    })
  }

  async #write(): Promise<void> {
    const { store, clock, log, get } = this.#options
    const keys = [...this.#waiting]
    this.#waiting.clear()
    for (let begin = 0; begin < keys.length; begin += batchMax) {
      const batch = keys.slice(begin, begin + batchMax)
      try {
        await store.instances.save(batch.flatMap(key => get(key) ?? []))
        if (this.#failing !== null) log.info('the store works again', { failedSeconds: Math.round((clock.now() - this.#failing.since) / 1000) })
        this.#failing = null
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error)
        if (this.#failing === null) log.error('the store failed; what was read stays in memory until it works', { text })
        this.#failing = { since: this.#failing?.since ?? clock.now(), text }
        for (const key of keys.slice(begin)) this.#waiting.add(key)
        this.#schedule(retryMilliseconds)
        return
      }
    }
  }
}
