import { pseudoGtidPolicy } from '../../model/pseudo-gtid/policy.ts'
import { noHistory, type PositionHistory, recorded, withoutRelay } from '../../model/pseudo-gtid/position-history.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Topology } from '../../model/topology/topology.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { LogEvents } from '../../ports/log-events.ts'
import type { Random } from '../../ports/random.ts'
import { RememberedEntries } from './found-entries.ts'
import { InjectedClusters } from './injected-clusters.ts'
import { Injector } from './injector.ts'
import { Matcher } from './matcher.ts'
import type { PseudoGtidSettings } from './settings.ts'

export interface PseudoGtidParts {
  readonly logs: LogEvents
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Reads the server now, all of it. */
  look(key: InstanceKey): Promise<Instance | undefined>
  topology(): Topology
}

/** Everything about Pseudo-GTID that lives as long as the program. */
export class PseudoGtid {
  readonly matcher: Matcher
  readonly injected: InjectedClusters
  readonly injector: Injector
  readonly found: RememberedEntries
  /** This program writes the statements itself, and so knows where they are. */
  readonly injects: boolean
  #history: PositionHistory = noHistory

  constructor(parts: PseudoGtidParts, settings: PseudoGtidSettings, options: { readonly relayLogsOnly?: boolean } = {}) {
    const { clock, logs, look } = parts
    const { pattern, isFixedSubstring, monotonicHint, chunkSize, maintenanceLagSeconds } = settings
    this.injects = settings.injects
    this.found = new RememberedEntries(clock)
    this.injected = new InjectedClusters(clock)
    this.injector = new Injector(parts, this.injected, settings.injects)
    this.matcher = new Matcher(
      { logs, clock, look, found: this.found, reasonableLagSeconds: maintenanceLagSeconds, history: () => this.#history },
      pseudoGtidPolicy({ pattern, isFixedSubstring, monotonicHint, chunkSize, skipContaining: settings.skipContaining ?? [], ...options }),
    )
  }

  /** Where every server stands now, as a hint for later. */
  record(topology: Topology, now: number): void {
    this.#history = recorded(this.#history, topology.instances.values(), now)
  }

  /** Its relay logs begin anew. */
  sourceChanged(key: InstanceKey): void {
    this.#history = withoutRelay(this.#history, key)
  }
}
