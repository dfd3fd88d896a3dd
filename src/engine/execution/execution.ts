import type { Reason } from '../../kit/reason.ts'
import type { Plan, PlannedStep } from '../../model/planning/plan.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Servers } from '../../ports/servers.ts'
import { eachBounded } from './bounded.ts'
import type { DeadlineOverrides } from './deadlines.ts'
import type { Intents } from './intents.ts'
import type { PlanOutcome, StepEvent, StepOutcome } from './plan-outcome.ts'
import { executionReason } from './reasons.ts'
import { type Lock, ServerLocks } from './server-locks.ts'
import type { ExecutionSettings } from './settings.ts'
import { type Knowledge, type Observer, type Pace, StepRunner } from './step-runner.ts'

export interface ExecutionParts {
  readonly servers: Servers
  readonly clock: Clock
  readonly log: Log
  readonly observer: Observer
  readonly intents: Intents
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
  readonly deadlines?: DeadlineOverrides
  readonly signal?: AbortSignal
  onStep?(event: StepEvent): void
}

/** Runs plans: lock, check, do, check, record; stops well. */
export class Execution {
  readonly locks: ServerLocks
  readonly #parts: ExecutionParts
  readonly #settings: ExecutionSettings
  readonly #runner: StepRunner

  constructor(parts: ExecutionParts, settings: ExecutionSettings) {
    this.#parts = parts
    this.#settings = settings
    this.locks = new ServerLocks(parts.clock)
    this.#runner = new StepRunner(parts.servers, parts.clock, parts.observer)
  }

  /** Never rejects for what a server did; a refused lock or an aborted signal before the first step sends nothing. */
  async run(plan: Plan, options: RunOptions): Promise<PlanOutcome> {
    if (options.lock !== undefined) return this.#locked(plan, options, options.lock)
    const servers = [...new Set(plan.steps.map(({ step }) => step.on))]
    const refusal = this.#maintenanceOf(servers, options.by)
    if (refusal !== null) return refused(refusal, plan)
    const taken = this.locks.take(servers, options.by)
    if ('busy' in taken) return refused(executionReason('server-busy', { server: taken.busy, owner: taken.owner }), plan)
    try {
      return await this.#locked(plan, options, taken.lock)
    } finally {
      taken.lock.release()
    }
  }

  #maintenanceOf(servers: readonly InstanceKey[], by: string): Reason | null {
    for (const server of servers) {
      const maintenance = this.#parts.observer.get(server)?.maintenance
      if (maintenance && maintenance.owner !== by) return executionReason('server-in-maintenance', { server, owner: maintenance.owner, reason: maintenance.reason })
    }
    return null
  }

  async #locked(plan: Plan, options: RunOptions, lock: Lock): Promise<PlanOutcome> {
    const run = new Run(plan, options, lock, this.#parts)
    await run.begin()
    const befores = new Map<InstanceKey, Instance | undefined>()
    for (const wave of wavesOf(plan.steps)) {
      await eachBounded(wave, this.#settings.maxConcurrentReplicaOperations, async planned => {
        const server = planned.step.on
        if (!befores.has(server)) befores.set(server, run.knowledge.fresh.get(server) ?? this.#parts.observer.get(server))
        await run.step(planned, () => this.#runner.run(planned, run.knowledge))
      })
      if (run.stopped !== null) break
    }
    if (run.knowledge.pace === 'critical' && run.stopped === null) await this.#verifyAtTheEnd(plan, run, befores)
    const undone = run.stopped === null ? [] : await this.#undo(plan, run)
    return run.end(undone)
  }

  async #verifyAtTheEnd(plan: Plan, run: Run, befores: ReadonlyMap<InstanceKey, Instance | undefined>): Promise<void> {
    const steps = Map.groupBy(plan.steps, ({ step }) => step.on)
    await eachBounded([...steps], this.#settings.maxConcurrentReplicaOperations, async ([server, ofServer]) => {
      const before = befores.get(server)
      if (before === undefined || !ofServer.every(({ number }) => run.isDone(number))) return
      const failure = await this.#runner.verify(ofServer, before, run.knowledge)
      const last = ofServer.at(-1)
      if (failure !== null && last !== undefined) run.failAfterwards(last, failure)
    })
  }

  /** Puts things right again, last done first; what fails is recorded and the rest goes on. */
  async #undo(plan: Plan, run: Run): Promise<StepOutcome[]> {
    const undone: StepOutcome[] = []
    for (const planned of plan.steps.toReversed()) {
      // A step that failed may have reached its server all the same.
      if (!run.wasBegun(planned.number)) continue
      for (const step of planned.undo) {
        const once: PlannedStep = { ...planned, step, requires: [], undo: [] }
        undone.push(await run.undo(once, () => this.#runner.run(once, { ...run.knowledge, pace: 'checked' })))
      }
    }
    return undone
  }
}

/** The state of one run. */
class Run {
  readonly knowledge: Knowledge
  readonly #plan: Plan
  readonly #options: RunOptions
  readonly #lock: Lock
  readonly #parts: ExecutionParts
  readonly #outcomes = new Map<number, StepOutcome>()
  readonly #begun = new Set<number>()
  readonly #failedServers = new Set<InstanceKey>()
  #intent: number | null = null
  stopped: Reason | null = null

