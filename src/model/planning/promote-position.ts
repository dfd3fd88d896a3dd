import type { Reason } from '../../kit/reason.ts'
import type { Instance } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import { positionFailoverReason as positionReason } from './failover-position-reasons.ts'
import { failoverReason } from './failover-reasons.ts'
import { decidePromotion, promotionQuestion } from './promote.ts'
import { mostCommon, unfitness } from './promote-choice.ts'
import { banOf, type PromotionPolicy } from './promote-policy.ts'

export interface PositionSuccessors {
  /** Who may take over, best first; all have read just as far. */
  readonly successors: readonly Instance[]
  readonly remarks: readonly Reason[]
}

/**
 * Who may take over without GTID: of those that are fit, the ones that have read most of the dead one's log, because nobody can give another one what it
 * lacks. Among them the one that was asked for, then the one that the rules like best, then the order of the choice (contract recovery.md sections 4 and 5).
 */
export function choosePositionSuccessors(
  topology: Topology, failed: Instance, replicas: readonly Instance[], policy: PromotionPolicy, wish: { readonly designated: InstanceKey | null; readonly only: InstanceKey | null },
): PositionSuccessors | { readonly refused: Reason } {
  if (wish.only !== null) {
    const other = replicas.find(({ key }) => key === wish.only)
    return other === undefined ? { refused: failoverReason('other-co-primary-lost', { server: wish.only }) } : { successors: [other], remarks: [] }
  }
  const question = { ...promotionQuestion(topology, failed, policy, null), replicas }
  const decision = decidePromotion(question)
  const { choice } = decision
  const leader = choice.candidate
  if (leader === null || decision.promoted === null) return { refused: failoverReason('no-candidate', { failed: failed.key, text: decision.refused?.text ?? '' }) }
  const remarks: Reason[] = decision.replacement === null ? [] : [decision.replacement.because]
  if (choice.unfit !== null) return { successors: [leader], remarks: [...remarks, choice.unfit] }
  const most = mostCommon(choice.order)
  const equal = [leader, ...choice.equal.filter(replica => unfitness(replica, most, policy).length === 0)]
  const wished = [wish.designated, decision.promoted.key].flatMap(key => {
    if (key === null || key === leader.key) return []
    const replica = replicas.find(other => other.key === key)
    if (replica === undefined) remarks.push(failoverReason('candidate-not-replica', { candidate: key, failed: failed.key }))
    else if (banOf(replica, policy) === null && !choice.equal.includes(replica)) remarks.push(positionReason('failover-position-candidate-behind', { candidate: key, leader: leader.key }))
    return replica === undefined || !choice.equal.includes(replica) || banOf(replica, policy) !== null ? [] : [replica]
  })
  const designatedLeads = wish.designated === leader.key ? [leader] : []
  return { successors: [...new Set([...designatedLeads, ...wished, ...equal])].slice(0, successorsMax), remarks }
}

/** One that cannot apply what it received gives way to the next one, so many times. */
const successorsMax = 5
