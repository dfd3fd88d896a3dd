import type { Selectable } from 'kysely'
import type { BinlogCoordinates } from '../../../model/topology/binlog-coordinates.ts'
import { bareInstance, bareLink } from '../../../model/topology/fresh-instance.ts'
import type { GroupMembership, Instance, ReplicationLink, SemiSync, ThreadState } from '../../../model/topology/instance.ts'
import { type InstanceKey, instanceKey } from '../../../model/topology/instance-key.ts'
import { parseVersion } from '../../../model/topology/version.ts'
import type { Big } from '../schema/column.ts'
import type { Schema } from '../schema/tables.ts'
import { timeFrom } from '../time.ts'
import { type InstanceDetail, linkFrom } from './instance-detail.ts'

type StoredInstance = Selectable<Schema['database_instance']>

/**
 * A server as stored. The columns count, as the original and scripts write them too; the detail adds what they cannot hold, where it
 * still belongs to them. A server without detail gets the quietest reading.
 */
export function instanceFromRow(row: StoredInstance, detail: InstanceDetail | null): Instance {
  const key = instanceKey(row.hostname, row.port)
  const replication = linkFromRow(row, detail)
  const lastSeenAt = timeFrom(row.last_seen)
  const lastCheckedAt = timeFrom(row.last_checked)
  const isValid = lastSeenAt !== null && (lastCheckedAt === null || lastCheckedAt <= lastSeenAt)
  return {
    ...bareInstance(key),
    alias: row.instance_alias, hostname: detail?.hostname ?? '', serverId: row.server_id, serverUuid: row.server_uuid,
    version: parseVersion(row.version, row.version_comment), uptimeSeconds: row.uptime,
    readOnly: row.read_only === 1, superReadOnly: row.read_only === 1 && (detail?.superReadOnly ?? false),
    logBin: row.log_bin === 1, logReplicaUpdates: row.log_slave_updates === 1, binlogFormat: row.binlog_format, binlogRowImage: row.binlog_row_image,
    binlogCoordinates: coordinates(row.binary_log_file, row.binary_log_pos),
    gtidMode: row.gtid_mode, executedGtidSet: row.executed_gtid_set, purgedGtidSet: row.gtid_purged, errantGtidSet: row.gtid_errant,
    mariadbGtid: detail?.mariadbGtid ?? null,
    replication,
    channels: detail?.channels?.map(linkFrom) ?? (replication === null ? [] : [replication]),
    replicationCredentialsAvailable: row.replication_credentials_available === 1,
    listedReplicas: keysFrom(row.slave_hosts),
    replicationLagSeconds: withFraction(row.slave_lag_seconds, detail?.lagSeconds),
    semiSync: semiSyncFrom(row, detail), group: groupFrom(row),
    isBinlogServer: row.binlog_server === 1, usingPseudoGtid: row.pseudo_gtid === 1,
    dataCenter: row.data_center, region: row.region, physicalEnvironment: row.physical_environment,
    clusterName: row.cluster_name, suggestedClusterAlias: row.suggested_cluster_alias, replicationDepth: row.replication_depth,
    isCoPrimary: row.is_co_master === 1, ancestryUuid: row.ancestry_uuid,
    check: {
      lastAttemptedAt: timeFrom(row.last_attempted_check), lastCheckedAt, lastSeenAt, partialSuccess: row.last_check_partial_success === 1,
      failure: isValid ? null : (detail?.failure ?? null), latencyMilliseconds: Number(row.last_discovery_latency) / 1_000_000,
    },
  }
}

