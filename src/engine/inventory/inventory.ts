import { upstreamOf } from '../../model/topology/cluster.ts'
import { errantGtidSet } from '../../model/topology/errant.ts'
import { bareInstance } from '../../model/topology/fresh-instance.ts'
import type { Downtime, Instance, Maintenance, PromotionRule } from '../../model/topology/instance.ts'
import { hostOf, type InstanceKey } from '../../model/topology/instance-key.ts'
import { type Decisions, Topology } from '../../model/topology/topology.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { ServerFacts } from '../../ports/servers.ts'
import type { Store } from '../../ports/store.ts'
import { Announcer, type ChangeListener } from './announcer.ts'
import { ClusterDecisions } from './cluster-decisions.ts'
import { DecidedAside } from './decided-aside.ts'
import { Forgotten } from './forgotten.ts'
import { failedCheck, instanceFromFacts, toldInstance } from './instance-from-facts.ts'
import type { Observation } from './observation.ts'
import { Records } from './records.ts'
import { type FlushFigure, SaveBehind, type SaveStatus } from './save-behind.ts'
import type { InventorySettings } from './settings.ts'

export interface InventoryOptions {
  readonly clock: Pick<Clock, 'now' | 'monotonic' | 'after'>
  readonly log: Log
  readonly store: Pick<Store, 'aliases' | 'domains' | 'recoverySwitch'> & { readonly instances: Omit<Store['instances'], 'keys'>; readonly candidates: Pick<Store['candidates'], 'register'> }
  readonly settings: InventorySettings
}

/** A forgotten server is neither read nor written for so many intervals (contract discovery.md 11). */
const forgottenIntervals = 3

/** The one owner of the current topology: takes what probes found and what people decided, hands out numbered snapshots, loads and saves. */
export class Inventory {
  readonly #options: InventoryOptions
  readonly #records: Records
  readonly #aside = new DecidedAside()
  readonly #saving: SaveBehind
  /** When the reading that each record shows began; older readings that end later are dropped. */
  readonly #readFrom = new Map<InstanceKey, number>()
  readonly #probeWays = new Map<InstanceKey, NonNullable<ServerFacts['probeWay']>>()
  readonly #forgotten: Forgotten
  readonly #announcer: Announcer
  readonly #decided: ClusterDecisions
  #number = 0
  #snapshot: Topology | null = null

