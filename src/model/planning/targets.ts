import type { Reason } from '../../kit/reason.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import type { MoveMethod } from './methods.ts'
import { methodOf, type Planning } from './moves.ts'
import type { Plan, Refusal } from './plan.ts'
import { refuse } from './refusals.ts'
import { countRelocateSteps } from './relocate.ts'
import { type Judge, judgeOf, type RelocatePolicy } from './relocate-judgement.ts'
import { relocateRemark } from './relocate-remarks.ts'
import { isAboutMethod, rowsOf, wayOf } from './ways.ts'

/** What dropping the chosen servers on `target` would do, or why it cannot be done. */
export interface TargetVerdict {
  readonly target: InstanceKey
  readonly verdict: 'possible' | 'possible-with-warning' | 'refused'
  readonly act: 'relocate'
  /** The sentence of the act, or the refusal. */
  readonly says: Reason
  readonly warnings: readonly Reason[]
  readonly steps: number
  readonly method: Plan['method']
}

/**
 * A verdict on every other known server as the new source of the chosen ones, which are judged together: a target is refused when it is
 * refused for one of them; one that follows the target already is left out, and with `withoutTarget` the target itself is too (as all replicas of a server but one are moved below that one). No plan is made, so that a fleet of a thousand is judged while a pointer moves.
 */
export function judgeTargets(
  topology: Topology, chosen: readonly InstanceKey[], policy: RelocatePolicy, now: number, { withoutTarget = false }: { readonly withoutTarget?: boolean } = {},
): readonly TargetVerdict[] {
  const judges = chosen.map(key => ({ key, judge: judgeOf(topology, key, policy, now) }))
  const verdicts: TargetVerdict[] = []
  for (const target of topology.instances.keys()) {
    if (chosen.includes(target) && chosen.length === 1 && !withoutTarget) continue
    const possible: PossibleTarget[] = []
    let refused: Refusal | null = null
    for (const { key, judge } of judges) {
      if (topology.get(key)?.replication?.source === target || (withoutTarget && key === target)) continue
      const judged = judgeOne(key, target, judge, { topology, policy, now })
      if ('refused' in judged) {
        refused = judged
        break
      }
      possible.push(judged)
    }
    if (refused === null && possible.length === 0) refused = refuse('already-its-source', { replica: chosen.join(', '), target })
    verdicts.push(refused === null ? possibleVerdict(target, possible) : refusedVerdict(target, refused))
  }
  return verdicts
}

/** By GTID without making a plan; where that is no way, by what else leads there. */
function judgeOne(key: InstanceKey, target: InstanceKey, judge: Judge, planning: Planning): PossibleTarget | Refusal {
  const judged = judge.judge(target)
  if (!('refused' in judged)) {
    const method = judged.way === 'drain-mariadb' ? 'mariadb-gtid' : 'gtid'
    return { replica: key, warnings: judged.warnings, method, steps: countRelocateSteps(judged, planning.topology, planning.policy) }
  }
  if (!isAboutMethod(judged)) return judged
  const way = wayOf(key, target, planning, withoutGtid)
  return 'refused' in way ? way : { replica: key, warnings: way.warnings, method: way.method, steps: rowsOf(way).length }
}

const withoutGtid: readonly MoveMethod[] = ['equivalence', 'pseudo-gtid', 'position']

interface PossibleTarget {
  readonly replica: InstanceKey
  readonly warnings: readonly Reason[]
  readonly steps: number
  readonly method: Plan['method']
}

const refusedVerdict = (target: InstanceKey, { refused }: Refusal): TargetVerdict =>
  ({ target, verdict: 'refused', act: 'relocate', says: refused, warnings: [], steps: 0, method: 'none' })

function possibleVerdict(target: InstanceKey, possible: readonly PossibleTarget[]): TargetVerdict {
  const warnings = possible.flatMap(one => one.warnings)
  const [replicas, [first]] = [possible.map(one => one.replica).join(', '), possible]
  return {
    target, verdict: warnings.length === 0 ? 'possible' : 'possible-with-warning', act: 'relocate', warnings,
    says: possible.length === 1 && first !== undefined
      ? relocateRemark('make-replica-of', { replica: first.replica, target })
      : relocateRemark('make-replicas-of', { replicas, count: possible.length, target }),
    steps: possible.reduce((sum, { steps }) => sum + steps, 0), method: methodOf(possible.map(({ method }) => method)),
  }
}
