import { contract, type Contract, type OperationName } from '../../contract/all.ts'
import { type AnyOperation, type OutputOf, takesFingerprint } from '../../contract/operation.ts'
import type { DryRunView } from '../../contract/views.ts'
import { ok, type Result } from '../../kit/result.ts'
import { isRefusal, type Plan, type Planned } from '../../model/planning/plan.ts'
import { searchInstances } from '../../model/topology/cluster-hint.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { PlanOutcome } from '../execution/plan-outcome.ts'
import { planForRun } from '../execution/by-fingerprint.ts'
import { handlers } from './all.ts'
import { commandLine } from './command-line.ts'
import type { Asked, Outcome, PlainHandler, PlanHandler } from './handler.ts'
import type { OperationParts } from './parts.ts'
import { previews, wouldDo } from './previews.ts'
import { type RawInput, readInput } from './read-input.ts'
import { notPlanned, operationReason, refuse, type Refused } from './refusals.ts'
import { Runs, runsMax } from './runs.ts'
import { planView } from './views/plan-view.ts'

export type RunRequest = Asked

/** An operation under way: its number at once, what it came to later. */
export interface Started<Output> {
  readonly number: number
  readonly outcome: Promise<Outcome<Output>>
}

type ReadInput = Readonly<Record<string, unknown>>

/** Does what people ask for: reads the input, shows the plan or runs it, keeps what runs in view. */
export class Operations {
  readonly parts: OperationParts
  readonly runs: Runs

  constructor(parts: OperationParts) {
    this.parts = parts
    this.runs = new Runs(parts.clock)
  }

  /** Runs to the end. */
  async run<Name extends OperationName>(name: Name, raw: RawInput, request: RunRequest): Promise<Outcome<OutputOf<Contract[Name]>>> {
    const started = await this.start(name, raw, request)
    return started.ok ? started.value.outcome : started
  }

  /** All servers in the order of search, without a promise: the longest list is answered from memory. */
  allInstances(): readonly Instance[] {
    return searchInstances(this.parts.topology(), '')
  }

  /** What running would do, without doing it. */
  async dryRun(name: OperationName, raw: RawInput, by: string): Promise<Result<DryRunView, Refused>> {
    const declared: AnyOperation = contract[name]
    const handler = planHandler(name)
    const input = await readInput(declared, raw, this.parts)
    if (!input.ok) return input
    if (declared.foresees !== undefined) return previews[declared.foresees](declared, input.value, this.parts, by)
    if (handler === null) return ok(wouldDo(declared, input.value))
    await this.parts.readAgain(handler.reads(input.value, this.parts.topology()))
    const planned = handler.plan(input.value, this.parts.topology(), this.parts)
    if (isRefusal(planned)) return notPlanned(planned)
    const shown = { operation: name, dangerLevel: declared.dangerLevel, plan: planned, command: commandLine(declared, input.value, planned.fingerprint) }
    return ok({ state: 'plan', plan: planView(shown, this.parts.topology(), this.parts.statements) })
  }

  /** Begins, after everything that can be refused at once has been. */
  async start<Name extends OperationName>(name: Name, raw: RawInput, request: RunRequest): Promise<Result<Started<OutputOf<Contract[Name]>>, Refused>> {
    const declared: AnyOperation = contract[name]
    const input = await readInput(declared, raw, this.parts)
    if (!input.ok) return input
    // The table of handlers gives each operation the handler of its own output, which a lookup by a variable name loses.
    type Output = OutputOf<Contract[Name]>
    const planned = planHandler(name)
    if (planned !== null) return this.#startPlan(declared, planned, input.value, request) as Promise<Result<Started<Output>, Refused>>
    if (request.fingerprint !== undefined && !takesFingerprint(declared)) return refuse(operationReason('fingerprint-needs-plan', { operation: name }))
    const plain = handlers[name] as PlainHandler<AnyOperation>
    if (declared.access === 'read' || declared.onlyReads === true) return ok({ number: 0, outcome: Promise.resolve(plain(input.value, this.parts, request)) as Promise<Outcome<Output>> })
    if (this.runs.running >= runsMax) return refuse(operationReason('too-many-operations', { count: runsMax }))
    const run = this.runs.begin(name, { code: `operation-${name}`, parameters: {}, text: declared.says }, request.by, serversIn(declared, input.value), null)
    const outcome = this.#followed(run, async () => plain(input.value, this.parts, request))
    return ok({ number: run.number, outcome: outcome as Promise<Outcome<Output>> })
  }

