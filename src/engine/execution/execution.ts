import type { Reason } from '../../kit/reason.ts'
import type { Plan, PlannedStep } from '../../model/planning/plan.ts'
import type { Instance, Maintenance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Servers } from '../../ports/servers.ts'
import { eachBounded } from './bounded.ts'
import type { DeadlineOverrides } from './deadlines.ts'
import type { Intent, Intents } from '../../ports/intents.ts'
import type { LeaseHolder } from '../../ports/leases.ts'
import type { PlanOutcome, StepEvent, StepOutcome } from './plan-outcome.ts'
import { OpenPlans } from './open-plans.ts'
import { executionReason } from './reasons.ts'
import { Run, skipped } from './run.ts'
import { type Lock, ServerLocks } from './server-locks.ts'
import type { ExecutionSettings } from './settings.ts'
import type { SharedLocks } from './shared-locks.ts'
import { hasEffect, type Observer, type Pace, StepRunner } from './step-runner.ts'

export interface ExecutionParts {
  readonly servers: Servers
  readonly clock: Clock
  readonly log: Log
  readonly observer: Observer
  readonly intents: Intents
  /** Under which plans are written down as ours. */
  readonly process: LeaseHolder
  /** Seen by other processes too. */
  readonly shared: Pick<SharedLocks, 'take'>
  /** The program was started with -noop: it ends with an error whatever would change a server, but for plain stops and starts that a person asks for. */
  readonly changesNothing?: boolean
  /** Somebody here goes on with what other processes left half done (`resume`): until then a plan of people is not begun on the same servers. */
  readonly waitsForHalfDone?: boolean
  /** In a group: asked before each step beside its own right; a reason: this process does not lead any more. */
  readonly confirm?: () => Promise<Reason | null>
}

export interface RunOptions {
  /** Who asked for it. */
  readonly by: string
  readonly recoveryUid?: string
  readonly pace?: Pace
  /** Servers as read a moment ago, so that a critical plan need not read them again. */
  readonly known?: ReadonlyMap<InstanceKey, Instance>
  /** GTID sets bound by an earlier plan of the same work. */
  readonly bindings?: ReadonlyMap<string, string>
  /** A lock that is held already over several plans; without it the run takes one on the servers it changes. */
  readonly lock?: Lock
  /** Stands for the lock's own (server-locks.ts) where there is no lock over several plans; without either a plan is ours until another process takes it over. */
  readonly fence?: () => Promise<Reason | null>
  readonly deadlines?: DeadlineOverrides
  /** `behind`: the plan is written down while it runs already. For steps that are harmless to find half done. */
  readonly remembered?: 'first' | 'behind'
  /** Its end is not written down, unless it was undone: what was begun with it goes on, and whoever asked for it ends it (`recoveryUid`). */
  readonly staysOpen?: boolean
  readonly signal?: AbortSignal
  /** Steps of an earlier, interrupted run of the same plan, to be undone with this one's. */
  readonly alsoUndo?: readonly PlannedStep[]
  /** It was left half done, and is gone on with. */
  readonly goesOn?: boolean
  onStep?(event: StepEvent): void
}

/** Runs plans: lock, check, do, check, record; stops well. */
export class Execution {
  readonly locks: ServerLocks
  readonly open: OpenPlans
  readonly #parts: ExecutionParts
  readonly #settings: ExecutionSettings
  readonly #runner: StepRunner

  constructor(parts: ExecutionParts, settings: ExecutionSettings) {
    this.#parts = parts
    this.#settings = settings
    this.locks = new ServerLocks(parts.clock)
    this.open = new OpenPlans(parts.intents)
    this.#runner = new StepRunner(parts.servers, parts.clock, parts.observer)
  }

  /** Never rejects for what a server did; a refused lock or an aborted signal before the first step sends nothing. */
  async run(plan: Plan, options: RunOptions): Promise<PlanOutcome> {
    if (plan.steps.length === 0) return { state: 'done', failure: null, steps: [], undone: [], parts: new Map(), fresh: new Map(options.known), bindings: new Map(options.bindings) }
    const kept = this.#parts.changesNothing === true ? keptByNoop(plan, options) : null
    if (kept !== null) return refused(kept, plan)
    if (options.lock !== undefined) return this.#locked(plan, options, options.lock)
    const servers = [...new Set(plan.steps.map(({ step }) => step.on))]
    const taken = this.locks.take(servers, options.by)
    if ('busy' in taken) return refused(executionReason('server-busy', { server: taken.busy, owner: taken.owner }), plan)
    try {
      const shared = await this.#parts.shared.take(servers, options.by, plan.says.text, () => this.#knownMaintenance(servers, options.by))
      if ('taken' in shared) return refused(executionReason('server-in-maintenance', { server: shared.taken, owner: shared.by.owner, reason: shared.by.reason }), plan)
      try {
        // Under the locks: whoever left something half done has none any more, and nobody begins beside us. What is gone on with is such work itself.
        const left = this.#parts.waitsForHalfDone === true && options.goesOn !== true ? await this.open.leftOn(servers) : null
        if (left !== null) {
          const server = left.plan.steps.find(({ step }) => servers.includes(step.on))?.step.on ?? servers[0]
          return refused(executionReason('server-half-done', { server: server ?? '', plan: left.plan.says.text, owner: left.by }), plan)
        }
        return await this.#locked(plan, options, taken.lock)
      } finally {
        await shared.lock.release()
      }
    } finally {
      taken.lock.release()
    }
  }

