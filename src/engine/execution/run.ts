import type { Reason } from '../../kit/reason.ts'
import type { Plan, PlannedStep } from '../../model/planning/plan.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { ExecutionParts, RunOptions } from './execution.ts'
import type { PlanOutcome, StepOutcome } from './plan-outcome.ts'
import type { OpenPlans } from './open-plans.ts'
import { Ownership } from './ownership.ts'
import { executionReason } from './reasons.ts'
import type { Lock } from './server-locks.ts'
import type { Knowledge, StepResult } from './step-runner.ts'

/** So long after it was asked whether the plan is still ours it may be somebody else's. */
const askedAgainMilliseconds = 1500

/** The state of one run. */
export class Run {
  readonly knowledge: Knowledge
  readonly #plan: Plan
  readonly #options: RunOptions
  readonly #lock: Lock
  readonly #parts: ExecutionParts
  readonly #open: OpenPlans
  readonly #outcomes = new Map<number, StepOutcome>()
  readonly #begun = new Set<number>()
  readonly #failedServers = new Set<InstanceKey>()
  readonly #failedParts = new Map<InstanceKey, Reason>()
  readonly #undoneParts = new Set<InstanceKey>()
  #intent: Promise<number | null> = Promise.resolve(null)
  #written: Promise<void> = Promise.resolve()
  stopped: Reason | null = null
  readonly #fence: () => Promise<Reason | null>
  #fenced: Reason | null = null
  #askedAt = -Infinity

