import { instanceKey } from '../../../model/topology/instance-key.ts'
import type { SnapshotStore } from '../../../ports/store-facts.ts'
import type { Context } from './context.ts'
import { keyColumns } from './key-text.ts'

const keys = ['snapshot_unix_timestamp', 'hostname', 'port'] as const

export function snapshots({ database, engine }: Context): SnapshotStore {
  return {
    async take(at, instances) {
      const rows = instances.map(instance => {
        const source = instance.replication === null ? { hostname: '', port: 0 } : keyColumns(instance.replication.source)
        return {
          snapshot_unix_timestamp: Math.floor(at / 1000), ...keyColumns(instance.key), master_host: source.hostname, master_port: source.port,
          cluster_name: instance.clusterName, version: instance.version.text,
        }
      })
      await engine.upsert(database, 'database_instance_topology_history', keys, rows)
    },
    async find(clusterName, isWanted) {
      const times = await database
        .selectFrom('database_instance_topology_history').select('snapshot_unix_timestamp').distinct()
        .where('cluster_name', '=', clusterName).orderBy('snapshot_unix_timestamp', 'desc').execute()
      const found = times.find(row => isWanted(String(row.snapshot_unix_timestamp)))
      if (found === undefined) return null
      const rows = await database
        .selectFrom('database_instance_topology_history').selectAll()
        .where('snapshot_unix_timestamp', '=', found.snapshot_unix_timestamp).where('cluster_name', '=', clusterName).execute()
      return {
        at: found.snapshot_unix_timestamp * 1000,
        rows: rows.map(row => ({
          key: instanceKey(row.hostname, row.port), source: row.master_host === '' ? null : instanceKey(row.master_host, row.master_port),
          clusterName: row.cluster_name, version: row.version,
        })),
      }
    },
    async newestAt() {
      const [row] = await database
        .selectFrom('database_instance_topology_history').select('snapshot_unix_timestamp').orderBy('snapshot_unix_timestamp', 'desc').limit(1).execute()
      return row === undefined ? null : row.snapshot_unix_timestamp * 1000
    },
  }
}
