import type { GroupStanding } from '../../ports/group.ts'

/** Who wants to hear how a group stands. Each hears of a change once; how far members are with the log is none. */
export class StandingListeners {
  readonly #listeners = new Set<(standing: GroupStanding) => void>()
  readonly #failed: (error: unknown) => void
  #told = ''

  /** `failed`: one of them threw; the others hear of it all the same. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed
  }

  /** The answer unsubscribes. */
  on(listener: (standing: GroupStanding) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(standing: GroupStanding): void {
    const members = standing.members.map(member => ({ ...member, matched: null }))
    const now = JSON.stringify({ ...standing, members, log: null, says: standing.says.code })
    if (now === this.#told) return
    this.#told = now
    for (const listener of this.#listeners) {
      try {
        listener(standing)
      } catch (error) {
        this.#failed(error)
      }
    }
  }

  clear(): void {
    this.#listeners.clear()
  }
}
