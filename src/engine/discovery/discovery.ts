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
import { neighboursOf } from './neighbours.ts'
import { Newcomers } from './newcomers.ts'
import { PollMetrics } from './poll-metrics.ts'
import { PollPlan } from './poll-plan.ts'
import { QueueSamples } from './queue-samples.ts'
import { type ReadAnswer, Reader } from './reader.ts'
import type { DiscoverySettings } from './settings.ts'
import { WorkQueue } from './work-queue.ts'

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
  /** Polls that were due while the one before was still under way. */
  readonly overlaps: number
}

/** The loop looks at the plan at least and at most so often. */
const lookLeastMilliseconds = 5
const lookMostMilliseconds = 100
const housekeepingMilliseconds = 60_000
/** Probes that evidence asks for end by then, unless the caller says otherwise. */
const evidenceDeadlineMilliseconds = 1_000
/** A reading that began so short a time ago is evidence too. */
const sharedMilliseconds = 20
/** A server with replicas gives a sign of life so often; a poll interval that is longer would notice a hanging one late. */
const pulseMilliseconds = 1_000

/** Finds servers and keeps what is known of them fresh: the poll loop, new neighbours, seeds, and probes out of turn. */
export class Discovery {
  readonly #options: DiscoveryOptions
  readonly #filters: Filters
  readonly #names: HostNames
  readonly #reader: Reader
  readonly #plan: PollPlan
  readonly #newcomers = new Newcomers()
  readonly #queue: WorkQueue
  /** Apart in any case: those that hang until their deadline must not take the places of those that answer. */
  readonly #deadQueue: WorkQueue
  readonly #listeners = new Set<(trigger: Trigger) => void>()
  readonly #noticedAt = new Map<InstanceKey, number>()
  readonly #unsubscribe: (() => void)[] = []
  readonly metrics: PollMetrics
  readonly queueSamples: QueueSamples
  #running: { readonly stop: AbortController; readonly loop: Promise<void> } | null = null
  #housekeepingAt = 0
  #attempts = 0
  #failures = 0
  #overlaps = 0

