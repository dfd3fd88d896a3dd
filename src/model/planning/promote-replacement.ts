import type { Reason } from '../../kit/reason.ts'
import { type Instance, isLastCheckValid } from '../topology/instance.ts'
import { compareKeys, type InstanceKey } from '../topology/instance-key.ts'
import { canReplicate } from '../topology/replication-rules.ts'
import type { Site } from './promote-choice.ts'
import { isSameSite } from './promote-ideal.ts'
import { banOf, type PromotionPolicy } from './promote-policy.ts'
import { promotionReason } from './promote-reasons.ts'
import { geographyVeto } from './promote-veto.ts'

export interface ReplacementQuestion {
  readonly promoted: Instance
  /** Servers of the promoted one's cluster, without the failed server. */
  readonly members: readonly Instance[]
  /** Those that replicate directly from the promoted one by now. */
  readonly followers: ReadonlySet<InstanceKey>
  readonly failed: Site
  readonly designated: InstanceKey | null
  readonly policy: PromotionPolicy
}

/** `by` takes the place of the promoted server, or null: it stays. */
export interface Replacement {
  readonly by: Instance | null
  readonly because: Reason
}

/** Is there a server that should be primary rather than the most advanced one (contract recovery.md section 5)? */
export function betterThanPromoted(question: ReplacementQuestion): Replacement {
  const { promoted, failed, designated, policy, followers } = question
  const suggested = designated === null ? search(question) : designate(question, designated)
  if (suggested.by === null || suggested.by.key === promoted.key) return { ...suggested, by: null }
  const names = { suggested: suggested.by.key, server: promoted.key }
  if (!followers.has(suggested.by.key)) return { by: null, because: promotionReason('keep-not-below', names) }
  const swap = canReplicate(promoted, suggested.by, policy.replication)
  if (!swap.allowed) return { by: null, because: promotionReason('keep-cannot-swap', { ...names, text: swap.obstacle.text, failedDataCenter: failed.dataCenter }) }
  return suggested
}

function designate({ promoted, members }: ReplacementQuestion, designated: InstanceKey): Replacement {
  if (promoted.key === designated) return { by: null, because: promotionReason('keep-designated', { server: promoted.key }) }
  const chosen = members.find(member => member.key === designated)
  if (chosen === undefined) return { by: null, because: promotionReason('keep-not-below', { suggested: designated, server: promoted.key }) }
  return { by: chosen, because: promotionReason('replace-designated', { chosen: chosen.key }) }
}

/** Each search takes the last that matches, by host and port: the original's order. */
function search(question: ReplacementQuestion): Replacement {
  const { promoted, failed, policy } = question
  const members = question.members.toSorted((left, right) => compareKeys(left.key, right.key))
  const preferred = members.filter(member => member.promotionRule === 'must' || member.promotionRule === 'prefer')
  const isPreferred = preferred.some(member => member.key === promoted.key)
  const geographyAllows = (server: Instance): boolean => geographyVeto(server, failed, policy) === null
  const pick = (among: readonly Instance[], where: (server: Instance) => boolean): Instance | undefined =>
    among.findLast(server => canTakeOver(server, question) && where(server))
  const server = promoted.key

  if (isPreferred && isSameSite(promoted, failed)) return { by: null, because: promotionReason('keep-ideal', { server }) }
  const onSite = pick(preferred, candidate => isSameSite(candidate, failed))
  if (onSite !== undefined) return { by: onSite, because: promotionReason('replace-preferred-on-site', { chosen: onSite.key }) }
  if (isPreferred && geographyAllows(promoted)) return { by: null, because: promotionReason('keep-good', { server }) }
  const near = pick(preferred, candidate => isSameSite(candidate, promoted))
  if (near !== undefined) return { by: near, because: promotionReason('replace-preferred-near', { chosen: near.key, server }) }
  const liked = pick(preferred, geographyAllows)
  if (liked !== undefined) return { by: liked, because: promotionReason('replace-preferred', { chosen: liked.key }) }

  if (!geographyAllows(promoted) || promoted.promotionRule === 'prefer_not') {
    const neutral = members.filter(member => member.promotionRule === 'neutral')
    const neutralOnSite = pick(neutral, candidate => isSameSite(candidate, failed))
    if (neutralOnSite !== undefined) return { by: neutralOnSite, because: promotionReason('replace-neutral-on-site', { chosen: neutralOnSite.key }) }
    const neutralNear = pick(neutral, candidate => isSameSite(candidate, promoted))
    if (neutralNear !== undefined) return { by: neutralNear, because: promotionReason('replace-neutral-near', { chosen: neutralNear.key, server }) }
    const anywhere = pick(neutral, geographyAllows)
    if (anywhere !== undefined) return { by: anywhere, because: promotionReason('replace-neutral', { chosen: anywhere.key, server }) }
  }
  return { by: null, because: promotionReason('keep-nothing-better', { server }) }
}

/** Fit to lead, a direct replica of the promoted server, and one that the promoted server may replicate from. */
function canTakeOver(server: Instance, { promoted, followers, policy }: ReplacementQuestion): boolean {
  return (
    followers.has(server.key) && isLastCheckValid(server) && server.logBin && server.logReplicaUpdates && !server.isBinlogServer &&
    banOf(server, policy) === null && canReplicate(promoted, server, policy.replication).allowed
  )
}
