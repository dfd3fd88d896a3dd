import { isRefusal, type Plan, type Planned, type Refusal } from '../../model/planning/plan.ts'
import { executionReason } from './reasons.ts'

/** A plan made again just before it runs: it, or why it does not run. With a fingerprint the new plan must be the one that was shown. */
export function planForRun(planAgain: () => Planned, shown: { readonly fingerprint: string; readonly plan?: Plan } | null): Plan | Refusal {
  const planned = planAgain()
  if (isRefusal(planned) || shown === null || planned.fingerprint === shown.fingerprint) return planned
  const difference = shown.plan === undefined ? linesOf(planned).join('; ') : differenceOf(linesOf(shown.plan), linesOf(planned))
  return { refused: executionReason('fingerprint-stale', { difference: difference || 'what it assumed of the servers', fingerprint: planned.fingerprint }) }
}

const linesOf = (plan: Plan): string[] =>
  plan.steps.map(({ step }) => `${step.do} ${step.on}${'to' in step ? ` → ${step.to}` : ''}${'way' in step ? ` (${step.way})` : ''}`)

function differenceOf(before: readonly string[], after: readonly string[]): string {
  const [had, has] = [new Set(before), new Set(after)]
  return [...before.filter(line => !has.has(line)).map(line => `- ${line}`), ...after.filter(line => !had.has(line)).map(line => `+ ${line}`)].join('; ')
}
