import { derivedObject } from '../../kit/derived.ts'
import { fail, ok, type Result } from '../../kit/result.ts'
import type { Trigger } from '../../model/recovery/evidence.ts'
import type { Instance, ServerFailure } from '../../model/topology/instance.ts'
import { type InstanceKey, isValidKey, parseInstanceKey } from '../../model/topology/instance-key.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Names } from '../../ports/names.ts'
import type { ProbeOptions, Servers } from '../../ports/servers.ts'
import type { HostName } from '../../ports/store-facts.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { type Filters, discoveryFilters } from './filters.ts'
import { HostNames } from './host-names.ts'
import { Latencies } from './latencies.ts'
import { neighboursOf } from './neighbours.ts'
import { Newcomers } from './newcomers.ts'
import { PollLoop } from './poll-loop.ts'
import { PollMetrics } from './poll-metrics.ts'
import { QueueSamples } from './queue-samples.ts'
import { type ReadAnswer, Reader } from './reader.ts'
import type { DiscoverySettings } from './settings.ts'
import { Unseen } from './unseen.ts'

export interface DiscoveryOptions {
  readonly servers: Servers
  readonly inventory: Inventory
  readonly names: Names
  readonly clock: Clock
  readonly log: Log
  readonly settings: DiscoverySettings
  /** Removes servers that were not seen for long, wherever that has to be told. */
  readonly forgetUnseen: (keys: readonly InstanceKey[]) => Promise<void>
  readonly audit: (kind: string, key: InstanceKey | null, message: string) => void
  /** Keeps a resolved name for other processes and later runs. */
  readonly writeName?: (name: HostName) => void
}

export interface DiscoveryStatus {
  readonly queued: number
  readonly active: number
  readonly deadQueued: number
  /** Servers whose last poll failed. */
  readonly dead: number
  readonly attempts: number
  readonly failures: number
  /** How often a server was found dead, each time anew. */
  readonly deaths: number
  /** Polls that were due while the one before was still under way. */
  readonly overlaps: number
}

/** Probes that evidence asks for end by then, unless the caller says otherwise. */
const evidenceDeadlineMilliseconds = 1_000
/** A reading that began so short a time ago is evidence too. */
const sharedMilliseconds = 20
/** A source that has not answered by then makes somebody look, long before its reading has failed; one that is far has so many times what it usually takes. */
const slowMilliseconds = 200
const slowTimes = 3
/** Finds servers and keeps what is known of them fresh: the poll loop, new neighbours, seeds, and probes out of turn. */
export class Discovery {
  readonly #options: DiscoveryOptions
  readonly #filters: Filters
  readonly #names: HostNames
  readonly #reader: Reader
  readonly #loop: PollLoop
  readonly #newcomers = new Newcomers()
  readonly #latencies = new Latencies()
  readonly #unseen: Unseen
  readonly #listeners = new Set<(trigger: Trigger) => void>()
  readonly #unsubscribe: (() => void)[] = []
  readonly metrics: PollMetrics
  readonly queueSamples: QueueSamples
  #attempts = 0
  #failures = 0
  #deaths = 0

