import type { Reason } from '../../kit/reason.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import type { MethodVerdict } from './methods.ts'
import type { Condition, Step } from './step.ts'

/**
 * A step at its place in a plan. Steps of one wave touch different servers and run at the same time, bounded; waves run in order. In a wave of
 * parts, the steps of one part run one after another, and the parts at the same time.
 */
export interface PlannedStep {
  /** 1-based, unique in the plan, in the order shown. */
  readonly number: number
  readonly wave: number
  readonly step: Step
  readonly requires: readonly Condition[]
  /** What holds if everything stops after this step. */
  readonly ifStoppedHere: Reason
  /** `stop`: a failure ends the plan (its `undo` steps run). `note`: it is recorded and the plan goes on. */
  readonly onFailure: 'stop' | 'note'
  /**
   * Steps of one part (all of one wave) stand or fall together: when one fails, the rest of the part is left out and what was done of it is undone;
   * with `note` the plan goes on, with `stop` it ends. A part that came to its end is never undone. Named after the server it is about.
   */
  readonly part?: InstanceKey
  /** Steps that put things right again when a later step with `stop` fails, in the order to run them. */
  readonly undo: readonly Step[]
}

/** A list of steps that can be shown before it is run. Making one touches no server. */
export interface Plan {
  readonly kind: string
  /** What it is for, as one sentence. */
  readonly says: Reason
  readonly steps: readonly PlannedStep[]
  /** Servers whose state the plan depends on; its fingerprint is made of the steps and of what it assumed of these. */
  readonly concerns: readonly InstanceKey[]
  /** Things to know before running it (crossing sites, newer version …). */
  readonly warnings: readonly Reason[]
  /** Checks that were made and held, for the dialog that shows the plan. */
  readonly checks: readonly Reason[]
  /** `mixed`: its moves do not all take the same. */
  readonly method: 'gtid' | 'mariadb-gtid' | 'equivalence' | 'pseudo-gtid' | 'position' | 'mixed' | 'none'
  /** Of plans that move replicas: for each replica the methods that were tried, and the one that was taken. */
  readonly methods?: readonly MethodVerdict[]
  /** Text that is equal for two plans exactly when they would do the same on the same assumptions. */
  readonly fingerprint: string
}

/** Why there is no plan: an answer, not an error. `code` is an entry of refusals.ts. */
export interface Refusal {
  readonly refused: Reason
  /** What was tried before it was refused. */
  readonly methods?: readonly MethodVerdict[]
}

export type Planned = Plan | Refusal

export const isRefusal = (planned: Planned): planned is Refusal => 'refused' in planned
