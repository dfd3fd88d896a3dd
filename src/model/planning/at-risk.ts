import { unionGtidSets } from '../topology/gtid-set.ts'
import type { Instance } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import { reasonsOf } from '../../kit/reason-table.ts'
import type { Reason } from '../../kit/reason.ts'
import { countHeldBeyond, countMissing, heldGtids, readGtids } from './failover-held.ts'
import { replicasToSave } from './failover.ts'

/** What would be lost if a server died now, as far as it is known. */
export const riskReason = reasonsOf({
  'risk-follows-another': '{server} replicates from {source}: what it has is there too',
  'risk-unread': 'it is not known what {server} holds: it was never read',
  'risk-no-replicas': 'no replica of {server} can be reached: everything that only {server} holds would be lost with it',
  'risk-uncounted': 'it cannot be counted what {server} holds alone: it does not keep sets of transactions',
  'risk-none': 'every transaction that {server} was last seen with is on one of the {replicas} replicas that would be kept',
  'risk-some': '{count} transactions that {server} was last seen with were on none of the {replicas} replicas that would be kept: they would be lost',
  'risk-asynchronous': '{server} does not wait for replicas: writes that it acknowledges in its last moment are lost with it',
  'risk-acknowledged': '{server} waits for {waits} of its semi-sync replicas before it acknowledges a write; {clients} of them are connected',
} as const)

/**
 * By what was last read of each server, which is not one moment for all: a busy primary is always some transactions ahead of what is known of its replicas,
 * so that the count is an upper bound of what was known to be there, and says nothing of writes after that.
 */
export function atRisk(topology: Topology, key: InstanceKey): readonly Reason[] {
  const server = topology.get(key)
  if (server === undefined || server.check.lastSeenAt === null) return [riskReason('risk-unread', { server: key })]
  if (server.replication !== null && !server.isCoPrimary) return [riskReason('risk-follows-another', { server: key, source: server.replication.source })]
  const { reachable } = replicasToSave(topology, key)
  if (reachable.length === 0) return [riskReason('risk-no-replicas', { server: key })]
  return [counted(server, reachable), promised(server)]
}

function counted(server: Instance, reachable: readonly Instance[]): Reason {
  const names = { server: server.key, replicas: reachable.length }
  if (server.mariadbGtid === null && server.gtidMode !== 'ON') return riskReason('risk-uncounted', { server: server.key })
  // The candidate is fed by the most advanced before it is promoted, so what any of them holds is kept.
  const count = server.mariadbGtid === null
    ? countMissing(readGtids(server.executedGtidSet), reachable.map(heldGtids).reduce(unionGtidSets))
    : Math.min(...reachable.map(replica => countHeldBeyond(server, replica)))
  return count === 0 ? riskReason('risk-none', names) : riskReason('risk-some', { ...names, count })
}

function promised({ key, semiSync }: Instance): Reason {
  if (semiSync === null || !semiSync.sourceEnabled || !semiSync.sourceActive) return riskReason('risk-asynchronous', { server: key })
  return riskReason('risk-acknowledged', { server: key, waits: semiSync.waitForReplicaCount, clients: semiSync.clients })
}
