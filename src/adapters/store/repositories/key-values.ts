import type { KeyValueStore } from '../../../ports/store-facts.ts'
import { timeText } from '../time.ts'
import type { Context } from './context.ts'

/** The table that scripts read for the primary of a cluster. */
export function keyValues({ database, engine }: Context): KeyValueStore {
  return {
    async get(keys) {
      if (keys.length === 0) return new Map()
      const rows = await database.selectFrom('kv_store').select(['store_key', 'store_value']).where('store_key', 'in', [...keys]).execute()
      return new Map(rows.map(row => [row.store_key, row.store_value]))
    },
    async put(pairs, at) {
      await engine.upsert(database, 'kv_store', ['store_key'], pairs.map(({ key, value }) => ({ store_key: key, store_value: value, last_updated: timeText(at) })))
    },
  }
}
