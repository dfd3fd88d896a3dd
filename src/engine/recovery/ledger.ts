import type { Finding } from '../../model/analysis/finding.ts'
import type { Detection, Recovery } from '../../model/recovery/records.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Log } from '../../ports/log.ts'
import type { RecoveryFilter, Store } from '../../ports/store.ts'

export type NewDetection = Omit<Detection, 'id' | 'endedActiveAt'>
export type NewRecovery = Omit<Recovery, 'id'>
export interface Acknowledgement {
  readonly at: number
  readonly by: string
  readonly comment: string
}

/** Blocked failures are reported again every second; one that is not for so long is gone. */
const blockedShownMilliseconds = 3000
/** Pages of detections that are read at the start. */
const detectionPagesMax = 10

/** What is remembered of recoveries, held in memory so that deciding costs no reading; the store has it all the same. */
export class Ledger {
  readonly #store: Pick<Store, 'recoveries' | 'detections'>
  readonly #log: Log
  readonly #open = new Map<string, Recovery>()
  readonly #underWay = new Set<string>()
  readonly #abandoned = new Set<string>()
  /** Clusters in which something is being decided or done right now. */
  readonly #claims = new Set<string>()
  /** Who takes writes by a recovery that still moves the others below it, by its uid: a cluster of its own from then on, in which nothing else is begun either. */
  readonly #leading = new Map<string, InstanceKey>()
  #knowsDetections = false
  /** Server, kind and code of detections that are active, so that a failure that goes on costs no write per look. */
  readonly #detected = new Map<string, { readonly startedAt: number; readonly id: number }>()

  /** When something was last reported as blocked. */
  #blockedAt: number | null = null

  constructor(store: Pick<Store, 'recoveries' | 'detections'>, log: Log) {
    this.#store = store
    this.#log = log
  }

