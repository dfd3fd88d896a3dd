import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { AuditEntry } from '../../model/recovery/records.ts'
import type { Clock } from '../../ports/clock.ts'

export type NewAuditEntry = Omit<AuditEntry, 'id'>

/** One place that what was done is written to: the store, a file, the log. A place that fails is its own to report; what was done stays done. */
export type AuditPlace = (entry: NewAuditEntry) => void

/** Tells every place, and whoever listens, what was done. */
export class AuditTrail {
  readonly #clock: Clock
  readonly #places: readonly AuditPlace[]
  readonly #listeners = new Set<AuditPlace>()

  constructor(clock: Clock, places: readonly AuditPlace[]) {
    this.#clock = clock
    this.#places = places
  }

  write(kind: string, key: InstanceKey | null, clusterName: string, message: string): void {
    const entry: NewAuditEntry = { at: this.#clock.now(), kind, key, clusterName, message }
    for (const place of this.#places) place(entry)
    for (const listener of this.#listeners) listener(entry)
  }

  onEntry(listener: AuditPlace): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
