import { type ClusterIdentity, clusterIdentity, upstreamOf } from '../../model/topology/cluster.ts'
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
import { isNews } from './changes.ts'
import { ClusterDecisions } from './cluster-decisions.ts'
import { DecidedAside } from './decided-aside.ts'
import { Forgotten } from './forgotten.ts'
import { failedCheck, instanceFromFacts, toldInstance } from './instance-from-facts.ts'
import type { Observation } from './observation.ts'
import { isSame, reuseParts } from './same.ts'
import { type FlushFigure, SaveBehind, type SaveStatus } from './save-behind.ts'
import type { InventorySettings } from './settings.ts'
import { UpstreamIndex } from './upstream-index.ts'

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
  readonly #instances = new Map<InstanceKey, Instance>()
  readonly #index = new UpstreamIndex()
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
      settings: options.settings, store: options.store, instances: () => this.#instances.values(), countBelow: ({ key }) => this.#index.countBelow(key),
      changed: () => this.#changed(null), writes: (what, written) => this.#writes(what, written),
    })
    this.#saving = new SaveBehind({
      store: options.store, clock: options.clock, log: options.log, get: key => this.#instances.get(key),
      settings: options.settings,
    })
  }

  /** What was remembered from an earlier run; rejects when the store fails, for nothing can be decided without it. */
  async load(): Promise<void> {
    const { store } = this.#options
    const [instances, aliases, domains, recoveriesDisabled] = await Promise.all([
      store.instances.load(), store.aliases.loadByHand(), store.domains.load(), store.recoverySwitch.load(),
    ])
    for (const instance of instances) this.#put(instance)
    // They stand in the store as they are, or newer by now: another process may be writing there.
    for (const { key } of instances) this.#saving.drop(key)
    this.#decided.load(aliases, { domains, recoveriesDisabled })
  }

  /** The current snapshot; made when it is asked for after a change. */
  get topology(): Topology {
    this.#snapshot ??= new Topology(++this.#number, new Map(this.#instances), this.#decided.current)
    return this.#snapshot
  }

  get(key: InstanceKey): Instance | undefined {
    return this.#instances.get(key)
  }

  keys(): IterableIterator<InstanceKey> {
    return this.#instances.keys()
  }

  probeWay(key: InstanceKey): ServerFacts['probeWay'] {
    return this.#probeWays.get(key)
  }

  get saveStatus(): SaveStatus {
    return this.#saving.status
  }

  clusterNameOf(key: InstanceKey): string {
    return this.#instances.get(key)?.clusterName ?? ''
  }

  isForgotten(key: InstanceKey): boolean {
    return this.#forgotten.has(key)
  }

  /** Somebody asks for a server that was forgotten. */
  remember(key: InstanceKey): void {
    this.#forgotten.delete(key)
  }

  hasReplicas(key: InstanceKey): boolean {
    return this.#index.hasBelow(key)
  }

  /** Told once for all that changed in one go. The answer unsubscribes. */
  onChange(listener: ChangeListener): () => void {
    return this.#announcer.onChange(listener)
  }

  /** Takes in one reading and answers the record as it is now; undefined when it is of a server that is not (or no longer) remembered. */
  apply(observation: Observation): Instance | undefined {
    const key = observation.outcome === 'read' ? observation.facts.key : observation.asked
    if (this.isForgotten(key) || this.isForgotten(observation.asked)) return undefined
    const previous = this.#instances.get(key)
    if (observation.startedAtMonotonic < (this.#readFrom.get(key) ?? -Infinity)) return previous
    if (observation.outcome === 'failed') {
      if (previous === undefined) return undefined
      this.#readFrom.set(key, observation.startedAtMonotonic)
      return this.#put(failedCheck(observation, previous))
    }
    this.#readFrom.set(key, observation.startedAtMonotonic)
    return this.#takeIn(observation, previous)
  }

  /** Remembers a server of which nothing is known yet. False when it is known, or forgotten on purpose. */
  addBare(key: InstanceKey): boolean {
    if (this.#instances.has(key) || this.isForgotten(key)) return false
    this.#put(this.#aside.take(bareInstance(key)))
    return true
  }

  /** What another manager read of a server that was never read here is as good as a memory of one's own, until it is read. False: it is not needed. */
  believe(told: Instance): boolean {
    const before = this.#instances.get(told.key)
    if (this.isForgotten(told.key) || (before !== undefined && before.check.lastSeenAt !== null)) return false
    const instance = toldInstance(told, before ?? this.#aside.take(bareInstance(told.key)), this.#options.clock.now())
    this.#put(Object.assign(instance, this.#identityOf(instance)))
    return true
  }

  /** The server asked as `former` told another name: whoever was filed below the former one belongs below the new one. */
  renamed(former: InstanceKey, name: InstanceKey): void {
    if (former === name) return
    for (const key of this.#index.below(former)) {
      const instance = this.#instances.get(key)
      if (instance?.replication?.source === former) this.#put({ ...instance, replication: { ...instance.replication, source: name } })
    }
    const old = this.#instances.get(former)
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
      const before = this.#instances.get(instance.key)
      if (this.isForgotten(instance.key) || (before !== undefined && isOlder(instance, before))) continue
      const next = before === undefined ? instance : sharingParts(instance, before)
      if (before !== undefined && isSame(next, before)) continue
      this.#instances.set(next.key, next)
      this.#index.set(next)
      this.#readFrom.delete(next.key)
      this.#decided.serversChanged()
      this.#changed(next.key)
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
    for (const key of this.#instances.keys()) if (hostOf(key) === host) this.#edit(key, instance => ({ ...instance, unresolvedHostname: name }))
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
    const identified = Object.assign(read, this.#identityOf(read))
    const errant = errantGtidSet(identified, previous, upstreamOf(identified, key => this.#instances.get(key)))
    const instance = this.#put(Object.assign(identified, { errantGtidSet: errant }))
    if (facts.probeWay !== undefined) this.#probeWays.set(facts.key, facts.probeWay)
    if (facts.detectedPromotionRule !== null) this.#writes('promotion rule', this.#options.store.candidates.register(facts.key, facts.detectedPromotionRule, observation.at))
    if (facts.detectedClusterDomain !== '' && instance.replicationDepth === 0) this.#decided.noteDomain(instance.clusterName, facts.detectedClusterDomain)
    return instance
  }

  /** By the record as it was just read, also where a ring leads back to it. */
  #identityOf(instance: Instance): ClusterIdentity {
    return clusterIdentity(instance, key => (key === instance.key ? instance : this.#instances.get(key)))
  }

  #decideOf(key: InstanceKey, decided: Partial<Pick<Instance, 'downtime' | 'maintenance' | 'promotionRule'>>): void {
    if (this.#instances.has(key)) this.#edit(key, instance => ({ ...instance, ...decided }))
    else this.#aside.change(key, before => ({ ...before, ...decided }))
  }

  #edit(key: InstanceKey, change: (instance: Instance) => Instance): void {
    const instance = this.#instances.get(key)
    if (instance !== undefined) this.#put(change(instance))
  }

  /** Puts a record, which becomes the inventory's own, in its place; a changed identity goes down to all that hang below. */
  #put(next: Instance): Instance {
    const before = this.#instances.get(next.key)
    const instance = before === undefined ? next : sharingParts(next, before)
    this.#instances.set(next.key, instance)
    this.#index.set(instance)
    this.#snapshot = null
    if (before === undefined || isNews(before, instance)) this.#announcer.tell(next.key)
    this.#saving.add(next.key)
    if (before === undefined || identityDiffers(before, instance)) {
      this.#decided.serversChanged()
      this.#passDown(instance.key)
    } else if (before.readOnly !== instance.readOnly || before.check.failure?.kind !== instance.check.failure?.kind) this.#decided.serversChanged()
    return instance
  }

  /** Recomputes the identity of those below, level by level; each server at most once, so that a ring ends. */
  #passDown(from: InstanceKey): void {
    const seen = new Set([from])
    const waiting = [...this.#index.below(from)]
    for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) {
      if (seen.has(key)) continue
      seen.add(key)
      const instance = this.#instances.get(key)
      if (instance === undefined) continue
      const moved = { ...instance, ...this.#identityOf(instance) }
      if (!identityDiffers(instance, moved)) continue
      this.#instances.set(key, moved)
      this.#announcer.tell(key)
      this.#saving.add(key)
      waiting.push(...this.#index.below(key))
    }
  }

  #remove(key: InstanceKey): void {
    const gone = this.#instances.get(key)
    if (gone === undefined) return
    this.#aside.keep(key, gone)
    this.#instances.delete(key)
    this.#index.remove(key)
    this.#readFrom.delete(key)
    this.#probeWays.delete(key)
    this.#saving.drop(key)
    this.#decided.serversChanged()
    this.#changed(key)
    for (const below of this.#index.below(key)) this.#edit(below, instance => ({ ...instance, ...this.#identityOf(instance) }))
  }

  #writes(what: string, written: Promise<void>): void {
    written.catch((error: unknown) => this.#options.log.error(`a ${what} could not be stored`, { text: String(error) }))
  }

  /** The next snapshot is another one. Null: no single server changed. */
  #changed(key: InstanceKey | null): void {
    this.#snapshot = null
    this.#announcer.tell(key)
  }
}

/** Parts that did not change are the same objects as before, and the counting channel is one of all channels: one object where there is only one. */
function sharingParts(fresh: Instance, before: Instance): Instance {
  const { replication, channels } = reuseParts(fresh, before)
  const isTwice = replication !== null && channels.length === 1 && channels[0] !== replication && channels[0]?.channel === replication.channel
  return isTwice ? Object.assign(fresh, { channels: [replication] }) : fresh
}

/** The store keeps times of checks in whole seconds. */
const isOlder = ({ check }: Instance, { check: known }: Instance): boolean => (check.lastAttemptedAt ?? 0) + 1000 <= (known.lastAttemptedAt ?? 0)

const identityDiffers = (left: Instance, right: Instance): boolean =>
  left.clusterName !== right.clusterName || left.replicationDepth !== right.replicationDepth || left.isCoPrimary !== right.isCoPrimary
  || left.ancestryUuid !== right.ancestryUuid || left.suggestedClusterAlias !== right.suggestedClusterAlias
