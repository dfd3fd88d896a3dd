import type { Reason } from '../../kit/reason.ts'
import type { Clock } from '../../ports/clock.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'

export interface Lock {
  readonly owner: string
  /** Aborted when a recovery needs the servers: the holder stops before its next step. */
  readonly signal: AbortSignal
  /** Asked before each step; a reason: somebody else is in charge by now, and neither this step nor any undoing may be done. */
  fence?(): Promise<Reason | null>
  release(): void
}

interface Held {
  readonly owner: string
  readonly abort: AbortController
  readonly released: Promise<void>
}

/** One change of a server at a time. A recovery may ask the holder to stop, and goes on without it when the holder does not. */
export class ServerLocks {
  readonly #clock: Clock
  readonly #held = new Map<InstanceKey, Held>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  ownerOf(key: InstanceKey): string | undefined {
    return this.#held.get(key)?.owner
  }

  /** Null with the busy server when one of them is held. */
  take(keys: readonly InstanceKey[], owner: string): { readonly lock: Lock } | { readonly busy: InstanceKey; readonly owner: string } {
    for (const key of keys) {
      const held = this.#held.get(key)
      if (held !== undefined) return { busy: key, owner: held.owner }
    }
    return { lock: this.#hold(keys, owner) }
  }

  /** Asks every holder to stop, waits for them for a bounded time, and then holds the servers in any case. */
  async takeOver(keys: readonly InstanceKey[], owner: string, waitMilliseconds: number): Promise<Lock> {
    const holders = new Set(keys.map(key => this.#held.get(key)).filter(held => held !== undefined))
    for (const holder of holders) holder.abort.abort(owner)
    if (holders.size > 0) {
      const enough = new AbortController()
      await Promise.race([Promise.all([...holders].map(holder => holder.released)), this.#clock.sleep(waitMilliseconds, enough.signal)])
      enough.abort()
    }
    return this.#hold(keys, owner)
  }

  #hold(keys: readonly InstanceKey[], owner: string): Lock {
    const abort = new AbortController()
    let letGo = (): void => undefined
    const held: Held = { owner, abort, released: new Promise(resolve => (letGo = resolve)) }
    for (const key of keys) this.#held.set(key, held)
    return {
      owner,
      signal: abort.signal,
      release: () => {
        for (const key of keys) if (this.#held.get(key) === held) this.#held.delete(key)
        letGo()
      },
    }
  }
}
