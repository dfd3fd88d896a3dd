import type { Maintenance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Clock } from '../../ports/clock.ts'
import type { LockRequest, LockStore } from '../../ports/locks.ts'
import type { Log } from '../../ports/log.ts'

export interface SharedLocksParts {
  readonly store: Pick<LockStore, 'take' | 'release'>
  readonly clock: Pick<Clock, 'now' | 'after'>
  readonly log: Log
  readonly process: LockRequest['process']
  /** Writes this process's heartbeat, without which its locks are void. */
  beat(): Promise<void>
}

export interface SharedLock {
  release(): Promise<void>
}

const beatMilliseconds = 1000

/** The locks on servers that every process sees which shares the store. While it holds one, this process gives signs of life. */
export class SharedLocks {
  readonly #parts: SharedLocksParts
  #held = 0
  #cancelBeat: (() => void) | null = null

  constructor(parts: SharedLocksParts) {
    this.#parts = parts
  }

  /** A store that fails is told in the log and holds up nobody: then `judge` says whether what is known in memory is in the way. */
  async take(
    keys: readonly InstanceKey[], owner: string, reason: string, judge: () => { readonly taken: InstanceKey; readonly by: Maintenance } | null,
  ): Promise<{ readonly lock: SharedLock } | { readonly taken: InstanceKey; readonly by: Maintenance }> {
    const { store, clock, log, process } = this.#parts
    try {
      // Before the first lock there must be a heartbeat, or others would hold it for one of a dead process.
      if (this.#held === 0) await this.#beat()
      const result = await store.take(keys, { owner, reason, at: clock.now(), process })
      if ('taken' in result) return result
      this.#held += 1
      this.#beatOn()
      return { lock: { release: () => this.#release(result.ids) } }
    } catch (error) {
      log.warning('locks could not be written to the store: other processes do not see what is being changed', { text: textOf(error), servers: keys.length })
      const known = judge()
      return known ?? { lock: { release: () => Promise.resolve() } }
    }
  }

  async #release(ids: readonly number[]): Promise<void> {
    this.#held -= 1
    if (this.#held === 0) {
      this.#cancelBeat?.()
      this.#cancelBeat = null
    }
    try {
      await this.#parts.store.release(ids)
    } catch (error) {
      this.#parts.log.error('locks could not be taken back from the store: they last until this process ends', { text: textOf(error), locks: ids.length })
    }
  }

  /** Until the last lock is released. */
  #beatOn(): void {
    this.#cancelBeat ??= this.#parts.clock.after(beatMilliseconds, () => {
      this.#cancelBeat = null
      if (this.#held === 0) return
      void this.#beat().catch((error: unknown) => this.#parts.log.warning('no heartbeat could be written', { text: textOf(error) }))
      this.#beatOn()
    })
  }

  #beat(): Promise<void> {
    return this.#parts.beat()
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
