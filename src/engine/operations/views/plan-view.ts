import type { PlanView } from '../../../contract/views.ts'
import type { Plan } from '../../../model/planning/plan.ts'
import type { CoordinatesReference, Step } from '../../../model/planning/step.ts'
import type { Instance } from '../../../model/topology/instance.ts'
import type { Topology } from '../../../model/topology/topology.ts'
import type { Reason } from '../../../kit/reason.ts'
import { viewReason } from '../view-reasons.ts'

export interface ShownPlan {
  readonly operation: string
  readonly dangerLevel: 1 | 2 | 3
  /** The command line that does the same. */
  readonly command: string
  readonly plan: Plan
}

/** A plan as it is shown; `statements` are what the adapter will send for a step on that server, secrets masked. */
export function planView(shown: ShownPlan, topology: Topology, statements: (step: Step, on: Instance) => readonly string[]): PlanView {
  const { plan } = shown
  const concerned = [...new Set(plan.steps.map(({ step }) => step.on))]
  const before = Object.fromEntries(concerned.map(key => [key, topology.get(key)?.replication?.source ?? null]))
  return {
    operation: shown.operation, kind: plan.kind, says: plan.says, method: plan.method, methods: plan.methods ?? [], fingerprint: plan.fingerprint, dangerLevel: shown.dangerLevel,
    checks: plan.checks, warnings: plan.warnings, command: shown.command, before, after: { ...before, ...sourcesAfter(plan) },
    steps: plan.steps.map(({ number, wave, step, ifStoppedHere }) => {
      const on = topology.get(step.on)
      return { number, wave, server: step.on, action: step.do, says: stepSays(step), statements: on === undefined ? [] : statements(step, on), ifStoppedHere }
    }),
  }
}

function sourcesAfter(plan: Plan): Readonly<Record<string, string | null>> {
  const sources: Record<string, string | null> = {}
  for (const { step } of plan.steps) {
    if (step.do === 'change-source') sources[step.on] = step.to
    if (step.do === 'forget-source') sources[step.on] = null
  }
  return sources
}

const placeText = (at: CoordinatesReference): string => ('place' in at ? at.place : at.boundTo)

export function stepSays(step: Step): Reason {
  switch (step.do) {
    case 'change-source':
      return viewReason('step-change-source', { to: step.to, way: step.way })
    case 'wait-executed':
      return viewReason('step-wait-executed', { set: 'set' in step.what ? step.what.set : step.what.boundTo })
    case 'copy-replication-credentials':
      return viewReason('step-copy-replication-credentials', { like: step.like })
    case 'wait-position':
      return viewReason('step-wait-position', { upTo: typeof step.upTo === 'string' ? step.upTo : placeText(step.upTo) })
    case 'read-coordinates':
      return viewReason(step.which === 'own' ? 'step-read-own-coordinates' : 'step-read-executed-coordinates', {})
    case 'match-position':
      return viewReason('step-match-position', { with: step.with })
    case 'start-until':
      return viewReason('step-start-until', { upTo: placeText(step.upTo) })
    case 'inject-empty':
      return viewReason('step-inject-empty', { set: step.set })
    case 'forget-gtids':
      return viewReason('step-forget-gtids', { set: step.set })
    case 'set-delay':
      return viewReason('step-set-delay', { seconds: step.seconds })
    case 'set-semi-sync':
      return viewReason('step-set-semi-sync', { side: step.side, enabled: step.enabled })
    case 'purge-binary-logs':
      return viewReason('step-purge-binary-logs', { upTo: step.upTo })
    case 'clone-from':
      return viewReason('step-clone-from', { donor: step.donor })
    case 'kill-query':
      return viewReason('step-kill-query', { thread: step.thread })
    default:
      return viewReason(`step-${step.do}`, {})
  }
}