  /** `anew`: also which failures are announced already, where another manager has announced them until now. */
  async load(anew = false): Promise<void> {
    const open = await this.#store.recoveries.open()
    const mine = [...this.#open.values()].filter(({ uid }) => this.#underWay.has(uid))
    this.#open.clear()
    for (const recovery of open) this.#open.set(recovery.uid, recovery)
    for (const recovery of mine) this.#open.set(recovery.uid, this.#acknowledgedToo(recovery))
    if (anew || !this.#knowsDetections) await this.#loadDetections()
  }

  /** What was announced before this process began, or led, and goes on, is not announced again. */
  async #loadDetections(): Promise<void> {
    this.#knowsDetections = true
    this.#detected.clear()
    for (let page = 0; page < detectionPagesMax; page += 1) {
      const detections = await this.#store.detections.list({ page })
      const active = detections.filter(({ endedActiveAt }) => endedActiveAt === null)
      for (const detection of active) this.#detected.set(detectionSlot(detection), detection)
      if (active.length === 0) return
    }
  }

  get open(): readonly Recovery[] {
    return [...this.#open.values()].map(recovery => ({ ...recovery, successor: recovery.successor ?? this.#leading.get(recovery.uid) ?? null }))
  }

  get underWay(): ReadonlySet<string> {
    return this.#underWay
  }

  /** One at a time in a cluster: taken before the first await, so that two findings of one moment cannot both begin. */
  claim(clusterName: string): boolean {
    if (this.#claims.has(clusterName)) return false
    this.#claims.add(clusterName)
    return true
  }

  isClaimed(clusterName: string): boolean {
    return this.#claims.has(clusterName)
  }

  /** It takes writes from this moment; its record says so to whoever decides, though it is written down at the end. */
  leads(uid: string, successor: InstanceKey): void {
    if (this.#underWay.has(uid)) this.#leading.set(uid, successor)
  }

  /** The cluster's primary was made it by a recovery that still moves the others. */
  isBeingLed(clusterName: string): boolean {
    return [...this.#leading.values()].some(leader => leader === clusterName)
  }

  unclaim(clusterName: string): void {
    this.#claims.delete(clusterName)
  }

  /** Null: one of the same kind is active already. */
  async detect(detection: NewDetection): Promise<Detection | null> {
    const slot = detectionSlot(detection)
    if (this.#detected.has(slot)) return null
    // One detection of a server is kept active at a time; another failure of it is another one, and is told (known-pains.md C7).
    const hasOther = [...this.#detected.keys()].some(other => other.startsWith(`${detection.key} ${detection.isActionable} `))
    this.#detected.set(slot, { startedAt: detection.startedAt, id: 0 })
    try {
      if (hasOther) await this.#store.detections.endActive({ key: detection.key }, detection.startedAt)
      const registered = await this.#store.detections.register(detection)
      if (registered !== null && this.#detected.has(slot)) this.#detected.set(slot, registered)
      return registered
    } catch (error) {
      this.#detected.delete(slot)
      throw error
    }
  }

  /** The number of the announcement of a failure that goes on, 0 where it was not announced. */
  detectionOf(failure: Pick<NewDetection, 'key' | 'code' | 'isActionable'>): number {
    return this.#detected.get(detectionSlot(failure))?.id ?? 0
  }

  async endDetections(where: { readonly key?: InstanceKey; readonly startedBefore?: number }, at: number): Promise<void> {
    for (const [slot, { startedAt }] of this.#detected) {
      const isOfKey = where.key !== undefined && slot.startsWith(`${where.key} `)
      if (isOfKey || (where.startedBefore !== undefined && startedAt < where.startedBefore)) this.#detected.delete(slot)
    }
    await this.#store.detections.endActive(where, at)
  }

  /** A failure that goes on is announced again after the period. */
  async expireDetections(startedBefore: number, at: number): Promise<void> {
    if ([...this.#detected.values()].some(({ startedAt }) => startedAt < startedBefore)) await this.endDetections({ startedBefore }, at)
  }

  /** Null: a recovery of the same server is active already. Marked as under way until `finish`. */
  async register(recovery: NewRecovery): Promise<Recovery | null> {
    const registered = await this.#store.recoveries.register(recovery)
    if (registered === null) return null
    this.#open.set(registered.uid, registered)
    this.#underWay.add(registered.uid)
    return registered
  }

  async update(recovery: Recovery): Promise<void> {
    const next = this.#acknowledgedToo(recovery)
    if (next.endedAt !== null) this.#leading.delete(next.uid)
    this.#open.set(recovery.uid, next)
    await this.#store.recoveries.update(next)
  }

  /** Somebody may have acknowledged a recovery while it was being worked on. */
  #acknowledgedToo(recovery: Recovery): Recovery {
    const known = this.#open.get(recovery.uid)
    return known?.acknowledged && recovery.acknowledged === null ? { ...recovery, acknowledged: known.acknowledged, isActive: false } : recovery
  }

  /** Not ours to end any more: the record stays as the store has it, for whoever has the cluster's lease by then. */
  abandon(uid: string): void {
    this.#underWay.delete(uid)
    this.#leading.delete(uid)
    this.#abandoned.add(uid)
  }

  /** This process began it and may not go on. */
  isAbandoned(uid: string): boolean {
    return this.#abandoned.has(uid)
  }

  /**
   * Nobody works on it any more; it may block on until its period ends. Where its end cannot be stored, because another manager leads by now or the disk is
   * full, it stands as begun for everybody, and is settled like one whose process has died: by whoever has the cluster's lease then, this process too.
   */
  async finish(recovery: Recovery): Promise<void> {
    const before = this.#open.get(recovery.uid)
    try {
      await this.update(recovery)
      this.#abandoned.delete(recovery.uid)
    } catch (error) {
      this.#log.error('the end of a recovery could not be stored', { recovery: recovery.uid, error: String(error) })
      this.#open.set(recovery.uid, { ...(before ?? recovery), endedAt: null })
      this.#abandoned.add(recovery.uid)
    }
    this.#underWay.delete(recovery.uid)
    const ended = this.#open.get(recovery.uid)
    if (ended !== undefined && !ended.isActive && ended.endedAt !== null) this.#open.delete(recovery.uid)
  }

  async acknowledge(where: RecoveryFilter & { readonly key?: InstanceKey }, by: Acknowledgement): Promise<number> {
    const before = this.open
    const count = await this.#store.recoveries.acknowledge(where, by)
    await this.load()
    for (const recovery of before) {
      if (this.#open.get(recovery.uid)?.isActive === true) continue
      await this.#store.recoveries.unblock({ blockingRecoveryId: recovery.id })
      await this.endDetections({ key: recovery.key }, by.at)
    }
    return count
  }

  /** What is not reported as blocked again is not blocked any more; the rows are for showing alone. */
  async expireBlocked(now: number): Promise<void> {
    if (this.#blockedAt === null) return
    await this.#store.recoveries.unblock({ lastBlockedBefore: now - blockedShownMilliseconds })
    if (this.#blockedAt < now - blockedShownMilliseconds) this.#blockedAt = null
  }

  /** Ends blocks that are over by time. */
  async expire(startedBefore: number, at: number): Promise<void> {
    const isOver = (recovery: Recovery): boolean => recovery.isActive && recovery.startedAt < startedBefore && !this.#underWay.has(recovery.uid)
    const over = this.open.filter(isOver)
    if (over.length === 0) return
    await this.#store.recoveries.endActivePeriod(startedBefore, at)
    await this.load()
  }

  async block(recovery: Recovery, finding: Finding, at: number): Promise<void> {
    this.#blockedAt = at
    await this.#store.recoveries.block({ key: finding.key, clusterName: finding.clusterName, code: finding.code, lastBlockedAt: at, blockingRecoveryId: recovery.id })
  }
}

const detectionSlot = ({ key, code, isActionable }: { readonly key: InstanceKey; readonly code: string; readonly isActionable: boolean }): string =>
  `${key} ${isActionable} ${code}`
