import type { Contract } from '../../../contract/all.ts'
import { ok } from '../../../kit/result.ts'
import { promotionRules } from '../../../model/planning/promote-choice.ts'
import type { Handler } from '../handler.ts'
import { operationReason, refuse } from '../refusals.ts'
import { readsStore } from '../store-away.ts'

const registerCandidate: Handler<Contract['register-candidate']> = async ({ instance, promotionRule }, parts) => {
  const rule = promotionRules.find(known => known === promotionRule)
  if (rule === undefined) return refuse(operationReason('promotion-rule-invalid', { rule: promotionRule }))
  if (rule === 'must') return refuse(operationReason('promotion-rule-unsupported', { rule }))
  await parts.journal.propose({ do: 'register-candidate', key: instance, rule, at: parts.clock.now() })
  return ok(instance)
}

const bulkPromotionRules: Handler<Contract['bulk-promotion-rules']> = async (_input, parts) => {
  const lasts = parts.policy().candidateExpireMinutes * 60_000
  return ok((await parts.store.candidates.list()).map(({ key, rule, suggestedAt }) => ({ instance: key, rule, suggestedAt, expiresAt: suggestedAt + lasts })))
}

export const candidateHandlers = { 'register-candidate': registerCandidate, 'bulk-promotion-rules': readsStore(bulkPromotionRules) }
