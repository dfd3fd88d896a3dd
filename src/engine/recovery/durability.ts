import type { Reason } from '../../kit/reason.ts'
import { acknowledgersElsewhere, type DurabilityPolicy, durabilityPolicies, hasLeft, type Proof, proofOf } from '../../model/planning/durability.ts'
import { durabilityReason } from '../../model/planning/durability-reasons.ts'
import { replicasToSave } from '../../model/planning/failover.ts'
import type { Finding } from '../../model/analysis/finding.ts'
import { type ClusterFilter, clusterFilters } from '../../model/recovery/cluster-filters.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { Topology } from '../../model/topology/topology.ts'
import type { FailoverJob } from './dead-primary.ts'
import type { RemedyJob } from './remedy-job.ts'

/** One line of the setting DurabilityPolicy: which clusters, and what is promised of them. */
export interface DurabilityRule {
  readonly filter: ClusterFilter
  readonly policy: DurabilityPolicy
}

const isPolicy = (word: string): word is DurabilityPolicy => durabilityPolicies.some(policy => policy === word)

/** The rules in the order of the file. Words that are no policy were refused when the file was read. */
export const durabilityRules = (setting: Readonly<Record<string, string>>): readonly DurabilityRule[] =>
  Object.entries(setting).flatMap(([text, policy]) => clusterFilters([text]).accepted.flatMap(filter => (isPolicy(policy) ? [{ filter, policy }] : [])))

/** The first rule that covers the cluster decides; without one nothing is promised. */
export function durabilityOf(rules: readonly DurabilityRule[], topology: Topology, clusterName: string): DurabilityPolicy {
  const names = { name: clusterName, alias: topology.aliasOf(clusterName) }
  return rules.find(({ filter }) => filter.matches(names))?.policy ?? 'none'
}

/** As all servers were last read. */
function standingProof(failed: Instance, topology: Topology): Proof {
  const replicas = topology.replicasOf(failed.key)
  const left = acknowledgersElsewhere(failed, replicas, topology.instances.values()).servers.filter(server => hasLeft(server, failed.key))
  return proofOf(failed, replicas, new Set([...replicasToSave(topology, failed.key).reachable, ...left].map(({ key }) => key)), topology.instances.values())
}

/** Why a primary may not be replaced now under its cluster's policy: too few of those who may have acknowledged can be reached. Null: it may. */
export function durabilityObstacle(rules: readonly DurabilityRule[], topology: Topology, { key, clusterName }: Pick<Finding, 'key' | 'clusterName'>): Reason | null {
  const policy = durabilityOf(rules, topology, clusterName)
  const failed = topology.get(key)
  if (policy === 'none' || failed === undefined) return null
  const proof = standingProof(failed, topology)
  return proof.proven ? null : durabilityReason('durability-refused', { policy, text: proof.because.text })
}

/** What a failover has to keep to in its cluster, and who gives it up. */
export const promiseOf = ({ policies, fleet, finding, asked }: RemedyJob): NonNullable<FailoverJob['durability']> => ({
  policy: durabilityOf(policies.durability, fleet.topology(), finding.clusterName), accepted: asked.why === undefined ? null : { by: asked.by, why: asked.why },
})

/** What is promised of a cluster, and why it could not be kept if its primary died now; null: it could. A cluster without a primary promises nothing. */
export function standingPromise(rules: readonly DurabilityRule[], topology: Topology, clusterName: string): { readonly policy: DurabilityPolicy; readonly unproven: string | null } {
  const policy = durabilityOf(rules, topology, clusterName)
  const primary = (topology.clusters.get(clusterName) ?? []).find(member => (member.replication === null || member.isCoPrimary) && !member.readOnly && topology.replicasOf(member.key).length > 0)
  if (policy === 'none' || primary === undefined) return { policy: 'none', unproven: null }
  const proof = standingProof(primary, topology)
  return { policy, unproven: proof.proven ? null : proof.because.text }
}
