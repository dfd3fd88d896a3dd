import type { Reason } from '../../kit/reason.ts'
import type { Finding } from '../analysis/finding.ts'
import type { RecoveryPolicy } from './policy.ts'
import { recoveryReason } from './reasons.ts'
import type { Recovery } from './records.ts'

/** Recoveries that forbid another one, and the sentence that says so. */
export interface Blockage {
  readonly by: readonly Recovery[]
  readonly because: Reason
  /** When the last of them stops blocking by itself; null: not by time, because it is still at work here. */
  readonly until: number | null
}

/**
 * Still forbids others: active, and either younger than the block period counted from its start, or being worked on by this process —
 * a recovery that takes longer than the period must not meet a second one (contract recovery.md section 16).
 */
export function isBlocking(recovery: Recovery, now: number, policy: RecoveryPolicy, underWay: ReadonlySet<string>): boolean {
  return recovery.isActive && (underWay.has(recovery.uid) || now < blockEndsAt(recovery, policy))
}

const isOfPrimary = (remedy: Finding['remedy']): boolean => remedy === 'promote-replica' || remedy === 'promote-co-primary'

/** Over, and it put nobody in the place of a primary. */
const isLesser = ({ kind, key, successor, endedAt }: Recovery): boolean =>
  endedAt !== null && (kind === 'IntermediateMasterRecovery' || kind === 'ReplicationGroupMemberRecovery' || successor === key)

export const blockEndsAt = (recovery: Recovery, policy: RecoveryPolicy): number => recovery.startedAt + policy.blockSeconds * 1000

/** Contract recovery.md 2.2, rules 1 and 2: the server was just promoted, or its cluster was just recovered. */
export function blockageOf(
  { key: server, clusterName, remedy }: Pick<Finding, 'key' | 'clusterName' | 'remedy'>, open: readonly Recovery[], now: number, policy: RecoveryPolicy,
  underWay: ReadonlySet<string>,
): Blockage | null {
  const passes = (recovery: Recovery): boolean => !policy.lesserBlocksPrimary && isOfPrimary(remedy) && isLesser(recovery)
  const blocking = open.filter(recovery => isBlocking(recovery, now, policy, underWay) && !passes(recovery))
  // One that was repaired in its place was not promoted.
  const promotedIt = blocking.filter(recovery => recovery.successor === server && recovery.key !== server)
  // While it still moves the others, the cluster of whom it has promoted is its own too.
  const isAtWorkIn = ({ uid, successor, endedAt }: Recovery): boolean => endedAt === null && successor === clusterName && underWay.has(uid)
  const ofCluster = blocking.filter(recovery => recovery.clusterName === clusterName || isAtWorkIn(recovery))
  const by = promotedIt.length > 0 ? promotedIt : ofCluster
  const [first] = by
  if (first === undefined) return null
  const until = by.some(recovery => underWay.has(recovery.uid)) ? null : Math.max(...by.map(recovery => blockEndsAt(recovery, policy)))
  const facts = { failed: first.key, recovery: first.id, startedAt: first.startedAt, ...(until === null ? {} : { until }) }
  const because =
    promotedIt.length > 0 ? recoveryReason('blocked-instance', { server, ...facts }) : recoveryReason('blocked-cluster', { cluster: clusterName, ...facts })
  return { by, because, until }
}
