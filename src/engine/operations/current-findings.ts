import type { Finding, Outlook } from '../../model/analysis/finding.ts'
import type { Topology } from '../../model/topology/topology.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ForeseenFinding } from './views/finding-view.ts'

/** Who analyses, decides and remembers: the recovery engine. */
export interface FindingSources {
  /** Downtimed ones included; servers with neither failure nor warning are not. */
  findings(): readonly Finding[]
  outlook(finding: Finding): Outlook
  /** Since when it has held, ms since 1970. */
  since(finding: Finding): number | null
}

/** An analysis of the same snapshot is used again for so long; the rules also look at the time. */
const keptMilliseconds = 200

/** What is wrong now, kept for a moment so that many questions cost one analysis. */
export class CurrentFindings {
  readonly #sources: FindingSources
  readonly #topology: () => Topology
  readonly #clock: Clock
  #findings: readonly Finding[] = []
  #snapshot = -1
  #at = -Infinity

  constructor(sources: FindingSources, topology: () => Topology, clock: Clock) {
    this.#sources = sources
    this.#topology = topology
    this.#clock = clock
  }

  list(): readonly Finding[] {
    const { number } = this.#topology()
    const now = this.#clock.monotonic()
    if (number === this.#snapshot && now - this.#at < keptMilliseconds) return this.#findings
    this.#findings = this.#sources.findings()
    this.#snapshot = number
    this.#at = now
    return this.#findings
  }

  foreseen(): readonly ForeseenFinding[] {
    return this.list().map(finding => ({ finding, outlook: this.#sources.outlook(finding), since: this.#sources.since(finding) }))
  }
}