function linkFromRow(row: StoredInstance, detail: InstanceDetail | null): ReplicationLink | null {
  if (row.master_host === '' || row.master_host === '_' || row.master_port === 0) return null
  const known = detail?.link ?? null
  const error = (quoted: string, more: { readonly number: number; readonly at: number | null } | undefined): ReplicationLink['receiverError'] => {
    const text = unquoted(quoted)
    return text === '' && (more?.number ?? 0) === 0 ? { number: 0, text: '', at: null } : { number: more?.number ?? 0, text, at: more?.at ?? null }
  }
  const bare = bareLink(instanceKey(row.master_host, row.master_port))
  return {
    ...bare,
    channel: known?.channel ?? '', user: known?.user ?? '', sourceUuid: row.master_uuid,
    receiver: threadState(row.replication_io_thread_state, row.slave_io_running), applier: threadState(row.replication_sql_thread_state, row.slave_sql_running),
    receiverError: error(row.last_io_error, known?.receiverError), applierError: error(row.last_sql_error, known?.applierError),
    readCoordinates: coordinates(row.master_log_file, row.read_master_log_pos),
    executedCoordinates: coordinates(row.relay_master_log_file, row.exec_master_log_pos),
    relayLogCoordinates: coordinates(row.relay_log_file, row.relay_log_pos),
    retrievedGtidSet: known?.retrievedGtidSet ?? '', gtid: gtidFrom(row, known?.gtid), lastHeardAt: known?.lastHeardAt ?? null,
    secondsBehindSource: row.seconds_behind_master === null ? null : Number(row.seconds_behind_master),
    delaySeconds: row.sql_delay, hasFilters: row.has_replication_filters === 1,
    options: { ...(known?.options ?? bare.options), tlsAllowed: row.allow_tls === 1 },
  }
}

function gtidFrom(row: StoredInstance, known: ReplicationLink['gtid'] | undefined): ReplicationLink['gtid'] {
  if (row.oracle_gtid === 1) return 'mysql'
  if (row.mariadb_gtid === 1) return known?.startsWith('mariadb') ? known : 'mariadb-slave-pos'
  return 'none'
}

/** Scripts leave the state columns out and set only the running ones; a state of 0 then means nothing. */
function threadState(state: number, running: number): ThreadState {
  return running === 1 || state === 1 ? 'running' : state === 2 ? 'connecting' : 'stopped'
}

function semiSyncFrom(row: StoredInstance, detail: InstanceDetail | null): SemiSync | null {
  const known = detail?.semiSync
  const isInUse = row.semi_sync_available === 1 || row.semi_sync_master_enabled === 1 || row.semi_sync_replica_enabled === 1
  if (known === null || (known === undefined && !isInUse)) return null
  return {
    sourcePluginLoaded: known?.sourcePluginLoaded ?? true, replicaPluginLoaded: known?.replicaPluginLoaded ?? true, newNames: known?.newNames ?? false,
    sourceEnabled: row.semi_sync_master_enabled === 1, replicaEnabled: row.semi_sync_replica_enabled === 1,
    sourceActive: row.semi_sync_master_status === 1, replicaActive: row.semi_sync_replica_status === 1,
    clients: row.semi_sync_master_clients, waitForReplicaCount: row.semi_sync_master_wait_for_slave_count,
    timeoutMilliseconds: BigInt(row.semi_sync_master_timeout), ...(known?.goesOnAlone === undefined ? {} : { goesOnAlone: known.goesOnAlone }), priority: row.semi_sync_enforced,
  }
}

function groupFrom(row: StoredInstance): GroupMembership | null {
  if (row.replication_group_name === '') return null
  const role = row.replication_group_member_role
  return {
    name: row.replication_group_name, isSinglePrimary: row.replication_group_is_single_primary_mode === 1, memberState: row.replication_group_member_state,
    memberRole: role === 'PRIMARY' || role === 'SECONDARY' ? role : '', members: keysFrom(row.replication_group_members),
    primary: row.replication_group_primary_host === '' ? null : instanceKey(row.replication_group_primary_host, row.replication_group_primary_port),
  }
}

function coordinates(file: string, position: Big): BinlogCoordinates | null {
  return file === '' ? null : { file, position: BigInt(position) }
}

/** Lag in whole seconds, with the fraction of the detail while that is still the same value. */
function withFraction(column: Big | null, detailed: number | null | undefined): number | null {
  if (column === null) return null
  const whole = Number(column)
  return detailed !== null && detailed !== undefined && Math.round(detailed) === whole ? detailed : whole
}

/** Texts that are no JSON list of `{Hostname, Port}` give no replicas, as they always have. */
export function keysFrom(text: string): readonly InstanceKey[] {
  const parsed = json(text)
  if (!Array.isArray(parsed)) return []
  return parsed.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || !('Hostname' in entry) || !('Port' in entry)) return []
    return typeof entry.Hostname === 'string' && typeof entry.Port === 'number' ? [instanceKey(entry.Hostname, entry.Port)] : []
  })
}

function unquoted(text: string): string {
  const parsed = text.startsWith('"') ? json(text) : text
  return typeof parsed === 'string' ? parsed : text
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
