import type { ClusterRow, FindingView, RecoverySummary, ServerStatus, StatusCode } from '../../../contract/views.ts'
import { primaryOf } from '../../../model/topology/cluster.ts'
import { clusterAlias } from '../../../model/topology/cluster-hint.ts'
import { type FreshnessPolicy, isDowntimed } from '../../../model/topology/freshness.ts'
import type { Topology } from '../../../model/topology/topology.ts'
import { statusesOf } from './server-status.ts'

/** What a row shows beside the servers themselves. */
export interface RowFacts {
  readonly recoversPrimary: boolean
  readonly recoversIntermediate: boolean
  readonly findings: readonly FindingView[]
  readonly lastRecovery: RecoverySummary | null
  readonly unpublished: ClusterRow['unpublished']
}

/** One cluster in the list. Servers in downtime are not counted among the troubled. */
export function clusterRow(topology: Topology, name: string, facts: RowFacts, policy: FreshnessPolicy, now: number): ClusterRow {
  const members = topology.clusters.get(name) ?? []
  const counts: Partial<Record<StatusCode, number>> = {}
  let maxLagSeconds: number | null = null
  for (const instance of members) {
    const worst = worstStatus(statusesOf(instance, topology.replicasOf(instance.key).length, policy, now))
    if (worst.severity === 'ok' || !isDowntimed(instance, now)) counts[worst.code] = (counts[worst.code] ?? 0) + 1
    const lag = instance.replicationLagSeconds
    if (instance.replication !== null && lag !== null && (maxLagSeconds === null || lag > maxLagSeconds)) maxLagSeconds = lag
  }
  const primary = primaryOf(topology, name)
  const reported = facts.findings.filter(finding => !finding.isDowntimed)
  return {
    name, alias: clusterAlias(topology, name), domain: topology.decisions.domains.get(name) ?? '',
    primary: primary === undefined ? null
      : { key: primary.key, status: worstStatus(statusesOf(primary, topology.replicasOf(primary.key).length, policy, now)) },
    servers: members.length, counts, maxLagSeconds, recoversPrimary: facts.recoversPrimary, recoversIntermediate: facts.recoversIntermediate,
    worstFinding: reported.find(finding => finding.severity === 'critical') ?? reported[0] ?? null,
    findings: reported.length, lastRecovery: facts.lastRecovery, unpublished: facts.unpublished,
  }
}

function worstStatus(statuses: readonly ServerStatus[]): ServerStatus {
  const [worst] = statuses
  if (worst === undefined) throw new Error('a server without any status')
  return worst
}
