import type { Reason } from '../../kit/reason.ts'
import { type Lookup, upstreamOf } from '../topology/cluster.ts'
import { isDetachedFromSource } from '../topology/describe.ts'
import { defaultFreshnessPolicy, type FreshnessPolicy, isRecentlyChecked, isUnderMaintenance } from '../topology/freshness.ts'
import { type GtidSet, isEmptyGtidSet, isGtidSubset, parseGtidSet } from '../topology/gtid-set.ts'
import { type Instance, isLastCheckValid, type ReplicationLink } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { hasReached, parseMariadbPosition } from '../topology/mariadb-gtid.ts'
import { receivedUnapplied } from '../topology/received.ts'
import { canReplicate, defaultReplicationPolicy, type ReplicationPolicy } from '../topology/replication-rules.ts'
import type { Topology } from '../topology/topology.ts'
import { compareMajorVersions } from '../topology/version.ts'
import type { Refusal } from './plan.ts'
import { refuse } from './refusals.ts'
import { hasUnapplied } from './failover-held.ts'
import { relocateRemark } from './relocate-remarks.ts'
import type { SemiSyncPolicy } from './semi-sync-roles.ts'

export interface RelocatePolicy {
  readonly replication: ReplicationPolicy
  readonly freshness: FreshnessPolicy
  /** The most that a replica may take to apply what it has received, where it must before its source changes. */
  readonly drainMilliseconds: number
  /** What marks unique statements is configured, so that servers can be matched by Pseudo-GTID. */
  readonly pseudoGtid: boolean
  /** When matching by Pseudo-GTID, search only the relay logs of the replica. */
  readonly relayLogsOnly?: boolean
  /** Who acknowledges commits, judged whenever a replica starts; left out: by priority alone. */
  readonly semiSync?: SemiSyncPolicy
}

export const defaultRelocatePolicy: RelocatePolicy = { replication: defaultReplicationPolicy, freshness: defaultFreshnessPolicy, drainMilliseconds: 60_000, pseudoGtid: true }

/**
 * How received transactions outlive the move (beyond.md section 3).
 * `keep`: the applier runs on and only the receiver turns. `refetch`: the applier is stopped; the relay log is forgotten, but nothing in it
 * is missing on the new source. `drain`: all that was received is applied first, then auto-position is switched on. `drain-mariadb`: the same, by position.
 */
export type RelocateWay = 'keep' | 'refetch' | 'drain' | 'drain-mariadb'

export interface Possible {
  readonly way: RelocateWay
  readonly replica: Instance
  readonly link: ReplicationLink
  readonly target: Instance
  readonly warnings: readonly Reason[]
}

/** Judges targets for one replica; what depends on the replica alone is found once, so that judging a thousand targets is quick. */
export interface Judge {
  judge(target: InstanceKey): Possible | Refusal
}

export function judgeOf(topology: Topology, key: InstanceKey, policy: RelocatePolicy, now: number): Judge {
  const replica = topology.get(key)
  if (replica === undefined) return { judge: () => refuse('unknown-instance', { server: key }) }
  const lookup: Lookup = at => topology.get(at)
  const refusedAlone = refusalOfReplica(replica, policy, now)
  const ownExecuted = parseGtidSet(replica.executedGtidSet)
  const unapplied = receivedUnapplied(replica)
  // Servers of a fleet that purge nothing, or were made from one image, print the same text: each text is judged once.
  const needsPurged = new Map<string, boolean | null>()
  /** Does the replica lack something in this purged set? Null when a set cannot be read. */
  const lacks = (purgedText: string): boolean | null => {
    if (!ownExecuted.ok) return null
    const known = needsPurged.get(purgedText)
    if (known !== undefined) return known
    const purged = parseGtidSet(purgedText)
    const answer = purged.ok ? !isGtidSubset(purged.value, ownExecuted.value) : null
    needsPurged.set(purgedText, answer)
    return answer
  }
  return {
    judge: targetKey => {
      const target = topology.get(targetKey)
      if (target === undefined) return refuse('unknown-instance', { server: targetKey })
      const refused = refusalByPlace(replica, target, lookup) ?? refusedAlone ?? refusalByLock(replica, target, now) ?? refusalByState(target, policy, now)
        ?? refusalByFlavour(replica, target)
      const link = replica.replication
      if (refused !== null || link === null) return refused ?? refuse('not-a-replica', { replica: replica.key })
      const may = canReplicate(replica, target, policy.replication)
      if (!may.allowed) return refuse('cannot-replicate', { replica: key, target: targetKey, obstacle: may.obstacle.text, rule: may.obstacle.code })
      const way = link.gtid.startsWith('mariadb') ? mariadbWay(replica, link, target, policy) : mysqlWay(replica, link, target, policy, lacks, unapplied)
      return typeof way === 'string' ? { way, replica, link, target, warnings: warningsOf(replica, target, may.warning) } : way
    },
  }
}

