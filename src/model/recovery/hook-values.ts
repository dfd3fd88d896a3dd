import type { AnalysisFacts } from '../analysis/finding.ts'
import { type BinlogCoordinates, coordinatesText } from '../topology/binlog-coordinates.ts'
import { hostOf, type InstanceKey, portOf } from '../topology/instance-key.ts'

/** Everything that hooks are told (contract hooks.md sections 3 and 4). */
export interface HookOccasion {
  readonly code: string
  readonly description: string
  readonly failed: InstanceKey
  readonly facts: AnalysisFacts
  readonly replicas: readonly InstanceKey[]
  /** Replicas of the failed server when it was analysed; after the siblings of a takeover were moved usually 1. */
  readonly replicaCount: number
  readonly clusterName: string
  /** '' when there is none: the cluster's name is told instead. */
  readonly clusterAlias: string
  readonly clusterDomain: string
  /** '' for an automatic recovery and for `recover`. */
  readonly command: string
  readonly coversPrimary: boolean
  readonly coversIntermediate: boolean
  /** Host name of this node. */
  readonly node: string
  readonly recoveryUid: string
  readonly lostReplicas: readonly InstanceKey[]
  /** Null as long as none is known; coordinates are of its own binary log. */
  readonly successor: { readonly key: InstanceKey; readonly alias: string; readonly coordinates: BinlogCoordinates | null } | null
}

interface HookValue {
  /** Public names: `{name}` in commands. */
  readonly placeholders: readonly string[]
  readonly variable: string | null
  /** Null: not known yet; the placeholder stays as it is, and the variable is not set. */
  readonly of: (occasion: HookOccasion) => string | null
}

const values: readonly HookValue[] = [
  { placeholders: ['failureType'], variable: 'ORC_FAILURE_TYPE', of: o => o.code },
  { placeholders: ['instanceType'], variable: 'ORC_INSTANCE_TYPE', of: o => instanceType(o.facts) },
  { placeholders: ['isMaster'], variable: 'ORC_IS_MASTER', of: o => String(o.facts.isPrimary) },
  { placeholders: ['isCoMaster'], variable: 'ORC_IS_CO_MASTER', of: o => String(o.facts.isCoPrimary) },
  { placeholders: ['failureDescription'], variable: 'ORC_FAILURE_DESCRIPTION', of: o => o.description },
  { placeholders: ['command'], variable: 'ORC_COMMAND', of: o => o.command },
  { placeholders: ['failedHost'], variable: 'ORC_FAILED_HOST', of: o => hostOf(o.failed) },
  { placeholders: ['failedPort'], variable: 'ORC_FAILED_PORT', of: o => String(portOf(o.failed)) },
  { placeholders: ['failureCluster'], variable: 'ORC_FAILURE_CLUSTER', of: o => o.clusterName },
  { placeholders: ['failureClusterAlias'], variable: 'ORC_FAILURE_CLUSTER_ALIAS', of: o => o.clusterAlias || o.clusterName },
  // A command that names a cluster has never told a domain in place of one that is missing.
  { placeholders: ['failureClusterDomain'], variable: 'ORC_FAILURE_CLUSTER_DOMAIN', of: o => o.clusterDomain || (o.command === '' ? o.clusterName : '') },
  { placeholders: ['countSlaves', 'countReplicas'], variable: 'ORC_COUNT_REPLICAS', of: o => String(o.replicaCount) },
  { placeholders: ['isDowntimed'], variable: 'ORC_IS_DOWNTIMED', of: o => String(o.facts.isDowntimed) },
  { placeholders: ['autoMasterRecovery'], variable: 'ORC_AUTO_MASTER_RECOVERY', of: o => String(o.coversPrimary) },
  { placeholders: ['autoIntermediateMasterRecovery'], variable: 'ORC_AUTO_INTERMEDIATE_MASTER_RECOVERY', of: o => String(o.coversIntermediate) },
  { placeholders: ['orchestratorHost'], variable: 'ORC_ORCHESTRATOR_HOST', of: o => o.node },
  { placeholders: ['recoveryUID'], variable: 'ORC_RECOVERY_UID', of: o => o.recoveryUid },
  { placeholders: ['isSuccessful'], variable: 'ORC_IS_SUCCESSFUL', of: o => String(o.successor !== null) },
  { placeholders: ['lostSlaves', 'lostReplicas'], variable: 'ORC_LOST_REPLICAS', of: o => o.lostReplicas.join(',') },
  { placeholders: ['countLostReplicas'], variable: 'ORC_COUNT_LOST_REPLICAS', of: o => String(o.lostReplicas.length) },
  { placeholders: ['slaveHosts', 'replicaHosts'], variable: 'ORC_REPLICA_HOSTS', of: o => o.replicas.join(',') },
  { placeholders: ['successorHost'], variable: 'ORC_SUCCESSOR_HOST', of: o => (o.successor === null ? null : hostOf(o.successor.key)) },
  { placeholders: ['successorPort'], variable: 'ORC_SUCCESSOR_PORT', of: o => (o.successor === null ? null : String(portOf(o.successor.key))) },
  {
    placeholders: ['successorBinlogCoordinates'], variable: 'ORC_SUCCESSOR_BINLOG_COORDINATES',
    of: o => (o.successor?.coordinates ? coordinatesText(o.successor.coordinates) : null),
  },
  { placeholders: ['successorAlias'], variable: 'ORC_SUCCESSOR_ALIAS', of: o => o.successor?.alias ?? null },
]

/** Name → value of every placeholder that is known. */
export function placeholdersOf(occasion: HookOccasion): ReadonlyMap<string, string> {
  const known = new Map<string, string>()
  for (const { placeholders, of } of values) {
    const value = of(occasion)
    if (value !== null) for (const name of placeholders) known.set(name, value)
  }
  return known
}

/** The variables added to the service's own environment. A value cannot hold a zero byte. */
export function environmentOf(occasion: HookOccasion): Readonly<Record<string, string>> {
  const environment: Record<string, string> = {}
  for (const { variable, of } of values) {
    const value = of(occasion)
    if (variable !== null && value !== null) environment[variable] = value.replaceAll('\0', '')
  }
  return environment
}

/** What PostTakeMasterProcesses get: two variables and two arguments, each `host:port`. */
export function tookSourceCommand(successor: InstanceKey, demoted: InstanceKey): { readonly environment: Readonly<Record<string, string>>; readonly args: readonly string[] } {
  return { environment: { ORC_SUCCESSOR_HOST: successor, ORC_FAILED_HOST: demoted }, args: [successor, demoted] }
}

/** Contract failure-detection.md section 7, end. */
export function instanceType(facts: AnalysisFacts): string {
  if (facts.isCoPrimary) return 'co-master'
  if (facts.isGroupMember) return 'group-member'
  return facts.isPrimary ? 'master' : 'intermediate-master'
}
