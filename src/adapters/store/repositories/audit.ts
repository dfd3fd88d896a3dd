import { sql, type SqlBool } from 'kysely'
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
    async list({ key, clusterName, kind, person, message, from, to, before, page, rows = rowsPerPage }) {
      let query = database.selectFrom('audit').selectAll().orderBy('audit_id', 'desc').limit(rows).offset(page * rows)
      if (key !== undefined) {
        const { hostname, port } = keyColumns(key)
        query = query.where('hostname', '=', hostname).where('port', '=', port)
      }
      if (clusterName !== undefined) query = query.where('cluster_name', '=', clusterName)
      if (kind !== undefined) query = query.where(holds('audit_type', kind))
      if (message !== undefined) query = query.where(holds('message', message))
      if (person !== undefined) query = query.where(({ or }) => or([holds('message', `by ${person}`), holds('message', `owner: ${person}`)]))
      if (from !== undefined) query = query.where('audit_timestamp', '>=', timeText(from))
      if (to !== undefined) query = query.where('audit_timestamp', '<=', timeText(to))
      if (before !== undefined) query = query.where('audit_id', '<', before)
      return (await query.execute()).map(row => ({
        id: row.audit_id, at: timeFrom(row.audit_timestamp) ?? 0, kind: row.audit_type, key: row.hostname === '' ? null : instanceKey(row.hostname, row.port),
        clusterName: row.cluster_name, message: row.message,
      }))
    },
  }
}

/** Without LIKE, whose signs people do not mean. */
const holds = (column: 'audit_type' | 'message', text: string) => sql<SqlBool>`instr(lower(${sql.ref(column)}), lower(${text})) > 0`
