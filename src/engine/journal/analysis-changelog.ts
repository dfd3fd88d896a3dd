import type { Finding } from '../../model/analysis/finding.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Topology } from '../../model/topology/topology.ts'
import type { AnalysisChangeStore } from '../../ports/store-facts.ts'

/** Servers without failure are noted as this. */
const noProblem = 'NoProblem'

/** Notes when what is found of a server changes: for each server the code before, and one entry per change (contract backend-schema.md 6). */
export class AnalysisChangelog {
  readonly #store: AnalysisChangeStore
  #last: Map<InstanceKey, string> | null = null

  constructor(store: AnalysisChangeStore) {
    this.#store = store
  }

  /** Writes what changed since the last call; nothing when nothing did. */
  async note(findings: readonly Finding[], topology: Topology, at: number): Promise<void> {
    this.#last ??= new Map(await this.#store.last())
    const now = new Map(findings.map(({ key, code }) => [key, code] as const))
    for (const key of new Set([...now.keys(), ...this.#last.keys()])) {
      const code = now.get(key) ?? noProblem
      const before = this.#last.get(key)
      if (code === before || (before === undefined && code === noProblem)) continue
      if (code === noProblem && topology.get(key) === undefined) this.#last.delete(key) // forgotten, not mended
      else {
        // A server of which nothing was noted had no problem until now.
        await this.#store.note({ key, at, code })
        this.#last.set(key, code)
      }
    }
  }
}
