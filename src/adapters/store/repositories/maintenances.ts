import type { Maintenance } from '../../../model/topology/instance.ts'
import { type InstanceKey, instanceKey } from '../../../model/topology/instance-key.ts'
import type { Store } from '../../../ports/store.ts'
import type { Database } from '../dialects/engine.ts'
import { timeFrom, timeText, timeTextOrNull } from '../time.ts'
import { type Context, insertNumbered } from './context.ts'
import { keyColumns } from './key-text.ts'

/** Locks that are on, whatever their end says: an expired one blocks until it is cleared away. */
export async function activeMaintenances(database: Database): Promise<ReadonlyMap<InstanceKey, Maintenance>> {
  const rows = await database.selectFrom('database_instance_maintenance').selectAll().where('maintenance_active', '=', 1).execute()
  return new Map(
    rows.map(row => [
      instanceKey(row.hostname, row.port),
      {
        id: row.database_instance_maintenance_id, owner: row.owner, reason: row.reason, beganAt: timeFrom(row.begin_timestamp) ?? 0,
        endsAt: timeFrom(row.end_timestamp),
      },
    ]),
  )
}

export function maintenances(context: Context): Store['maintenances'] {
  const { database, clock } = context
  const end = async (key: InstanceKey, at: number): Promise<boolean> => {
    const { hostname, port } = keyColumns(key)
    const { numUpdatedRows } = await database
      .updateTable('database_instance_maintenance')
      .set({ maintenance_active: null, end_timestamp: timeText(at) })
      .where('hostname', '=', hostname).where('port', '=', port).where('maintenance_active', '=', 1)
      .executeTakeFirst()
    return numUpdatedRows > 0n
  }
  return {
    begin: (key, { owner, reason, beganAt, endsAt }) =>
      insertNumbered(context, 'database_instance_maintenance', {
        ...keyColumns(key), maintenance_active: 1, begin_timestamp: timeText(beganAt), end_timestamp: timeTextOrNull(endsAt), owner, reason,
        processing_node_hostname: '', processing_node_token: '', explicitly_bounded: endsAt === null ? 0 : 1,
      }),
    end: key => end(key, clock.now()),
    async endById(id) {
      const row = await database
        .selectFrom('database_instance_maintenance').select(['hostname', 'port'])
        .where('database_instance_maintenance_id', '=', id).where('maintenance_active', '=', 1).executeTakeFirst()
      if (row === undefined) return null
      const key = instanceKey(row.hostname, row.port)
      return (await end(key, clock.now())) ? key : null
    },
    active: () => activeMaintenances(database),
    async expire(at) {
      const over: InstanceKey[] = []
      for (const [key, { endsAt }] of await activeMaintenances(database)) if (endsAt !== null && endsAt <= at && (await end(key, endsAt))) over.push(key)
      return over
    },
  }
}
