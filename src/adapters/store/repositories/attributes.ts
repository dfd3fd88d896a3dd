import type { AttributeStore } from '../../../ports/store-facts.ts'
import { timeText } from '../time.ts'
import type { Context } from './context.ts'

/** Stands in the place of a host for what belongs to none. */
const anyHost = '*'

export function attributes({ database, engine }: Context): AttributeStore {
  return {
    async get(name) {
      const row = await database
        .selectFrom('host_attributes').select('attribute_value').where('hostname', '=', anyHost).where('attribute_name', '=', name).executeTakeFirst()
      return row?.attribute_value ?? null
    },
    async set(name, value, at) {
      const row = { hostname: anyHost, attribute_name: name, attribute_value: value, submit_timestamp: timeText(at), expire_timestamp: null }
      await engine.upsert(database, 'host_attributes', ['hostname', 'attribute_name'], [row])
    },
  }
}
