import type { Reason } from '../../kit/reason.ts'
import { durabilityReason } from '../../model/planning/durability-reasons.ts'
import type { LostReplica } from '../../model/planning/failover.ts'
import { failoverReason } from '../../model/planning/failover-reasons.ts'
import { firstChoice } from '../../model/planning/promote.ts'
import type { Plan } from '../../model/planning/plan.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { Execution, RunOptions } from '../execution/execution.ts'
import { type PlanOutcome, unfinishedServers } from '../execution/plan-outcome.ts'
import type { FailoverJob, FailoverResult } from './dead-primary.ts'
import type { FailoverPolicy } from './failover-policy.ts'

/** What every way to replace a dead primary does alike. */

/** Runs the plan of one stage and tells its steps in the story. */
export function runStage(execution: Execution, stage: string, plan: Plan, { lock, by, story }: FailoverJob, options: Partial<RunOptions> = {}): Promise<PlanOutcome> {
  return execution.run(plan, {
    ...options, by, lock, recoveryUid: story.uid,
    onStep: event => {
      // A dead server that cannot be made read-only is what was to be expected, and no fault of the recovery.
      if (stage !== 'fence' || event.state !== 'failed') story.planStep(stage, event)
      else story.note(stage, `${event.step.on} could not be made read-only now; it will be when it returns (${event.failure?.text ?? ''})`, event.step.on, 'note', event.milliseconds)
      options.onStep?.(event)
    },
  })
}

/** A policy that is not proven to hold: refused, or given up for the reason that a person gave. Null: go on; either is told. */
export function refuseUnproven({ durability, story }: FailoverJob, text: string): Reason | null {
  if (durability === undefined || durability.policy === 'none') return null
  const { accepted, policy } = durability
  const says = accepted === null ? durabilityReason('durability-refused', { policy, text }) : durabilityReason('durability-overridden', { ...accepted, text })
  story.note('prove', says.text, null, accepted === null ? 'failed' : 'note')
  return accepted === null ? says : null
}

/**
 * Nobody fetches any more, and nothing was done that stays. Does the primary keep its place after all: because it lives, or because a hook says so? Hooks of
 * a recovery that may still be called off run only here, so that nobody is told of a failover that does not come.
 */
export async function whyKept(
  { failed, story, stillLives, forbids }: FailoverJob, replicas: readonly Instance[],
): Promise<{ readonly because: Reason } & Pick<FailoverResult, 'calledOff' | 'forbidden'> | null> {
  const lives = replicas.length === 0 ? null : ((await stillLives?.(replicas)) ?? null)
  if (lives !== null) {
    story.note('prove', lives.text, failed.key, 'failed')
    return { because: lives, calledOff: lives }
  }
  const forbidden = (await forbids?.()) ?? null
  return forbidden && { because: forbidden, forbidden }
}

/** The successor took the place of the one that would have led else, which follows it now: PostTakeMasterProcesses are told of both (contract hooks.md section 1). */
export function placeTaken({ failed }: FailoverJob, replicas: readonly Instance[], { promotion }: FailoverPolicy, successor: Instance, lost: readonly LostReplica[]): Pick<FailoverResult, 'tookPlaceOf'> {
  const first = firstChoice(failed, replicas, promotion)
  return first === null || first === successor.key || lost.some(({ key }) => key === first) ? {} : { tookPlaceOf: first }
}

export const notMoved = (outcome: PlanOutcome): readonly LostReplica[] =>
  [...unfinishedServers(outcome)].map(([key, reason]) => ({ key, reason: failoverReason('replica-not-moved', { server: key, text: reason?.text ?? '' }) }))

export const noSuccessor = (reason: Reason, lost: readonly LostReplica[]): FailoverResult =>
  ({ successor: null, lost, participants: [], errors: [reason.text], missing: null, background: [] })