  constructor(plan: Plan, options: RunOptions, lock: Lock, parts: ExecutionParts, open: OpenPlans) {
    this.#plan = plan
    this.#options = options
    this.#lock = lock
    const ownership = new Ownership(parts, () => this.#intent)
    const isOurs = options.fence ?? lock.fence ?? (() => ownership.fence())
    const { confirm } = parts
    this.#fence = confirm === undefined ? isOurs : async () => (await confirm()) ?? isOurs()
    this.#parts = parts
    this.#open = open
    this.knowledge = {
      pace: options.pace ?? 'checked', deadlines: options.deadlines ?? {},
      fresh: new Map(options.known), readAt: new Map(), bindings: new Map(options.bindings), before: new Map(), mayForget: new Set(),
      stoodStill: () => this.#stoodStill(),
    }
  }

  get alsoUndo(): readonly PlannedStep[] {
    return this.#options.alsoUndo ?? []
  }

  wasBegun = (number: number): boolean => this.#begun.has(number)

  hasFailed = (part: InstanceKey): boolean => this.#failedParts.has(part)

  /** Somebody else is in charge: nothing more is done, not even put back. */
  get isFenced(): boolean {
    return this.#fenced !== null
  }

  /** A part that came to its end, or was put back already, stays as it is when the plan stops. */
  isSettled = (part: InstanceKey): boolean => this.#undoneParts.has(part) || this.#partsOf().get(part) === null

  partIsUndone(part: InstanceKey): void {
    this.#undoneParts.add(part)
  }

  #partsOf(): ReadonlyMap<InstanceKey, Reason | null> {
    const parts = new Map<InstanceKey, Reason | null>()
    for (const { part, number } of this.#plan.steps) {
      if (part === undefined || (parts.get(part) ?? null) !== null) continue
      const outcome = this.#outcomes.get(number)
      parts.set(part, outcome?.state === 'done' ? null : (this.#failedParts.get(part) ?? outcome?.failure ?? this.stopped ?? executionReason('skipped-plan-stopped', {})))
    }
    return parts
  }

  async begin(): Promise<void> {
    const { by, recoveryUid = '', remembered = 'first' } = this.#options
    this.#intent = this.#remember(() => this.#parts.intents.begin({ plan: this.#plan, by, recoveryUid, startedAt: this.#parts.clock.now(), process: this.#parts.process }).then(id => {
      this.#open.begun(id)
      return id
    }))
    if (remembered === 'first') await this.#intent
  }

  async step(planned: PlannedStep, act: () => Promise<StepResult>): Promise<void> {
    const { step, number } = planned
    const abortedBy = this.#lock.signal.aborted ? String(this.#lock.signal.reason) : this.#options.signal?.aborted ? this.#options.by : null
    if (abortedBy !== null) this.stopped ??= executionReason('plan-aborted', { by: abortedBy })
    await this.#ask()
    this.stopped ??= this.#fenced
    if (this.stopped !== null) return
    if (this.#failedServers.has(step.on) || (planned.part !== undefined && this.#failedParts.has(planned.part))) {
      await this.#record(skipped(planned, this.#parts.clock.now(), executionReason('skipped-after-failure', { server: step.on })), false)
      return
    }
    this.#begun.add(number)
    const result = await this.#timed(planned, act, false)
    if (result.failure === null) return
    if (planned.part !== undefined) this.#failedParts.set(planned.part, result.failure)
    else if (planned.onFailure === 'note') this.#failedServers.add(step.on)
    if (planned.onFailure === 'stop') this.stopped ??= result.failure
  }

  async #ask(): Promise<Reason | null> {
    const askedAt = this.#parts.clock.monotonic()
    this.#fenced ??= await this.#fence()
    this.#askedAt = askedAt
    return this.#fenced
  }

  /** Between the question before a step and its statement the servers are read; a process that stood still meanwhile asks again. */
  async #stoodStill(): Promise<Reason | null> {
    return this.#parts.clock.monotonic() - this.#askedAt < askedAgainMilliseconds ? null : this.#ask()
  }

  undo(planned: PlannedStep, act: () => Promise<StepResult>): Promise<StepOutcome> {
    return this.#timed(planned, act, true)
  }

  async end(undone: readonly StepOutcome[]): Promise<PlanOutcome> {
    for (const planned of this.#plan.steps) {
      if (this.#outcomes.has(planned.number)) continue
      await this.#record(skipped(planned, this.#parts.clock.now(), executionReason('skipped-plan-stopped', {})), false)
    }
    const state = this.stopped === null ? 'done' : 'failed'
    const ended = undone.length > 0 && undone.every(({ state }) => state === 'done') ? 'undone' : state
    const staysOpen = this.#options.staysOpen === true && ended !== 'undone'
    // Whoever is in charge now goes by what is open, and ends it.
    const written = this.#write(async intent => (staysOpen || this.isFenced ? undefined : this.#parts.intents.end(intent, ended)))
    if (this.knowledge.pace === 'checked') await written
    const steps = this.#plan.steps.flatMap(({ number }) => this.#outcomes.get(number) ?? [])
    return { state, failure: this.stopped, steps, undone, parts: this.#partsOf(), fresh: this.knowledge.fresh, bindings: this.knowledge.bindings }
  }

  /** Nothing more is done; what is still being written down belongs to it. */
  over(): void {
    void Promise.all([this.#intent, this.#written]).then(([intent]) => intent !== null && this.#open.over(intent))
  }

  async #timed(planned: PlannedStep, act: () => Promise<StepResult>, undoing: boolean): Promise<StepOutcome> {
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
    const { step } = outcome
    await this.#mark(outcome.number, outcome.state, 'as' in step && outcome.state === 'done' ? this.knowledge.bindings.get(step.as) : undefined)
  }

  /** On the critical path the mark is written behind: after a crash the steps are judged by reading the servers anyway. */
  async #mark(number: number, state: 'begun' | StepOutcome['state'], bound?: string): Promise<void> {
    const marked = this.#write(intent => this.#parts.intents.step(intent, number, state, bound))
    if (this.knowledge.pace === 'checked') await marked
  }

  /** In order: the next one waits for the one before. */
  #write(write: (intent: number) => Promise<void>): Promise<void> {
    this.#written = this.#writeAfter(this.#written, write)
    return this.#written
  }

  async #writeAfter(before: Promise<void>, write: (intent: number) => Promise<void>): Promise<void> {
    await before
    const intent = await this.#intent
    if (intent !== null) await this.#remember(() => write(intent))
  }

  /** A store that fails must not stop a plan half-way: it is said, and the plan goes on. */
  async #remember<Value>(write: () => Promise<Value>): Promise<Value | null> {
    try {
      return await write()
    } catch (error) {
      this.#parts.log.error('a step could not be recorded', { plan: this.#plan.kind, error: String(error) })
      return null
    }
  }
}

export const skipped = (planned: PlannedStep, at: number, failure: Reason): StepOutcome =>
  ({ number: planned.number, step: planned.step, state: 'skipped', startedAt: at, milliseconds: 0, statements: [], failure })
