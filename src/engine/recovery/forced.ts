import type { Reason } from '../../kit/reason.ts'
import { fail, ok, type Result } from '../../kit/result.ts'
import { analyseOne } from '../../model/analysis/analyse.ts'
import type { Finding } from '../../model/analysis/finding.ts'
import { noMemory } from '../../model/analysis/memory.ts'
import { banOf } from '../../model/planning/promote-policy.ts'
import { takeoverRefusal } from '../../model/planning/takeover-refusals.ts'
import { writablePrimaryOf } from '../../model/topology/cluster.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Topology } from '../../model/topology/topology.ts'
import { eachBounded } from '../execution/bounded.ts'
import { engineReason } from './engine-reasons.ts'
import type { Fleet } from './fleet.ts'
import { clusterPrimary } from './graceful-takeover.ts'
import type { RecoveryParts } from './parts.ts'
import type { Policies } from './policies.ts'

/** A person wants a primary replaced, whatever state it is in. */
export interface ForcedRequest {
  /** The direct replica to promote; null: the best one (`force-master-failover`). */
  readonly designated: InstanceKey | null
  readonly by: string
  /** Why acknowledged writes may be lost that a durability policy would protect. */
  readonly why?: string
}

/** The original's names of the two commands: hooks and records see them. */
export const forcedCommand = ({ designated }: Pick<ForcedRequest, 'designated'>): string => (designated === null ? 'force-master-failover' : 'force-master-takeover')

const lookMilliseconds = 1500
const looksAtOnce = 50

/** Hooks and records of a replacement that a person wants show the primary as a dead one (contract recovery.md sections 12 and 13). */
export const asDead = (found: Finding): Finding => ({ ...found, code: 'DeadMaster', description: '', remedy: 'promote-replica', isActionable: true })

/** The primary that is to be replaced, read a moment ago and shown as dead, or why it is not begun. Touches nothing. */
export async function forcedFinding(parts: RecoveryParts, policies: Policies, fleet: Fleet, clusterName: string, request: ForcedRequest): Promise<Result<Finding, Reason>> {
  const primary = primaryToReplace(fleet.topology(), clusterName, request)
  if (!primary.ok) return primary
  const { key } = primary.value
  await eachBounded([key, ...fleet.topology().replicasOf(key).map(replica => replica.key)], looksAtOnce, async each => void (await fleet.look(each, lookMilliseconds)))
  const refused = refuseDesignated(fleet.topology(), key, request.designated, policies)
  if (refused !== null) return fail(refused)
  const found = analyseOne(fleet.topology(), key, parts.analysis, parts.clock.now(), noMemory)
  return found === null ? fail(takeoverRefusal('primary-unreachable', { primary: key, text: 'it is under maintenance' })) : ok(asDead(found))
}

/** The one primary of the cluster; for a given successor the writable one. */
export function primaryToReplace(topology: Topology, clusterName: string, { designated }: Pick<ForcedRequest, 'designated'>): Result<Instance, Reason> {
  const writable = designated === null ? undefined : writablePrimaryOf(topology, clusterName)
  return writable === undefined ? clusterPrimary(topology, clusterName) : ok(writable)
}

/** Said before anything is touched, and not found out when the primary is gone. */
export function refuseDesignated(topology: Topology, primary: InstanceKey, designated: InstanceKey | null, policies: Policies): Reason | null {
  if (topology.replicasOf(primary).length === 0) return takeoverRefusal('no-replicas', { primary })
  if (designated === null) return null
  const replica = topology.get(designated)
  if (replica === undefined) return engineReason('designated-unknown', { designated })
  const source = replica.replication?.source ?? ':0'
  if (source !== primary) return engineReason('only-direct-child', { primary, designated, source })
  if (replica.check.failure !== null) return takeoverRefusal('successor-unreachable', { designated, text: replica.check.failure.text })
  if (banOf(replica, policies.promotion) !== null) return takeoverRefusal('banned', { designated })
  if (!replica.logBin || !replica.logReplicaUpdates) return takeoverRefusal('logs-nothing', { designated })
  return replica.channels.length > 1 ? takeoverRefusal('several-channels', { designated }) : null
}
