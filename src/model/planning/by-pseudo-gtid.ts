import type { InstanceKey } from '../topology/instance-key.ts'
import { judgeMatch } from './match.ts'
import { matchRemark } from './match-remarks.ts'
import type { Planning } from './moves.ts'
import type { Refusal } from './plan.ts'
import { refuse } from './refusals.ts'
import type { WayTaken } from './ways.ts'

/** A move to where both logs are lined up, taken by itself only where unique statements were seen on both (contract refactoring.md section 10, rule 9). */
export function wayByPseudoGtid(replica: InstanceKey, target: InstanceKey, planning: Planning): WayTaken | Refusal {
  const { topology, policy } = planning
  if (!policy.pseudoGtid) return refuse('match-unset', {})
  const unseen = [replica, target].find(key => topology.get(key)?.usingPseudoGtid === false)
  if (unseen !== undefined) return refuse('pseudo-gtid-unseen', { server: unseen })
  return wayMatched(replica, target, planning)
}

/** The same where it was asked for by name: whether there are statements to match by is found out on the way. */
export function wayMatched(replica: InstanceKey, target: InstanceKey, planning: Planning): WayTaken | Refusal {
  const matched = judgeMatch(replica, target, planning)
  if ('refused' in matched) return matched
  const { rows, checks, warnings } = matched
  return { method: 'pseudo-gtid', runs: 'alone', rows, because: matchRemark('method-pseudo-gtid', { replica, target }), checks: checks.slice(1), warnings }
}
