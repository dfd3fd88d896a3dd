import { planFence } from '../../model/planning/failover.ts'
import { isRefusal } from '../../model/planning/plan.ts'
import { planRejoinPrimary } from '../../model/planning/rejoin-primary.ts'
import { divergedFrom, judgeReturned, offerReasons, presentPrimary } from '../../model/planning/return-judgement.ts'
import { lostInRecovery } from '../../model/recovery/lifecycle.ts'
import type { Recovery, RecoveryStep } from '../../model/recovery/records.ts'
import { type Instance, isReplica, isReplicating } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import { durabilityOf } from './durability.ts'
import type { Fleet } from './fleet.ts'
import type { RecoveryParts } from './parts.ts'
import type { Policies } from './policies.ts'
import { Stragglers } from './stragglers.ts'

/** Recoveries read back at the start to know who was deposed: so many pages of 20. */
const pagesReadMax = 10
const implicitOwners: ReadonlySet<string> = new Set(['orchestrator'])

/** One that was replaced, and by whom. */
export interface DeposedPrimary {
  readonly key: InstanceKey
  readonly successor: InstanceKey
  readonly recovery: Recovery
}

/** A rejoin that failed is tried again this late. */
const tryAgainMilliseconds = 60_000

interface Deposed {
  readonly recovery: Recovery
  isFencing: boolean
  /** What was said of it last, so that it is said once. */
  said: string
  /** When it was last tried to let it follow, ms since 1970. */
  triedAt: number
  /** It was made read-only once since it was deposed. */
  wasFenced: boolean
  /** It follows somebody, as it should; its configuration may still make it writable when it starts again. */
  follows: boolean
}

const fresh = (recovery: Recovery): Deposed => ({ recovery, isFencing: false, wasFenced: false, follows: false, said: '', triedAt: 0 })

/** `decided`: by which recovery, the newest first. */
function read(recovery: Recovery, decided: Map<InstanceKey, number>, found: Map<InstanceKey, Recovery>): void {
  if (recovery.successor !== null && !decided.has(recovery.successor)) decided.set(recovery.successor, recovery.id)
  if (decided.has(recovery.key) || recovery.successor === recovery.key) return
  decided.set(recovery.key, recovery.id)
  found.set(recovery.key, recovery)
}

/**
 * Former primaries that others have replaced. What a returned one has that its successor lacks is judged and said; nothing errant ever follows silently. One that returns and takes writes is made super_read_only at once, and again as often as it does
 * (invariants I2, I3). When a person has acknowledged the recovery it is done once, and a later decision of a person to make it writable stands.
 * Who was deposed is read from the records of recoveries, so a restart of this program forgets nothing.
 */
export class DeposedPrimaries {
  readonly #parts: RecoveryParts
  readonly #policies: Policies
  readonly #fleet: Fleet
  readonly #deposed = new Map<InstanceKey, Deposed>()
  /** The newest recovery that deposed a server or made a primary of it. */
  readonly #decidedBy = new Map<InstanceKey, number>()
  readonly #stragglers: Stragglers

  constructor(parts: RecoveryParts, policies: Policies, fleet: Fleet) {
    this.#parts = parts
    this.#policies = policies
    this.#fleet = fleet
    this.#stragglers = new Stragglers(parts, policies, fleet)
  }

