import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { DiscoverySettings } from './settings.ts'

export interface UnseenOptions {
  readonly inventory: Inventory
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
  readonly settings: Pick<DiscoverySettings, 'forgetAfterHours'>
  /** Removes servers, wherever that has to be told. */
  readonly forget: (keys: readonly InstanceKey[]) => Promise<void>
}

/** Forgets servers of which no good reading came for long. */
export class Unseen {
  readonly #options: UnseenOptions
  /** When this process first noticed a server that was never seen. */
  readonly #noticedAt = new Map<InstanceKey, number>()

  constructor(options: UnseenOptions) {
    this.#options = options
  }

  async forget(): Promise<void> {
    const { inventory, clock, log, settings, forget } = this.#options
    const now = clock.now()
    const before = now - settings.forgetAfterHours * 3_600_000
    const unseen: InstanceKey[] = []
    for (const key of inventory.keys()) {
      const seenAt = inventory.get(key)?.check.lastSeenAt ?? this.#noticed(key, now)
      if (seenAt < before) unseen.push(key)
    }
    if (unseen.length === 0) return
    try {
      await forget(unseen)
    } catch (error) {
      log.error('servers that were not seen for long could not be forgotten', { text: String(error) })
    }
  }

  /** The server is not known any more. */
  drop(key: InstanceKey): void {
    this.#noticedAt.delete(key)
  }

  #noticed(key: InstanceKey, now: number): number {
    const at = this.#noticedAt.get(key)
    if (at !== undefined) return at
    this.#noticedAt.set(key, now)
    return now
  }
}
