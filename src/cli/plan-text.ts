import type { PlanView } from '../contract/views.ts'

/** A plan for people to read: steps with their statements, what was checked, what to know, and how to run exactly it. */
export function planText(plan: PlanView): string {
  const lines = [`${plan.says.text} (${plan.steps.length} ${plan.steps.length === 1 ? 'step' : 'steps'}, method ${plan.method})`, '']
  const width = Math.max(0, ...plan.steps.map(step => step.server.length))
  for (const step of plan.steps) {
    lines.push(`  ${String(step.number).padStart(2)}  ${step.server.padEnd(width)}  ${step.says.text}`)
    for (const statement of step.statements) lines.push(`      ${' '.repeat(width)}  > ${statement}`)
    lines.push(`      ${' '.repeat(width)}  if it stops here: ${step.ifStoppedHere.text}`)
  }
  if (plan.checks.length > 0) lines.push('', 'Checked:', ...plan.checks.map(check => `  + ${check.text}`))
  if (plan.warnings.length > 0) lines.push('', 'Know before:', ...plan.warnings.map(warning => `  ! ${warning.text}`))
  lines.push('', `Fingerprint: ${plan.fingerprint}`)
  if (plan.command !== '') lines.push(`Run exactly this: ${plan.command}`)
  return lines.join('\n')
}
