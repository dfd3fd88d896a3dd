import { instanceKey } from '../../../model/topology/instance-key.ts'
import type { Store } from '../../../ports/store.ts'
import { timeFrom, timeText } from '../time.ts'
import { type Context, rowsPerPage } from './context.ts'
import { keyColumns } from './key-text.ts'

export function audit({ database, engine }: Context): Store['audit'] {
  return {
    async append({ at, kind, key, clusterName, message }) {
      const server = key === null ? { hostname: '', port: 0 } : keyColumns(key)
      await engine.insertOnce(database, 'audit', { audit_timestamp: timeText(at), audit_type: kind, ...server, cluster_name: clusterName, message })
    },
    async list({ key, page }) {
      let query = database.selectFrom('audit').selectAll().orderBy('audit_id', 'desc').limit(rowsPerPage).offset(page * rowsPerPage)
      if (key !== undefined) {
        const { hostname, port } = keyColumns(key)
        query = query.where('hostname', '=', hostname).where('port', '=', port)
      }
      return (await query.execute()).map(row => ({
        id: row.audit_id, at: timeFrom(row.audit_timestamp) ?? 0, kind: row.audit_type, key: row.hostname === '' ? null : instanceKey(row.hostname, row.port),
        clusterName: row.cluster_name, message: row.message,
      }))
    },
  }
}
