import type { CandidateView, DryRunView, HookListView, PlanView, RecoveryDryRunView } from '../contract/views.ts'
import { unreachable } from '../kit/unreachable.ts'

/** What `--dry-run` prints. */
export function dryRunText(view: DryRunView): string {
  switch (view.state) {
    case 'plan':
      return planText(view.plan)
    case 'recovery':
      return recoveryText(view.recovery)
    case 'sentence':
      return view.says.text
    default:
      return unreachable(view)
  }
}

/** A plan for people to read: steps with their statements, what was checked, what to know, and how to run exactly it. */
export function planText(plan: PlanView): string {
  const lines = [
    `${plan.says.text} (${plan.steps.length} ${plan.steps.length === 1 ? 'step' : 'steps'}, method ${plan.method})`,
    ...methodLines(plan.methods ?? []), ...candidateLines(plan.candidates ?? []), '', ...stepLines(plan.steps), ...hookLines(plan.hooks ?? []),
  ]
  if (plan.checks.length > 0) lines.push('', 'Checked:', ...plan.checks.map(check => `  + ${check.text}`))
  if (plan.warnings.length > 0) lines.push('', 'Know before:', ...plan.warnings.map(warning => `  ! ${warning.text}`))
  lines.push('', `Fingerprint: ${plan.fingerprint}`)
  if (plan.command !== '') lines.push(`Run exactly this: ${plan.command}`)
  return lines.join('\n')
}

/** What a recovery would do now: who could take over and why, stage by stage what would be sent, who would be lost, which hooks run. */
export function recoveryText(view: RecoveryDryRunView): string {
  const { server, code, successor, refusal } = view
  const lines = [
    `${code} of ${server}${view.clusterName === '' ? '' : `, cluster ${view.clusterName}`}`,
    view.isConfirmedDead ? `${server} is dead.` : `${server} answers; this is what would be done if it died now.`,
    refusal === null ? `${successor ?? 'Nobody'} would take its place.` : `Nothing would be recovered: ${refusal.text}`,
    ...candidateLines(view.candidates),
  ]
  view.stages.forEach((stage, index) => lines.push('', `Stage ${index + 1}, ${stage.name}: ${stage.says.text}`, ...stepLines(stage.steps)))
  const { risk = [] } = view
  if (risk.length > 0) lines.push('', 'At risk:', ...risk.map(({ text }) => `  ! ${text}`))
  if (view.lost.length > 0) lines.push('', 'Lost replicas:', ...view.lost.map(({ key, reason }) => `  - ${key}: ${reason.text}`))
  lines.push(...hookLines(view.hooks))
  if (view.warnings.length > 0) lines.push('', 'Know before:', ...view.warnings.map(warning => `  ! ${warning.text}`))
  return lines.join('\n')
}

function stepLines(steps: PlanView['steps']): readonly string[] {
  const width = Math.max(0, ...steps.map(step => step.server.length))
  return steps.flatMap(step => [
    `  ${String(step.number).padStart(2)}  ${step.server.padEnd(width)}  ${step.says.text}`,
    ...step.statements.map(statement => `      ${' '.repeat(width)}  > ${statement}`),
    `      ${' '.repeat(width)}  if it stops here: ${step.ifStoppedHere.text}`,
  ])
}

function methodLines(methods: NonNullable<PlanView['methods']>): readonly string[] {
  if (methods.length === 0) return []
  const width = Math.max(...methods.map(({ replica }) => replica.length))
  return ['', 'Methods:', ...methods.map(({ replica, method, taken, why }) => `  ${taken ? '+' : '-'} ${replica.padEnd(width)}  ${method}: ${why.text.trimEnd()}`)]
}

function candidateLines(candidates: readonly CandidateView[]): readonly string[] {
  if (candidates.length === 0) return []
  const width = Math.max(...candidates.map(({ key }) => key.length))
  return [
    '', 'Candidates:',
    ...candidates.map(({ key, rank, verdict, reasons }) => `  ${String(rank).padStart(2)}  ${key.padEnd(width)}  ${verdict}${reasons.length === 0 ? '' : `: ${reasons.map(({ text }) => text).join('; ')}`}`),
  ]
}

function hookLines(hooks: readonly HookListView[]): readonly string[] {
  const filled = hooks.filter(({ commands }) => commands.length > 0)
  return filled.length === 0 ? [] : ['', 'Hooks:', ...filled.flatMap(({ list, commands }) => [`  ${list}`, ...commands.map(command => `    $ ${command}`)])]
}
