import type { InstanceKey } from '../../model/topology/instance-key.ts'

/** Addresses remembered because asking them failed; beyond it all are forgotten and may be asked again. */
const triedMax = 10_000

/** Servers that others name and that were not read yet: when each may be tried again. Times are on the monotonic clock. */
export class Newcomers {
  readonly #tried = new Map<InstanceKey, number>()

  mayTry(key: InstanceKey, now: number): boolean {
    return (this.#tried.get(key) ?? -Infinity) <= now
  }

  failed(key: InstanceKey, tryAgainAt: number): void {
    if (this.#tried.size >= triedMax) this.#tried.clear()
    this.#tried.set(key, tryAgainAt)
  }

  came(key: InstanceKey): void {
    this.#tried.delete(key)
  }
}
