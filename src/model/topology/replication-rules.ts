import type { Reason } from '../../kit/reason.ts'
import { type Instance, isReplica } from './instance.ts'
import { compareMajorVersions } from './version.ts'

/** Settings that bend the rules: LowerReplicaVersionAllowed, VerifyReplicationFilters, ReasonableMaintenanceReplicationLagSeconds. */
export interface ReplicationPolicy {
  readonly lowerReplicaVersionAllowed: boolean
  readonly verifyReplicationFilters: boolean
  readonly reasonableMaintenanceLagSeconds: number
}

export const defaultReplicationPolicy: ReplicationPolicy = { lowerReplicaVersionAllowed: false, verifyReplicationFilters: false, reasonableMaintenanceLagSeconds: 20 }

export type ReplicationRuleCode =
  | 'self' | 'source-no-binlog' | 'source-no-log-updates' | 'lower-version' | 'binlog-format' | 'filters' | 'same-server-id' | 'same-server-uuid' | 'sql-delay'

/** Which rule speaks, with the original's exact sentence as `text`. */
export interface RuleReason extends Reason {
  readonly code: ReplicationRuleCode
}

/** `warning` is set only where the rule was overruled by the policy; `obstacle` only where it is not allowed. */
export type MayReplicate =
  | { readonly allowed: true; readonly warning: RuleReason | null }
  | { readonly allowed: false; readonly obstacle: RuleReason }

interface Rule {
  readonly code: ReplicationRuleCode
  readonly fires: (replica: Instance, source: Instance, policy: ReplicationPolicy) => boolean
  readonly says: (replica: Instance, source: Instance) => string
  /** The policy turns the rule into a warning. */
  readonly isOnlyWarning?: (policy: ReplicationPolicy) => boolean
}

/** In this order; the first that fires decides (contract refactoring.md section 2). */
const rules: readonly Rule[] = [
  {
    code: 'self',
    fires: (replica, source) => replica.key === source.key,
    says: replica => `instance cannot replicate from itself: ${replica.key}`,
  },
  {
    code: 'source-no-binlog',
    fires: (_, source) => !source.logBin,
    says: (_, source) => `instance does not have binary logs enabled: ${source.key}`,
  },
  {
    code: 'source-no-log-updates',
    fires: (_, source) => isReplica(source) && !source.logReplicaUpdates,
    says: (_, source) => `instance does not have log_slave_updates enabled: ${source.key}`,
  },
  {
    code: 'lower-version',
    fires: (replica, source) => !replica.isBinlogServer && compareMajorVersions(replica.version, source.version) < 0,
    says: (replica, source) => `instance ${replica.key} has version ${replica.version.text}, which is lower than ${source.version.text} on ${source.key} `,
    isOnlyWarning: policy => policy.lowerReplicaVersionAllowed,
  },
  {
    code: 'binlog-format',
    fires: (replica, source) => replica.logBin && replica.logReplicaUpdates && isSmallerFormat(replica.binlogFormat, source.binlogFormat),
    says: (replica, source) => `Cannot replicate from ${source.binlogFormat} binlog format on ${source.key} to ${replica.binlogFormat} on ${replica.key}`,
  },
  {
    code: 'filters',
    fires: (replica, source, policy) => policy.verifyReplicationFilters && hasFilters(source) && !hasFilters(replica),
    says: (_, source) => `${source.key} has replication filters`,
  },
  {
    code: 'same-server-id',
    fires: (replica, source) => !replica.isBinlogServer && replica.serverId === source.serverId,
    says: (replica, source) => `Identical server id: ${source.key}, ${replica.key} both have ${replica.serverId}`,
  },
  {
    code: 'same-server-uuid',
    fires: (replica, source) => !replica.isBinlogServer && replica.serverUuid !== '' && replica.serverUuid === source.serverUuid,
    says: (replica, source) => `Identical server UUID: ${source.key}, ${replica.key} both have ${replica.serverUuid}`,
  },
  {
    code: 'sql-delay',
    fires: (replica, source, policy) => delayOf(replica) < delayOf(source) && delayOf(source) > policy.reasonableMaintenanceLagSeconds,
    says: (replica, source) => `${source.key} has higher SQL_Delay (${delayOf(source)} seconds) than ${replica.key} does (${delayOf(replica)} seconds)`,
  },
]

/** May `replica` replicate from `source`, by what the two records say? State, lag, GTID and ancestry are not part of this test. */
export function canReplicate(replica: Instance, source: Instance, policy: ReplicationPolicy): MayReplicate {
  let warning: RuleReason | null = null
  for (const rule of rules) {
    if (!rule.fires(replica, source, policy)) continue
    const reason = { code: rule.code, parameters: { replica: replica.key, source: source.key }, text: rule.says(replica, source) }
    if (rule.isOnlyWarning?.(policy) !== true) return { allowed: false, obstacle: reason }
    warning ??= reason
  }
  return { allowed: true, warning }
}

/** Can `replica` be moved below `source` by GTID without changing how it replicates (contract refactoring.md section 3)? */
export function isGtidCompatible(replica: Instance, source: Instance): boolean {
  const gtid = replica.replication?.gtid ?? 'none'
  if (gtid === 'mysql') return supportsMysqlGtid(source)
  return gtid !== 'none' && source.version.flavour === 'MariaDB'
}

export const supportsMysqlGtid = (instance: Instance): boolean => instance.gtidMode !== '' && instance.gtidMode !== 'OFF'

export const usesGtid = (instance: Instance): boolean => (instance.replication?.gtid ?? 'none') !== 'none'

const formats: readonly string[] = ['STATEMENT', 'MIXED', 'ROW']

/** STATEMENT < MIXED < ROW; any other word is never smaller nor larger. */
export function isSmallerFormat(left: string, right: string): boolean {
  const [leftRank, rightRank] = [formats.indexOf(left), formats.indexOf(right)]
  return leftRank >= 0 && rightRank >= 0 && leftRank < rightRank
}

const delayOf = (instance: Instance): number => instance.replication?.delaySeconds ?? 0

const hasFilters = (instance: Instance): boolean => instance.replication?.hasFilters ?? false
