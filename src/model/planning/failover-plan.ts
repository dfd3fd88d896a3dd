import { fingerprint } from '../../kit/fingerprint.ts'
import type { Reason } from '../../kit/reason.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import type { Plan, PlannedStep } from './plan.ts'
import type { Condition, Step } from './step.ts'

/** One step as the stages write it; numbers follow from the order, waves are kept. */
export interface Row {
  readonly wave: number
  readonly step: Step
  readonly requires?: readonly Condition[]
  readonly ifStoppedHere: Reason
  readonly onFailure?: PlannedStep['onFailure']
  readonly undo?: readonly Step[]
  readonly part?: InstanceKey
}

export interface PlanFacts {
  readonly kind: string
  readonly says: Reason
  readonly rows: readonly Row[]
  readonly method?: Plan['method']
  readonly warnings?: readonly Reason[]
  readonly checks?: readonly Reason[]
  /** More servers whose state matters than those the steps name. */
  readonly concerns?: readonly InstanceKey[]
}

export function planOf(topology: Topology, facts: PlanFacts): Plan {
  const rows = facts.rows.toSorted((left, right) => left.wave - right.wave)
  const steps = rows.map(({ wave, step, requires = [], ifStoppedHere, onFailure = 'stop', undo = [], part }, index): PlannedStep =>
    ({ number: index + 1, wave, step, requires, ifStoppedHere, onFailure, undo, ...(part === undefined ? {} : { part }) }))
  const concerns = [...new Set([...steps.flatMap(({ step }) => serversNamed(step)), ...(facts.concerns ?? [])])].sort()
  const { kind, says, warnings = [], checks = [], method = 'gtid' } = facts
  return { kind, says, steps, concerns, warnings, checks, method, fingerprint: fingerprintOf(topology, kind, steps, concerns) }
}

/** Several plans that follow one another, as one to show: waves and numbers go on. */
export function joinPlans(topology: Topology, kind: string, says: Reason, plans: readonly Plan[]): Plan {
  let waves = 0
  const rows = plans.flatMap(plan => {
    const from = waves
    waves += Math.max(0, ...plan.steps.map(({ wave }) => wave))
    return plan.steps.map(planned => ({ ...planned, wave: planned.wave + from }))
  })
  return planOf(topology, {
    kind, says, rows, method: plans[0]?.method ?? 'none', warnings: plans.flatMap(plan => plan.warnings), checks: plans.flatMap(plan => plan.checks),
    concerns: plans.flatMap(plan => plan.concerns),
  })
}

const serversNamed = (step: Step): InstanceKey[] => [step.on, ...('to' in step ? [step.to] : []), ...('like' in step ? [step.like] : []), ...('with' in step ? [step.with] : [])]

/** Steps, and of each server what the plan takes for granted. Positions and sets are left out, inside of steps too: they move while a plan is being read. */
function fingerprintOf(topology: Topology, kind: string, steps: readonly PlannedStep[], concerns: readonly InstanceKey[]): string {
  const assumed = concerns.map(key => {
    const instance = topology.get(key)
    const link = instance?.replication
    return [key, link?.source, link?.receiver, link?.applier, link?.gtid, instance?.readOnly, instance?.serverUuid, instance?.check.failure === null].join(' ')
  })
  const acts = steps.map(({ wave, step }) => `${wave} ${actText(step.do === 'wait-executed' && 'set' in step.what ? { ...step, what: 'known' } : step)}`)
  return fingerprint([kind, ...acts, ...assumed].join('\n'))
}

/** Short, because a plan for a thousand replicas has thousands of steps: the values of a step in the order in which it was written. */
const actText = (act: object): string => Object.values(act).map(value => (typeof value === 'object' ? JSON.stringify(value) : String(value))).join(' ')
