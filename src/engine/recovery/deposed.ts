import { planFence } from '../../model/planning/failover.ts'
import type { Recovery } from '../../model/recovery/records.ts'
import { countMissing, heldGtids } from '../../model/planning/failover-held.ts'
import { isReplica } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Fleet } from './fleet.ts'
import type { RecoveryParts } from './parts.ts'

/** Recoveries read back at the start to know who was deposed: so many pages of 20. */
const pagesReadMax = 10
const implicitOwners: ReadonlySet<string> = new Set(['orchestrator'])

interface Deposed {
  readonly recovery: Recovery
  isFencing: boolean
  /** It was made read-only once since it was deposed. */
  wasFenced: boolean
}

/**
 * Former primaries that others have replaced. One that returns and takes writes is made super_read_only at once, and again as often as it does
 * (invariants I2, I3). When a person has acknowledged the recovery it is done once, and a later decision of a person to make it writable stands.
 * Who was deposed is read from the records of recoveries, so a restart of this program forgets nothing.
 */
export class DeposedPrimaries {
  readonly #parts: RecoveryParts
  readonly #fleet: Fleet
  readonly #deposed = new Map<InstanceKey, Deposed>()

  constructor(parts: RecoveryParts, fleet: Fleet) {
    this.#parts = parts
    this.#fleet = fleet
  }

  /** Newest first; what happened to a server last counts. */
  async load(): Promise<void> {
    const decided = new Set<InstanceKey>()
    for (let page = 0; page < pagesReadMax; page += 1) {
      const recoveries = await this.#parts.store.recoveries.list({ page })
      for (const recovery of recoveries) {
        if (recovery.isSuccessful && recovery.successor !== null && recovery.kind !== 'IntermediateMasterRecovery' && recovery.kind !== 'ReplicationGroupMemberRecovery') this.#read(recovery, decided)
      }
      if (recoveries.length === 0) return
    }
  }

  #read(recovery: Recovery, decided: Set<InstanceKey>): void {
    if (recovery.successor !== null) decided.add(recovery.successor)
    if (decided.has(recovery.key) || recovery.successor === recovery.key) return
    decided.add(recovery.key)
    this.#deposed.set(recovery.key, { recovery, isFencing: false, wasFenced: false })
  }

  /** A recovery of a primary has succeeded. */
  note(recovery: Recovery): void {
    if (!recovery.isSuccessful || recovery.successor === null || recovery.successor === recovery.key) return
    this.#deposed.delete(recovery.successor)
    this.#deposed.set(recovery.key, { recovery, isFencing: false, wasFenced: false })
  }

  has(key: InstanceKey): boolean {
    return this.#deposed.has(key)
  }

  keys(): IterableIterator<InstanceKey> {
    return this.#deposed.keys()
  }

  /** Looked at whenever something of these servers is new. */
  judge(changed: Iterable<InstanceKey>): void {
    for (const key of changed) {
      const deposed = this.#deposed.get(key)
      const instance = this.#fleet.get(key)
      if (deposed === undefined || instance === undefined || instance.check.failure !== null || deposed.isFencing) continue
      // Seen after the recovery, not the last reading from before it.
      if ((instance.check.lastSeenAt ?? 0) <= deposed.recovery.startedAt) continue
      if (instance.readOnly) {
        if (isReplica(instance)) this.#deposed.delete(key)
        continue
      }
      deposed.isFencing = true
      void this.#fence(key, deposed).finally(() => (deposed.isFencing = false))
    }
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
    const errant = countMissing(heldGtids(old), heldGtids(successor))
    return errant === 0 ? '' : `; it has ${errant} transactions that ${successor.key} does not have`
  }
}
