import { injectedForMilliseconds } from '../../model/pseudo-gtid/injection.ts'
import type { Clock } from '../../ports/clock.ts'

/** Clusters in whose logs unique statements were written lately. */
export class InjectedClusters {
  readonly #clock: Pick<Clock, 'now'>
  readonly #noted = new Map<string, number>()

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  note(clusterName: string, at: number): void {
    this.#noted.set(clusterName, at)
    for (const [name, when] of this.#noted) if (when <= this.#clock.now() - injectedForMilliseconds) this.#noted.delete(name)
  }

  has(clusterName: string): boolean {
    const at = this.#noted.get(clusterName)
    return at !== undefined && at > this.#clock.now() - injectedForMilliseconds
  }

  list(): ReadonlyMap<string, number> {
    return this.#noted
  }
}