  async #startPlan(declared: AnyOperation, handler: PlanHandler<AnyOperation>, input: ReadInput, request: RunRequest): Promise<Result<Started<unknown>, Refused>> {
    if (this.runs.running >= runsMax) return refuse(operationReason('too-many-operations', { count: runsMax }))
    await this.parts.readAgain(handler.reads(input, this.parts.topology()))
    const planAgain = (): Planned => handler.plan(input, this.parts.topology(), this.parts)
    const plan = planForRun(planAgain, request.fingerprint === undefined ? null : { fingerprint: request.fingerprint })
    if (isRefusal(plan)) return notPlanned(plan)
    const run = this.runs.begin(declared.name, plan.says, request.by, [...new Set(plan.steps.map(({ step }) => step.on))], plan)
    const outcome = this.#followed(run, () => this.#carryOut(declared, handler, input, plan, request, run))
    return ok({ number: run.number, outcome })
  }

  async #carryOut(
    declared: AnyOperation, handler: PlanHandler<AnyOperation>, input: ReadInput, plan: Plan, { by }: RunRequest, run: ReturnType<Runs['begin']>,
  ): Promise<Outcome<unknown>> {
    const outcome = await this.parts.execution.run(plan, { by, onStep: event => run.step(event) })
    const [first] = plan.concerns
    this.parts.audit(declared.former.audit ?? declared.name, first ?? null, `${outcome.state}: ${plan.says.text}${outcome.failure === null ? '' : `; ${outcome.failure.text}`}${partsNotDone(outcome)}; by ${by}`)
    if (outcome.failure !== null) return refuse(outcome.failure)
    await handler.after?.(plan, this.parts)
    if (handler.readsAfter === true) await this.parts.readAgain(handler.reads(input, this.parts.topology()))
    return handler.output(input, this.parts.topology(), outcome, plan)
  }

  /** What an operation came to is written into its run; a fault is too, and goes on to whoever waits. */
  async #followed<Output>(run: ReturnType<Runs['begin']>, act: () => Promise<Outcome<Output>>): Promise<Outcome<Output>> {
    try {
      const outcome = await act()
      run.end(outcome.ok ? null : outcome.failure.refused)
      return outcome
    } catch (error) {
      run.end({ code: 'fault', parameters: {}, text: error instanceof Error ? error.message : String(error) })
      throw error
    }
  }
}

/** Partial success is listed, never hidden. */
function partsNotDone(outcome: PlanOutcome): string {
  const failed = [...outcome.parts].flatMap(([part, why]) => (why === null ? [] : [`${part}: ${why.text}`]))
  return failed.length === 0 ? '' : `; ${failed.length} of ${outcome.parts.size} not done: ${failed.join('; ')}`
}

function planHandler(name: OperationName): PlanHandler<AnyOperation> | null {
  const handler = handlers[name]
  // `plans` in the declaration decides which of the two kinds the table holds.
  return typeof handler === 'function' ? null : (handler as PlanHandler<AnyOperation>)
}

function serversIn(declared: AnyOperation, input: ReadInput): readonly string[] {
  return Object.entries(declared.input).flatMap(([name, field]) => (field.kind.endsWith('instance') && input[name] !== undefined ? [String(input[name])] : []))
}