  constructor(plan: Plan, options: RunOptions, lock: Lock, parts: ExecutionParts) {
    this.#plan = plan
    this.#options = options
    this.#lock = lock
    this.#parts = parts
    this.knowledge = {
      pace: options.pace ?? 'checked', deadlines: options.deadlines ?? {},
      fresh: new Map(options.known), readAt: new Map(), bindings: new Map(options.bindings),
    }
  }

  isDone = (number: number): boolean => this.#outcomes.get(number)?.state === 'done'
  wasBegun = (number: number): boolean => this.#begun.has(number)

  async begin(): Promise<void> {
    const { by, recoveryUid = '' } = this.#options
    await this.#remember(async () => {
      this.#intent = await this.#parts.intents.begin({ plan: this.#plan, by, recoveryUid, startedAt: this.#parts.clock.now() })
    })
  }

  async step(planned: PlannedStep, act: () => Promise<{ readonly statements: readonly string[]; readonly failure: Reason | null }>): Promise<void> {
    const { step, number } = planned
    const abortedBy = this.#lock.signal.aborted ? String(this.#lock.signal.reason) : this.#options.signal?.aborted ? this.#options.by : null
    if (abortedBy !== null) this.stopped ??= executionReason('plan-aborted', { by: abortedBy })
    if (this.stopped !== null) return
    if (this.#failedServers.has(step.on)) {
      await this.#record(skipped(planned, this.#parts.clock.now(), executionReason('skipped-after-failure', { server: step.on })), false)
      return
    }
    this.#begun.add(number)
    const result = await this.#timed(planned, act, false)
    if (result.failure === null) return
    if (planned.onFailure === 'stop') this.stopped ??= result.failure
    else this.#failedServers.add(step.on)
  }

  undo(planned: PlannedStep, act: () => Promise<{ readonly statements: readonly string[]; readonly failure: Reason | null }>): Promise<StepOutcome> {
    return this.#timed(planned, act, true)
  }

  /** The reading at the end of a critical plan found that a step did not come to what it promised. */
  failAfterwards(planned: PlannedStep, failure: Reason): void {
    const outcome = this.#outcomes.get(planned.number)
    if (outcome === undefined) return
    const failed: StepOutcome = { ...outcome, state: 'failed', failure }
    this.#outcomes.set(planned.number, failed)
    this.#options.onStep?.({ ...failed, undoing: false })
    if (planned.onFailure === 'stop') this.stopped ??= failure
  }

  async end(undone: readonly StepOutcome[]): Promise<PlanOutcome> {
    for (const planned of this.#plan.steps) {
      if (this.#outcomes.has(planned.number)) continue
      await this.#record(skipped(planned, this.#parts.clock.now(), executionReason('skipped-plan-stopped', {})), false)
    }
    const state = this.stopped === null ? 'done' : 'failed'
    const intent = this.#intent
    const ended = undone.length > 0 && undone.every(({ state }) => state === 'done') ? 'undone' : state
    if (intent !== null) await this.#remember(() => this.#parts.intents.end(intent, ended))
    const steps = this.#plan.steps.flatMap(({ number }) => this.#outcomes.get(number) ?? [])
    return { state, failure: this.stopped, steps, undone, fresh: this.knowledge.fresh, bindings: this.knowledge.bindings }
  }

  async #timed(planned: PlannedStep, act: () => Promise<{ readonly statements: readonly string[]; readonly failure: Reason | null }>, undoing: boolean): Promise<StepOutcome> {
    const { step, number } = planned
    const { clock } = this.#parts
    const startedAt = clock.now()
    this.#options.onStep?.({ state: 'running', number, step, at: startedAt, undoing })
    if (!undoing) await this.#mark(number, 'begun')
    const from = clock.monotonic()
    const { statements, failure } = await act()
    const outcome: StepOutcome = { number, step, state: failure === null ? 'done' : 'failed', startedAt, milliseconds: clock.monotonic() - from, statements, failure }
    await this.#record(outcome, undoing)
    return outcome
  }

  async #record(outcome: StepOutcome, undoing: boolean): Promise<void> {
    this.#options.onStep?.({ ...outcome, undoing })
    if (undoing) return
    this.#outcomes.set(outcome.number, outcome)
    await this.#mark(outcome.number, outcome.state)
  }

  /** On the critical path the mark is written behind: after a crash the steps are judged by reading the servers anyway. */
  async #mark(number: number, state: 'begun' | StepOutcome['state']): Promise<void> {
    const intent = this.#intent
    if (intent === null) return
    const marked = this.#remember(() => this.#parts.intents.step(intent, number, state))
    if (this.knowledge.pace === 'checked') await marked
  }

  /** A store that fails must not stop a plan half-way: it is said, and the plan goes on. */
  async #remember(write: () => Promise<void>): Promise<void> {
    try {
      await write()
    } catch (error) {
      this.#parts.log.error('a step could not be recorded', { plan: this.#plan.kind, error: String(error) })
    }
  }
}

const skipped = (planned: PlannedStep, at: number, failure: Reason): StepOutcome =>
  ({ number: planned.number, step: planned.step, state: 'skipped', startedAt: at, milliseconds: 0, statements: [], failure })

const refused = (failure: Reason, plan: Plan): PlanOutcome =>
  ({ state: 'refused', failure, steps: plan.steps.map(planned => skipped(planned, 0, failure)), undone: [], fresh: new Map(), bindings: new Map() })

function wavesOf(steps: readonly PlannedStep[]): PlannedStep[][] {
  return [...Map.groupBy(steps, ({ wave }) => wave)].sort(([left], [right]) => left - right).map(([, ofWave]) => ofWave)
}

