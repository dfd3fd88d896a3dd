import type { Reason } from '../../kit/reason.ts'
import type { Instance } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { canReplicate } from '../topology/replication-rules.ts'
import { decidePromotion, type PromotionDecision, type PromotionQuestion } from './promote.ts'
import { mostCommon, type Site, unfitness } from './promote-choice.ts'
import { isSameSite } from './promote-ideal.ts'
import { banOf, type PromotionPolicy } from './promote-policy.ts'
import { promotionReason } from './promote-reasons.ts'
import { vetoOf } from './promote-veto.ts'

/** One replica as the dry run of a recovery lists it. */
export interface RankedCandidate {
  readonly key: InstanceKey
  /** 1-based, in the order in which the recovery would think of them; refused ones come last. */
  readonly rank: number
  readonly verdict: 'best' | 'possible' | 'refused'
  readonly reasons: readonly Reason[]
}

/** Every replica of the failed server with the verdict on it and why; exactly one is `best` unless nobody may be promoted. */
export function rankCandidates(question: PromotionQuestion): readonly RankedCandidate[] {
  const decision = decidePromotion(question)
  const judged = decision.choice.order.map(replica => judge(replica, question, decision))
  const weight = { best: 0, possible: 1, refused: 2 }
  return judged.toSorted((left, right) => weight[left.verdict] - weight[right.verdict]).map((candidate, index) => ({ ...candidate, rank: index + 1 }))
}

function judge(replica: Instance, question: PromotionQuestion, decision: PromotionDecision): Omit<RankedCandidate, 'rank'> {
  const { failed, policy, designated } = question
  const obstacles = obstaclesOf(replica, question, decision)
  const asked = replica.key === designated ? [promotionReason('designated', {})] : []
  if (decision.promoted?.key === replica.key) {
    const replaced = decision.replacement?.by?.key === replica.key ? [decision.replacement.because] : []
    const unfit = decision.choice.unfit === null ? [] : [promotionReason('fallback', {}), ...obstacles]
    return { key: replica.key, verdict: 'best', reasons: [...asked, ...replaced, ...standing(replica, decision), ...circumstances(replica, failed), ...unfit] }
  }
  const veto = vetoOf(replica, failed, policy)
  if (obstacles.length > 0 || veto !== null) return { key: replica.key, verdict: 'refused', reasons: [...obstacles, ...(veto === null ? [] : [veto]), ...standing(replica, decision)] }
  return { key: replica.key, verdict: 'possible', reasons: [...asked, ...standing(replica, decision), ...circumstances(replica, failed)] }
}

/** When nobody is fit, only the banned ones are refused: an unfit replica is better than no primary. */
function obstaclesOf(replica: Instance, { policy }: { readonly policy: PromotionPolicy }, { choice, promoted }: PromotionDecision): readonly Reason[] {
  const ban = banOf(replica, policy)
  const unfit = unfitness(replica, mostCommon(choice.order), policy)
  if (choice.unfit !== null && ban === null && promoted?.key !== replica.key) return unfit.filter(reason => reason.code === 'check-not-valid')
  return unfit
}

/** Where it stands to the most advanced replica that may lead, and whether it could follow that one. */
function standing(replica: Instance, { choice }: PromotionDecision): readonly Reason[] {
  const { candidate, progress } = choice
  if (candidate === null || candidate === replica) return candidate === null ? [] : [promotionReason('most-advanced', {})]
  const relation = progress.relation(replica, candidate)
  const missing = relation === 'ahead' ? progress.missing(replica, candidate) : progress.missing(candidate, replica)
  if (relation === 'equal') return [promotionReason('equally-advanced', {})]
  if (relation === 'ahead') return [missing === null ? promotionReason('ahead-of-choice', {}) : promotionReason('holds-more', { count: missing })]
  return [missing === null ? promotionReason('behind', {}) : promotionReason('behind-by', { count: missing })]
}

function circumstances(replica: Instance, failed: Site): readonly Reason[] {
  const reasons: Reason[] = []
  if (replica.promotionRule !== 'neutral') reasons.push(promotionReason('rule', { rule: replica.promotionRule }))
  if (replica.dataCenter !== failed.dataCenter) reasons.push(promotionReason('crosses-data-center', { dataCenter: replica.dataCenter, failedDataCenter: failed.dataCenter }))
  if (replica.physicalEnvironment !== failed.physicalEnvironment) {
    reasons.push(promotionReason('crosses-environment', { environment: replica.physicalEnvironment, failedEnvironment: failed.physicalEnvironment }))
  }
  if (replica.region !== failed.region) reasons.push(promotionReason('crosses-region', { region: replica.region, failedRegion: failed.region }))
  if (failed.dataCenter !== '' && isSameSite(replica, failed)) reasons.push(promotionReason('same-site', {}))
  if (replica.errantGtidSet !== '') reasons.push(promotionReason('has-errant-transactions', { errant: replica.errantGtidSet }))
  const { replication } = replica
  if (replication !== null && replication.applier !== 'running' && replication.applierError.number !== 0) {
    reasons.push(promotionReason('applier-broken', { number: replication.applierError.number }))
  }
  return reasons
}

/** Replicas that will not follow the one that is promoted, with the reason; to be shown as lost before anything is done. */
export function lostIfPromoted(decision: PromotionDecision, policy: PromotionPolicy): readonly { readonly key: InstanceKey; readonly reason: Reason }[] {
  const { choice } = decision
  const { candidate, progress } = choice
  if (candidate === null) return []
  const ahead = choice.ahead.map(replica => {
    const count = progress.missing(replica, candidate)
    return { key: replica.key, reason: count === null ? promotionReason('ahead-of-choice', {}) : promotionReason('holds-more', { count }) }
  })
  const cannot = choice.cannotReplicate.map(replica => {
    const verdict = canReplicate(replica, candidate, policy.replication)
    return { key: replica.key, reason: promotionReason('cannot-follow-choice', { candidate: candidate.key, text: verdict.allowed ? '' : verdict.obstacle.text }) }
  })
  return [...ahead, ...cannot]
}
