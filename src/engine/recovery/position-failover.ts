import type { Reason } from '../../kit/reason.ts'
import { type LostReplica, missingTransactions, planFence, planPromotion } from '../../model/planning/failover.ts'
import { durabilityReason } from '../../model/planning/durability-reasons.ts'
import {
  executedName, type LeaderPlace, ownEndName, planDetachPosition, planFollowPosition, planStandOthers, planStandPosition, planStopPositions, replicasByPosition,
} from '../../model/planning/failover-position.ts'
import { positionFailoverReason as positionReason } from '../../model/planning/failover-position-reasons.ts'
import { failoverReason } from '../../model/planning/failover-reasons.ts'
import type { Plan } from '../../model/planning/plan.ts'
import { choosePositionSuccessors } from '../../model/planning/promote-position.ts'
import type { BinlogCoordinates } from '../../model/topology/binlog-coordinates.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Execution, RunOptions } from '../execution/execution.ts'
import { failedSteps, type PlanOutcome, unfinishedServers } from '../execution/plan-outcome.ts'
import type { FailoverJob, FailoverResult } from './dead-primary.ts'
import type { FailoverPolicy } from './failover-policy.ts'
import type { Fleet } from './fleet.ts'

/** Logs may be walked for as long as this; whoever is matched waits, and nobody else. */
const matchMilliseconds = 5 * 60_000

/** An applier that holds a part of a transaction waits a minute for the rest before it stops. */
const stopMilliseconds = 75_000

/** Replaces a dead primary whose replicas use no GTID, in stages (contract recovery.md 3.2; beyond.md sections 3 and 5). */
export class PositionFailover {
  readonly #execution: Execution
  readonly #fleet: Fleet
  readonly #policy: FailoverPolicy

  constructor(execution: Execution, fleet: Fleet, policy: FailoverPolicy) {
    this.#execution = execution
    this.#fleet = fleet
    this.#policy = policy
  }

