import type { Insertable } from 'kysely'
import type { BinlogCoordinates } from '../../../model/topology/binlog-coordinates.ts'
import { type Instance, isLastCheckValid, type ReplicationLink, type ThreadState } from '../../../model/topology/instance.ts'
import { hostOf, type InstanceKey, portOf } from '../../../model/topology/instance-key.ts'
import { majorVersionText } from '../../../model/topology/version.ts'
import type { Schema } from '../schema/tables.ts'
import { never, timeText, timeTextOrNull } from '../time.ts'

export type InstanceRow = Insertable<Schema['database_instance']>

/** Columns that change with every poll of a server to which nothing else happens; they are written less often (instances.ts). */
export const positionColumns = [
  'last_checked', 'last_attempted_check', 'last_seen', 'uptime', 'binary_log_file', 'binary_log_pos', 'executed_gtid_set', 'master_log_file',
  'read_master_log_pos', 'relay_master_log_file', 'exec_master_log_pos', 'relay_log_file', 'relay_log_pos', 'seconds_behind_master',
  'slave_lag_seconds', 'last_discovery_latency',
] as const satisfies readonly (keyof InstanceRow)[]

const threadStates: Readonly<Record<ThreadState, number>> = { stopped: 0, running: 1, connecting: 2 }

/** A server's key and positions. */
export function positionRow(instance: Instance): Pick<InstanceRow, 'hostname' | 'port' | (typeof positionColumns)[number]> {
  const { replication: link, replicationLagSeconds } = instance
  return {
    hostname: hostOf(instance.key), port: portOf(instance.key), ...checkColumns(instance),
    uptime: atMost(instance.uptimeSeconds, 4294967295),
    binary_log_file: file(instance.binlogCoordinates), binary_log_pos: position(instance.binlogCoordinates), executed_gtid_set: instance.executedGtidSet,
    master_log_file: file(link?.readCoordinates), read_master_log_pos: position(link?.readCoordinates),
    relay_master_log_file: file(link?.executedCoordinates), exec_master_log_pos: position(link?.executedCoordinates),
    relay_log_file: file(link?.relayLogCoordinates), relay_log_pos: position(link?.relayLogCoordinates),
    seconds_behind_master: link?.secondsBehindSource ?? null,
    slave_lag_seconds: replicationLagSeconds === null ? null : Math.max(0, Math.round(replicationLagSeconds)),
  }
}

/** A server as the original's table holds it. */
export function instanceRow(instance: Instance): InstanceRow {
  const { replication: link, semiSync, group } = instance
  return {
    ...positionRow(instance), last_check_partial_success: flag(instance.check.partialSuccess), server_id: instance.serverId, server_uuid: instance.serverUuid,
    version: instance.version.text, version_comment: instance.version.comment, major_version: majorVersionText(instance.version),
    binlog_server: flag(instance.isBinlogServer), read_only: flag(instance.readOnly), binlog_format: instance.binlogFormat,
    binlog_row_image: instance.binlogRowImage,
    log_bin: flag(instance.logBin), log_slave_updates: flag(instance.logReplicaUpdates),
    ...linkColumns(link),
    ancestry_uuid: instance.ancestryUuid, gtid_purged: instance.purgedGtidSet, gtid_errant: instance.errantGtidSet,
    gtid_mode: instance.gtidMode, supports_oracle_gtid: flag(instance.gtidMode !== '' && instance.gtidMode !== 'OFF'),
    pseudo_gtid: flag(instance.usingPseudoGtid),
    num_slave_hosts: instance.listedReplicas.length, slave_hosts: keysJson(instance.listedReplicas),
    cluster_name: instance.clusterName, suggested_cluster_alias: instance.suggestedClusterAlias, instance_alias: instance.alias,
    data_center: instance.dataCenter, region: instance.region, physical_environment: instance.physicalEnvironment,
    replication_depth: atMost(instance.replicationDepth, 255), is_co_master: flag(instance.isCoPrimary),
    replication_credentials_available: flag(instance.replicationCredentialsAvailable),
    semi_sync_enforced: atMost(semiSync?.priority ?? 0, 255),
    semi_sync_available: flag(semiSync !== null && semiSync.sourcePluginLoaded && semiSync.replicaPluginLoaded),
    semi_sync_master_enabled: flag(semiSync?.sourceEnabled ?? false), semi_sync_master_timeout: semiSync?.timeoutMilliseconds ?? 0n,
    semi_sync_master_wait_for_slave_count: semiSync?.waitForReplicaCount ?? 0, semi_sync_master_status: flag(semiSync?.sourceActive ?? false),
    semi_sync_master_clients: semiSync?.clients ?? 0, semi_sync_replica_status: flag(semiSync?.replicaActive ?? false),
    semi_sync_replica_enabled: flag(semiSync?.replicaEnabled ?? false),
    replication_group_name: group?.name ?? '', replication_group_is_single_primary_mode: flag(group?.isSinglePrimary ?? true),
    replication_group_member_state: group?.memberState ?? '', replication_group_member_role: group?.memberRole ?? '',
    replication_group_members: keysJson(group?.members ?? []),
    replication_group_primary_host: group?.primary ? hostOf(group.primary) : '', replication_group_primary_port: group?.primary ? portOf(group.primary) : 0,
  }
}

