import type { Reason } from '../../kit/reason.ts'
import { feederFor, planDrain, planEndFeed, planFeed } from '../../model/planning/failover.ts'
import { countHeldBeyond, executedOnly } from '../../model/planning/failover-held.ts'
import { failoverReason } from '../../model/planning/failover-reasons.ts'
import type { Plan } from '../../model/planning/plan.ts'
import { type Awaited, candidatesMax, firstAwaited, isSoon, leftToExecute, listCandidates, nextAwaited, soonWithin } from '../../model/planning/promote-waiting.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import { canReplicate } from '../../model/topology/replication-rules.ts'
import type { RunOptions } from '../execution/execution.ts'
import type { PlanOutcome } from '../execution/plan-outcome.ts'
import type { FailoverJob } from './dead-primary.ts'
import type { FailoverPolicy } from './failover-policy.ts'
import type { Fleet } from './fleet.ts'

export interface SearchParts {
  readonly fleet: Fleet
  readonly policy: FailoverPolicy
  readonly job: Pick<FailoverJob, 'failed' | 'designated' | 'only' | 'story'>
  run(stage: string, plan: Plan, options?: Partial<RunOptions>): Promise<PlanOutcome>
}

export type Found = { readonly candidate: Instance; readonly errors: readonly string[] } | { readonly refused: Reason }

/** How long everybody's applier is read after a wait was in vain. */
const lookMilliseconds = 1000

/** The one that takes over: it is fed what only another one holds, and applies all it has. */
export class CandidateSearch {
  readonly #parts: SearchParts
  readonly #errors: string[] = []
  /** Whose applier stopped with an error again when it was started: they cannot come. */
  readonly #stuck = new Set<InstanceKey>()

  constructor(parts: SearchParts) {
    this.#parts = parts
  }

  /** `replicas`: who may take over; `holders`: with those that may only feed them. Nobody of them fetches any more. */
  async find(replicas: readonly Instance[], holders: readonly Instance[]): Promise<Found> {
    const { fleet, policy, job } = this.#parts
    const { failed, story } = job
    const list = (most: number): ReturnType<typeof listCandidates> => listCandidates(fleet.topology(), failed, replicas, holders, policy.promotion, job, most)
    const soon = soonWithin(policy.drainLimit, 'transactions')
    // Mostly the best one has nothing to execute: then nobody else is thought of.
    const best = list(1)
    if ('refused' in best) return best
    const listed = best.every(each => each.isAskedFor || isSoon(each, soon)) ? best : list(candidatesMax)
    if ('refused' in listed) return listed
    let next = firstAwaited(listed, soon)
    let [open, isPatient, tried] = [listed, false, failed.key]
    for (let attempt = 0; attempt <= candidatesMax && next !== null; attempt += 1) {
      const { candidate, remarks } = next
      for (const remark of remarks) story.note('choose', remark.text)
      story.note('choose', `promoted candidate: ${candidate.key}`, candidate.key)
      const limit = isPatient ? policy.lastDrainLimit : policy.drainLimit
      if (isPatient) story.note('drain', `no candidate was quick enough; waiting for ${candidate.key}, at most ${limit} ms`, candidate.key)
      const drained = await this.#drain(candidate, holders, limit)
      if (drained !== null) return { candidate: drained, errors: this.#errors }
      tried = candidate.key
      const all = attempt > 0 || open !== best ? open : list(candidatesMax)
      if (!('refused' in all)) open = all
      const now = await this.#readAgain(open.filter(each => !this.#stuck.has(each.candidate.key)), holders)
      // After the long wait, and where nobody may be promoted who has not applied all, only who is there by now is asked.
      const mayWait = !isPatient && !policy.promotion.failIfApplierBehind
      const left = mayWait ? now : now.filter(each => isSoon(each, soon) && each.candidate.key !== candidate.key)
      next = nextAwaited(open, left)
      isPatient = mayWait
      open = left
    }
    return { refused: failoverReason('candidate-cannot-drain', { candidate: tried, text: this.#errors.join('; ') }) }
  }

  async #readAgain(open: readonly Awaited[], holders: readonly Instance[]): Promise<readonly Awaited[]> {
    const { fleet } = this.#parts
    const keys = [...new Set([...open.map(({ candidate }) => candidate.key), ...holders.map(({ key }) => key)])]
    await Promise.all(keys.map(key => fleet.look(key, lookMilliseconds)))
    const present = holders.map(({ key }) => fleet.get(key)).filter(holder => holder !== undefined && holder.check.failure === null)
    const held = present.filter(holder => holder !== undefined)
    return open.flatMap(each => {
      const candidate = fleet.get(each.candidate.key)
      return candidate === undefined || candidate.check.failure !== null ? [] : [{ ...each, candidate, remarks: [], left: leftToExecute(candidate, held) }]
    })
  }

  /** The candidate as it is when it has executed all it held, or null. */
  async #drain(candidate: Instance, holders: readonly Instance[], limit: number): Promise<Instance | null> {
    const { fleet, run } = this.#parts
    const fed = await this.#feed(candidate, holders, limit)
    const outcome = await run('drain', planDrain(fleet.topology(), fed, limit), { known: new Map([[fed.key, fed]]) })
    if (outcome.state === 'done') return outcome.fresh.get(fed.key) ?? fed
    this.#errors.push(outcome.failure?.text ?? 'the plan did not run')
    if (outcome.failure?.code === 'applier-failed') this.#stuck.add(candidate.key)
    return null
  }

  async #feed(candidate: Instance, holders: readonly Instance[], limit: number): Promise<Instance> {
    const { fleet, policy, job, run } = this.#parts
    // One whose applier failed gives what it has executed, and nothing of what it has only received.
    const gives = (replica: Instance): boolean => !this.#stuck.has(replica.key) || countHeldBeyond(executedOnly(fleet.get(replica.key) ?? replica), candidate) > 0
    const feeders = holders.filter(replica => replica.logBin && gives(replica) && canReplicate(candidate, replica, policy.promotion.replication).allowed)
    const advanced = feederFor(candidate, feeders)
    const lacking = feederFor(candidate, holders)
    if (advanced === null) {
      if (lacking !== null) job.story.note('feed', failoverReason('transactions-left-behind', { server: lacking.feeder.key, count: lacking.count }).text, lacking.feeder.key)
      return candidate
    }
    job.story.note('feed', `${candidate.key} lacks ${advanced.count} transactions that ${advanced.feeder.key} holds`, candidate.key)
    // Whoever is waited for in the end is waited for here, too: its feeder may have as much to apply.
    const plan = planFeed(fleet.topology(), candidate, advanced.feeder, limit > policy.drainLimit ? limit : policy.feedLimit)
    const outcome = await run('feed', plan, { known: new Map([candidate, advanced.feeder].map(each => [each.key, each])) })
    if (outcome.state !== 'done') {
      const left = failoverReason('transactions-left-behind', { server: advanced.feeder.key, count: advanced.count }).text
      job.story.note('feed', left, advanced.feeder.key, 'failed')
      this.#errors.push(left)
      const ended = await run('feed', planEndFeed(fleet.topology(), candidate.key, advanced.feeder.key))
      return ended.fresh.get(candidate.key) ?? outcome.fresh.get(candidate.key) ?? candidate
    }
    return outcome.fresh.get(candidate.key) ?? candidate
  }
}
