import type { InstanceKey } from '../../../model/topology/instance-key.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { Store } from '../../../ports/store.ts'

/** What people wrote on a server: tags as `name=value`, and the pools that it is in. */
export interface ServerLabels {
  readonly tags: readonly string[]
  readonly pools: readonly string[]
}

/** Labels older than this are read again, when they are asked for. */
const freshMilliseconds = 2000
export const noLabels: ServerLabels = { tags: [], pools: [] }

/** Tags and pools of all servers, kept in memory so that no picture of a cluster waits for the store; read again only while somebody looks. */
export class Labels {
  readonly #store: Pick<Store, 'tags' | 'pools'>
  readonly #clock: Pick<Clock, 'monotonic'>
  #byServer: ReadonlyMap<InstanceKey, ServerLabels> = new Map()
  #readAt: number | null = null
  #reading: Promise<void> | null = null

  constructor(store: Pick<Store, 'tags' | 'pools'>, clock: Pick<Clock, 'monotonic'>) {
    this.#store = store
    this.#clock = clock
  }

  /** As last read; what is too old is read again behind. */
  of(key: InstanceKey): ServerLabels {
    if (!this.#isFresh()) void this.read()
    return this.#byServer.get(key) ?? noLabels
  }

  /** Reads them, or waits for the reading that is under way. While the store cannot be asked they stay as they were. */
  read(): Promise<void> {
    this.#reading ??= this.#readNow().finally(() => {
      this.#reading = null
    })
    return this.#reading
  }

  async #readNow(): Promise<void> {
    this.#readAt = this.#clock.monotonic()
    try {
      const [tags, pools] = await Promise.all([this.#store.tags.list({}), this.#store.pools.list()])
      const byServer = new Map<InstanceKey, { tags: string[]; pools: string[] }>()
      const labelsOf = (key: InstanceKey): { tags: string[]; pools: string[] } => {
        const known = byServer.get(key) ?? { tags: [], pools: [] }
        byServer.set(key, known)
        return known
      }
      for (const { key, name, value } of tags) labelsOf(key).tags.push(value === '' ? name : `${name}=${value}`)
      for (const { key, pool } of pools) labelsOf(key).pools.push(pool)
      this.#byServer = byServer
    } catch {
      // the page Status says that the store fails
    }
  }

  #isFresh(): boolean {
    return this.#readAt !== null && this.#clock.monotonic() - this.#readAt < freshMilliseconds
  }
}
