import type { Reason } from '../../kit/reason.ts'
import { countGtids } from '../topology/gtid-set.ts'
import { type Instance, isLastCheckValid, type PromotionRule } from '../topology/instance.ts'
import { compareKeys } from '../topology/instance-key.ts'
import { canReplicate, isSmallerFormat } from '../topology/replication-rules.ts'
import { compareMajorVersions, majorVersionText } from '../topology/version.ts'
import { unappliedGtids } from './failover-held.ts'
import { banOf, type PromotionPolicy } from './promote-policy.ts'
import { type Progress, progressAmong } from './promote-progress.ts'
import { promotionReason } from './promote-reasons.ts'

/** The replica to regroup the others below, and how each of the others stands to it (contract recovery.md section 4). */
export interface CandidateChoice {
  readonly candidate: Instance | null
  /** Set when nobody is fit; the candidate then is the first that is not banned, and all lists are empty. */
  readonly unfit: Reason | null
  /** Hold more than the candidate: they cannot follow it. */
  readonly ahead: readonly Instance[]
  readonly equal: readonly Instance[]
  readonly later: readonly Instance[]
  readonly cannotReplicate: readonly Instance[]
  /** All replicas, best first. */
  readonly order: readonly Instance[]
  readonly progress: Progress
}

/** Where the failed server stood; the original's site of a promotion. */
export type Site = Pick<Instance, 'dataCenter' | 'physicalEnvironment' | 'region'>

export const promotionRules: readonly PromotionRule[] = ['must', 'prefer', 'neutral', 'prefer_not', 'must_not']
const formats: readonly string[] = ['STATEMENT', 'MIXED', 'ROW']

/** Chooses among the failed server's replicas as last read; those that could not be read take part and are passed over. */
export function chooseCandidate(replicas: readonly Instance[], failed: Site, policy: PromotionPolicy): CandidateChoice {
  const progress = progressAmong(replicas)
  const order = replicas.toSorted((left, right) => progress.compare(left, right) || compareQuality(left, right, failed))
  const most = mostCommon(order)
  const candidate = order.find(replica => unfitness(replica, most, policy).length === 0) ?? null
  if (candidate === null) {
    const fallback = order.find(replica => banOf(replica, policy) === null) ?? null
    return { candidate: fallback, unfit: promotionReason('no-candidate', {}), ahead: [], equal: [], later: [], cannotReplicate: [], order, progress }
  }
  const groups: Record<'ahead' | 'equal' | 'later' | 'cannotReplicate', Instance[]> = { ahead: [], equal: [], later: [], cannotReplicate: [] }
  for (const replica of order) {
    if (replica === candidate) continue
    const group = canReplicate(replica, candidate, policy.replication).allowed ? progress.relation(replica, candidate) : 'cannotReplicate'
    groups[group].push(replica)
  }
  return { candidate, unfit: null, ...groups, order, progress }
}

/** Among equally advanced replicas: the one that the most others can follow, then the nearest, the cleanest and the best liked. */
function compareQuality(left: Instance, right: Instance, failed: Site): number {
  return (
    Number(right.logReplicaUpdates) - Number(left.logReplicaUpdates) ||
    compareMajorVersions(left.version, right.version) ||
    formats.indexOf(left.binlogFormat) - formats.indexOf(right.binlogFormat) ||
    Number(right.dataCenter === failed.dataCenter) - Number(left.dataCenter === failed.dataCenter) ||
    Number(left.errantGtidSet !== '') - Number(right.errantGtidSet !== '') ||
    promotionRules.indexOf(left.promotionRule) - promotionRules.indexOf(right.promotionRule) ||
    // Nothing takes writes until it has applied what it received: of equals the one with the least left to apply.
    Number(unappliedCount(left) - unappliedCount(right)) ||
    compareKeys(left.key, right.key)
  )
}

/** Transactions received and not yet executed; 0 where they cannot be counted. */
const unappliedCount = (replica: Instance): bigint =>
  replica.replication?.gtid === 'mysql' ? countGtids(unappliedGtids(replica)) : 0n

/** A replica with the version, and one with the format, that most replicas have; on a tie the smaller one, which more can follow. */
export interface MostCommon {
  readonly version: Instance | undefined
  readonly format: string
}

export function mostCommon(replicas: readonly Instance[]): MostCommon {
  const version = mode(replicas, replica => majorVersionText(replica.version), (left, right) => compareMajorVersions(left.version, right.version))
  const format = mode(replicas, replica => replica.binlogFormat, (left, right) => formats.indexOf(left.binlogFormat) - formats.indexOf(right.binlogFormat))
  return { version, format: format?.binlogFormat ?? '' }
}

function mode(replicas: readonly Instance[], valueOf: (replica: Instance) => string, compare: (left: Instance, right: Instance) => number): Instance | undefined {
  const counts = new Map<string, number>()
  for (const replica of replicas) counts.set(valueOf(replica), (counts.get(valueOf(replica)) ?? 0) + 1)
  const countOf = (replica: Instance): number => counts.get(valueOf(replica)) ?? 0
  return replicas.toSorted((left, right) => countOf(right) - countOf(left) || compare(left, right))[0]
}

/** Everything that keeps a replica from leading its siblings; empty: fit. */
export function unfitness(replica: Instance, most: MostCommon, policy: PromotionPolicy): readonly Reason[] {
  const ban = banOf(replica, policy)
  const reasons: Reason[] = ban === null ? [] : [ban]
  if (!isLastCheckValid(replica)) reasons.push(promotionReason('check-not-valid', { text: replica.check.failure?.text ?? '' }))
  if (replica.isBinlogServer) reasons.push(promotionReason('is-binlog-server', {}))
  if (!replica.logBin) reasons.push(promotionReason('no-binary-log', {}))
  else if (!replica.logReplicaUpdates) reasons.push(promotionReason('no-log-replica-updates', {}))
  if (most.version !== undefined && compareMajorVersions(replica.version, most.version.version) > 0) {
    reasons.push(promotionReason('newer-than-most', { version: replica.version.text, most: majorVersionText(most.version.version) }))
  }
  if (isSmallerFormat(most.format, replica.binlogFormat)) reasons.push(promotionReason('format-wider-than-most', { format: replica.binlogFormat, most: most.format }))
  return reasons
}
