import { analyseOne } from '../../model/analysis/analyse.ts'
import type { Finding } from '../../model/analysis/finding.ts'
import type { AnalysisMemory } from '../../model/analysis/memory.ts'
import type { AnalysisPolicy } from '../../model/analysis/policy.ts'
import { triesLong, triesSeconds } from '../../model/planning/restart-receivers.ts'
import { type Confirmation, isConfirmed, type Sightings } from '../../model/recovery/confirmation.ts'
import { hasReceiverChanged, neighbourhood } from '../../model/recovery/evidence.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import { eachBounded } from '../execution/bounded.ts'
import type { Fleet } from './fleet.ts'
import type { RecoveryParts } from './parts.ts'
import type { Policies } from './policies.ts'
import { isSuspectedLock, Signs } from './signs.ts'
import { WriteWaitsWatch } from './write-waits.ts'

/** One look at a server while something may be wrong with it. */
const lookDeadlineMilliseconds = 1000
/** The first ones at whoever is suspected: one that lives answers at once, and the next ones give it all its time. */
const firstLookMilliseconds = 350
const firstLooks = 3
/** A connection to a server that is far takes so many of its usual answers, on our way to it and on its replicas'. */
const connectTimes = 10
/** No evidence waits for longer than this for replicas to be let in. */
const shutOutMostMilliseconds = 2500
/** After a receiver that tries for a bounded time has given up. */
const givenUpMilliseconds = 150
/** Looks at one neighbourhood that run at the same time. */
const looksAtOnce = 50
/** Between two looks while the evidence is not complete: soon at first, then at the pace of the slow round. */
const pausesMilliseconds: readonly number[] = [10, 20, 40, 80, 160, 250, 500, 500, 500, 500, 500]
/** Neighbourhoods that are looked at closely at one time. */
const examinationsMax = 64
const roundMilliseconds = 1000

export interface Examined {
  readonly finding: Finding
  readonly confirmation: Confirmation
}

/** What all findings of one round are made with: read once, not for each of a thousand servers. What one server's finding sets off concerns no other one's. */
interface Circumstances {
  readonly analysis: AnalysisPolicy
  readonly memory: AnalysisMemory
  readonly now: number
}

/** True: there is nothing more to find out by looking again soon. */
export type Consider = (examined: Examined) => boolean

/**
 * Evidence first: a lost connection, a probe that begins to fail or a receiver that changes makes the whole neighbourhood be asked at once,
 * again and again until it is clear what is the matter (beyond.md section 7). A round every second is the floor below that.
 */
export class Watch {
  readonly #parts: RecoveryParts
  readonly #policies: Policies
  readonly #fleet: Fleet
  readonly #consider: Consider
  readonly #isBusy: (clusterName: string) => boolean
  readonly #examining = new Map<InstanceKey, { again: boolean }>()
  readonly #failingSince = new Map<InstanceKey, number>()
  readonly #readingWhole = new Set<InstanceKey>()
  readonly #probedAt = new Map<InstanceKey, number>()
  /** Records as of the change before: to see what changed. */
  readonly #before = new Map<InstanceKey, Instance>()
  /** Servers that answered us since we started: only they can be missed. */
  readonly #seen = new Set<InstanceKey>()
  readonly signs = new Signs()
  readonly #writeWaits: WriteWaitsWatch | null
  readonly #deposed: () => ReadonlyMap<InstanceKey, InstanceKey>
  readonly #stops: (() => void)[] = []
  #stopped = new AbortController()
  #startedAt = 0

  constructor(parts: RecoveryParts, policies: Policies, fleet: Fleet, consider: Consider, isBusy: (clusterName: string) => boolean, deposed: () => ReadonlyMap<InstanceKey, InstanceKey> = () => new Map()) {
    this.#parts = parts
    this.#policies = policies
    this.#fleet = fleet
    this.#consider = consider
    this.#isBusy = isBusy
    this.#deposed = deposed
    this.#writeWaits = parts.writeWaits === undefined ? null : new WriteWaitsWatch(parts.writeWaits, parts.log)
  }