  constructor(options: DiscoveryOptions) {
    const { servers, inventory, clock, log, settings } = options
    this.#options = options
    this.#filters = discoveryFilters(settings)
    this.#names = new HostNames(options, settings)
    this.metrics = new PollMetrics(settings.metricsSeconds)
    this.queueSamples = new QueueSamples(settings.metricsSeconds)
    this.#reader = new Reader({
      servers, inventory, clock, log, names: this.#names, filters: this.#filters, metrics: this.metrics, emit: trigger => this.#emit(trigger),
    })
    this.#plan = new PollPlan({
      intervalMilliseconds: this.#interval, deadFactor: settings.deadFactor, deadMaxMilliseconds: settings.deadIntervalMaxSeconds * 1000,
    })
    const { deadMaxConcurrency: deadMost, queueCapacity } = settings
    const most = Math.max(1, settings.maxConcurrency)
    const half = Math.max(1, Math.floor(most / 2))
    const poll = (key: InstanceKey): Promise<void> => this.#poll(key)
    // Either a bound of their own, as configured, or at most half of the common one.
    this.#queue = new WorkQueue(() => (deadMost > 0 ? most : most - this.#deadQueue.active), queueCapacity, poll)
    this.#deadQueue = new WorkQueue(() => (deadMost > 0 ? deadMost : Math.min(half, most - this.#queue.active)), queueCapacity, poll)
  }

  /** Begins to poll: everything known and every seed at once, then each server at its place in the interval. */
  start(): void {
    if (this.#running !== null) return
    const { servers, inventory } = this.#options
    this.#unsubscribe.push(
      servers.onConnectionLost((key, failure) => this.#connectionLost(key, failure)),
      inventory.onChange(changed => this.#forgetPlanOf(changed)),
    )
    this.#plantSeeds()
    for (const key of inventory.keys()) this.#enqueue(key)
    const stop = new AbortController()
    this.#housekeepingAt = this.#now + housekeepingMilliseconds
    this.#running = { stop, loop: this.#loop(stop.signal) }
  }

  async stop(): Promise<void> {
    const running = this.#running
    this.#running = null
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe()
    this.#queue.clear()
    this.#deadQueue.clear()
    running?.stop.abort()
    await running?.loop
  }

  get status(): DiscoveryStatus {
    return {
      queued: this.#queue.waiting, active: this.#queue.active + this.#deadQueue.active, deadQueued: this.#deadQueue.waiting,
      dead: this.#plan.dead, attempts: this.#attempts, failures: this.#failures, overlaps: this.#overlaps,
    }
  }

  /** Notes how full the queues are; called once a second. */
  sampleQueues(): void {
    const at = this.#now
    const [others, dead] = [figuresOf(this.#queue), figuresOf(this.#deadQueue)]
    if (this.#options.settings.deadMaxConcurrency > 0) {
      this.queueSamples.add('DEFAULT', { at, ...others })
      this.queueSamples.add('DEADINSTANCES', { at, ...dead })
    } else this.queueSamples.add('DEFAULT', { at, active: others.active + dead.active, queued: others.queued + dead.queued })
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

  /** Reads a server in the foreground and remembers it, then follows whom it names. Null: settings say not to. */
  async discover(asked: InstanceKey): Promise<ReadAnswer> {
    const resolved = await this.resolve(asked)
    if (!resolved.ok) return resolved
    const key = resolved.value
    if (this.#isIgnored(key)) return ok(null)
    this.#options.inventory.remember(key)
    return this.#readAndFollow(key, 'full', this.#pollDeadline)
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

  async #loop(stop: AbortSignal): Promise<void> {
    const { clock } = this.#options
    while (!stop.aborted) {
      const next = this.#enqueueDue()
      if (this.#now >= this.#housekeepingAt) {
        this.#housekeepingAt = this.#now + housekeepingMilliseconds
        await this.#forgetUnseen()
      }
      await clock.sleep(Math.min(lookMostMilliseconds, Math.max(lookLeastMilliseconds, next - this.#now)), stop)
    }
  }

  /** Enqueues what is due and answers when to look again. */
  #enqueueDue(): number {
    const { inventory } = this.#options
    const now = this.#now
    let next = Infinity
    for (const key of inventory.keys()) {
      const dueAt = this.#plan.dueAt(key, now)
      if (dueAt <= now) {
        this.#plan.taken(key, now)
        this.#enqueue(key)
      } else {
        next = Math.min(next, dueAt)
        this.#takePulse(key, now)
      }
    }
    return next
  }

  #enqueue(key: InstanceKey): void {
    if (!isValidKey(key) || this.#isIgnored(key)) return
    const queue = this.#plan.isDead(key) ? this.#deadQueue : this.#queue
    if (this.#reader.isReadingInFull(key) || this.#queue.has(key) || this.#deadQueue.has(key)) this.#overlaps++
    else queue.add(key)
  }

  async #poll(key: InstanceKey): Promise<void> {
    if (this.#running === null || this.#options.inventory.isForgotten(key)) return
    await this.#readAndFollow(key, 'full', this.#pollDeadline)
  }

  async #readAndFollow(key: InstanceKey, depth: ProbeOptions['depth'], deadlineMilliseconds: number): Promise<ReadAnswer> {
    const { inventory, settings, log } = this.#options
    this.#attempts++
    const wasDead = this.#plan.isDead(key)
    const answer = await this.#reader.read(key, { depth, deadlineMilliseconds })
    const now = this.#now
    if (answer.ok) {
      if (wasDead) log.info('a server can be read again', { server: key })
      this.#newcomers.came(key)
      this.#plan.succeeded(answer.value?.key ?? key, now, pulseMilliseconds)
      if (answer.value !== null) this.#follow(answer.value)
      return answer
    }
    this.#failures++
    const { failure: { kind, text, grant } } = answer
    if (inventory.get(key) === undefined) {
      this.#unknownFailed(key)
      log.debug('a server that others name could not be read', { server: key, kind, text, grant })
    } else {
      this.#plan.failed(key, now)
      if (!wasDead) log.warning('a server cannot be read', { server: key, kind, text, grant })
      else if (settings.logDead) log.debug('a server still cannot be read', { server: key, kind, text, nextInSeconds: Math.round((this.#plan.dueAt(key, now) - now) / 1000) })
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
    if (this.#running === null) return
    for (const key of neighboursOf(instance, this.#filters)) {
      if (this.#options.inventory.get(key) === undefined && !this.#options.inventory.isForgotten(key) && this.#newcomers.mayTry(key, this.#now)) this.#enqueue(key)
    }
  }

  /** A source is asked for a sign of life between polls, so that one that hangs is noticed in seconds whatever the interval. */
  #takePulse(key: InstanceKey, now: number): void {
    if (this.#interval <= pulseMilliseconds || !this.#options.inventory.hasReplicas(key) || this.#reader.isReading(key) || this.#isIgnored(key)) return
    if (!isValidKey(key) || !this.#plan.takesPulse(key, now, pulseMilliseconds)) return
    void this.#reader.read(key, { depth: 'replication', deadlineMilliseconds: this.#options.settings.connectTimeoutSeconds * 1000 })
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

  async #forgetUnseen(): Promise<void> {
    const { inventory, clock, settings, forgetUnseen, log } = this.#options
    const now = clock.now()
    const before = now - settings.forgetAfterHours * 3_600_000
    const unseen: InstanceKey[] = []
    for (const key of inventory.keys()) {
      const seenAt = inventory.get(key)?.check.lastSeenAt ?? this.#noticed(key, now)
      if (seenAt < before) unseen.push(key)
    }
    if (unseen.length === 0) return
    try {
      await forgetUnseen(unseen)
    } catch (error) {
      log.error('servers that were not seen for long could not be forgotten', { text: String(error) })
    }
  }

  /** When a server that was never seen was first noticed by this process. */
  #noticed(key: InstanceKey, now: number): number {
    const at = this.#noticedAt.get(key)
    if (at !== undefined) return at
    this.#noticedAt.set(key, now)
    return now
  }

  #forgetPlanOf(changed: ReadonlySet<InstanceKey>): void {
    const { inventory, servers } = this.#options
    for (const key of changed) {
      if (inventory.get(key) !== undefined) continue
      this.#plan.drop(key)
      this.#noticedAt.delete(key)
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

const figuresOf = ({ active, waiting }: WorkQueue): { active: number; queued: number } => ({ active, queued: waiting })
