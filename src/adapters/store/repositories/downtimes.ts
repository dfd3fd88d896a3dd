import type { Downtime } from '../../../model/topology/instance.ts'
import { type InstanceKey, instanceKey } from '../../../model/topology/instance-key.ts'
import type { Store } from '../../../ports/store.ts'
import type { Database } from '../dialects/engine.ts'
import { timeFrom, timeText } from '../time.ts'
import type { Context } from './context.ts'
import { keyColumns } from './key-text.ts'

/** Downtimes as stored, over or not; whoever reads them compares with the time. */
export async function activeDowntimes(database: Database): Promise<ReadonlyMap<InstanceKey, Downtime>> {
  const rows = await database.selectFrom('database_instance_downtime').selectAll().where('downtime_active', 'is not', null).execute()
  return new Map(
    rows.map(row => [
      instanceKey(row.hostname, row.port),
      { owner: row.owner, reason: row.reason, beginsAt: timeFrom(row.begin_timestamp) ?? 0, endsAt: timeFrom(row.end_timestamp) ?? endless },
    ]),
  )
}

const endless = 253402300799000 // a row without an end never ends: the last second that the engines can write

export function downtimes({ database, engine }: Context): Store['downtimes'] {
  const end = async (key: InstanceKey): Promise<boolean> => {
    const { hostname, port } = keyColumns(key)
    const { numDeletedRows } = await database
      .deleteFrom('database_instance_downtime').where('hostname', '=', hostname).where('port', '=', port).executeTakeFirst()
    return numDeletedRows > 0n
  }
  return {
    async begin(key, { owner, reason, beginsAt, endsAt }) {
      const row = { ...keyColumns(key), downtime_active: 1, begin_timestamp: timeText(beginsAt), end_timestamp: timeText(endsAt), owner, reason }
      await engine.upsert(database, 'database_instance_downtime', ['hostname', 'port'], [row])
    },
    end,
    active: () => activeDowntimes(database),
    async expire(at) {
      const over: InstanceKey[] = []
      for (const [key, { endsAt }] of await activeDowntimes(database)) if (endsAt <= at && (await end(key))) over.push(key)
      return over
    },
  }
}