/** By where the two stand in the topology; the original's order and sentences (contract refactoring.md section 10). */
function refusalByPlace(replica: Instance, target: Instance, lookup: Lookup): Refusal | null {
  const [names, group] = [{ replica: replica.key, target: target.key }, replica.group]
  if (group?.memberRole === 'SECONDARY') return refuse('group-secondary', names)
  if (group?.memberRole === 'PRIMARY' && (group.members.includes(target.key) || target.group?.name === group.name) && target.key !== replica.key) {
    return refuse('group-primary-below-member', names)
  }
  if (replica.key === target.key) return refuse('same-as-itself', names)
  const seen = new Set<InstanceKey>()
  for (let at = upstreamOf(target, lookup); at !== undefined && !seen.has(at.key); at = upstreamOf(at, lookup)) {
    if (at.key === replica.key) return refuse('below-own-replica', names)
    seen.add(at.key)
  }
  return null
}

function refusalOfReplica(replica: Instance, policy: RelocatePolicy, now: number): Refusal | null {
  if (replica.replication === null) return refuse('not-a-replica', { replica: replica.key })
  if (isDetachedFromSource(replica)) return refuse('detached', { replica: replica.key })
  if (replica.channels.length > 1) return refuse('several-channels', { replica: replica.key, channels: replica.channels.length })
  return refusalByState(replica, policy, now)
}

function refusalByLock(replica: Instance, target: Instance, now: number): Refusal | null {
  const { maintenance } = replica
  if (maintenance === null || !isUnderMaintenance(replica, now)) return null
  return refuse('under-maintenance', { server: replica.key, owner: maintenance.owner, why: maintenance.reason, wanted: `move below ${target.key}` })
}

function refusalByState(server: Instance, policy: RelocatePolicy, now: number): Refusal | null {
  const { failure } = server.check
  if (!isLastCheckValid(server)) return failure === null ? refuse('last-check-invalid', { server: server.key }) : refuse('unreachable', { server: server.key, failure: failure.text, kind: failure.kind })
  return isRecentlyChecked(server, policy.freshness, now) ? null : refuse('not-recently-checked', { server: server.key })
}

function refusalByFlavour(replica: Instance, target: Instance): Refusal | null {
  const names = { replica: replica.key, target: target.key }
  if (replica.isBinlogServer || target.isBinlogServer) return refuse('method-not-available', { ...names, why: 'one of them is a binlog server', code: 'binlog-server' })
  if ((replica.version.flavour === 'MariaDB') !== (target.version.flavour === 'MariaDB')) {
    return refuse('mixed-flavours', { ...names, replicaFlavour: replica.version.flavour, targetFlavour: target.version.flavour })
  }
  return null
}

