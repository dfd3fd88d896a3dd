import { pseudoGtidPolicy } from '../../model/pseudo-gtid/policy.ts'
import { injectedForMilliseconds } from '../../model/pseudo-gtid/injection.ts'
import { keptForMilliseconds, noHistory, type PositionHistory, recorded, withoutRelay } from '../../model/pseudo-gtid/position-history.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Topology } from '../../model/topology/topology.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { PseudoGtidStore } from '../../ports/pseudo-gtid-store.ts'
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
  readonly changesNothing?: boolean
  /** Reads the server now, all of it. */
  look(key: InstanceKey): Promise<Instance | undefined>
  topology(): Topology
  /** Absent where nothing is remembered. */
  readonly store?: PseudoGtidStore
}

/** Everything about Pseudo-GTID that lives as long as the program. */
export class PseudoGtid {
  readonly matcher: Matcher
  readonly injected: InjectedClusters
  readonly injector: Injector
  readonly found: RememberedEntries
  /** This program writes the statements itself, and so knows where they are. */
  readonly injects: boolean
  readonly #parts: PseudoGtidParts
  #history: PositionHistory = noHistory

  constructor(parts: PseudoGtidParts, settings: PseudoGtidSettings, options: { readonly relayLogsOnly?: boolean } = {}) {
    const { clock, logs, look } = parts
    this.#parts = parts
    const { pattern, isFixedSubstring, monotonicHint, chunkSize } = settings
    this.injects = settings.injects
    this.found = new RememberedEntries(clock)
    this.injected = new InjectedClusters(clock, parts.store, parts.log)
    this.injector = new Injector(parts, this.injected, settings.injects)
    this.matcher = new Matcher(
      { logs, clock, look, found: this.found, get reasonableLagSeconds() { return settings.maintenanceLagSeconds }, history: () => this.#history },
      pseudoGtidPolicy({ pattern, isFixedSubstring, monotonicHint, chunkSize, skipContaining: settings.skipContaining ?? [], ...options }),
    )
  }

  /** What other processes wrote, and this one before it was started anew. */
  async load(): Promise<void> {
    const { store, clock } = this.#parts
    if (store === undefined || !this.matcher.policy.isConfigured) return
    for (const [clusterName, at] of await store.injected(clock.now() - injectedForMilliseconds)) this.injected.learn(clusterName, at)
    const stands = await store.stands()
    const known = Map.groupBy(stands, ({ key }) => key)
    this.#history = { stands: new Map([...known, ...this.#history.stands]) }
  }

  /** Where every server stands now, as a hint for later; `shares`: written for others, too. */
  async record(now: number, shares: boolean): Promise<void> {
    const { store, topology } = this.#parts
    const instances = [...topology().instances.values()]
    this.#history = recorded(this.#history, instances, now)
    if (!shares || store === undefined) return
    await store.record(instances.map(({ key, check, binlogCoordinates: own, replication }) =>
      ({ key, at: now, lastSeenAt: check.lastSeenAt, own, relay: replication?.relayLogCoordinates ?? null })), now - keptForMilliseconds)
  }

  /** Its relay logs begin anew. */
  sourceChanged(key: InstanceKey): void {
    this.#history = withoutRelay(this.#history, key)
    if (!this.matcher.policy.isConfigured) return
    this.#parts.store?.forgetRelay(key).catch((error: unknown) => this.#parts.log.error('where a replica stood could not be forgotten', { server: key, text: String(error) }))
  }
}
