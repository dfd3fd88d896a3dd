import { injectedForMilliseconds } from '../../model/pseudo-gtid/injection.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { PseudoGtidStore } from '../../ports/pseudo-gtid-store.ts'

/** How often others are told of the same cluster (contract pseudo-gtid.md section 3). */
const shareEveryMilliseconds = 60_000

/** Clusters in whose logs unique statements were written lately. */
export class InjectedClusters {
  readonly #clock: Pick<Clock, 'now'>
  readonly #store: PseudoGtidStore | undefined
  readonly #log: Log
  readonly #noted = new Map<string, number>()
  readonly #shared = new Map<string, number>()

  constructor(clock: Pick<Clock, 'now'>, store: PseudoGtidStore | undefined, log: Log) {
    this.#clock = clock
    this.#store = store
    this.#log = log
  }

  note(clusterName: string, at: number): void {
    this.learn(clusterName, at)
    const since = this.#clock.now() - injectedForMilliseconds
    for (const notes of [this.#noted, this.#shared]) for (const [name, when] of notes) if (when <= since) notes.delete(name)
    if (this.#store === undefined || at < (this.#shared.get(clusterName) ?? -Infinity) + shareEveryMilliseconds) return
    this.#shared.set(clusterName, at)
    this.#store.noteInjected(clusterName, at).catch((error: unknown) => this.#log.error('an injected cluster could not be noted', { cluster: clusterName, text: String(error) }))
  }

  /** Somebody wrote there. */
  learn(clusterName: string, at: number): void {
    this.#noted.set(clusterName, Math.max(at, this.#noted.get(clusterName) ?? 0))
  }

  has(clusterName: string): boolean {
    const at = this.#noted.get(clusterName)
    return at !== undefined && at > this.#clock.now() - injectedForMilliseconds
  }
}
