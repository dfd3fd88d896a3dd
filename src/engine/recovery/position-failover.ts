import type { Reason } from '../../kit/reason.ts'
import { type LostReplica, missingTransactions, planFence, planPromotion } from '../../model/planning/failover.ts'
import { type LeaderPlace, planDetachPosition, planStandPosition, planStopPositions, realReplicasByPosition } from '../../model/planning/failover-position.ts'
import { positionFailoverReason as positionReason } from '../../model/planning/failover-position-reasons.ts'
import { failoverReason } from '../../model/planning/failover-reasons.ts'
import { boundPlace, withPlace } from '../../model/planning/leader-place.ts'
import type { Plan } from '../../model/planning/plan.ts'
import { planStartReceivers } from '../../model/planning/restart-receivers.ts'
import { isPostponed, postponedLimit } from '../../model/planning/postpone.ts'
import { choosePositionSuccessors } from '../../model/planning/promote-position.ts'
import { type Awaited, awaitPositions, candidatesMax, firstAwaited, isSoon, nextAwaited, soonWithin } from '../../model/planning/promote-waiting.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Execution, RunOptions } from '../execution/execution.ts'
import { failedSteps, type PlanOutcome, unfinishedServers } from '../execution/plan-outcome.ts'
import type { FailoverJob, FailoverResult } from './dead-primary.ts'
import { BinlogServersBeside } from './binlog-servers-beside.ts'
import { noSuccessor, placeTaken, refuseUnproven, runStage, whyKept } from './failover-stages.ts'
import type { FailoverPolicy } from './failover-policy.ts'
import type { Fleet } from './fleet.ts'
import { type Follow, followByPosition, knownOf } from './follow-position.ts'