  async run(job: FailoverJob): Promise<FailoverResult> {
    const { failed, story, durability } = job
    const { reachable, lost } = replicasByPosition(this.#fleet.topology(), failed.key)
    if (reachable.length === 0) return nobody(failoverReason('no-reachable-replica', { failed: failed.key }), lost)
    if (durability !== undefined && durability.policy !== 'none') {
      const { text } = positionReason('failover-position-unproven', {})
      const says = durability.accepted === null ? durabilityReason('durability-refused', { policy: durability.policy, text }) : durabilityReason('durability-overridden', { ...durability.accepted, text })
      story.note('prove', says.text, null, durability.accepted === null ? 'failed' : 'note')
      if (durability.accepted === null) return nobody(says, lost)
    }
    const stopping = await this.#run('stop-receivers', planStopPositions(this.#fleet.topology(), failed.key, reachable), job, {
      known: knownOf(reachable), deadlines: { 'stop-receiver': this.#policy.stopLimit }, remembered: 'behind',
    })
    const unstopped = unfinishedServers(stopping)
    const stopped = reachable.filter(({ key }) => !unstopped.has(key)).map(replica => stopping.fresh.get(replica.key) ?? replica)
    const late = [...unstopped].map(([key, reason]): LostReplica => ({ key, reason: failoverReason('replica-not-stopped', { server: key, text: reason?.text ?? '' }) }))
    const left = [...lost, ...late]
    const stood = await this.#chooseAndStand(job, stopped)
    if ('refused' in stood) return nobody(stood.refused, left)
    const { successor, place, errors } = stood
    const fence = this.#run('fence', planFence(this.#fleet.topology(), failed.key), job, { remembered: 'behind' })
    const [promoted, followed] = await Promise.all([this.#promote(job, successor), this.#follow(job, stopped, successor, place)])
    const everyoneLost = [...left, ...followed.lost]
    for (const { key, reason } of everyoneLost) story.note('repoint', `RecoverDeadMaster: - lost replica: ${key}: ${reason.text}`, key)
    const background: Promise<unknown>[] = [fence]
    if (promoted.failure === null && this.#policy.detachesLost) background.push(this.#run('detach', planDetachPosition(this.#fleet.topology(), everyoneLost, failed.key), job))
    if (promoted.failure === null && !this.#policy.makesWritable && this.#policy.detachesPromoted) {
      background.push(this.#run('detach', planDetachPosition(this.#fleet.topology(), [{ key: successor.key, reason: failoverReason('drain-stopped', { candidate: successor.key }) }], failed.key), job))
    }
    const missing = missingTransactions(failed, successor)
    story.note('promote', missing.text)
    return {
      successor: promoted.failure === null ? (this.#fleet.get(successor.key) ?? successor) : null, lost: everyoneLost,
      participants: [successor.key, ...stopped.map(({ key }) => key).filter(key => key !== successor.key)], errors: [...errors, ...promoted.errors, ...followed.errors], missing, background,
    }
  }

  /**
   * Those that have read as much as anybody are tried one after the other; when none of them was quick enough the best is waited for. One that has
   * read less is never promoted in their place, because what it lacks would be lost.
   */
  async #chooseAndStand(
    job: FailoverJob, replicas: readonly Instance[],
  ): Promise<{ readonly successor: Instance; readonly place: LeaderPlace; readonly errors: readonly string[] } | { readonly refused: Reason }> {
    const { failed, designated, only, story } = job
    const { promotion } = this.#policy
    const choice = choosePositionSuccessors(this.#fleet.topology(), failed, replicas, { ...promotion, failIfApplierBehind: false }, { designated, only: only ?? null })
    if ('refused' in choice) return choice
    for (const remark of choice.remarks) story.note('choose', remark.text)
    const errors: string[] = []
    const [best] = choice.successors
    const patient = promotion.failIfApplierBehind || best === undefined ? [] : [{ successor: best, limit: this.#policy.lastDrainLimit }]
    for (const { successor, limit } of [...choice.successors.map(each => ({ successor: each, limit: this.#policy.drainLimit })), ...patient]) {
      story.note('choose', `promoted candidate: ${successor.key}`, successor.key)
      const current = this.#fleet.get(successor.key) ?? successor
      const outcome = await this.#run('drain', planStandPosition(this.#fleet.topology(), current, limit), job, { known: knownOf([current]) })
      const place = placeOf(outcome.bindings, successor.key)
      if (outcome.state === 'done' && place !== null) return { successor: outcome.fresh.get(successor.key) ?? current, place, errors }
      errors.push(outcome.failure?.text ?? positionReason('failover-position-no-own-log', { candidate: successor.key }).text)
    }
    return { refused: failoverReason('candidate-cannot-drain', { candidate: best?.key ?? failed.key, text: errors.at(-1) ?? '' }) }
  }

  /** The others come to stand beside the promotion, and follow from where each stands. */
  async #follow(job: FailoverJob, stopped: readonly Instance[], successor: Instance, place: LeaderPlace): Promise<{ readonly lost: readonly LostReplica[]; readonly errors: readonly string[] }> {
    const others = stopped.filter(({ key }) => key !== successor.key)
    if (others.length === 0) return { lost: [], errors: [] }
    const settled = await this.#run('settle', planStandOthers(this.#fleet.topology(), others, successor.key, this.#policy.drainLimit), job, {
      known: knownOf(others), remembered: 'behind', deadlines: { 'stop-replication': stopMilliseconds },
    })
    const unsettled = unfinishedServers(settled)
    const standing = others.filter(({ key }) => !unsettled.has(key)).map(replica => settled.fresh.get(replica.key) ?? replica)
    const late = [...unsettled].map(([key, reason]): LostReplica => ({ key, reason: failoverReason('replica-not-moved', { server: key, text: reason?.text ?? '' }) }))
    const follow = planFollowPosition(this.#fleet.topology(), standing, successor, place, { replication: this.#policy.promotion.replication, pseudoGtid: this.#policy.pseudoGtid, matchMilliseconds })
    const followed = await this.#run('repoint', follow.plan, job, { known: knownOf([...standing, successor]), remembered: 'behind' })
    const notMoved = [...followed.parts].flatMap(([key, reason]): LostReplica[] => (reason === null ? [] : [{ key, reason: failoverReason('replica-not-moved', { server: key, text: reason.text }) }]))
    return { lost: [...late, ...follow.lost, ...notMoved], errors: [...failedSteps(settled), ...failedSteps(followed)].map(step => step.failure?.text ?? '') }
  }

  async #promote(job: FailoverJob, successor: Instance): Promise<{ readonly failure: Reason | null; readonly errors: readonly string[] }> {
    if (!this.#policy.makesWritable) return { failure: null, errors: [] }
    const outcome = await this.#run('promote', planPromotion(this.#fleet.topology(), successor, job.durability?.policy), job, {
      known: knownOf([successor]), staysOpen: true,
      onStep: event => {
        if (event.state === 'done' && event.step.do === 'set-writable') job.onWritable?.(successor)
      },
    })
    return { failure: outcome.failure, errors: failedSteps(outcome).map(step => step.failure?.text ?? '') }
  }

  #run(stage: string, plan: Plan, { lock, by, story }: FailoverJob, options: Partial<RunOptions> = {}): Promise<PlanOutcome> {
    return this.#execution.run(plan, {
      pace: 'critical', ...options, by, lock, recoveryUid: story.uid,
      onStep: event => {
        if (stage !== 'fence' || event.state !== 'failed') story.planStep(stage, event)
        else story.note(stage, `${event.step.on} could not be made read-only now; it will be when it returns (${event.failure?.text ?? ''})`, event.step.on, 'note', event.milliseconds)
        options.onStep?.(event)
      },
    })
  }
}

const knownOf = (instances: readonly Instance[]): ReadonlyMap<InstanceKey, Instance> => new Map(instances.map(instance => [instance.key, instance]))

const nobody = (reason: Reason, lost: readonly LostReplica[]): FailoverResult => ({ successor: null, lost, participants: [], errors: [reason.text], missing: null, background: [] })

function placeOf(bindings: ReadonlyMap<string, string>, key: InstanceKey): LeaderPlace | null {
  const [executed, ownEnd] = [coordinatesOf(bindings.get(executedName(key))), coordinatesOf(bindings.get(ownEndName(key)))]
  return executed === null || ownEnd === null ? null : { executed, ownEnd }
}

function coordinatesOf(text: string | undefined): BinlogCoordinates | null {
  const [, file, position] = /^(.+):(\d+)$/.exec(text ?? '') ?? []
  return file === undefined || position === undefined ? null : { file, position: BigInt(position) }
}
