import { broken as brokenCondition } from '../../../src/engine/execution/conditions.ts'
import type { Plan, PlannedStep } from '../../../src/model/planning/plan.ts'
import type { Step } from '../../../src/model/planning/step.ts'
import type { Topology } from '../../../src/model/topology/topology.ts'
import { applyStep, traffic, type World, worldOf } from './effects.ts'
import { brokenInvariants } from './invariants.ts'

/** What came of running a plan, wholly or up to a step. `broken` is empty when every invariant held all the way. */
export interface Run {
  readonly world: World
  readonly done: readonly PlannedStep[]
  /** Why the next step was not done; null when all were. */
  readonly stopped: string | null
  readonly broken: readonly string[]
}

export interface RunOptions {
  /** Steps to do before the interruption; all when left out. */
  readonly steps?: number
  /** Writes go on, and receivers read, before each step. */
  readonly withTraffic?: boolean
}

/** Runs the steps of a plan on simulated servers, each with its conditions judged right before it, and every invariant checked after it. */
export function runPlan(topology: Topology, plan: Plan, options: RunOptions = {}): Run {
  let world = worldOf(topology)
  const done: PlannedStep[] = []
  for (const planned of plan.steps.slice(0, options.steps ?? plan.steps.length)) {
    if (options.withTraffic === true) world = traffic(world)
    const now = world.topology
    const reason = planned.requires.map(condition => brokenCondition(condition, key => now.get(key))).find(found => found !== null)
    if (reason !== undefined && reason !== null) return { world, done, stopped: reason.text, broken: [] }
    const effect = applyStep(world, planned.step)
    if (effect.failure !== null) {
      if (planned.onFailure === 'note') continue
      return { world, done, stopped: effect.failure, broken: [] }
    }
    const broken = brokenInvariants(topology, world.topology, planned.step, planned.requires, effect.world.topology)
    world = effect.world
    done.push(planned)
    if (broken.length > 0) return { world, done, stopped: null, broken }
  }
  return { world, done, stopped: null, broken: [] }
}

/** Puts things right again after a failure: the undo steps of what was done, last step first. */
export function undoRun(topology: Topology, run: Run): Run {
  let { world } = run
  const steps: readonly { readonly step: Step; readonly of: PlannedStep }[] = run.done.toReversed().flatMap(of => of.undo.map(step => ({ step, of })))
  for (const { step, of } of steps) {
    const effect = applyStep(world, step)
    if (effect.failure !== null) return { ...run, world, stopped: `undo of ${of.step.do}: ${effect.failure}`, broken: [] }
    // Going back to the former source may forget what was fetched again from the new one in between: both hold it.
    const broken = brokenInvariants(topology, world.topology, step, of.requires, effect.world.topology)
    world = effect.world
    if (broken.length > 0) return { ...run, world, stopped: null, broken }
  }
  return { ...run, world, stopped: null, broken: [] }
}
