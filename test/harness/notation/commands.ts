import type { Plan } from '../../../src/model/planning/plan.ts'
import type { InstanceKey } from '../../../src/model/topology/instance-key.ts'
import type { Topology } from '../../../src/model/topology/topology.ts'
import { actCommands } from './act-commands.ts'
import { analysisCommands } from './analysis-commands.ts'
import { interruptCommand } from './interrupt-command.ts'
import { moveCommands } from './move-commands.ts'
import { recoveryCommands } from './recovery-commands.ts'
import { promoteCommands } from './promote-commands.ts'
import { repairCommands } from './repair-commands.ts'
import { relocateCommands } from './relocate-commands.ts'
import { takeoverCommands } from './takeover-commands.ts'

/** A plan with what it must come to, for `interrupt after each step`. */
export interface PlannedRun {
  readonly plan: Plan
  /** What is still wrong when all steps are done; empty when the wish came true. */
  readonly wished: (after: Topology) => readonly string[]
  /** The wish in words. */
  readonly wish: string
  /** Servers that replicate from themselves in the end, because that is the wish. */
  readonly mayRing?: ReadonlySet<InstanceKey>
  /** Servers that are not put back when the plan stops: a promotion that was begun stays. */
  readonly notPutBack?: ReadonlySet<InstanceKey>
  /** Stopped anywhere, it must be as before once it is undone; otherwise only a plan that has something to undo must. */
  readonly mustPutBack?: true
}

export interface Situation {
  readonly topology: Topology
  /** The plan that the command before made; null when it made none. */
  readonly planned: PlannedRun | null
}

export interface CommandAnswer {
  readonly lines: readonly string[]
  readonly planned?: PlannedRun
  /** Set when an invariant was broken: the case fails whatever its file says. */
  readonly broken?: readonly string[]
}

/** A word of the notation. `says` is one sentence for a person who writes a case. */
export interface Command {
  readonly says: string
  readonly pattern: RegExp
  readonly run: (situation: Situation, match: RegExpExecArray) => CommandAnswer
}

/** All commands of the notation; the first whose pattern fits is run. Add yours here. */
export const commands: readonly Command[] = [...analysisCommands, ...recoveryCommands, ...promoteCommands, ...repairCommands, ...relocateCommands, ...moveCommands, ...takeoverCommands, ...actCommands, interruptCommand]