  constructor(options: DiscoveryOptions) {
    const { servers, inventory, clock, log, settings, forgetUnseen } = options
    this.#options = options
    this.#filters = derivedObject(settings, discoveryFilters)
    this.#names = new HostNames(options, settings)
    this.metrics = new PollMetrics(settings.metricsSeconds)
    this.queueSamples = new QueueSamples(settings.queueSamplesMost)
    this.#reader = new Reader({
      servers, inventory, clock, log, names: this.#names, filters: this.#filters, metrics: this.metrics, latencies: this.#latencies, emit: trigger => this.#emit(trigger),
    })
    this.#unseen = new Unseen({ inventory, clock, log, settings, forget: forgetUnseen })
    this.#loop = new PollLoop({
      clock, settings, isPolled: key => this.#reader.isReadingInFull(key), housekeep: () => this.#unseen.forget(),
      poll: async key => { if (!inventory.isForgotten(key)) await this.#readAndFollow(key) }, pulse: key => this.#takePulse(key),
    })
  }

  /** Begins to poll: everything known and every seed at once, then each server at its place in the interval. */
  start(): void {
    if (this.#loop.isRunning) return
    const { servers, inventory } = this.#options
    this.#plantSeeds()
    this.#loop.start([...inventory.keys()].filter(key => this.#isPolled(key)))
    this.#unsubscribe.push(
      servers.onConnectionLost((key, failure) => this.#connectionLost(key, failure)),
      inventory.onChange(changed => this.#planAnew(changed)),
    )
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe()
    await this.#loop.stop()
  }

  get status(): DiscoveryStatus {
    return { ...this.#loop.status, attempts: this.#attempts, failures: this.#failures, deaths: this.#deaths }
  }

  /** Notes how full the queues are; called once a second. */
  sampleQueues(): void {
    this.#loop.sampleQueues(this.queueSamples)
  }

  /** How long a server takes to answer when it is well; 0: not known. */
  usualMilliseconds(key: InstanceKey): number {
    return this.#latencies.of(key)
  }

  get hostNames(): HostNames {
    return this.#names
  }

  /** Told at once, before the neighbourhood was asked. The answer unsubscribes. */
  onEvidence(listener: (trigger: Trigger) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The key a server would be filed under. */
  async resolve(key: InstanceKey): Promise<Result<InstanceKey, ServerFailure>> {
    if (!isValidKey(key)) return fail({ kind: 'name-unknown', number: null, text: `${key} is not the address of a server` })
    return ok(await this.#names.resolveKey(key))
  }

  /** Reads a server in the foreground and remembers it, then follows whom it names; `learnsAgain` as in ProbeOptions. Null: settings say not to. */
  async discover(asked: InstanceKey, how: Pick<ProbeOptions, 'learnsAgain'> = {}): Promise<ReadAnswer> {
    const resolved = await this.resolve(asked)
    if (!resolved.ok) return resolved
    const key = resolved.value
    if (this.#isIgnored(key)) return ok(null)
    this.#options.inventory.remember(key)
    return this.#readAndFollow(key, how)
  }

  /** Reads now and answers the record; undefined when the server could not be read. A reading that began before this call is not shared. */
  async look(key: InstanceKey, deadlineMilliseconds: number, depth: ProbeOptions['depth'] = 'replication'): Promise<Instance | undefined> {
    const answer = await this.#reader.read(key, { depth, deadlineMilliseconds }, this.#now)
    return answer.ok ? (answer.value ?? undefined) : undefined
  }

  get(key: InstanceKey): Instance | undefined {
    return this.#options.inventory.get(key)
  }

  /** Evidence: reads these servers at the same time, sharing readings that have just begun. Undefined where a server could not be read. */
  async probeNow(
    keys: readonly InstanceKey[], depth: ProbeOptions['depth'] = 'replication', deadlineMilliseconds = evidenceDeadlineMilliseconds,
  ): Promise<ReadonlyMap<InstanceKey, Instance | undefined>> {
    const since = this.#now - sharedMilliseconds
    const read = await Promise.all([...new Set(keys)].filter(isValidKey).map(async key => {
      const answer = await this.#reader.read(key, { depth, deadlineMilliseconds }, since)
      return [key, answer.ok ? (answer.value ?? undefined) : undefined] as const
    }))
    return new Map(read)
  }

  async readAgain(keys: readonly InstanceKey[]): Promise<void> {
    await this.probeNow(keys, 'full', this.#pollDeadline)
  }

  async #readAndFollow(key: InstanceKey, how: Pick<ProbeOptions, 'learnsAgain'> = {}): Promise<ReadAnswer> {
    const { inventory, settings, log } = this.#options
    const { plan } = this.#loop
    this.#attempts++
    const wasDead = plan.isDead(key)
    const answer = await this.#heard(key, this.#reader.read(key, { ...how, depth: 'full', deadlineMilliseconds: this.#pollDeadline }))
    const now = this.#now
    if (answer.ok) {
      if (wasDead) log.info('a server can be read again', { server: key })
      this.#newcomers.came(key)
      plan.succeeded(answer.value?.key ?? key, now)
      if (answer.value !== null) this.#follow(answer.value)
      return answer
    }
    this.#failures++
    const { failure: { kind, text, grant } } = answer
    if (inventory.get(key) === undefined) {
      this.#unknownFailed(key)
      log.debug('a server that others name could not be read', { server: key, kind, text, grant })
    } else {
      plan.failed(key, now)
      if (!wasDead && plan.isDead(key)) this.#deaths++
      if (!wasDead) log.warning('a server cannot be read', { server: key, kind, text, grant })
      else if (settings.logDead) log.debug('a server still cannot be read', { server: key, kind, text, nextInSeconds: Math.round(((plan.dueAt(key) ?? now) - now) / 1000) })
    }
    return answer
  }

  /** A server that somebody names could not be read: again after an interval. One that feeds a replica exists all the same. */
  #unknownFailed(key: InstanceKey): void {
    const { inventory, audit } = this.#options
    this.#newcomers.failed(key, this.#now + this.#interval)
    if (inventory.topology.replicasOf(key).some(replica => replica.replication?.receiver === 'running') && inventory.addBare(key)) audit('inject-unseen-masters', key, 'Operations: 1')
  }

  #follow(instance: Instance): void {
    if (!this.#loop.isRunning) return
    for (const key of neighboursOf(instance, this.#filters)) {
      if (this.#options.inventory.get(key) === undefined && !this.#options.inventory.isForgotten(key) && this.#newcomers.mayTry(key, this.#now)) this.#loop.enqueue(key)
    }
  }

  /** A source is asked for a sign of life between polls, so that one that hangs is noticed in seconds whatever the interval. */
  #takePulse(key: InstanceKey): void {
    if (!this.#options.inventory.hasReplicas(key) || this.#reader.isReading(key)) return
    void this.#heard(key, this.#reader.read(key, { depth: 'replication', deadlineMilliseconds: this.#options.settings.connectTimeoutSeconds * 1000 }))
  }

  /** Says so while a source lets wait for its answer. */
  #heard(key: InstanceKey, reading: Promise<ReadAnswer>): Promise<ReadAnswer> {
    const { inventory, clock } = this.#options
    if (!inventory.hasReplicas(key)) return reading
    return reading.finally(clock.after(Math.max(slowMilliseconds, slowTimes * this.#latencies.of(key)), () => this.#emit({ noticed: 'probe-slow', server: key })))
  }

  #connectionLost(key: InstanceKey, failure: ServerFailure): void {
    if (this.#options.inventory.get(key) === undefined) return
    this.#options.log.info('the connection to a server ended', { server: key, text: failure.text })
    this.#emit({ noticed: 'connection-lost', server: key })
    void this.probeNow([key])
  }

  #emit(trigger: Trigger): void {
    for (const listener of this.#listeners) {
      try {
        listener(trigger)
      } catch (error) {
        this.#options.log.error('a listener of discovery failed', { text: error instanceof Error ? (error.stack ?? error.message) : String(error) })
      }
    }
  }

  #plantSeeds(): void {
    const { settings, inventory, audit, log } = this.#options
    for (const text of settings.seeds) {
      const seed = parseInstanceKey(text, settings.defaultPort)
      if (!seed.ok) log.error('a seed is not the address of a server', { seed: text, text: seed.failure })
      else if (!this.#isIgnored(seed.value) && inventory.addBare(seed.value)) audit('inject-seed', seed.value, '')
    }
  }

  #isIgnored(key: InstanceKey): boolean {
    return this.#filters.ignoresServer(key)
  }

  #isPolled(key: InstanceKey): boolean {
    return isValidKey(key) && !this.#isIgnored(key)
  }

  #planAnew(changed: ReadonlySet<InstanceKey>): void {
    const { inventory, servers } = this.#options
    const { plan } = this.#loop
    for (const key of changed) {
      const instance = inventory.get(key)
      if (instance !== undefined) {
        if (!plan.has(key) && this.#isPolled(key)) {
          plan.add(key, this.#now)
          // Others told of it, and soon it may be missed: its place in the interval may be far.
          if (instance.check.lastAttemptedAt === null) this.#loop.enqueue(key)
        }
        // Whom it named when somebody else read it: it may be dead by now, and they know that.
        if (instance.check.lastSeenAt !== null && this.#latencies.of(key) === 0) this.#follow(instance)
        continue
      }
      plan.drop(key)
      this.#unseen.drop(key)
      this.#latencies.drop(key)
      servers.release(key)
    }
  }

  get #now(): number {
    return this.#options.clock.monotonic()
  }

  get #interval(): number {
    return this.#options.settings.pollIntervalSeconds * 1000
  }

  /** A poll does not outlast its interval, but has at least the time to connect. */
  get #pollDeadline(): number {
    const { readTimeoutSeconds, connectTimeoutSeconds } = this.#options.settings
    return Math.min(readTimeoutSeconds * 1000, Math.max(this.#interval, connectTimeoutSeconds * 1000))
  }
}
