import type { BinlogCoordinates } from '../../../model/topology/binlog-coordinates.ts'
import { hostOf, instanceKey, portOf } from '../../../model/topology/instance-key.ts'
import type { PseudoGtidStore } from '../../../ports/pseudo-gtid-store.ts'
import { never, timeFrom, timeText } from '../time.ts'
import { chunks } from '../dialects/engine.ts'
import type { Context } from './context.ts'
import { keyColumns } from './key-text.ts'

export function pseudoGtid({ database, engine }: Context): PseudoGtidStore {
  const placeOf = (file: string, position: number | bigint | string): BinlogCoordinates | null => (file === '' ? null : { file, position: BigInt(position) })
  return {
    async noteInjected(clusterName, at) {
      const row = engine.fit('cluster_injected_pseudo_gtid', { cluster_name: clusterName, time_injected: timeText(at) })
      await engine.upsert(database, 'cluster_injected_pseudo_gtid', ['cluster_name'], [row])
    },
    async injected(since) {
      const rows = await database.selectFrom('cluster_injected_pseudo_gtid').select(['cluster_name', 'time_injected']).where('time_injected', '>', timeText(since)).execute()
      return new Map(rows.map(row => [row.cluster_name, timeFrom(row.time_injected) ?? since]))
    },
    async record(stands, before) {
      await database.deleteFrom('database_instance_coordinates_history').where('recorded_timestamp', '<', timeText(before)).execute()
      for (const some of chunks(stands)) {
        await database.insertInto('database_instance_coordinates_history').values(some.map(({ key, at, lastSeenAt, own, relay }) => ({
          ...keyColumns(key), recorded_timestamp: timeText(at), last_seen: lastSeenAt === null ? never : timeText(lastSeenAt),
          binary_log_file: own?.file ?? '', binary_log_pos: own?.position ?? 0n, relay_log_file: relay?.file ?? '', relay_log_pos: relay?.position ?? 0n,
        }))).execute()
      }
    },
    async stands() {
      const rows = await database.selectFrom('database_instance_coordinates_history').selectAll().orderBy('recorded_timestamp').execute()
      return rows.map(row => ({
        key: instanceKey(row.hostname, row.port), at: timeFrom(row.recorded_timestamp) ?? 0, lastSeenAt: timeFrom(row.last_seen),
        own: placeOf(row.binary_log_file, row.binary_log_pos), relay: placeOf(row.relay_log_file, row.relay_log_pos),
      }))
    },
    async forgetRelay(key) {
      await database.updateTable('database_instance_coordinates_history').set({ relay_log_file: '', relay_log_pos: 0n })
        .where('hostname', '=', hostOf(key)).where('port', '=', portOf(key)).execute()
    },
  }
}
