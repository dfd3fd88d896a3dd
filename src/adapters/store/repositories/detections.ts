import type { Selectable } from 'kysely'
import type { Detection } from '../../../model/recovery/records.ts'
import { instanceKey } from '../../../model/topology/instance-key.ts'
import type { Store } from '../../../ports/store.ts'
import type { Schema } from '../schema/tables.ts'
import { timeText } from '../time.ts'
import { endActivePeriod } from './active-period.ts'
import { type Context, insertNumbered, rowsPerPage } from './context.ts'
import { exactTime, readDetail } from './detail.ts'
import { keyColumns, keysFromText, keysText } from './key-text.ts'

interface DetectionDetail {
  readonly startedAt: number
  readonly description: string
}

export function detections(context: Context): Store['detections'] {
  const { database, engine } = context
  return {
    async register(detection) {
      const row = {
        ...keyColumns(detection.key), in_active_period: 1, start_active_period: timeText(detection.startedAt), end_active_period_unixtime: 0,
        processing_node_hostname: detection.nodeHostname, processcing_node_token: detection.nodeToken, analysis: detection.code,
        cluster_name: detection.clusterName, cluster_alias: detection.clusterAlias, count_affected_slaves: detection.replicas.length,
        slave_hosts: keysText(detection.replicas), is_actionable: detection.isActionable ? 1 : 0,
      }
      const id = await insertNumbered(context, 'topology_failure_detection', row)
      if (id === null) return null
      const detail: DetectionDetail = { startedAt: detection.startedAt, description: detection.description }
      await engine.upsert(database, 'failure_detection_detail', ['detection_id'], [{ detection_id: id, detail: JSON.stringify(detail) }])
      return { ...detection, id, endedActiveAt: null }
    },
    async endActive({ key, clusterName, startedBefore }, at) {
      let query = database.selectFrom('topology_failure_detection').select('detection_id').where('in_active_period', '=', 1)
      if (key !== undefined) {
        const { hostname, port } = keyColumns(key)
        query = query.where('hostname', '=', hostname).where('port', '=', port)
      }
      if (clusterName !== undefined) query = query.where('cluster_name', '=', clusterName)
      if (startedBefore !== undefined) query = query.where('start_active_period', '<', timeText(startedBefore))
      for (const { detection_id: id } of await query.execute()) await endActivePeriod(database, 'topology_failure_detection', id, at)
    },
    async list({ id, clusterAlias, page }) {
      let query = database
        .selectFrom('topology_failure_detection').selectAll('topology_failure_detection')
        .leftJoin('failure_detection_detail', 'failure_detection_detail.detection_id', 'topology_failure_detection.detection_id')
        .select('failure_detection_detail.detail')
        .orderBy('topology_failure_detection.detection_id', 'desc').limit(rowsPerPage).offset(page * rowsPerPage)
      if (id !== undefined) query = query.where('topology_failure_detection.detection_id', '=', id)
      if (clusterAlias !== undefined) query = query.where('cluster_alias', '=', clusterAlias)
      return (await query.execute()).map(row => detectionFromRow(row, row.detail))
    },
  }
}

function detectionFromRow(row: Selectable<Schema['topology_failure_detection']>, text: string | null): Detection {
  const detail = readDetail<DetectionDetail>(text ?? undefined)
  return {
    id: row.detection_id, key: instanceKey(row.hostname, row.port), code: row.analysis, description: detail.description ?? '',
    clusterName: row.cluster_name, clusterAlias: row.cluster_alias, replicas: keysFromText(row.slave_hosts), isActionable: row.is_actionable === 1,
    startedAt: exactTime(row.start_active_period, detail.startedAt) ?? 0,
    endedActiveAt: row.in_active_period === 1 ? null : row.end_active_period_unixtime * 1000,
    nodeHostname: row.processing_node_hostname, nodeToken: row.processcing_node_token,
  }
}
