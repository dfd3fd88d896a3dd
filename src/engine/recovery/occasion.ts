import type { Finding } from '../../model/analysis/finding.ts'
import { coveringFilter } from '../../model/recovery/cluster-filters.ts'
import type { HookOccasion } from '../../model/recovery/hook-values.ts'
import type { RecoveryPolicy } from '../../model/recovery/policy.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Topology } from '../../model/topology/topology.ts'

/** What hooks are told about a finding before anything is done; later moments add what is known by then. */
export function occasionOf(
  finding: Finding, topology: Topology, policy: RecoveryPolicy, facts: { readonly command: string; readonly node: string; readonly recoveryUid: string },
): HookOccasion {
  const { clusterName } = finding
  const alias = topology.aliasOf(clusterName)
  const names = { name: clusterName, alias }
  return {
    code: finding.code, description: finding.description, failed: finding.key, facts: finding.facts, replicas: finding.replicas,
    replicaCount: finding.replicas.length, clusterName, clusterAlias: alias === clusterName ? '' : alias,
    clusterDomain: topology.decisions.domains.get(clusterName) ?? '',
    coversPrimary: coveringFilter(policy.primaryFilters, names) !== null, coversIntermediate: coveringFilter(policy.intermediateFilters, names) !== null,
    lostReplicas: [], successor: null, ...facts,
  }
}

export const withSuccessor = (occasion: HookOccasion, successor: Instance, lost: readonly InstanceKey[] = []): HookOccasion =>
  ({ ...occasion, lostReplicas: lost, successor: { key: successor.key, alias: successor.alias, coordinates: successor.binlogCoordinates } })