  /**
   * Goes on with a plan that a crash cut off, from the first step that is not known to be done. Steps may run a second time, which does no harm; each is
   * checked as ever. When it cannot go on, what was begun before and after the crash is undone. The old intent is ended; it stays open when the plan was
   * refused, because then nothing was finished and nothing undone.
   */
  async resume(intent: Intent): Promise<PlanOutcome> {
    const isOver = (number: number): boolean => intent.steps.get(number) === 'done'
    const first = intent.plan.steps.find(({ number }) => !isOver(number))?.number ?? Infinity
    const bindings = new Map(intent.plan.steps.flatMap(({ number, step }) => ('as' in step && intent.bound.has(number) ? [[step.as, intent.bound.get(number) ?? ''] as const] : [])))
    const steps = intent.plan.steps.filter(({ number, step, part }) => (part === undefined ? number >= first : !isOver(number)) || ('as' in step && !bindings.has(step.as)))
    const before = intent.plan.steps.filter(planned => !steps.includes(planned) && intent.steps.has(planned.number))
    // Left to whoever may: it is neither done nor undone.
    const kept = this.#parts.changesNothing === true ? keptByNoop(intent.plan, intent) : null
    if (kept !== null) return refused(kept, intent.plan)
    const outcome = await this.run({ ...intent.plan, steps }, { by: intent.by, recoveryUid: intent.recoveryUid, bindings, alsoUndo: before, goesOn: true })
    if (outcome.state !== 'refused') await this.#parts.intents.end(intent.id, outcome.state === 'done' ? 'done' : 'undone')
    return outcome
  }

  /** What is known in memory of locks, for when the store cannot be asked. */
  #knownMaintenance(servers: readonly InstanceKey[], by: string): { readonly taken: InstanceKey; readonly by: Maintenance } | null {
    for (const server of servers) {
      const maintenance = this.#parts.observer.get(server)?.maintenance
      if (maintenance && maintenance.owner !== by) return { taken: server, by: maintenance }
    }
    return null
  }

  async #locked(plan: Plan, options: RunOptions, lock: Lock): Promise<PlanOutcome> {
    const run = new Run(plan, options, lock, this.#parts, this.open)
    try {
      return await this.#carriedOut(plan, run)
    } finally {
      run.over()
    }
  }

  async #carriedOut(plan: Plan, run: Run): Promise<PlanOutcome> {
    await run.begin()
    const lastOn = new Map(plan.steps.map(planned => [planned.step.on, planned]))
    const undone: StepOutcome[] = []
    for (const wave of wavesOf(plan.steps)) {
      await eachBounded(chainsOf(wave), this.#settings.maxConcurrentReplicaOperations, async chain => {
        for (const planned of chain) await run.step(planned, () => this.#runner.run(planned, run.knowledge, lastOn.get(planned.step.on) === planned))
        const part = chain[0]?.part
        if (part === undefined || !run.hasFailed(part)) return
        undone.push(...(await this.#undo([...run.alsoUndo.filter(planned => planned.part === part), ...chain], run)))
        run.partIsUndone(part)
      })
      if (run.stopped !== null) break
    }
    if (run.stopped !== null) {
      undone.push(...(await this.#undo([...run.alsoUndo, ...plan.steps].filter(({ part }) => part === undefined || !run.isSettled(part)), run)))
    }
    return run.end(undone)
  }

  /** Puts things right again, last done first; what fails is recorded, and the steps before it are undone all the same. */
  async #undo(steps: readonly PlannedStep[], run: Run): Promise<StepOutcome[]> {
    if (run.isFenced) return []
    const undone: StepOutcome[] = []
    const before = run.alsoUndo.map(({ number }) => number)
    for (const planned of steps.toReversed()) {
      // A step that failed may have reached its server all the same.
      if (!run.wasBegun(planned.number) && !before.includes(planned.number)) continue
      for (const step of planned.undo) {
        const once: PlannedStep = { ...planned, step, requires: [], undo: [] }
        const outcome = await run.undo(once, () => this.#runner.run(once, { ...run.knowledge, pace: 'checked', before: new Map() }, true))
        undone.push(outcome)
        // What one step is undone by stands or falls together: nobody is sent back whose place was not read.
        if (outcome.state !== 'done') break
      }
    }
    return undone
  }
}

const refused = (failure: Reason, plan: Plan): PlanOutcome =>
  ({ state: 'refused', failure, steps: plan.steps.map(planned => skipped(planned, 0, failure)), undone: [], parts: new Map(), fresh: new Map(), bindings: new Map() })

function wavesOf(steps: readonly PlannedStep[]): PlannedStep[][] {
  return [...Map.groupBy(steps, ({ wave }) => wave)].sort(([left], [right]) => left - right).map(([, ofWave]) => ofWave)
}

/** The steps of each part one after another; every other step alone. */
function chainsOf(wave: readonly PlannedStep[]): PlannedStep[][] {
  const chains = new Map<string, PlannedStep[]>()
  for (const planned of wave) {
    const name = planned.part === undefined ? `step ${planned.number}` : `part ${planned.part}`
    const chain = chains.get(name)
    if (chain === undefined) chains.set(name, [planned])
    else chain.push(planned)
  }
  return [...chains.values()]
}

const plainStops: ReadonlySet<string> = new Set(['stop-replication', 'start-replication', 'stop-receiver', 'start-receiver', 'start-applier'])

/** What -noop ends a plan with; null where it does not. In a recovery not even receivers are stopped. */
function keptByNoop({ steps }: Plan, { recoveryUid = '' }: Pick<RunOptions, 'recoveryUid'>): Reason | null {
  const change = steps.find(({ step }) => hasEffect(step) && (recoveryUid !== '' || !plainStops.has(step.do)))?.step
  return change === undefined ? null : executionReason('noop', { operation: change.do, server: change.on })
}
