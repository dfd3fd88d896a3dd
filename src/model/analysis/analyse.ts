import type { Reason } from '../../kit/reason.ts'
import { isUnderMaintenance } from '../topology/freshness.ts'
import type { Instance } from '../topology/instance.ts'
import { compareKeys, hostOf, type InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import { evidenceAbout } from './evidence.ts'
import { type Failure, failureOf, noProblem } from './failures.ts'
import { factsOf } from './facts.ts'
import type { AnalysisFacts, Finding } from './finding.ts'
import type { AnalysisMemory } from './memory.ts'
import { observationsOf } from './observations.ts'
import type { AnalysisPolicy } from './policy.ts'
import { analysisReason } from './reasons.ts'
import { areShutOut } from './shut-out.ts'
import { warningsOf } from './warnings.ts'

export interface AnalysisOptions {
  /** Only servers of this cluster. */
  readonly clusterName?: string
  /** Also servers with neither a failure nor a warning. */
  readonly includeNoProblem?: boolean
  /** Also findings that are skippable due to downtime. */
  readonly includeDowntimed?: boolean
  /** Also servers about which only observations are to be made; among them those whose maintenance hides a failure. */
  readonly includeObserved?: boolean
}

/** All findings: primaries first, then servers that name their cluster, then those with more replicas, then by key. */
export function analyse(topology: Topology, policy: AnalysisPolicy, now: number, memory: AnalysisMemory, options: AnalysisOptions = {}): readonly Finding[] {
  const instances = options.clusterName === undefined ? topology.instances.values() : (topology.clusters.get(options.clusterName) ?? [])
  const findings: Finding[] = []
  for (const instance of instances) {
    const finding = examine(instance, { topology, policy, now, memory })
    if (finding === null || !isWanted(finding, options)) continue
    if (policy.reduced && !isInteresting(finding.facts)) continue
    findings.push(finding)
  }
  return findings.sort(compareFindings)
}

/**
 * The finding about one server, `NoProblem` included; null for a server that is unknown, never probed, ignored or under maintenance.
 * For decisions that follow a single piece of evidence and cannot wait for the whole analysis.
 */
export function analyseOne(topology: Topology, key: InstanceKey, policy: AnalysisPolicy, now: number, memory: AnalysisMemory): Finding | null {
  const instance = topology.get(key)
  if (instance === undefined || isUnderMaintenance(instance, now)) return null
  return examine(instance, { topology, policy, now, memory })
}

interface Circumstances {
  readonly topology: Topology
  readonly policy: AnalysisPolicy
  readonly now: number
  readonly memory: AnalysisMemory
}

function examine(instance: Instance, circumstances: Circumstances): Finding | null {
  const { topology, policy, now, memory } = circumstances
  // A server that replicas have named and nobody has probed yet is not known to be dead.
  if (instance.check.lastCheckedAt === null && instance.check.lastSeenAt === null) return null
  if (policy.ignoredHosts.some(pattern => pattern.test(hostOf(instance.key)))) return null
  const replicas = topology.replicasOf(instance.key)
  const facts = factsOf(instance, replicas, policy, memory, now)
  const failure = failureOf(facts, policy)
  const observations = observationsOf(instance, replicas, facts, failure, policy, now, memory)
  const isHidden = isUnderMaintenance(instance, now)
  if (isHidden && failure === noProblem) return null
  const reported = isHidden ? noProblem : failure
  const allObservations: readonly Reason[] = isHidden ? [analysisReason('hidden-by-maintenance', { analysis: failure.code }), ...observations] : observations
  return {
    key: instance.key,
    clusterName: instance.clusterName,
    code: reported.code,
    description: reported.says,
    warnings: isHidden ? [] : warningsOf(facts, policy),
    observations: allObservations,
    facts,
    replicas: replicas.map(replica => replica.key),
    ...downtimeOf(facts, reported),
    remedy: reported.remedy,
    isActionable: isActionable(reported, instance.key, replicas, facts, policy, now, memory),
    evidence: reported === noProblem && allObservations.length === 0 ? [] : evidenceAbout(instance, replicas, facts.lastCheckValid, policy, now),
  }
}

/** Downtime rules 3 and 4 of contract failure-detection.md section 6. */
export function downtimeOf(facts: AnalysisFacts, failure: Failure): Pick<Finding, 'isDowntimed' | 'isReplicasDowntimed' | 'skippableDueToDowntime'> {
  const isReplicasDowntimed = failure.excusedByReplicasDowntime === true && facts.downtimedReplicas === facts.replicas
  return { isDowntimed: facts.isDowntimed, isReplicasDowntimed, skippableDueToDowntime: facts.isDowntimed || isReplicasDowntimed }
}

function isActionable(
  failure: Failure, key: InstanceKey, replicas: readonly Instance[], facts: AnalysisFacts, policy: AnalysisPolicy, now: number, memory: AnalysisMemory,
): boolean {
  if (failure.remedy === 'none' || failure.remedy === 'report') return false
  const restartedAt = failure.waitsForGrace === true ? memory.receiversRestartedAt.get(key) : undefined
  // Who has tried to connect since and could not is evidence again (known-pains.md C6).
  const allFail = facts.validReplicas > 0 && facts.replicasFailingToConnect === facts.validReplicas
  if (restartedAt === undefined || allFail || now - restartedAt >= policy.receiverRestartGraceSeconds * 1000) return true
  return memory.believedRestarts?.has(key) === true && areShutOut(replicas, restartedAt, ({ check }) => check.lastSeenAt ?? -Infinity, policy, now)
}

function isWanted(finding: Finding, options: AnalysisOptions): boolean {
  const hidden = finding.observations.some(reason => reason.code === 'hidden-by-maintenance')
  if (hidden) return options.includeObserved === true
  if (finding.skippableDueToDowntime && options.includeDowntimed !== true) return false
  if (finding.code !== noProblem.code || finding.warnings.length > 0 || options.includeNoProblem === true) return true
  return options.includeObserved === true && finding.observations.length > 0
}

/** Servers kept by a reduced analysis: not healthy leaves. */
const isInteresting = (facts: AnalysisFacts): boolean =>
  !facts.lastCheckValid || facts.isFailingToConnectToSource || facts.replicas > 0 || facts.isStaleWritable

function compareFindings(left: Finding, right: Finding): number {
  return (
    Number(right.facts.isPrimary) - Number(left.facts.isPrimary) ||
    Number(right.key === right.clusterName) - Number(left.key === left.clusterName) ||
    right.facts.replicas - left.facts.replicas ||
    compareKeys(left.key, right.key)
  )
}
