import type { ServerView } from '../../../contract/views.ts'
import type { PastServer, PastStatus } from '../../../model/history/past-server.ts'
import { clusterAlias } from '../../../model/topology/cluster-hint.ts'
import type { FreshnessPolicy } from '../../../model/topology/freshness.ts'
import type { Instance } from '../../../model/topology/instance.ts'
import type { Topology } from '../../../model/topology/topology.ts'
import { noLabels } from './labels.ts'
import { serverView } from './server-view.ts'

/** What is remembered of a server as it stands now. */
export function pastServer(topology: Topology, instance: Instance, policy: FreshnessPolicy, now: number): PastServer {
  const view = serverView(topology, instance, noLabels, policy, now)
  const { replication, semiSync, downtime, maintenance, group } = view
  return {
    key: instance.key, alias: view.alias, clusterName: view.clusterName, clusterAlias: clusterAlias(topology, view.clusterName), role: view.role,
    source: instance.replication?.source ?? null, depth: view.depth, statuses: view.statuses.map(pastStatus), version: view.version, flavour: view.flavour,
    readOnly: view.readOnly, superReadOnly: view.superReadOnly, logBin: view.logBin, logReplicaUpdates: view.logReplicaUpdates, binlogFormat: view.binlogFormat, gtid: view.gtid,
    receiver: replication?.receiver ?? null, applier: replication?.applier ?? null, delaySeconds: replication?.delaySeconds ?? 0, hasFilters: replication?.hasFilters ?? false,
    isDetached: replication?.isDetached ?? false, channels: replication?.channels ?? 0, semiSync,
    dataCenter: view.dataCenter, promotionRule: view.promotionRule, downtime, maintenance,
    group: group === undefined ? null : { name: group.name, isSinglePrimary: group.isSinglePrimary },
  }
}

function pastStatus({ code, severity, reason: { parameters } }: ServerView['statuses'][number]): PastStatus {
  const { number, text } = parameters
  return { code, severity, number: typeof number === 'number' ? number : null, text: typeof text === 'string' ? text : '' }
}