/**
 * The columns hold whole seconds, and `last_checked <= last_seen` is what makes a check a good one; so the time of a check that failed
 * is rounded up, and all others down.
 */
function checkColumns(instance: Instance) {
  const { lastAttemptedAt, lastCheckedAt, lastSeenAt, latencyMilliseconds } = instance.check
  const failedAt = lastCheckedAt !== null && !isLastCheckValid(instance) ? Math.ceil(lastCheckedAt / 1000) * 1000 : lastCheckedAt
  const isSameSecond = failedAt !== null && failedAt !== lastCheckedAt && lastSeenAt !== null && timeText(failedAt) === timeText(lastSeenAt)
  return {
    last_checked: failedAt === null ? never : timeText(isSameSecond ? failedAt + 1000 : failedAt),
    last_attempted_check: lastAttemptedAt === null ? never : timeText(lastAttemptedAt),
    last_seen: timeTextOrNull(lastSeenAt),
    last_discovery_latency: Math.round(latencyMilliseconds * 1_000_000), // nanoseconds
  } satisfies Partial<InstanceRow>
}

function linkColumns(link: ReplicationLink | null) {
  return {
    master_host: link === null ? '' : hostOf(link.source), master_port: link === null ? 0 : portOf(link.source), master_uuid: link?.sourceUuid ?? '',
    slave_sql_running: flag(link?.applier === 'running'), slave_io_running: flag(link?.receiver === 'running'),
    replication_sql_thread_state: link === null ? -1 : threadStates[link.applier],
    replication_io_thread_state: link === null ? -1 : threadStates[link.receiver],
    has_replication_filters: flag(link?.hasFilters ?? false), oracle_gtid: flag(link?.gtid === 'mysql'),
    mariadb_gtid: flag(link?.gtid.startsWith('mariadb') ?? false),
    last_sql_error: JSON.stringify(link?.applierError.text ?? ''), last_io_error: JSON.stringify(link?.receiverError.text ?? ''),
    sql_delay: link?.delaySeconds ?? 0, allow_tls: flag(link?.options.tlsAllowed ?? false),
    has_replication_credentials: flag(link !== null && link.user !== ''),
  } satisfies Partial<InstanceRow>
}

const flag = (is: boolean): number => (is ? 1 : 0)
const file = (coordinates: BinlogCoordinates | null | undefined): string => coordinates?.file ?? ''
const position = (coordinates: BinlogCoordinates | null | undefined): bigint => coordinates?.position ?? 0n
const atMost = (value: number, limit: number): number => Math.max(0, Math.min(limit, Math.round(value)))
const keysJson = (keys: readonly InstanceKey[]): string => JSON.stringify(keys.map(key => ({ Hostname: hostOf(key), Port: portOf(key) })))