function mysqlWay(
  replica: Instance, link: ReplicationLink, target: Instance, policy: RelocatePolicy, lacks: (purgedText: string) => boolean | null, unapplied: GtidSet | null,
): RelocateWay | Refusal {
  const names = { replica: replica.key, target: target.key }
  // In any other mode a replica by file and position may have applied transactions without a GTID, which auto-position would fetch again.
  if (link.gtid === 'none' && replica.gtidMode !== 'ON') {
    return refuse('method-not-available', { ...names, why: replica.gtidMode === '' ? 'it does not use GTID' : `its gtid_mode is ${replica.gtidMode}`, code: 'no-gtid', mode: replica.gtidMode })
  }
  if (target.gtidMode !== 'ON') return refuse('source-gtid-mode', { ...names, mode: target.gtidMode === '' ? 'unknown' : target.gtidMode })
  const lacksPurged = lacks(target.purgedGtidSet)
  if (lacksPurged === null || unapplied === null) return refuse('unreadable-gtids', names)
  if (lacksPurged) return refuse('purged-gtids', names)
  if (link.applier === 'running') {
    if (link.gtid === 'mysql') return 'keep'
    return drainTooLong(replica, link, policy) ?? 'drain'
  }
  if (!isEmptyGtidSet(unapplied)) {
    const held = parseGtidSet(target.executedGtidSet)
    if (!held.ok) return refuse('unreadable-gtids', names)
    if (!isGtidSubset(unapplied, held.value)) return refuse('received-not-applied', names)
  }
  return 'refetch'
}

function mariadbWay(replica: Instance, link: ReplicationLink, target: Instance, policy: RelocatePolicy): RelocateWay | Refusal {
  const names = { replica: replica.key, target: target.key }
  const [own, other] = [replica.mariadbGtid, target.mariadbGtid]
  if (own === null || other === null) return refuse('unreadable-gtids', names)
  const applied = link.gtid === 'mariadb-current-pos' ? own.currentPos : own.slavePos
  const offered = other.currentPos === '' ? other.binlogPos : other.currentPos
  const [wanted, present] = [parseMariadbPosition(applied), parseMariadbPosition(offered)]
  if (!wanted.ok || !present.ok) return refuse('unreadable-gtids', names)
  const targetReadAfter = (target.check.lastSeenAt ?? 0) - target.check.latencyMilliseconds >= (replica.check.lastSeenAt ?? 0)
  // A target that replicates may still get there, and is waited for; one that was only read earlier is judged again right before the step.
  if (target.replication === null && targetReadAfter && !hasReached(present.value, wanted.value)) {
    return refuse('source-lacks-position', { ...names, targetPosition: offered, replicaPosition: applied })
  }
  // What a running receiver brings in meanwhile would be forgotten unapplied, and a position does not say whether the new source has it.
  if (link.applier !== 'running' && (link.receiver !== 'stopped' || hasUnapplied(replica))) return refuse('received-not-applied', names)
  return drainTooLong(replica, link, policy) ?? 'drain-mariadb'
}

function drainTooLong(replica: Instance, link: ReplicationLink, policy: RelocatePolicy): Refusal | null {
  const limitSeconds = Math.floor(policy.drainMilliseconds / 1000)
  return link.applier === 'running' && link.delaySeconds > limitSeconds ? refuse('delayed-too-long', { replica: replica.key, delaySeconds: link.delaySeconds, limitSeconds }) : null
}

function warningsOf(replica: Instance, target: Instance, overruled: Reason | null): readonly Reason[] {
  const names = { replica: replica.key, target: target.key }
  const warnings: Reason[] = []
  if (overruled !== null) warnings.push(relocateRemark('lower-version', { ...names, obstacle: overruled.text.trimEnd() }))
  if (replica.replication?.source === target.key) warnings.push(relocateRemark('same-source', names))
  if (replica.dataCenter !== '' && target.dataCenter !== '' && replica.dataCenter !== target.dataCenter) {
    warnings.push(relocateRemark('crosses-sites', { ...names, from: target.dataCenter, to: replica.dataCenter }))
  }
  if (compareMajorVersions(replica.version, target.version) > 0) {
    warnings.push(relocateRemark('newer-version', { ...names, version: replica.version.text, targetVersion: target.version.text }))
  }
  if (replica.errantGtidSet !== '') warnings.push(relocateRemark('errant', { ...names, gtids: replica.errantGtidSet.replaceAll('\n', '') }))
  return warnings
}
