import { goPattern } from '../../kit/go-pattern.ts'
import type { Reason } from '../../kit/reason.ts'
import type { Instance } from '../topology/instance.ts'
import { hostOf } from '../topology/instance-key.ts'
import { defaultReplicationPolicy, type ReplicationPolicy } from '../topology/replication-rules.ts'
import { promotionReason } from './promote-reasons.ts'

/** Who may be promoted, as values of the settings named in contract recovery.md section 17. */
export interface PromotionPolicy {
  readonly replication: ReplicationPolicy
  /** PromotionIgnoreHostnameFilters: servers that must never lead. */
  readonly ignored: readonly PromotionIgnore[]
  readonly preventCrossDataCenter: boolean
  readonly preventCrossRegion: boolean
  /** 0: off. Means something only where a lag query is configured; otherwise leave it 0. */
  readonly failOnLagMinutes: number
  readonly failIfApplierBehind: boolean
  readonly waitForApplier: boolean
}

export const defaultPromotionPolicy: PromotionPolicy = {
  replication: defaultReplicationPolicy,
  ignored: [],
  preventCrossDataCenter: false,
  preventCrossRegion: false,
  failOnLagMinutes: 0,
  failIfApplierBehind: false,
  waitForApplier: false,
}

/** An address must equal the host; anything else is an unanchored pattern on `host:port`. */
export interface PromotionIgnore {
  readonly text: string
  readonly matches: (instance: Instance) => boolean
}

const address = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:]+)$/i

/** Reads PromotionIgnoreHostnameFilters; texts that are no pattern are answered, to be reported with the setting's name. */
export function promotionIgnores(texts: readonly string[]): { readonly accepted: readonly PromotionIgnore[]; readonly rejected: readonly string[] } {
  const accepted: PromotionIgnore[] = []
  const rejected: string[] = []
  for (const text of texts.filter(text => text !== '')) {
    const pattern = address.test(text) ? null : goPattern(text)
    if (pattern === null) accepted.push({ text, matches: instance => hostOf(instance.key) === text })
    else if (pattern.ok) accepted.push({ text, matches: instance => pattern.value.test(instance.key) })
    else rejected.push(text)
  }
  return { accepted, rejected }
}

/** Never to be promoted, whatever happens; null: may be. */
export function banOf(instance: Instance, policy: PromotionPolicy): Reason | null {
  if (instance.promotionRule === 'must_not') return promotionReason('banned-by-rule', {})
  const filter = policy.ignored.find(ignored => ignored.matches(instance))
  return filter === undefined ? null : promotionReason('banned-by-filter', { pattern: filter.text })
}
