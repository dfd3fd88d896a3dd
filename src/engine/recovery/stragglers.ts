import { divergedFromLeader, type LostReplica, planRepoint, replicasToSave } from '../../model/planning/failover.ts'
import { failoverReason } from '../../model/planning/failover-reasons.ts'
import { presentPrimary } from '../../model/planning/return-judgement.ts'
import { lostInRecovery } from '../../model/recovery/lifecycle.ts'
import type { RecoveryStep } from '../../model/recovery/records.ts'
import { isReplica } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import { unfinishedServers } from '../execution/plan-outcome.ts'
import type { DeposedPrimary } from './deposed.ts'
import { durabilityOf } from './durability.ts'
import type { Fleet } from './fleet.ts'
import type { RecoveryParts } from './parts.ts'
import type { Policies } from './policies.ts'

/** So long after the recovery began; whoever is below the dead one then is a matter for people. */
const lookedForMilliseconds = 3600_000
const triesMax = 3
const tryAgainMilliseconds = 10_000
/** Replicas that are moved at one time; the next round takes the next ones. */
const movedAtOnce = 20
const lookMilliseconds = 3000

interface Try {
  count: number
  at: number
  said: string
}

/**
 * Replicas that are found below a primary after it was replaced: somebody moved them there less than a poll before it died, or they did not answer during the
 * recovery. They follow the new primary where that loses nothing; where it would, it is said why not. Steps and reasons stand in the record of the recovery.
 */
export class Stragglers {
  readonly #parts: RecoveryParts
  readonly #policies: Policies
  readonly #fleet: Fleet
  readonly #tries = new Map<string, Try>()
  #isAtWork = false

  constructor(parts: RecoveryParts, policies: Policies, fleet: Fleet) {
    this.#parts = parts
    this.#policies = policies
    this.#fleet = fleet
  }

  /** Called as often as one likes; one round at a time. */
  judge(deposed: readonly DeposedPrimary[]): void {
    if (this.#isAtWork || !this.#parts.isLeader()) return
    const work = deposed.map(each => ({ each, found: this.#found(each) })).find(({ found }) => found.length > 0)
    if (work === undefined) return
    this.#isAtWork = true
    void this.#move(work.each, work.found)
      .catch((error: unknown) => this.#parts.log.error('replicas of a former primary could not be moved', { server: work.each.key, error: String(error) }))
      .finally(() => (this.#isAtWork = false))
  }

  /** Read since the recovery began, still below the one that was replaced, and not tried too often. */
  #found({ key, recovery }: DeposedPrimary): readonly InstanceKey[] {
    const { clock, execution } = this.#parts
    const now = clock.now()
    // A takeover leaves siblings where they are; and a living one that takes writes is fenced first.
    if (recovery.endedAt === null || recovery.command.startsWith('graceful') || now - recovery.startedAt >= lookedForMilliseconds) return []
    const old = this.#fleet.get(key)
    if (old === undefined || (old.check.failure === null && (!old.readOnly || isReplica(old)))) return []
    return this.#fleet.topology().replicasOf(key).filter(({ key: replica, check, downtime }) => {
      const tried = this.#tries.get(`${recovery.uid} ${replica}`)
      return check.failure === null && (check.lastSeenAt ?? 0) > recovery.startedAt && (downtime === null || downtime.reason === lostInRecovery) && execution.locks.ownerOf(replica) === undefined
        && (tried === undefined || (tried.count < triesMax && now - tried.at >= tryAgainMilliseconds))
    }).slice(0, movedAtOnce).map(replica => replica.key)
  }

  async #move({ key, recovery, successor }: DeposedPrimary, found: readonly InstanceKey[]): Promise<void> {
    const { clock, execution } = this.#parts
    for (const replica of found) {
      const tried = this.#tries.get(`${recovery.uid} ${replica}`)
      this.#tries.set(`${recovery.uid} ${replica}`, { count: (tried?.count ?? 0) + 1, at: clock.now(), said: tried?.said ?? '' })
    }
    const primary = presentPrimary(this.#fleet.topology(), successor)
    if (primary === undefined || primary.key === key) return
    const [old] = await Promise.all([key, primary.key, ...found].map(each => this.#fleet.look(each, lookMilliseconds, 'full')))
    // It follows by now: whoever put a replica below it since then wants it there.
    if (old !== undefined && isReplica(old)) return
    const topology = this.#fleet.topology()
    const leader = topology.get(primary.key)
    if (leader === undefined || leader.check.failure !== null || leader.readOnly || isReplica(leader)) return
    const { reachable, lost } = replicasToSave(topology, key)
    const isFound = (each: { readonly key: InstanceKey }): boolean => found.includes(each.key)
    const diverged = divergedFromLeader(reachable.filter(isFound), leader)
    const following = reachable.filter(each => isFound(each) && !diverged.some(other => other.key === each.key))
    const durability = durabilityOf(this.#policies.durability, topology, leader.clusterName)
    const repoint = planRepoint(topology, following, leader, this.#policies.promotion.replication, durability)
    const left: readonly LostReplica[] = [...lost.filter(isFound), ...diverged, ...repoint.lost]
    for (const { key: replica, reason } of left) await this.#tell(replica, recovery, reason.code, `${replica} was found below ${key} after that was replaced, and is not moved below ${leader.key}: ${reason.text}`, 'failed')
    if (repoint.plan.steps.length === 0) return
    // Without the recovery's name: it has ended, and a plan that is cut off is finished for itself.
    const outcome = await execution.run(repoint.plan, { by: 'orchestrator' })
    const unfinished = unfinishedServers(outcome)
    for (const { key: replica } of following.filter(each => !repoint.lost.some(other => other.key === each.key))) {
      const failure = unfinished.has(replica) ? failoverReason('replica-not-moved', { server: replica, text: unfinished.get(replica)?.text ?? '' }) : outcome.state === 'refused' ? outcome.failure : null
      if (failure === null) await this.#tell(replica, recovery, 'moved', `${replica} was found below ${key} after that was replaced: it follows ${leader.key} now`, 'done')
      else await this.#tell(replica, recovery, failure.code, `${replica} was found below ${key} after that was replaced, and could not be moved below ${leader.key}: ${failure.text}`, 'failed')
    }
  }

  /** Once for each reason: into the log, the audit, and the record of the recovery. */
  async #tell(replica: InstanceKey, recovery: DeposedPrimary['recovery'], code: string, message: string, outcome: RecoveryStep['outcome']): Promise<void> {
    const { log, audit, store, clock } = this.#parts
    const tried = this.#tries.get(`${recovery.uid} ${replica}`)
    if (tried?.said === code) return
    if (tried !== undefined) tried.said = code
    log.warning(message, { server: replica, recovery: recovery.uid })
    audit.write('found-below-replaced', replica, recovery.clusterName, message)
    await store.recoveries.appendStep({ recoveryUid: recovery.uid, at: clock.now(), stage: 'returned', server: replica, message, outcome, durationMilliseconds: null })
  }
}
