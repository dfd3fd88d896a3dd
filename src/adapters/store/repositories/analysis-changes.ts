import { compareKeys, instanceKey } from '../../../model/topology/instance-key.ts'
import type { AnalysisChangeStore } from '../../../ports/store-facts.ts'
import { timeFrom, timeText } from '../time.ts'
import type { Context } from './context.ts'
import { keyColumns } from './key-text.ts'

export function analysisChanges({ database, engine }: Context): AnalysisChangeStore {
  return {
    async last() {
      const rows = await database.selectFrom('database_instance_last_analysis').select(['hostname', 'port', 'analysis']).execute()
      return new Map(rows.map(row => [instanceKey(row.hostname, row.port), row.analysis]))
    },
    async note({ key, at, code }) {
      const row = { ...keyColumns(key), analysis_timestamp: timeText(at), analysis: code }
      await engine.upsert(database, 'database_instance_last_analysis', ['hostname', 'port'], [row])
      await engine.insertOnce(database, 'database_instance_analysis_changelog', row)
    },
    async changes(limit) {
      const rows = await database
        .selectFrom('database_instance_analysis_changelog').selectAll().orderBy('changelog_id', 'desc').limit(limit).execute()
      return rows
        .map(row => ({ id: row.changelog_id, key: instanceKey(row.hostname, row.port), at: timeFrom(row.analysis_timestamp) ?? 0, code: row.analysis }))
        .sort((left, right) => compareKeys(left.key, right.key) || left.id - right.id)
        .map(({ key, at, code }) => ({ key, at, code }))
    },
    async expire(before) {
      const { numDeletedRows } = await database
        .deleteFrom('database_instance_analysis_changelog').where('analysis_timestamp', '<', timeText(before)).executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}