  /** Newest first; what happened to a server last counts. */
  async load(): Promise<void> {
    const [decided, found] = [new Map<InstanceKey, number>(), new Map<InstanceKey, Recovery>()]
    for (let page = 0; page < pagesReadMax; page += 1) {
      const recoveries = await this.#parts.store.recoveries.list({ page })
      for (const recovery of recoveries) {
        if (recovery.isSuccessful && recovery.successor !== null && recovery.kind !== 'IntermediateMasterRecovery' && recovery.kind !== 'ReplicationGroupMemberRecovery') read(recovery, decided, found)
      }
      if (recoveries.length === 0) break
    }
    for (const [key, id] of decided) this.#decide(key, id)
    // Another manager may have led since this was read last: whom it made primary again is deposed no more.
    for (const [key, { recovery }] of this.#deposed) if (found.get(key)?.uid !== recovery.uid) this.#deposed.delete(key)
    for (const [key, recovery] of found) if (!this.#deposed.has(key)) this.#deposed.set(key, fresh(recovery))
  }

  /** A recovery of a primary has succeeded. One that a process left half done is ended late: whom a newer one has deposed meanwhile stays so. */
  note(recovery: Recovery): void {
    if (!recovery.isSuccessful || recovery.successor === null || recovery.successor === recovery.key) return
    if (this.#decide(recovery.successor, recovery.id)) this.#deposed.delete(recovery.successor)
    if (this.#decide(recovery.key, recovery.id)) this.#deposed.set(recovery.key, fresh(recovery))
  }

  /** False: a newer recovery has decided on the server already. */
  #decide(key: InstanceKey, by: number): boolean {
    if (by < (this.#decidedBy.get(key) ?? -Infinity)) return false
    this.#decidedBy.set(key, by)
    return true
  }

  has(key: InstanceKey): boolean {
    return this.#deposed.get(key)?.follows === false
  }

  /** Each with the server that took its place. */
  successors(): ReadonlyMap<InstanceKey, InstanceKey> {
    return new Map([...this.#deposed].flatMap(([key, { recovery: { successor } }]) => (successor === null ? [] : [[key, successor] as const])))
  }

  keys(): IterableIterator<InstanceKey> {
    return this.#deposed.keys()
  }

  /** Looked at whenever something of these servers is new. */
  judge(changed: Iterable<InstanceKey>): void {
    if (this.#deposed.size > 0) this.#stragglers.judge(this.list())
    for (const key of changed) {
      const deposed = this.#deposed.get(key)
      const instance = this.#fleet.get(key)
      if (deposed === undefined || instance === undefined || instance.check.failure !== null || deposed.isFencing) continue
      // Seen after the recovery, not the last reading from before it; a clock that was put back tells nothing, and the reading is believed.
      const { startedAt } = deposed.recovery
      if ((instance.check.lastSeenAt ?? 0) <= startedAt && startedAt <= this.#parts.clock.now()) continue
      if (instance.readOnly && isReplica(instance)) {
        deposed.follows = true
        if (isReplicating(instance) && instance.downtime?.reason === lostInRecovery) void this.#endDowntime(key)
        continue
      }
      // It followed, and does not any more: whoever made a primary of it again has decided so.
      if (deposed.follows && !isReplica(instance)) {
        this.#deposed.delete(key)
        continue
      }
      // A recovery of ours is about to make a primary of it again, or fences it itself.
      if (!instance.readOnly && this.#parts.execution.locks.ownerOf(key) !== undefined) continue
      deposed.isFencing = true
      void (instance.readOnly ? this.#judgeReturned(instance, deposed) : this.#fence(key, deposed)).finally(() => (deposed.isFencing = false))
    }
  }

  /** Everyone who was replaced and does not follow anybody yet, with who replaced it. */
  list(): readonly DeposedPrimary[] {
    return [...this.#deposed].flatMap(([key, { recovery, follows }]) => (recovery.successor === null || follows ? [] : [{ key, recovery, successor: recovery.successor }]))
  }

  /** It was given up and is back: the next failure of it counts again, at once and not after the minute that others wait. */
  async #endDowntime(key: InstanceKey): Promise<void> {
    const { journal, log } = this.#parts
    try {
      await journal.propose({ do: 'end-downtime', key, kind: 'end-downtime' })
    } catch (error) {
      log.error('the downtime of a former primary that follows again could not be ended', { server: key, error: String(error) })
    }
  }

  /** It is read-only and alone: whether it may follow is found out and said, and done where the settings want it. */
  async #judgeReturned(old: Instance, deposed: Deposed): Promise<void> {
    const { recovery } = deposed
    const { clock, log, execution } = this.#parts
    const topology = this.#fleet.topology()
    const primary = recovery.successor === null ? undefined : presentPrimary(topology, recovery.successor)
    if (primary === undefined || primary.check.failure !== null || primary.readOnly) return
    const { replication } = this.#policies.promotion
    const judged = judgeReturned(old, primary, replication, topology.replicasOf(old.key).map(({ key }) => key))
    try {
      if (deposed.said !== judged.because.code) {
        deposed.said = judged.because.code
        await this.#tell(old.key, recovery, [judged.because, ...offerReasons(old.key, judged.offers)].map(({ text }) => text), 'note')
      }
      if (judged.verdict !== 'clean' || !this.#mayRejoin(recovery) || !this.#parts.isLeader() || clock.now() - deposed.triedAt < tryAgainMilliseconds) return
      deposed.triedAt = clock.now()
      const plan = planRejoinPrimary(topology, { old: old.key, source: primary.key }, replication)
      if (isRefusal(plan)) return await this.#tell(old.key, recovery, [`${old.key} is not let follow: ${plan.refused.text}`], 'failed')
      const outcome = await execution.run(plan, { by: 'orchestrator', recoveryUid: recovery.uid })
      const message = outcome.state === 'done' ? `${old.key} follows ${primary.key} again` : `${old.key} was not let follow ${primary.key}: ${outcome.failure?.text ?? ''}`
      await this.#tell(old.key, recovery, [message], outcome.state === 'done' ? 'done' : 'failed')
      if (outcome.state === 'done') deposed.follows = true
    } catch (error) {
      log.error('a former primary could not be judged', { server: old.key, error: String(error) })
    }
  }

  #mayRejoin(recovery: Recovery): boolean {
    const { rejoinsReturned } = this.#parts.settings
    if (rejoinsReturned !== 'under-policy') return rejoinsReturned === 'always'
    const { durability } = this.#policies
    return [recovery.clusterName, recovery.successor ?? ''].some(name => durabilityOf(durability, this.#fleet.topology(), name) !== 'none')
  }

  /** Into the log, the audit and the record of the recovery that replaced it, there sentence by sentence. */
  async #tell(key: InstanceKey, recovery: Recovery, messages: readonly string[], outcome: RecoveryStep['outcome']): Promise<void> {
    const { store, audit, log, clock } = this.#parts
    log.warning(messages.join('; '), { server: key, recovery: recovery.uid })
    audit.write('returned-primary', key, recovery.clusterName, messages.join('; '))
    for (const message of messages) await store.recoveries.appendStep({ recoveryUid: recovery.uid, at: clock.now(), stage: 'returned', server: key, message, outcome, durationMilliseconds: null })
  }

  async #fence(key: InstanceKey, deposed: Deposed): Promise<void> {
    const { store, audit, execution, log, clock } = this.#parts
    const { recovery } = deposed
    const successor = recovery.successor ?? 'its successor'
    try {
      const wasFenced = deposed.wasFenced || (await store.recoveries.steps(recovery.uid)).some(step => step.stage === 'returned' && step.server === key && step.outcome === 'done')
      const [newest] = await store.recoveries.list({ uid: recovery.uid, page: 0 })
      const takenOver = wasFenced && newest?.acknowledged !== null && newest?.acknowledged !== undefined && !implicitOwners.has(newest.acknowledged.by)
      if (takenOver) {
        this.#deposed.delete(key)
        audit.write('deposed-primary-writable', key, key, `writable beside ${successor}; left alone because ${newest.acknowledged?.by} acknowledged its recovery`)
        return
      }
      const outcome = await execution.run(planFence(this.#fleet.topology(), key, true), { by: 'orchestrator', recoveryUid: recovery.uid })
      const isDone = outcome.steps.every(({ step, state }) => state === 'done' || step.do !== 'set-read-only') && outcome.state === 'done'
      deposed.wasFenced ||= isDone
      const message = isDone
        ? `the former primary ${key} returned and took writes beside ${successor}: it was made super_read_only${this.#errantText(key, recovery)}`
        : `the former primary ${key} returned, takes writes beside ${successor} and could not be made read-only: ${outcome.steps[0]?.failure?.text ?? outcome.failure?.text ?? ''}`
      log.warning(message, { server: key, recovery: recovery.uid })
      audit.write('deposed-primary-fenced', key, key, message)
      await store.recoveries.appendStep({
        recoveryUid: recovery.uid, at: clock.now(), stage: 'returned', server: key, message, outcome: isDone ? 'done' : 'failed', durationMilliseconds: null,
      })
    } catch (error) {
      log.error('a former primary could not be judged', { server: key, error: String(error) })
    }
  }

  #errantText(key: InstanceKey, recovery: Recovery): string {
    const [old, successor] = [this.#fleet.get(key), recovery.successor === null ? undefined : this.#fleet.get(recovery.successor)]
    if (old === undefined || successor === undefined) return ''
    const errant = divergedFrom(old, successor)?.count ?? 0
    return errant === 0 ? '' : `; it has ${errant} transactions that ${successor.key} does not have`
  }
}
