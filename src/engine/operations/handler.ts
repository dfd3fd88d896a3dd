import type { InputOf, OutputOf } from '../../contract/operation.ts'
import type { Result } from '../../kit/result.ts'
import type { Plan, Planned } from '../../model/planning/plan.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Topology } from '../../model/topology/topology.ts'
import type { PlanOutcome } from '../execution/plan-outcome.ts'
import type { OperationParts } from './parts.ts'
import type { Refused } from './refusals.ts'

export type Outcome<Output> = Result<Output, Refused>

/** Who asked, for the audit. */
export interface Asked {
  readonly by: string
  /** Run exactly the plan that was shown under this fingerprint, or nothing. */
  readonly fingerprint?: string
}

/** Answers an operation that makes no plan. */
export type PlainHandler<Declared> = (input: InputOf<Declared>, parts: OperationParts, asked: Asked) => Promise<Outcome<OutputOf<Declared>>> | Outcome<OutputOf<Declared>>

/** An operation that is shown before it is done: a list of steps from the topology as read a moment ago. */
export interface PlanHandler<Declared> {
  /** Servers to read again before planning. */
  reads(input: InputOf<Declared>, topology: Topology): readonly InstanceKey[]
  /** The same servers are read whole again before the answer: steps look only at what they promise. */
  readonly readsAfter?: boolean
  plan(input: InputOf<Declared>, topology: Topology, parts: OperationParts): Planned
  /** What follows a plan that was carried out, before the answer: hooks. */
  after?(plan: Plan, parts: OperationParts): Promise<void>
  /** The answer, once the plan was carried out. `plan` is the one that `plan` made. */
  output(input: InputOf<Declared>, topology: Topology, outcome: PlanOutcome, plan: Plan): Outcome<OutputOf<Declared>>
}

export type Handler<Declared> = Declared extends { readonly plans: true } ? PlanHandler<Declared> : PlainHandler<Declared>
