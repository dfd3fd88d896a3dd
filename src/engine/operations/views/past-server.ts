import type { ServerStatus } from '../../../contract/views.ts'
import type { PastServer, PastStatus } from '../../../model/history/past-server.ts'
import { isDetachedFromSource } from '../../../model/topology/describe.ts'
import { type FreshnessPolicy, isDowntimed, isUnderMaintenance } from '../../../model/topology/freshness.ts'
import type { Instance } from '../../../model/topology/instance.ts'
import type { Topology } from '../../../model/topology/topology.ts'
import { statusesOf } from './server-status.ts'
import { gtidOf, roleOf } from './server-view.ts'

/** What is remembered of a server as it stands now. It is made of each at every poll, so it makes no more than that. */
export function pastServer(topology: Topology, instance: Instance, clusterAlias: string, policy: FreshnessPolicy, now: number): PastServer {
  const { replication, semiSync, downtime, maintenance, group, version } = instance
  const replicas = topology.replicasOf(instance.key).length
  return {
    key: instance.key, alias: instance.alias, clusterName: instance.clusterName, clusterAlias, role: roleOf(instance, replicas),
    source: replication?.source ?? null, depth: instance.replicationDepth, statuses: statusesOf(instance, replicas, policy, now).map(pastStatus), version: version.text, flavour: version.flavour,
    readOnly: instance.readOnly, superReadOnly: instance.superReadOnly, logBin: instance.logBin, logReplicaUpdates: instance.logReplicaUpdates, binlogFormat: instance.binlogFormat,
    gtid: gtidOf(instance), receiver: replication?.receiver ?? null, applier: replication?.applier ?? null, delaySeconds: replication?.delaySeconds ?? 0,
    hasFilters: replication?.hasFilters ?? false, isDetached: isDetachedFromSource(instance), channels: instance.channels.length,
    semiSync: semiSync === null ? null : { sourceEnabled: semiSync.sourceEnabled, replicaEnabled: semiSync.replicaEnabled, clients: semiSync.clients, waitFor: semiSync.waitForReplicaCount },
    dataCenter: instance.dataCenter, promotionRule: instance.promotionRule,
    downtime: downtime !== null && isDowntimed(instance, now) ? { owner: downtime.owner, reason: downtime.reason, endsAt: downtime.endsAt } : null,
    maintenance: maintenance !== null && isUnderMaintenance(instance, now) ? { owner: maintenance.owner, reason: maintenance.reason } : null,
    group: group !== null && group.name !== '' ? { name: group.name, isSinglePrimary: group.isSinglePrimary } : null,
  }
}

function pastStatus({ code, severity, reason: { parameters } }: ServerStatus): PastStatus {
  const { number, text } = parameters
  return { code, severity, number: typeof number === 'number' ? number : null, text: typeof text === 'string' ? text : '' }
}
