import { broken as brokenCondition } from '../../../src/engine/execution/conditions.ts'
import type { Plan, PlannedStep } from '../../../src/model/planning/plan.ts'
import type { Step } from '../../../src/model/planning/step.ts'
import type { InstanceKey } from '../../../src/model/topology/instance-key.ts'
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
  /** Parts that failed and were put back, with the reason. */
  readonly failedParts: ReadonlyMap<InstanceKey, string>
}

export interface RunOptions {
  /** Steps to do before the interruption; all when left out. */
  readonly steps?: number
  /** Writes go on, and receivers read, before each step. */
  readonly withTraffic?: boolean
  /** Servers that may come to replicate from themselves, because that is the wish: co-primaries. */
  readonly mayRing?: ReadonlySet<InstanceKey>
}

/** Runs the steps of a plan on simulated servers, each with its conditions judged right before it, and every invariant checked after it. */
export function runPlan(topology: Topology, plan: Plan, options: RunOptions = {}): Run {
  let world = worldOf(topology)
  const done: PlannedStep[] = []
  const failedParts = new Map<InstanceKey, string>()
  const ended = (stopped: string | null, broken: readonly string[]): Run => ({ world, done, stopped, broken, failedParts })
  for (const planned of plan.steps.slice(0, options.steps ?? plan.steps.length)) {
    const { part } = planned
    if (part !== undefined && failedParts.has(part)) continue
    if (options.withTraffic === true) world = traffic(world)
    const now = world.topology
    const reason = planned.requires.map(condition => brokenCondition(condition, key => now.get(key))).find(found => found !== null)
    const effect = reason === undefined || reason === null ? applyStep(world, planned.step) : { failure: reason.text }
    if (effect.failure !== null) {
      if (planned.onFailure === 'stop') return ended(effect.failure, [])
      if (part === undefined) continue
      // The part alone is put back, and the plan goes on.
      failedParts.set(part, effect.failure)
      const undone = undoRun(topology, { ...ended(null, []), done: done.filter(earlier => earlier.part === part) }, plan.steps, options.mayRing)
      world = undone.world
      if (undone.stopped !== null || undone.broken.length > 0) return ended(undone.stopped, undone.broken)
      done.splice(0, done.length, ...done.filter(earlier => earlier.part !== part))
      continue
    }
    const broken = brokenInvariants(topology, world.topology, planned.step, planned.requires, effect.world.topology, options.mayRing)
    world = effect.world
    done.push(planned)
    if (broken.length > 0) return ended(null, broken)
  }
  return ended(null, [])
}

/** What is left to put back when a plan stops: parts that came to their end stay as they are. */
const toUndo = (plan: readonly PlannedStep[], done: readonly PlannedStep[]): readonly PlannedStep[] => {
  const settled = endedParts(plan, done)
  return done.filter(({ part }) => part === undefined || !settled.has(part))
}

/** Parts of which every step was done. */
export const endedParts = (plan: readonly PlannedStep[], done: readonly PlannedStep[]): ReadonlySet<InstanceKey> =>
  new Set(done.flatMap(({ part }) => (part !== undefined && plan.every(planned => planned.part !== part || done.includes(planned)) ? [part] : [])))

/** Puts things right again after a failure: the undo steps of what was done, last step first. */
export function undoRun(topology: Topology, run: Run, plan: readonly PlannedStep[], mayRing: ReadonlySet<InstanceKey> = new Set()): Run {
  let { world } = run
  const steps: readonly { readonly step: Step; readonly of: PlannedStep }[] = toUndo(plan, run.done).toReversed().flatMap(of => of.undo.map(step => ({ step, of })))
  for (const { step, of } of steps) {
    const effect = applyStep(world, step)
    if (effect.failure !== null) return { ...run, world, stopped: `undo of ${of.step.do}: ${effect.failure}`, broken: [] }
    // Going back to the former source may forget what was fetched again from the new one in between: both hold it.
    const broken = brokenInvariants(topology, world.topology, step, of.requires, effect.world.topology, mayRing)
    world = effect.world
    if (broken.length > 0) return { ...run, world, stopped: null, broken }
  }
  return { ...run, world, stopped: null, broken: [] }
}