/** How long everybody's applier is read after a wait was in vain. */
const lookMilliseconds = 1000

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
    const { failed, story } = job
    const { reachable, lost } = realReplicasByPosition(this.#fleet.topology(), failed.key)
    const servers = new BinlogServersBeside(this.#following(job), failed.key, (stage, text, server) => story.note(stage, text, server))
    const unproven = reachable.length === 0 ? failoverReason('no-reachable-replica', { failed: failed.key }) : refuseUnproven(job, positionReason('failover-position-unproven', {}).text)
    if (unproven !== null) return { ...noSuccessor(unproven, lost), ...(await whyKept(job, [])) }
    const [stopping] = await Promise.all([this.#run('stop-receivers', planStopPositions(this.#fleet.topology(), failed.key, reachable), job, {
      known: knownOf(reachable), deadlines: { 'stop-receiver': this.#policy.stopLimit }, remembered: 'behind', staysOpen: true,
    }), servers.stand()])
    const unstopped = unfinishedServers(stopping)
    const stopped = reachable.filter(({ key }) => !unstopped.has(key)).map(replica => stopping.fresh.get(replica.key) ?? replica)
    const late = [...unstopped].map(([key, reason]): LostReplica => ({ key, reason: failoverReason('replica-not-stopped', { server: key, text: reason?.text ?? '' }) }))
    const left = [...lost, ...late]
    const kept = await whyKept(job, stopped)
    if (kept !== null) return { ...(await this.#letGo(job, stopped, servers, left, kept.because)), ...kept }
    const stood = await this.#chooseAndStand(job, stopped, servers)
    if ('refused' in stood) return this.#letGo(job, stopped, servers, left, stood.refused)
    const { successor, place, errors } = stood
    const fence = this.#run('fence', planFence(this.#fleet.topology(), failed.key), job, { remembered: 'behind' })
    const others = stopped.filter(({ key }) => key !== successor.key)
    const postponed = others.filter(other => isPostponed(other, this.#policy.postponeMinutes))
    const [promoted, followed, below] = await Promise.all([this.#promote(job, successor, place), followByPosition(this.#following(job), others.filter(other => !postponed.includes(other)), successor, place), servers.followTo(successor, place)])
    const later = promoted.failure === null && postponed.length > 0 ? [this.#followLater(job, postponed, successor, place)] : []
    const everyoneLost = [...left, ...followed.lost, ...below.lost]
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
      participants: [successor.key, ...stopped.map(({ key }) => key).filter(key => key !== successor.key)], errors: [...errors, ...promoted.errors, ...followed.errors, ...below.errors], missing, background, later,
      ...placeTaken(job, stopped, this.#policy, successor, everyoneLost),
    }
  }

  /** Nobody is promoted: whoever was stopped waits for the primary again, and what was made to stand applies on. */
  async #letGo(job: FailoverJob, stopped: readonly Instance[], servers: BinlogServersBeside, lost: readonly LostReplica[], because: Reason): Promise<FailoverResult> {
    await this.#run('let-go', planStartReceivers(this.#fleet.topology(), job.failed.key, stopped.map(({ key }) => key)), job, { known: knownOf(stopped) })
    await servers.letGo()
    return noSuccessor(because, lost)
  }

  /** Behind the recovery, with as much time as they apply late; who does not manage is lost then, and said so. */
  async #followLater(job: FailoverJob, postponed: readonly Instance[], successor: Instance, place: LeaderPlace): Promise<readonly InstanceKey[]> {
    for (const { key } of postponed) job.story.note('repoint', positionReason('moved-later', { server: key }).text, key)
    const following = { ...this.#following(job), policy: { ...this.#policy, drainLimit: postponedLimit(postponed, this.#policy.lastDrainLimit) } }
    const { lost } = await followByPosition(following, postponed, successor, place)
    for (const { key, reason } of lost) job.story.note('repoint', `RecoverDeadMaster: - lost replica: ${key}: ${reason.text}`, key)
    if (this.#policy.detachesLost) await this.#run('detach', planDetachPosition(this.#fleet.topology(), lost, job.failed.key), job)
    return lost.map(({ key }) => key)
  }

  /**
   * Of those that have read as much as anybody the one that has least to execute is waited for, unless the one that the rules like best has little; then
   * the one that will be there first. One that has read less is never promoted in their place, because what it lacks would be lost.
   */
  async #chooseAndStand(
    job: FailoverJob, replicas: readonly Instance[], servers: BinlogServersBeside,
  ): Promise<{ readonly successor: Instance; readonly place: LeaderPlace; readonly errors: readonly string[] } | { readonly refused: Reason }> {
    const { failed, designated, only, story } = job
    const { promotion } = this.#policy
    const choice = choosePositionSuccessors(this.#fleet.topology(), failed, replicas, { ...promotion, failIfApplierBehind: false }, { designated, only: only ?? null })
    if ('refused' in choice) return choice
    for (const remark of choice.remarks) story.note('choose', remark.text)
    const errors: string[] = []
    const soon = soonWithin(this.#policy.drainLimit, 'bytes')
    let open = awaitPositions(choice.successors)
    let next = designated !== null && open[0]?.candidate.key === designated ? open[0] : firstAwaited(open, soon)
    let [isPatient, tried] = [false, failed.key]
    for (let attempt = 0; attempt <= candidatesMax && next !== null; attempt += 1) {
      const { candidate: successor, remarks } = next
      const limit = isPatient ? this.#policy.lastDrainLimit : this.#policy.drainLimit
      for (const remark of remarks) story.note('choose', remark.text)
      story.note('choose', `promoted candidate: ${successor.key}`, successor.key)
      const current = await servers.feed(this.#fleet.get(successor.key) ?? successor, limit)
      const outcome = await this.#run('drain', planStandPosition(this.#fleet.topology(), current, limit), job, { known: knownOf([current]) })
      const place = boundPlace(outcome.bindings, successor.key)
      if (outcome.state === 'done' && place !== null) return { successor: outcome.fresh.get(successor.key) ?? current, place, errors }
      errors.push(outcome.failure?.text ?? positionReason('failover-position-no-own-log', { candidate: successor.key }).text)
      tried = successor.key
      // One that has no log of its own to go on from will have none later either.
      const now = await this.#readAgain(outcome.state === 'done' ? open.filter(each => each.candidate.key !== successor.key) : open)
      const mayWait = !isPatient && !promotion.failIfApplierBehind
      const left = mayWait ? now : now.filter(each => isSoon(each, soon) && each.candidate.key !== successor.key)
      next = nextAwaited(open, left)
      isPatient = mayWait
      open = left
    }
    return { refused: failoverReason('candidate-cannot-drain', { candidate: tried, text: errors.at(-1) ?? '' }) }
  }

  async #readAgain(open: readonly Awaited[]): Promise<readonly Awaited[]> {
    await Promise.all(open.map(({ candidate }) => this.#fleet.look(candidate.key, lookMilliseconds)))
    return awaitPositions(open.flatMap(({ candidate }) => this.#fleet.get(candidate.key) ?? []).filter(({ check }) => check.failure === null))
  }

  async #promote(job: FailoverJob, successor: Instance, place: LeaderPlace): Promise<{ readonly failure: Reason | null; readonly errors: readonly string[] }> {
    if (!this.#policy.makesWritable) return { failure: null, errors: [] }
    // Whoever finishes this after a crash must know from where the others go on.
    const plan = withPlace(planPromotion(this.#fleet.topology(), successor, job.durability?.policy), job.failed.key, successor.key, place)
    const outcome = await this.#run('promote', plan, job, {
      known: knownOf([successor]), staysOpen: true,
      onStep: event => {
        if (event.state === 'done' && event.step.do === 'set-writable') job.onWritable?.(successor)
      },
    })
    return { failure: outcome.failure, errors: failedSteps(outcome).map(step => step.failure?.text ?? '') }
  }

  #following = (job: FailoverJob): Follow => ({ fleet: this.#fleet, policy: this.#policy, run: (stage, plan, options) => this.#run(stage, plan, job, options) })

  #run(stage: string, plan: Plan, job: FailoverJob, options: Partial<RunOptions> = {}): Promise<PlanOutcome> {
    return runStage(this.#execution, stage, plan, job, { pace: 'critical', ...options })
  }
}
