import type { AnyOperation } from '../../contract/operation.ts'
import type { DryRunView } from '../../contract/views.ts'
import type { Reason } from '../../kit/reason.ts'
import { fail, ok, type Result } from '../../kit/result.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import { commandLine } from './command-line.ts'
import type { OperationParts } from './parts.ts'
import type { Refused } from './refusals.ts'
import { type TakeoverInput, takeoverWish } from './takeover-wish.ts'
import { planView } from './views/plan-view.ts'
import { viewReason } from './view-reasons.ts'

type ReadInput = Readonly<Record<string, unknown>>
type Preview = (declared: AnyOperation, input: ReadInput, parts: OperationParts, by: string) => Promise<Result<DryRunView, Refused>>

/** What operations that decide while they run show beforehand. Nothing is touched. */
export const previews: Readonly<Record<NonNullable<AnyOperation['foresees']>, Preview>> = {
  recovery: async (declared, input, parts) => {
    const runHooks = declared.input['skipProcesses'] !== undefined && input['skipProcesses'] !== true
    return ok({ state: 'recovery', recovery: await parts.recoveries.dryRun(keyIn(input, 'instance'), { candidate: wishIn(input, 'candidate'), runHooks }) })
  },
  forced: async (_declared, input, parts, by) => {
    const shown = await parts.recoveries.dryRunForced(String(input['cluster']), { designated: wishIn(input, 'designated'), by })
    return shown.ok ? ok({ state: 'recovery', recovery: shown.value }) : fail({ refused: shown.failure })
  },
  takeover: async (declared, input, parts, by) => {
    const auto = declared.name.endsWith('-auto')
    // The edge: the declaration says what these inputs are, and `readInput` has read them as such.
    const wish = takeoverWish(input as TakeoverInput, auto, by)
    if (!wish.ok) return wish
    const shown = await parts.recoveries.previewTakeover(String(input['cluster']), wish.value)
    if (!shown.ok) return fail({ refused: shown.failure })
    const { plan, candidates, hooks } = shown.value
    const command = commandLine(declared, input, plan.fingerprint)
    const view = planView({ operation: declared.name, dangerLevel: declared.dangerLevel, plan, command }, parts.topology(), parts.statements)
    return ok({ state: 'plan', plan: { ...view, candidates, hooks } })
  },
}

/** What would be done, of an operation that changes no server by steps: its name, what it was given, what it is. */
export function wouldDo(declared: AnyOperation, input: ReadInput): DryRunView {
  const given = Object.entries(input).filter(([, value]) => value !== undefined).map(([name, value]) => `${name}=${String(value)}`).join(', ')
  return { state: 'sentence', says: viewReason('would-do', { operation: declared.name, given: given === '' ? '' : ` (${given})`, says: declared.says }) }
}

/** A dry run in one sentence. */
export function dryRunSays(view: DryRunView): Reason {
  if (view.state === 'sentence') return view.says
  if (view.state === 'plan') return view.plan.says
  const { refusal, server, code, successor } = view.recovery
  return refusal ?? viewReason('would-recover', { server, code, successor: successor ?? '' })
}

/** Why what was shown would not be done; null: it would. */
export const refusalIn = (view: DryRunView): Reason | null => (view.state === 'recovery' ? view.recovery.refusal : null)

// The edge: the declaration says that these inputs are servers, and `readInput` has read them as such.
const keyIn = (input: ReadInput, name: string): InstanceKey => input[name] as InstanceKey
const wishIn = (input: ReadInput, name: string): InstanceKey | null => (input[name] === undefined ? null : keyIn(input, name))
