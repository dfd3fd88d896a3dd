import { sql } from 'kysely'
import type { LeaseStore } from '../../../ports/leases.ts'
import type { Context } from './context.ts'
import { signOfLife } from './heartbeat.ts'

/** A process without a heartbeat for so long is gone (as for locks.ts). */
const aliveSeconds = 3

export function leases({ database, engine, clock, alike }: Context): LeaseStore {
  const row = (clusterName: string) => database.selectFrom('recovery_lease').selectAll().where('cluster_name', '=', clusterName).executeTakeFirst()
  return {
    isShared: engine.kind === 'mysql' || alike !== undefined,
    async take(clusterName, { hostname, token }) {
      const mine = { hostname, token, taken_at: clock.now() }
      if (alike !== undefined) {
        // Only a leader asks, in the order in which leaders followed one another: whoever had it before does not lead any more, or is the same.
        await engine.upsert(database, 'recovery_lease', ['cluster_name'], [{ cluster_name: clusterName, ...mine, fencing_number: alike.index() }])
        return { number: alike.index() }
      }
      if ((await engine.insertOnce(database, 'recovery_lease', { cluster_name: clusterName, ...mine, fencing_number: 1 })) !== null) return { number: 1 }
      const { numUpdatedRows } = await database
        .updateTable('recovery_lease').set({ ...mine, fencing_number: sql`fencing_number + 1` }).where('cluster_name', '=', clusterName)
        .where(({ or, and, not, exists, selectFrom, eb }) => or([
          eb('token', '=', ''),
          and([eb('hostname', '=', hostname), eb('token', '=', token)]),
          not(exists(selectFrom('node_health as node').select(sql`1`.as('one'))
            .whereRef('node.hostname', '=', 'recovery_lease.hostname').whereRef('node.token', '=', 'recovery_lease.token')
            .where('node.last_seen_active', '>=', engine.now(-aliveSeconds)))),
        ]))
        .executeTakeFirst()
      const now = await row(clusterName)
      if (numUpdatedRows > 0n && now?.hostname === hostname && now.token === token) return { number: Number(now.fencing_number) }
      return { heldBy: { hostname: now?.hostname ?? '', token: now?.token ?? '' } }
    },
    async isHeld(clusterName, holder, number) {
      if (alike === undefined) await signOfLife({ database, engine }, holder)
      const now = await row(clusterName)
      return now?.hostname === holder.hostname && now.token === holder.token && Number(now.fencing_number) === number
    },
    async release(clusterName, { hostname, token }, number) {
      await database.updateTable('recovery_lease').set({ hostname: '', token: '' })
        .where('cluster_name', '=', clusterName).where('hostname', '=', hostname).where('token', '=', token).where('fencing_number', '=', number).execute()
    },
  }
}
