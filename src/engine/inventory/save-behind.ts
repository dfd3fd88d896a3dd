import { RecentFigures } from '../../kit/recent-figures.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Store } from '../../ports/store.ts'
import type { InventorySettings } from './settings.ts'

/** Between attempts while the store fails. */
const retryMilliseconds = 1_000

export interface SaveStatus {
  /** Null: the store works. Else since when it fails, ms since 1970, and what it says. */
  readonly failing: { readonly since: number; readonly text: string } | null
  /** Records that are newer in memory than in the store. */
  readonly waiting: number
}

/** One batch that was written; `at` in ms since 1970. */
export interface FlushFigure {
  readonly at: number
  readonly instances: number
  /** Since the first of them had something new. */
  readonly waitMilliseconds: number
  readonly writeMilliseconds: number
}

/** At ten batches a second these are more than three minutes. */
const figuresMax = 2000

export interface SaveBehindOptions {
  readonly store: { readonly instances: Pick<Store['instances'], 'save'> }
  readonly clock: Pick<Clock, 'now' | 'monotonic' | 'after'>
  readonly log: Log
  readonly get: (key: InstanceKey) => Instance | undefined
  readonly settings: Pick<InventorySettings, 'buffersWrites' | 'flushIntervalMilliseconds' | 'writeBufferSize'>
}

/** What comes within a moment is written together; longer it waits only where that is asked for (BufferInstanceWrites). */
const momentMilliseconds = 100

interface Waits {
  readonly intervalMilliseconds: number
  /** Rows of one batch; more make a transaction longer for others and hardly cheaper. */
  readonly batchMax: number
  /** A whole batch does not wait until the time is over. */
  readonly startsWhenFull: boolean
}

const waitsOf = ({ buffersWrites, flushIntervalMilliseconds, writeBufferSize }: SaveBehindOptions['settings']): Waits => ({
  intervalMilliseconds: buffersWrites ? Math.max(momentMilliseconds, flushIntervalMilliseconds) : momentMilliseconds,
  batchMax: Math.max(1, writeBufferSize), startsWhenFull: buffersWrites,
})

/** Writes changed records to the store in batches, behind what happens. A record waits at most once, so the queue is bounded by the records. */
export class SaveBehind {
  readonly #options: SaveBehindOptions
  readonly #waiting = new Set<InstanceKey>()
  readonly #figures = new RecentFigures<FlushFigure>(figuresMax)
  #waitingSince = 0
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

  flushesSince(from: number): readonly FlushFigure[] {
    return this.#figures.since(from)
  }

  add(key: InstanceKey): void {
    if (this.#waiting.size === 0) this.#waitingSince = this.#options.clock.monotonic()
    const isNew = !this.#waiting.has(key)
    this.#waiting.add(key)
    const { intervalMilliseconds, startsWhenFull, batchMax } = waitsOf(this.#options.settings)
    if (startsWhenFull && isNew && this.#waiting.size === batchMax && this.#failing === null) {
      this.#cancelTimer?.()
      this.#cancelTimer = null
      this.#schedule(0)
    } else this.#schedule(intervalMilliseconds)
  }

  /** It is newer in memory than in the store, as far as is known. */
  isWaiting(key: InstanceKey): boolean {
    return this.#waiting.has(key)
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
    const { store, clock, log, get, settings } = this.#options
    const { batchMax } = waitsOf(settings)
    const keys = [...this.#waiting]
    const since = this.#waitingSince
    this.#waiting.clear()
    for (let begin = 0; begin < keys.length; begin += batchMax) {
      const batch = keys.slice(begin, begin + batchMax)
      try {
        const began = clock.monotonic()
        await store.instances.save(batch.flatMap(key => get(key) ?? []))
        this.#figures.add({ at: clock.now(), instances: batch.length, waitMilliseconds: began - since, writeMilliseconds: clock.monotonic() - began })
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
