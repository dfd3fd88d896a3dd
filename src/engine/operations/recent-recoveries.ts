import type { Recovery, RecoveryStep } from '../../model/recovery/records.ts'
import type { Store } from '../../ports/store.ts'

/** A step as it is told; its number comes with the store. */
export type NewStep = Omit<RecoveryStep, 'id'>

/** Pages of the store's list that are kept: what rows of clusters, former names and the tray need. */
const keptPages = 5

/** The newest recoveries and the last step of those that run, kept in memory so that no list of clusters waits for the store. */
export class RecentRecoveries {
  readonly #store: Store
  readonly #newestSteps = new Map<string, NewStep>()
  #recoveries: readonly Recovery[] = []

  constructor(store: Store) {
    this.#store = store
  }

  /** Newest first. */
  get list(): readonly Recovery[] {
    return this.#recoveries
  }

  newestStep(uid: string): NewStep | null {
    return this.#newestSteps.get(uid) ?? null
  }

  /** Reads anew; to be called at start, and when recoveries were changed by other means than events. */
  async load(): Promise<void> {
    const recoveries: Recovery[] = []
    for (let page = 0; page < keptPages; page++) {
      const rows = await this.#store.recoveries.list({ page })
      recoveries.push(...rows)
      if (rows.length === 0) break
    }
    this.#recoveries = recoveries
  }

  /** A recovery began, changed or ended. */
  note(recovery: Recovery): void {
    const others = this.#recoveries.filter(({ uid }) => uid !== recovery.uid)
    this.#recoveries = [recovery, ...others].sort((left, right) => right.startedAt - left.startedAt).slice(0, keptPages * 20)
    if (recovery.endedAt !== null) this.#newestSteps.delete(recovery.uid)
  }

  /** A recovery made a step; answers the recovery if it is one of those kept. */
  noteStep(step: NewStep): Recovery | null {
    const recovery = this.#recoveries.find(({ uid }) => uid === step.recoveryUid) ?? null
    if (recovery !== null && recovery.endedAt === null) this.#newestSteps.set(step.recoveryUid, step)
    return recovery
  }
}
