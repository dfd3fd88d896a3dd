import { compareKeys, instanceKey } from '../../../model/topology/instance-key.ts'
import type { TagStore } from '../../../ports/store-facts.ts'
import { timeText } from '../time.ts'
import type { Context } from './context.ts'
import { keyColumns } from './key-text.ts'

export function tags({ database, engine }: Context): TagStore {
  return {
    async list({ key, name }) {
      let query = database.selectFrom('database_instance_tags').select(['hostname', 'port', 'tag_name', 'tag_value'])
      if (key !== undefined) {
        const { hostname, port } = keyColumns(key)
        query = query.where('hostname', '=', hostname).where('port', '=', port)
      }
      if (name !== undefined) query = query.where('tag_name', '=', name)
      const rows = (await query.execute()).map(row => ({ key: instanceKey(row.hostname, row.port), name: row.tag_name, value: row.tag_value }))
      return rows.sort((left, right) => compareKeys(left.key, right.key) || (left.name < right.name ? -1 : 1))
    },
    async put({ key, name, value }, at) {
      const row = { ...keyColumns(key), tag_name: name, tag_value: value, last_updated: timeText(at) }
      await engine.upsert(database, 'database_instance_tags', ['hostname', 'port', 'tag_name'], [row])
    },
    async remove(keys, name) {
      for (const key of keys) {
        const { hostname, port } = keyColumns(key)
        await database.deleteFrom('database_instance_tags').where('hostname', '=', hostname).where('port', '=', port).where('tag_name', '=', name).execute()
      }
    },
  }
}