  constructor(options: InventoryOptions) {
    this.#options = options
    this.#announcer = new Announcer(options.log)
    this.#forgotten = new Forgotten(options.clock)
    this.#decided = new ClusterDecisions({
      settings: options.settings, store: options.store, instances: () => this.#records.all.values(), countBelow: ({ key }) => this.#records.countBelow(key),
      changed: () => this.#changed(null, true), writes: (what, written) => this.#writes(what, written),
    })
    this.#saving = new SaveBehind({
      store: options.store, clock: options.clock, log: options.log, get: key => this.#records.get(key),
      settings: options.settings,
    })
    this.#records = new Records({ changed: (key, isNews) => this.#changed(key, isNews), clustersChanged: () => this.#decided.serversChanged(), unsaved: key => this.#saving.add(key) })
  }

  /** What was remembered from an earlier run; rejects when the store fails, for nothing can be decided without it. */
  async load(): Promise<void> {
    const { store } = this.#options
    const [instances, aliases, domains, recoveriesDisabled] = await Promise.all([
      store.instances.load(), store.aliases.loadByHand(), store.domains.load(), store.recoverySwitch.load(),
    ])
    for (const instance of instances) this.#records.put(instance)
    // They stand in the store as they are, or newer by now: another process may be writing there.
    for (const { key } of instances) this.#saving.drop(key)
    this.#decided.load(aliases, { domains, recoveriesDisabled })
  }

  /** The current snapshot; made when it is asked for after a change. */
  get topology(): Topology {
    this.#snapshot ??= new Topology(++this.#number, new Map(this.#records.all), this.#decided.current)
    return this.#snapshot
  }

  get(key: InstanceKey): Instance | undefined {
    return this.#records.get(key)
  }

  keys(): IterableIterator<InstanceKey> {
    return this.#records.all.keys()
  }

  probeWay(key: InstanceKey): ServerFacts['probeWay'] {
    return this.#probeWays.get(key)
  }

  get saveStatus(): SaveStatus {
    return this.#saving.status
  }

  clusterNameOf(key: InstanceKey): string {
    return this.#records.get(key)?.clusterName ?? ''
  }

  isForgotten(key: InstanceKey): boolean {
    return this.#forgotten.has(key)
  }

  /** Somebody asks for a server that was forgotten. */
  remember(key: InstanceKey): void {
    this.#forgotten.delete(key)
  }

  hasReplicas(key: InstanceKey): boolean {
    return this.#records.hasBelow(key)
  }

  /** Told once for all that changed in one go. The answer unsubscribes. */
  onChange(listener: ChangeListener): () => void {
    return this.#announcer.onChange(listener)
  }

  /** Takes in one reading and answers the record as it is now; undefined when it is of a server that is not (or no longer) remembered. */
  apply(observation: Observation): Instance | undefined {
    const key = observation.outcome === 'read' ? observation.facts.key : observation.asked
    if (this.isForgotten(key) || this.isForgotten(observation.asked)) return undefined
    const previous = this.#records.get(key)
    if (observation.startedAtMonotonic < (this.#readFrom.get(key) ?? -Infinity)) return previous
    if (observation.outcome === 'failed') {
      if (previous === undefined) return undefined
      this.#readFrom.set(key, observation.startedAtMonotonic)
      return this.#records.put(failedCheck(observation, previous))
    }
    this.#readFrom.set(key, observation.startedAtMonotonic)
    return this.#takeIn(observation, previous)
  }

  /** Remembers a server of which nothing is known yet. False when it is known, or forgotten on purpose. */
  addBare(key: InstanceKey): boolean {
    if (this.#records.all.has(key) || this.isForgotten(key)) return false
    this.#records.put(this.#aside.take(bareInstance(key)))
    return true
  }

  /** What another manager read of a server that was never read here is as good as a memory of one's own, until it is read. False: it is not needed. */
  believe(told: Instance): boolean {
    const before = this.#records.get(told.key)
    if (this.isForgotten(told.key) || (before !== undefined && before.check.lastSeenAt !== null)) return false
    const instance = toldInstance(told, before ?? this.#aside.take(bareInstance(told.key)), this.#options.clock.now())
    this.#records.put(Object.assign(instance, this.#records.identityOf(instance)))
    return true
  }

  /** The server asked as `former` told another name: whoever was filed below the former one belongs below the new one. */
  renamed(former: InstanceKey, name: InstanceKey): void {
    if (former === name) return
    for (const key of this.#records.below(former)) {
      const instance = this.#records.get(key)
      if (instance?.replication?.source === former) this.#records.put({ ...instance, replication: { ...instance.replication, source: name } })
    }
    const old = this.#records.get(former)
    if (old === undefined) return
    this.#remove(former)
    void this.#options.store.instances.forget([former]).catch((error: unknown) =>
      this.#options.log.error('a record under a former name could not be removed from the store', { server: former, text: String(error) }))
  }

  /** Removes records; nothing reads or writes these servers for three poll intervals. */
  async forget(keys: readonly InstanceKey[]): Promise<void> {
    const milliseconds = forgottenIntervals * this.#options.settings.pollIntervalSeconds * 1000
    for (const key of keys) {
      this.#forgotten.add(key, milliseconds)
      this.#remove(key)
    }
    await this.#options.store.instances.forget(keys)
  }

  /**
   * Records that another process wrote to the store which they share: they stand here as they are, unless what was read here is newer. Nothing is written, and
   * what hangs below them is not worked out anew, because that process has done so.
   */
  follow(instances: readonly Instance[], domains: ReadonlyMap<string, string>): void {
    for (const instance of instances) {
      const before = this.#records.get(instance.key)
      if (this.isForgotten(instance.key) || (before !== undefined && isOlder(instance, before))) continue
      if (this.#records.adopt(instance)) this.#readFrom.delete(instance.key)
    }
    this.#decided.followDomains(domains)
  }

  /** As far as is known the store has this record as it is here. */
  isSaved(key: InstanceKey): boolean {
    return !this.#saving.isWaiting(key)
  }

  /** Batches that were written to the store since then, ms since 1970. */
  flushesSince(from: number): readonly FlushFigure[] {
    return this.#saving.flushesSince(from)
  }

  setDowntime(key: InstanceKey, downtime: Downtime | null): void {
    this.#decideOf(key, { downtime })
    this.#decided.serversChanged()
  }

  setMaintenance(key: InstanceKey, maintenance: Maintenance | null): void {
    this.#decideOf(key, { maintenance })
  }

  setPromotionRule(key: InstanceKey, promotionRule: PromotionRule): void {
    this.#decideOf(key, { promotionRule })
  }

  /** The name that replicas of servers on this host are told; '' ends it. */
  setVirtualName(host: string, name: string): void {
    this.#aside.setVirtualName(host, name)
    for (const key of this.#records.all.keys()) if (hostOf(key) === host) this.#records.edit(key, instance => ({ ...instance, unresolvedHostname: name }))
  }

  /** Aliases by patterns of the settings are as the settings are now. */
  settingsChanged(): void {
    this.#decided.serversChanged()
    this.#snapshot = null
  }

  /** '' takes a decision back. */
  setAlias(clusterName: string, alias: string): void {
    this.#decided.setAlias(clusterName, alias)
  }

  /** A cluster's primary changed, and with it the cluster's name: what was decided for the old name is for the new one. */
  renameCluster(from: string, to: string): void {
    this.#decided.renameCluster(from, to)
  }

  setRecoveriesDisabled(recoveriesDisabled: Decisions['recoveriesDisabled']): void {
    this.#decided.setRecoveriesDisabled(recoveriesDisabled)
  }

  /** Writes all that is not written yet, as far as the store works. */
  async flush(): Promise<void> {
    await this.#saving.flush()
    if (this.#saving.status.failing === null) await this.#options.store.instances.flush()
  }

  /** Writes what is not written yet. */
  async close(): Promise<void> {
    this.#announcer.close()
    await this.#saving.close()
  }

  #takeIn(observation: Extract<Observation, { outcome: 'read' }>, previous: Instance | undefined): Instance {
    const { facts } = observation
    const read = previous === undefined ? this.#aside.take(instanceFromFacts(observation, previous)) : instanceFromFacts(observation, previous)
    const identified = Object.assign(read, this.#records.identityOf(read))
    const errant = errantGtidSet(identified, previous, upstreamOf(identified, key => this.#records.get(key)))
    const instance = this.#records.put(Object.assign(identified, { errantGtidSet: errant }))
    if (facts.probeWay !== undefined) this.#probeWays.set(facts.key, facts.probeWay)
    if (facts.detectedPromotionRule !== null) this.#writes('promotion rule', this.#options.store.candidates.register(facts.key, facts.detectedPromotionRule, observation.at))
    if (facts.detectedClusterDomain !== '' && instance.replicationDepth === 0) this.#decided.noteDomain(instance.clusterName, facts.detectedClusterDomain)
    return instance
  }

  #decideOf(key: InstanceKey, decided: Partial<Pick<Instance, 'downtime' | 'maintenance' | 'promotionRule'>>): void {
    if (this.#records.all.has(key)) this.#records.edit(key, instance => ({ ...instance, ...decided }))
    else this.#aside.change(key, before => ({ ...before, ...decided }))
  }

  #remove(key: InstanceKey): void {
    const gone = this.#records.get(key)
    if (gone === undefined) return
    this.#aside.keep(key, gone)
    this.#readFrom.delete(key)
    this.#probeWays.delete(key)
    this.#saving.drop(key)
    this.#records.remove(key)
  }

  #writes(what: string, written: Promise<void>): void {
    written.catch((error: unknown) => this.#options.log.error(`a ${what} could not be stored`, { text: String(error) }))
  }

  /** The next snapshot is another one. Null: no single server changed. */
  #changed(key: InstanceKey | null, isNews: boolean): void {
    this.#snapshot = null
    if (isNews) this.#announcer.tell(key)
  }
}

/** The store keeps times of checks in whole seconds. */
const isOlder = ({ check }: Instance, { check: known }: Instance): boolean => (check.lastAttemptedAt ?? 0) + 1000 <= (known.lastAttemptedAt ?? 0)
