import type { PromotionRule } from '../model/topology/instance.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'
import { operation, required } from './operation.ts'

/** Times in ms since 1970. */
export interface PromotionRuleEntry {
  readonly instance: InstanceKey
  readonly rule: PromotionRule
  readonly suggestedAt: number
  readonly expiresAt: number
}

export const registerCandidate = operation<InstanceKey>()({
  name: 'register-candidate',
  says: 'Say how gladly a server is promoted; it holds for a while and is then to be said again.',
  on: 'instance', access: 'write', dangerLevel: 1, plans: false,
  input: { instance: required.instance('The server.'), promotionRule: required.text('prefer, neutral, prefer_not or must_not.') },
  former: { routes: ['register-candidate/:host/:port/:promotionRule'], commands: ['register-candidate'], section: 'Instance, meta', answers: 'envelope' },
})

export const bulkPromotionRules = operation<readonly PromotionRuleEntry[]>()({
  name: 'bulk-promotion-rules',
  says: 'All registered promotion rules.',
  on: 'fleet', access: 'write', dangerLevel: 1, plans: false,
  input: {},
  former: { routes: ['bulk-promotion-rules'], commands: ['bulk-promotion-rules'], section: '', answers: 'bare' },
})
