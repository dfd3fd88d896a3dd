import type { Reason } from '../../kit/reason.ts'
import type { Step } from '../../model/planning/step.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'

/** What one step came to. Times in ms since 1970; `skipped`: an earlier failure on the same server, or the end of the plan, left it out. */
export interface StepOutcome {
  readonly number: number
  readonly step: Step
  readonly state: 'done' | 'failed' | 'skipped'
  readonly startedAt: number
  readonly milliseconds: number
  readonly statements: readonly string[]
  readonly failure: Reason | null
}

/** Told while a plan runs. `undoing` marks steps that put things right again after a failure. */
export type StepEvent =
  | { readonly state: 'running'; readonly number: number; readonly step: Step; readonly at: number; readonly undoing: boolean }
  | (StepOutcome & { readonly undoing: boolean })

/**
 * What a plan came to. `done`: every step with `onFailure: 'stop'` was done (others may have failed, see `steps`, and parts, see `parts`). `failed`: it stopped at
 * `failure` and its undo ran. `refused`: nothing was sent.
 */
export interface PlanOutcome {
  readonly state: 'done' | 'failed' | 'refused'
  readonly failure: Reason | null
  readonly steps: readonly StepOutcome[]
  readonly undone: readonly StepOutcome[]
  /** What became of each part of the plan: null when all of its steps were done, else why not. */
  readonly parts: ReadonlyMap<InstanceKey, Reason | null>
  /** Each server as last probed while the plan ran. */
  readonly fresh: ReadonlyMap<InstanceKey, Instance>
  /** GTID sets that `read-executed` steps bound. */
  readonly bindings: ReadonlyMap<string, string>
}

export const failedSteps = (outcome: PlanOutcome): readonly StepOutcome[] => outcome.steps.filter(step => step.state === 'failed')

/** The servers on which something of the plan failed or was left out. */
export const unfinishedServers = (outcome: PlanOutcome): ReadonlyMap<InstanceKey, Reason | null> => {
  const servers = new Map<InstanceKey, Reason | null>()
  for (const { step, state, failure } of outcome.steps) if (state !== 'done' && !servers.has(step.on)) servers.set(step.on, failure)
  return servers
}