  start(): void {
    this.#stopped = new AbortController()
    this.#startedAt = this.#parts.clock.now()
    // Of another time, when another process acted.
    for (const known of [this.#seen, this.#failingSince, this.#probedAt, this.#before]) known.clear()
    this.#stops.push(
      this.#parts.servers.onConnectionLost(key => {
        this.#failing(key, this.#parts.clock.now())
        this.suspect(key)
      }),
      this.#parts.inventory.onChange(changed => this.#onChange(changed)),
      this.#parts.discovery.onEvidence(trigger => { if (trigger.noticed === 'probe-slow') this.suspect(trigger.server) }),
    )
    void this.#rounds(this.#stopped.signal)
  }

  stop(): void {
    this.#stopped.abort()
    for (const stop of this.#stops.splice(0)) stop()
  }

  get sightings(): Sightings {
    return { failingSince: this.#failingSince, probedAt: this.#probedAt, receiversRestartedAt: this.signs.believed(this.#parts.clock.now()) }
  }

  memory(): AnalysisMemory {
    const { suspectedLocks, receiversRestartedAt } = this.signs
    const believedRestarts = this.signs.believed(this.#parts.clock.now())
    return { suspectedLocks, receiversRestartedAt, believedRestarts, deposed: this.#deposed(), ...(this.#writeWaits === null ? {} : { writeWaits: this.#writeWaits.waits }) }
  }

  /** Since when a server does not answer us; null: it does, or nothing is known of it. */
  failingSince(key: InstanceKey): number | null {
    return this.#failingSince.get(key) ?? null
  }

  /** Looks at the server and all around it until it is clear what is the matter. */
  suspect(key: InstanceKey): void {
    const running = this.#examining.get(key)
    if (running !== undefined) {
      running.again = true
      return
    }
    if (this.#examining.size >= examinationsMax || this.#stopped.signal.aborted) return
    // What a recovery does to its servers is no evidence, and looking would only compete with it; the next round looks.
    if (this.#isBusy(this.#fleet.get(key)?.clusterName ?? '')) return
    this.#examining.set(key, { again: false })
    void this.#examine(key, this.#stopped.signal)
      .catch((error: unknown) => this.#parts.log.error('an examination failed', { server: key, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }))
      .finally(() => this.#examining.delete(key))
  }

  /** One look all around a server, and what comes of it. `patience`: how long the server itself has. */
  async examineOnce(key: InstanceKey, patience = lookDeadlineMilliseconds): Promise<Examined | null> {
    const others = neighbourhood(this.#fleet.topology(), { noticed: 'probe-failed', server: key }).filter(other => other !== key)
    const around = this.look(others).then(() => this.#noteReceived(key))
    await Promise.all([this.look([key], () => patience), around])
    // What came to the others while it was waited for is what tells whether it lives.
    if (this.#failingSince.has(key)) await this.look(others)
    else this.signs.forgetReceived(key)
    return this.#examined(key)
  }

  /** Receivers were made to connect anew: whether they or we are let in is found out in as little time as it can be. */
  async examineRestarted(key: InstanceKey): Promise<void> {
    const others = neighbourhood(this.#fleet.topology(), { noticed: 'probe-failed', server: key }).filter(other => other !== key)
    const { clock } = this.#parts
    const signal = this.#stopped.signal
    const patience = this.#firstPatience(key)
    const trying = this.#fleet.topology().replicasOf(key).some(triesLong) ? triesSeconds * 1000 + givenUpMilliseconds : 0
    const wait = Math.max(this.#analysisOf(key).shutOutMilliseconds + 1, trying)
    const shutOut = clock.sleep(wait, signal).then(() => this.look(others))
    await Promise.all([clock.sleep(Math.max(0, wait - patience), signal).then(() => this.look([key], () => patience)), shutOut])
    if (this.#stopped.signal.aborted) return
    const examined = this.#examined(key)
    if (examined !== null && !this.#consider(examined)) this.suspect(key)
  }

  #firstPatience(key: InstanceKey): number {
    return Math.min(lookDeadlineMilliseconds, Math.max(firstLookMilliseconds, connectTimes * this.#parts.discovery.usualMilliseconds(key)))
  }

  /** Servers that are far from us may be far from each other: they are given longer to let one another in. */
  #analysisOf(key: InstanceKey, analysis = this.#parts.analysis): AnalysisPolicy {
    const { discovery } = this.#parts
    const farthest = Math.max(...[key, ...this.#fleet.topology().replicasOf(key).map(replica => replica.key)].map(each => discovery.usualMilliseconds(each)))
    const needed = Math.min(shutOutMostMilliseconds, connectTimes * farthest)
    return needed <= analysis.shutOutMilliseconds ? analysis : { ...analysis, shutOutMilliseconds: needed }
  }

  async look(keys: readonly InstanceKey[], patience: (key: InstanceKey) => number = () => lookDeadlineMilliseconds): Promise<void> {
    const { clock } = this.#parts
    await eachBounded(keys, looksAtOnce, async key => {
      const begunAt = clock.now()
      const instance = await this.#fleet.look(key, patience(key))
      this.#probedAt.set(key, Math.max(begunAt, this.#probedAt.get(key) ?? 0))
      if (instance === undefined) this.#failing(key, begunAt)
      else this.#answered(key)
    })
  }

  async #examine(key: InstanceKey, signal: AbortSignal): Promise<void> {
    for (const [index, pause] of pausesMilliseconds.entries()) {
      const mark = this.#examining.get(key)
      if (mark !== undefined) mark.again = false
      const examined = await this.examineOnce(key, index < firstLooks ? this.#firstPatience(key) : lookDeadlineMilliseconds)
      if (signal.aborted || examined === null) return
      const isClear = this.#consider(examined)
      // Clear, and nothing new came in while we looked.
      if (isClear && this.#examining.get(key)?.again !== true) return
      await this.#parts.clock.sleep(pause, signal)
      if (signal.aborted) return
    }
  }

  #noteReceived(key: InstanceKey): void {
    this.signs.noteReceived(key, this.#fleet.topology().replicasOf(key))
  }

  #examined(key: InstanceKey): Examined | null {
    const finding = this.#findingOf(key, this.#circumstances())
    return finding === null ? null : { finding, confirmation: this.confirm(finding) }
  }

  #circumstances(): Circumstances {
    return { analysis: this.#parts.analysis, memory: this.memory(), now: this.#parts.clock.now() }
  }

  #findingOf(key: InstanceKey, { analysis, memory, now }: Circumstances): Finding | null {
    const topology = this.#fleet.topology()
    if (this.#failingSince.has(key)) this.#noteReceived(key)
    const finding = analyseOne(topology, key, this.#analysisOf(key, analysis), now, memory)
    if (finding !== null) this.signs.note(finding, topology.get(key), now)
    return finding
  }

  confirm(finding: Finding): Confirmation {
    const now = this.#parts.clock.now()
    const confirmation = isConfirmed(finding, this.#fleet.topology(), this.sightings, this.#policies.recovery, this.#analysisOf(finding.key), now)
    const confirmationMilliseconds = this.#confirmationMilliseconds(finding)
    const since = this.#failingSince.get(finding.key)
    if (!confirmation.confirmed || confirmationMilliseconds === 0 || since === undefined || now - since >= confirmationMilliseconds) return confirmation
    return { confirmed: false, because: confirmation.because, askAgain: [finding.key], at: since + confirmationMilliseconds }
  }

  /** The cluster's own rule, else the one for all. */
  #confirmationMilliseconds({ clusterName }: Finding): number {
    const names = { name: clusterName, alias: this.#fleet.topology().aliasOf(clusterName) }
    return this.#policies.confirmations.find(({ filter }) => filter.matches(names))?.milliseconds ?? this.#parts.settings.confirmationMilliseconds
  }

  #onChange(changed: ReadonlySet<InstanceKey>): void {
    for (const key of changed) {
      const after = this.#parts.inventory.get(key)
      const before = this.#before.get(key)
      if (after === undefined) {
        this.#before.delete(key)
        continue
      }
      this.#before.set(key, after)
      // Also by another manager of the group, whatever our own checks came to.
      if ((after.check.lastSeenAt ?? 0) >= this.#startedAt) this.#seen.add(key)
      if (after.check.failure === null && (after.check.lastSeenAt ?? 0) >= this.#startedAt) this.#answered(key)
      else if (before !== undefined && before.check.failure === null && after.check.failure !== null) {
        this.#failing(key, after.check.lastAttemptedAt ?? this.#parts.clock.now())
        this.suspect(key)
      }
      const source = after.replication?.source
      if (source !== undefined && this.#fleet.get(source) !== undefined && hasReceiverChanged(before, after) && after.replication?.receiver !== 'running') this.suspect(source)
    }
  }

  #failing(key: InstanceKey, since: number): void {
    if (!this.#failingSince.has(key)) this.#failingSince.set(key, since)
  }

  #answered(key: InstanceKey): void {
    this.#seen.add(key)
    this.#failingSince.delete(key)
    this.signs.forgetReceived(key)
  }

  /** Every second everything that is not well is examined, in case that no evidence came for it. */
  async #rounds(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#parts.clock.sleep(roundMilliseconds, signal)
      if (signal.aborted) return
      try {
        this.round()
      } catch (error) {
        this.#parts.log.error('a round of the analysis failed', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
      }
    }
  }

  /** Where its binary log stands, and who acknowledges, only a whole reading tells. */
  #readWhole(key: InstanceKey): void {
    if (this.#readingWhole.has(key)) return
    this.#readingWhole.add(key)
    void this.#fleet.look(key, lookDeadlineMilliseconds, 'full')
      .catch((error: unknown) => this.#parts.log.error('a server could not be read', { server: key, error: String(error) }))
      .finally(() => this.#readingWhole.delete(key))
  }

  round(): void {
    this.#writeWaits?.round(this.#fleet.topology(), this.#parts.clock.now())
    const circumstances = this.#circumstances()
    for (const { key, check } of this.#fleet.topology().instances.values()) {
      if (check.failure === null && check.lastSeenAt !== null && check.lastSeenAt >= this.#startedAt) this.#seen.add(key)
      const finding = this.#findingOf(key, circumstances)
      if (finding === null || finding.code === 'NoProblem') continue
      if (isSuspectedLock(finding) && check.failure === null) this.#readWhole(key)
      if (this.#examining.has(key)) continue
      if (!this.#consider({ finding, confirmation: this.confirm(finding) })) this.suspect(key)
    }
  }

  /** We have heard of this server ourselves since we started, so that we can know that it is gone; else only its replicas can. */
  hasSeen(key: InstanceKey): boolean {
    return this.#seen.has(key)
  }
}
