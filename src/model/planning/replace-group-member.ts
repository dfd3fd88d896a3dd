import { type Instance, isLastCheckValid } from '../topology/instance.ts'
import { compareKeys } from '../topology/instance-key.ts'
import type { ReplicationPolicy } from '../topology/replication-rules.ts'
import type { Topology } from '../topology/topology.ts'
import { followRows, type LostReplica, obstacle, replicasToSave } from './failover.ts'
import { planOf, type Row } from './failover-plan.ts'
import { failoverReason } from './failover-reasons.ts'
import type { Plan, Refusal } from './plan.ts'

export interface GroupMemberReplacement {
  readonly plan: Plan
  readonly successor: Instance
  readonly lost: readonly LostReplica[]
}

/**
 * The asynchronous replicas of a member that died follow another member of its group (contract recovery.md section 9): one that answers and is ONLINE,
 * in the same place if there is one, the primary of the group before others. The group itself replaces its member without us.
 */
export function planReplaceGroupMember(topology: Topology, failed: Instance, replication: ReplicationPolicy): GroupMemberReplacement | Refusal {
  const { reachable, lost: unreachable } = replicasToSave(topology, failed.key)
  if (reachable.length === 0) return { refused: failoverReason('no-reachable-replica', { failed: failed.key }) }
  const successor = otherMembers(topology, failed)[0]
  if (successor === undefined) return { refused: failoverReason('no-group-member', { failed: failed.key, group: failed.group?.name ?? '' }) }
  const lost = [...unreachable]
  const rows: Row[] = []
  for (const replica of reachable) {
    const reason = obstacle(replica, successor, successor, replication)
    if (reason === null) rows.push(...followRows(replica, successor.key, 1).map(row => ({ ...row, onFailure: 'note' as const })))
    else lost.push({ key: replica.key, reason })
  }
  const says = failoverReason('plan-replace-intermediate', { failed: failed.key, successor: successor.key })
  return { plan: planOf(topology, { kind: 'replace-group-member', says, rows, concerns: [failed.key, successor.key] }), successor, lost }
}

/** Members that can take replicas, best first. What each is, it says itself. */
function otherMembers(topology: Topology, failed: Instance): readonly Instance[] {
  const named = new Set(failed.group?.members ?? [])
  const members = [...topology.instances.values()].filter(({ key, group }) =>
    key !== failed.key && group !== null && failed.group !== null && (named.has(key) || group.name === failed.group.name))
  const distance = (member: Instance): number =>
    (member.dataCenter === failed.dataCenter ? 0 : 2) + (member.physicalEnvironment === failed.physicalEnvironment ? 0 : 1)
  return members
    .filter(member => isLastCheckValid(member) && member.group?.memberState === 'ONLINE' && member.logBin && member.logReplicaUpdates)
    .sort((left, right) => distance(left) - distance(right) || roleOf(left) - roleOf(right) || compareKeys(left.key, right.key))
}

const roleOf = ({ group }: Instance): number => (group?.memberRole === 'PRIMARY' ? 0 : 1)
