import { sql } from 'kysely'
import type { Maintenance } from '../../../model/topology/instance.ts'
import { instanceKey, type InstanceKey } from '../../../model/topology/instance-key.ts'
import type { LockRequest, LockStore, LockTaken } from '../../../ports/locks.ts'
import type { Database } from '../dialects/engine.ts'
import { timeText } from '../time.ts'
import { type Context, insertNumbered } from './context.ts'
import { keyColumns } from './key-text.ts'
import { activeMaintenances } from './maintenances.ts'

/** A process without a heartbeat for so long is gone; the same time after which its interrupted plans are taken up. */
const aliveSeconds = 3
/** A lock that is dropped may be taken by somebody else before we come to it; then he has it. */
const attemptsMax = 3

type Taken = { readonly ids: readonly number[] } | { readonly taken: InstanceKey }

export function locks(context: Context): LockStore {
  const { database, engine, clock, alike } = context
  /** Rows that operations wrote whose process is not among the living. */
  const deadRows = (from: Database) =>
    from.selectFrom('database_instance_maintenance as lock')
      .select(['lock.database_instance_maintenance_id as id', 'lock.hostname', 'lock.port'])
      .where('lock.maintenance_active', '=', 1).where('lock.explicitly_bounded', '=', 0).where('lock.processing_node_token', '<>', '')
      .where(({ not, exists, selectFrom }) => not(exists(
        selectFrom('node_health as node').select(sql`1`.as('one'))
          .whereRef('node.hostname', '=', 'lock.processing_node_hostname').whereRef('node.token', '=', 'lock.processing_node_token')
          .where('node.last_seen_active', '>=', engine.now(-aliveSeconds)))))

  const end = async (from: Database, ids: readonly number[]): Promise<void> => {
    if (ids.length === 0) return
    await from.updateTable('database_instance_maintenance').set({ maintenance_active: null, end_timestamp: timeText(clock.now()) })
      .where('database_instance_maintenance_id', 'in', ids).where('maintenance_active', '=', 1).execute()
  }

  /** In a group only the leader asks: what another process wrote is of one that leads no more. */
  const foreignRows = (token: string) =>
    database.selectFrom('database_instance_maintenance').select(['database_instance_maintenance_id as id', 'hostname', 'port'])
      .where('maintenance_active', '=', 1).where('explicitly_bounded', '=', 0).where('processing_node_token', 'not in', ['', token]).orderBy('database_instance_maintenance_id')

  const dropDead = async (token = ''): Promise<readonly InstanceKey[]> => {
    const rows = await (alike === undefined ? deadRows(database) : foreignRows(token)).execute()
    await end(database, rows.map(({ id }) => id))
    return rows.map(({ hostname, port }) => instanceKey(hostname, port))
  }

  /** The keys are taken in one order by everybody, so that two who want the same do not each hold half. */
  const takeOnce = async (keys: readonly InstanceKey[], request: LockRequest): Promise<Taken> => {
    const { owner, reason, at, process } = request
    const ids: number[] = []
    for (const key of keys.toSorted()) {
      const id = await insertNumbered(context, 'database_instance_maintenance', {
        ...keyColumns(key), maintenance_active: 1, begin_timestamp: timeText(at), end_timestamp: null, owner, reason,
        processing_node_hostname: process.hostname, processing_node_token: process.token, explicitly_bounded: 0,
      })
      if (id === null && !(await isHisOwn(key, owner))) {
        await end(database, ids)
        return { taken: key }
      }
      if (id !== null) ids.push(id)
    }
    return { ids }
  }

  const isHisOwn = async (key: InstanceKey, owner: string): Promise<boolean> => {
    const row = await database.selectFrom('database_instance_maintenance').select(['owner', 'processing_node_token'])
      .where('hostname', '=', keyColumns(key).hostname).where('port', '=', keyColumns(key).port).where('maintenance_active', '=', 1).executeTakeFirst()
    return row !== undefined && row.owner === owner && row.processing_node_token === ''
  }

  return {
    async take(keys, request) {
      let found: LockTaken | null = null
      for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
        const result = await takeOnce(keys, request)
        if ('ids' in result) return result
        const dropped = await dropDead(request.process.token)
        const by: Maintenance | undefined = (await activeMaintenances(database)).get(result.taken)
        found = { taken: result.taken, by: by ?? { id: 0, owner: '', reason: '', beganAt: request.at, endsAt: null } }
        if (by !== undefined && !dropped.includes(result.taken)) return found
      }
      if (found === null) throw new Error('no attempt to take locks was made')
      return found
    },
    release: ids => end(database, ids),
    dropDead,
    async ofPeople() {
      const rows = await database.selectFrom('database_instance_maintenance').select('database_instance_maintenance_id as id')
        .where('maintenance_active', '=', 1).where('processing_node_token', '=', '').execute()
      const ids = new Set(rows.map(({ id }) => id))
      return new Map([...(await activeMaintenances(database))].filter(([, { id }]) => ids.has(id)))
    },
    async ofOthers(token) {
      const own = await database.selectFrom('database_instance_maintenance').select('database_instance_maintenance_id as id')
        .where('maintenance_active', '=', 1).where('processing_node_token', '=', token).execute()
      const ids = new Set(own.map(({ id }) => id))
      return new Map([...(await activeMaintenances(database))].filter(([, { id }]) => !ids.has(id)))
    },
  }
}
