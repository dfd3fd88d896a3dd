import type { Insertable, Selectable } from 'kysely'
import type { Recovery } from '../../../model/recovery/records.ts'
import { hostOf, instanceKey, portOf } from '../../../model/topology/instance-key.ts'
import type { Schema } from '../schema/tables.ts'
import { timeText, timeTextOrNull } from '../time.ts'
import { exactTime, readDetail } from './detail.ts'
import { keyColumns, keysFromText, keysText } from './key-text.ts'

type RecoveryInsert = Insertable<Schema['topology_recovery']>
export type StoredRecovery = Selectable<Schema['topology_recovery']>

/** What topology_recovery cannot hold. */
export interface RecoveryDetail extends Pick<Recovery, 'kind' | 'method' | 'command' | 'startedBy' | 'startedAt' | 'endedAt' | 'errors'> {
  readonly successorCoordinates: readonly [file: string, position: string] | null
}

export function recoveryDetail(recovery: Recovery | Omit<Recovery, 'id'>): string {
  const { kind, method, command, startedBy, startedAt, endedAt, errors, successorCoordinates: at } = recovery
  const successorCoordinates = at === null ? null : ([at.file, String(at.position)] as const)
  return JSON.stringify({ kind, method, command, startedBy, startedAt, endedAt, errors, successorCoordinates } satisfies RecoveryDetail)
}

/** The columns that the course of a recovery changes; activity and acknowledgement have their own statements. */
export function outcomeColumns(recovery: Recovery | Omit<Recovery, 'id'>) {
  const { successor, endedAt } = recovery
  return {
    end_recovery: timeTextOrNull(endedAt), is_successful: recovery.isSuccessful ? 1 : 0,
    successor_hostname: successor === null ? '' : hostOf(successor), successor_port: successor === null ? 0 : portOf(successor),
    successor_alias: recovery.successorAlias,
    cluster_name: recovery.clusterName, cluster_alias: recovery.clusterAlias, count_affected_slaves: recovery.replicas.length,
    slave_hosts: keysText(recovery.replicas),
    participating_instances: keysText(recovery.participants), lost_slaves: keysText(recovery.lostReplicas), all_errors: recovery.errors.join('\n'),
  } satisfies Partial<RecoveryInsert>
}

export function recoveryRow(recovery: Omit<Recovery, 'id'>): RecoveryInsert {
  const { acknowledged } = recovery
  return {
    ...keyColumns(recovery.key), ...outcomeColumns(recovery),
    in_active_period: recovery.isActive ? 1 : 0,
    end_active_period_unixtime: recovery.isActive ? 0 : Math.floor((recovery.endedAt ?? recovery.startedAt) / 1000),
    start_active_period: timeText(recovery.startedAt), processing_node_hostname: recovery.nodeHostname, processcing_node_token: recovery.nodeToken,
    analysis: recovery.code, acknowledged: acknowledged === null ? 0 : 1, acknowledged_at: timeTextOrNull(acknowledged?.at ?? null),
    acknowledged_by: acknowledged?.by ?? '', acknowledge_comment: acknowledged?.comment ?? '', last_detection_id: recovery.detectionId, uid: recovery.uid,
  }
}

export function recoveryFromRow(row: StoredRecovery, text: string | null): Recovery {
  const detail = readDetail<RecoveryDetail>(text ?? undefined)
  const at = detail.successorCoordinates ?? null
  return {
    id: row.recovery_id, uid: row.uid, key: instanceKey(row.hostname, row.port), code: row.analysis,
    kind: detail.kind ?? '', method: detail.method ?? 'NotMasterRecovery', command: detail.command ?? '', startedBy: detail.startedBy ?? '',
    clusterName: row.cluster_name, clusterAlias: row.cluster_alias, replicas: keysFromText(row.slave_hosts),
    successor: row.successor_hostname === null || row.successor_hostname === '' ? null : instanceKey(row.successor_hostname, row.successor_port ?? 0),
    successorAlias: row.successor_alias ?? '', successorCoordinates: at === null ? null : { file: at[0], position: BigInt(at[1]) },
    isSuccessful: row.is_successful === 1, isActive: row.in_active_period === 1, lostReplicas: keysFromText(row.lost_slaves),
    participants: keysFromText(row.participating_instances), errors: errorsFrom(row.all_errors, detail.errors),
    startedAt: exactTime(row.start_active_period, detail.startedAt) ?? 0, endedAt: exactTime(row.end_recovery, detail.endedAt),
    acknowledged: row.acknowledged === 1 ? { at: exactTime(row.acknowledged_at, null) ?? 0, by: row.acknowledged_by, comment: row.acknowledge_comment } : null,
    detectionId: Number(row.last_detection_id), nodeHostname: row.processing_node_hostname, nodeToken: row.processcing_node_token,
  }
}

/** An error may hold line ends, which the column cannot tell from the ends of errors. */
function errorsFrom(column: string, detailed: readonly string[] | undefined): readonly string[] {
  if (detailed !== undefined && detailed.join('\n') === column) return detailed
  return column === '' ? [] : column.split('\n')
}
