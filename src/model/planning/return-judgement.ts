import type { Reason } from '../../kit/reason.ts'
import { canAutoPosition } from '../topology/auto-position.ts'
import { coordinatesText } from '../topology/binlog-coordinates.ts'
import { countGtids, gtidSetText, isEmptyGtidSet, subtractGtidSets } from '../topology/gtid-set.ts'
import { type Instance, isReplica } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { executedPosition, lacking } from '../topology/mariadb-held.ts'
import { canReplicate, type ReplicationPolicy } from '../topology/replication-rules.ts'
import type { Topology } from '../topology/topology.ts'
import { readGtids } from './failover-held.ts'
import { returnReason } from './return-reasons.ts'

/** What only a returned primary has. `gtids` is a set on MySQL, a position on MariaDB; the count is at most so many there. */
export interface Diverged {
  readonly count: number
  readonly gtids: string
}

export type ReturnOffer = 'rejoin' | 'inject-empty' | 'reprovision' | 'keep'

/** What may be done with a primary that was replaced and came back (it never follows silently with transactions of its own). */
export interface ReturnJudgement {
  readonly verdict: 'not-seen' | 'takes-writes' | 'follows' | 'clean' | 'diverged' | 'unproven' | 'cannot-follow'
  readonly because: Reason
  readonly diverged: Diverged | null
  readonly offers: readonly ReturnOffer[]
}

/** `old` is read-only and replicates from nobody, so what it has stays the same; `successor` is the primary of its cluster now. `replicas`: still below `old`. */
export function judgeReturned(old: Instance, successor: Instance, policy: ReplicationPolicy, replicas: readonly InstanceKey[] = []): ReturnJudgement {
  const names = { old: old.key, successor: successor.key }
  const judged = (verdict: ReturnJudgement['verdict'], because: Reason, offers: readonly ReturnOffer[] = [], diverged: Diverged | null = null): ReturnJudgement =>
    ({ verdict, because, offers, diverged })
  if (old.check.failure !== null || old.check.lastSeenAt === null) return judged('not-seen', returnReason('return-not-seen', names))
  if (isReplica(old)) return judged('follows', returnReason('return-follows', names))
  if (!old.readOnly) return judged('takes-writes', returnReason('return-takes-writes', names))
  // They would follow it, and are to be saved for themselves; no plan takes it along with them.
  if (replicas.length > 0) return judged('cannot-follow', returnReason('return-has-replicas', { ...names, replicas: replicas.join(', ') }), ['keep'])
  const may = canReplicate(old, successor, policy)
  if (!may.allowed) return judged('cannot-follow', returnReason('return-cannot-follow', { ...names, text: may.obstacle.text.trimEnd() }), ['keep'])
  const diverged = divergedFrom(old, successor)
  if (diverged === null) return judged('unproven', returnReason('return-unproven', names), ['keep'])
  if (diverged.count > 0) {
    const place = old.binlogCoordinates === null ? '?' : coordinatesText(old.binlogCoordinates)
    const because = returnReason('return-diverged', { ...names, count: diverged.count, gtids: diverged.gtids, place })
    return judged('diverged', because, old.mariadbGtid === null ? ['reprovision', 'inject-empty', 'keep'] : ['keep'], diverged)
  }
  const can = old.mariadbGtid === null ? canAutoPosition(old.executedGtidSet, successor.purgedGtidSet) : { ok: true as const, value: true }
  if (!can.ok || !can.value) return judged('cannot-follow', returnReason('return-cannot-follow', { ...names, text: 'what it lacks was purged there' }), ['keep'])
  return judged('clean', returnReason('return-clean', names), ['rejoin', 'keep'])
}

/** Who takes the writes now, beginning from the server that once took over: the top of the tree it is in. */
export function presentPrimary(topology: Topology, successor: InstanceKey): Instance | undefined {
  const seen = new Set<InstanceKey>()
  let at = topology.get(successor)
  while (at !== undefined && isReplica(at) && !seen.has(at.key)) {
    seen.add(at.key)
    at = topology.sourceOf(at)
  }
  return at
}

/** The sentences of what is offered. */
export const offerReasons = (old: InstanceKey, offers: readonly ReturnOffer[]): readonly Reason[] => offers.map(offer => returnReason(`offer-${offer}`, { old }))

/** Transactions that `old` has executed and `successor` has not; null when nothing can be shown. */
export function divergedFrom(old: Instance, successor: Instance): Diverged | null {
  if (old.mariadbGtid !== null && successor.mariadbGtid !== null) {
    const { count, text } = lacking(successor, executedPosition(old))
    return { count, gtids: text }
  }
  if (old.gtidMode !== 'ON' || successor.gtidMode !== 'ON') return null
  const only = subtractGtidSets(readGtids(old.executedGtidSet), readGtids(successor.executedGtidSet))
  return { count: isEmptyGtidSet(only) ? 0 : Number(countGtids(only)), gtids: gtidSetText(only).replaceAll('\n', '') }
}
