import type { Reason } from '../../../src/kit/reason.ts'
import { unreachable } from '../../../src/kit/unreachable.ts'
import { isRefusal, type Plan, type Planned } from '../../../src/model/planning/plan.ts'
import type { Condition, CoordinatesReference, Step } from '../../../src/model/planning/step.ts'
import { contractUuids } from './uuid-letters.ts'

/** A plan or refusal as the lines of a case. */
export function plannedLines(planned: Planned): readonly string[] {
  return isRefusal(planned) ? [`refused ${reasonText(planned.refused)}`, ...methodLines(planned.methods)] : planLines(planned)
}

export function planLines(plan: Plan): readonly string[] {
  const columns = plan.steps.map(({ number, wave, step }) => [wave === number ? `${number}` : `${number} (wave ${wave})`, step.do, serversOf(step), detailOf(step)])
  const widths = [0, 1, 2].map(column => Math.max(0, ...columns.map(row => row[column]?.length ?? 0)))
  const steps = plan.steps.flatMap(({ requires, onFailure, part }, index) => [
    [...(columns[index] ?? [])].map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd() + (onFailure === 'note' && part === undefined ? '  (its failure is only noted)' : ''),
    ...(requires.length === 0 ? [] : [`${' '.repeat(widths[0] ?? 0)}  if ${requires.map(conditionText).join(', ')}`]),
  ])
  return [...methodLines(plan.methods), ...plan.warnings.map(warning => `warning ${reasonText(warning)}`), ...plan.checks.map(check => `check ${reasonText(check)}`), ...steps]
}

const methodLines = (methods: Plan['methods'] = []): readonly string[] =>
  methods.map(({ replica, method, taken, why }) => `${taken ? 'by' : 'not by'} ${method} ${replica}  ${reasonText(why)}`)

export const reasonText = (reason: Reason): string => `${reason.code}: ${contractUuids(reason.text).replaceAll('\n', '').trimEnd()}`

const serversOf = (step: Step): string => (step.do === 'change-source' ? `${step.on} → ${step.to}` : step.on)

const placeText = (at: CoordinatesReference): string => ('place' in at ? at.place : `'${at.boundTo}'`)

function detailOf(step: Step): string {
  switch (step.do) {
    case 'change-source':
      return step.at === undefined ? step.way : `${step.way} at ${placeText(step.at)}`
    case 'read-coordinates':
      return `${step.which} as '${step.as}'${step.mustBe === undefined ? '' : `, must be ${placeText(step.mustBe)}`}`
    case 'wait-received':
      return `within ${step.timeoutMilliseconds / 1000} s`
    case 'match-position':
      return `with ${step.with} as '${step.as}' within ${step.timeoutMilliseconds / 1000} s`
    case 'start-until':
      return `up to ${placeText(step.upTo)} within ${step.timeoutMilliseconds / 1000} s`
    case 'read-executed':
      return `as ${step.as}`
    case 'wait-executed':
      return `${'set' in step.what ? contractUuids(step.what.set).replaceAll('\n', '') : step.what.boundTo} within ${step.timeoutMilliseconds / 1000} s`
    case 'copy-replication-credentials':
      return `like ${step.like}`
    case 'set-read-only':
      return step.alsoSuper ? 'also super' : ''
    case 'wait-position':
      return `${typeof step.upTo === 'string' ? step.upTo : placeText(step.upTo)} within ${step.timeoutMilliseconds / 1000} s`
    case 'inject-empty':
    case 'forget-gtids':
      return contractUuids(step.set).replaceAll('\n', '')
    case 'set-delay':
      return `${step.seconds} s`
    case 'set-semi-sync':
      return `${step.side} ${step.enabled ? 'on' : 'off'}`
    case 'purge-binary-logs':
      return step.upTo
    case 'clone-from':
      return `from ${step.donor} within ${step.timeoutMilliseconds / 3_600_000} h`
    case 'wait-restart':
      return `within ${step.timeoutMilliseconds / 1000} s`
    case 'kill-query':
      return `${step.thread}`
    case 'stop-applier':
    case 'skip-next-event':
    case 'commit-nothing':
    case 'end-blocked-commits':
    case 'flush-binary-logs':
    case 'stop-receiver':
    case 'start-receiver':
    case 'stop-replication':
    case 'start-replication':
    case 'start-applier':
    case 'apply-relay-log':
    case 'forget-source':
    case 'set-writable':
      return ''
    default:
      return unreachable(step)
  }
}

function conditionText(condition: Condition): string {
  const other = 'source' in condition ? ` ${condition.source}` : 'gtid' in condition ? ` ${contractUuids(condition.gtid)}` : 'set' in condition ? ` ${contractUuids(condition.set).replaceAll('\n', '')}` : ''
  return `${condition.server} ${condition.holds}${other}`
}
