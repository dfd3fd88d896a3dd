import type { Instance } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { type CandidateChoice, promotionRules, type Site } from './promote-choice.ts'

/** Nothing better can be found, so others may follow later and the search for a better one is spared (contract recovery.md 3.4). */
export function isIdeal(choice: CandidateChoice, failed: Site, designated: InstanceKey | null): boolean {
  const { candidate } = choice
  if (candidate === null) return false
  if (designated !== null) return candidate.key === designated
  if (!isSameSite(candidate, failed)) return false
  const { promotionRule } = candidate
  return promotionRule === 'must' || promotionRule === 'prefer' || (isBestLiked(candidate, choice) && promotionRule !== 'must_not')
}

/** Empty names are equal to each other, so without configured sites every server is on the same one. */
export const isSameSite = (left: Site, right: Site): boolean => left.dataCenter === right.dataCenter && left.physicalEnvironment === right.physicalEnvironment

/** No replica that would follow the candidate has a better promotion rule. Never true of a choice that nobody is fit for. */
function isBestLiked(candidate: Instance, choice: CandidateChoice): boolean {
  const rank = promotionRules.indexOf(candidate.promotionRule)
  return choice.unfit === null && [...choice.equal, ...choice.later].every(replica => promotionRules.indexOf(replica.promotionRule) >= rank)
}
