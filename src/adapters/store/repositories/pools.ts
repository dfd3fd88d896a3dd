import { compareKeys, instanceKey } from '../../../model/topology/instance-key.ts'
import type { PoolStore } from '../../../ports/store-facts.ts'
import { timeText } from '../time.ts'
import { inTransaction } from '../dialects/in-transaction.ts'
import type { Context } from './context.ts'
import { keyColumns } from './key-text.ts'

export function pools({ database, engine }: Context): PoolStore {
  return {
    async list() {
      const rows = await database.selectFrom('database_instance_pool').select(['hostname', 'port', 'pool']).execute()
      return rows
        .map(row => ({ pool: row.pool, key: instanceKey(row.hostname, row.port) }))
        .sort((left, right) => (left.pool < right.pool ? -1 : left.pool > right.pool ? 1 : compareKeys(left.key, right.key)))
    },
    async submit(pool, keys, at) {
      const rows = [...new Set(keys)].map(key => ({ ...keyColumns(key), pool, registered_at: timeText(at) }))
      await inTransaction(database, async transaction => {
        await transaction.deleteFrom('database_instance_pool').where('pool', '=', pool).execute()
        for (const row of rows) await transaction.insertInto('database_instance_pool').values(fitted(row)).execute()
      })
    },
    async expire(before) {
      const { numDeletedRows } = await database.deleteFrom('database_instance_pool').where('registered_at', '<', timeText(before)).executeTakeFirst()
      return Number(numDeletedRows)
    },
  }

  // The same columns come back; MySQL refuses texts that are too long.
  function fitted<Row extends Readonly<Record<string, unknown>>>(row: Row): Row {
    return engine.fit('database_instance_pool', row) as Row
  }
}
