import type { Reason } from '../../kit/reason.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import type { Refusal } from './plan.ts'
import { refuse } from './refusals.ts'
import { countRelocateSteps } from './relocate.ts'
import { judgeOf, type Possible, type RelocatePolicy } from './relocate-judgement.ts'
import { relocateRemark } from './relocate-remarks.ts'

/** What dropping the chosen servers on `target` would do, or why it cannot be done. */
export interface TargetVerdict {
  readonly target: InstanceKey
  readonly verdict: 'possible' | 'possible-with-warning' | 'refused'
  readonly act: 'relocate'
  /** The sentence of the act, or the refusal. */
  readonly says: Reason
  readonly warnings: readonly Reason[]
  readonly steps: number
  readonly method: 'gtid' | 'mariadb-gtid' | 'none'
}

/**
 * A verdict on every other known server as the new source of the chosen ones, which are judged together: a target is refused when it is
 * refused for one of them; one that follows the target already is left out. No plan is made, so that a fleet of a thousand is judged while a pointer moves.
 */
export function judgeTargets(topology: Topology, chosen: readonly InstanceKey[], policy: RelocatePolicy, now: number): readonly TargetVerdict[] {
  const judges = chosen.map(key => ({ key, judge: judgeOf(topology, key, policy, now) }))
  const verdicts: TargetVerdict[] = []
  for (const target of topology.instances.keys()) {
    if (chosen.includes(target) && chosen.length === 1) continue
    const possible: Possible[] = []
    let refused: Refusal | null = null
    for (const { key, judge } of judges) {
      if (topology.get(key)?.replication?.source === target) continue
      const judged = judge.judge(target)
      if ('refused' in judged) {
        refused = judged
        break
      }
      possible.push(judged)
    }
    if (refused === null && possible.length === 0) refused = refuse('already-its-source', { replica: chosen.join(', '), target })
    verdicts.push(refused === null ? possibleVerdict(target, possible, topology, policy) : refusedVerdict(target, refused))
  }
  return verdicts
}

const refusedVerdict = (target: InstanceKey, { refused }: Refusal): TargetVerdict =>
  ({ target, verdict: 'refused', act: 'relocate', says: refused, warnings: [], steps: 0, method: 'none' })

function possibleVerdict(target: InstanceKey, possible: readonly Possible[], topology: Topology, policy: RelocatePolicy): TargetVerdict {
  const warnings = possible.flatMap(one => one.warnings)
  const [replicas, [first]] = [possible.map(one => one.replica.key).join(', '), possible]
  return {
    target, verdict: warnings.length === 0 ? 'possible' : 'possible-with-warning', act: 'relocate', warnings,
    says: possible.length === 1 && first !== undefined
      ? relocateRemark('make-replica-of', { replica: first.replica.key, target })
      : relocateRemark('make-replicas-of', { replicas, count: possible.length, target }),
    steps: possible.reduce((sum, one) => sum + countRelocateSteps(one, topology, policy), 0),
    method: possible.some(one => one.way === 'drain-mariadb') ? 'mariadb-gtid' : 'gtid',
  }
}
