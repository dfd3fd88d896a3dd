import { sql } from 'kysely'
import type { Store } from '../../../ports/store.ts'
import { never, timeFrom, timeText } from '../time.ts'
import type { Context } from './context.ts'

const leaseSeconds = 5 // the original's lease; both programs may stand for election in one database

export function node({ database, engine, address }: Context): Store['node'] {
  return {
    async beat({ hostname, token, startedAt, version, command }) {
      const now = engine.now(0)
      const { numUpdatedRows } = await database
        .updateTable('node_health')
        .set({ last_seen_active: now, app_version: version, incrementing_indicator: sql`incrementing_indicator + 1` })
        .where('hostname', '=', hostname).where('token', '=', token)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) await register({ hostname, token, startedAt, version, command })
      return command === '' ? stand(hostname, token) : standing(hostname, token)
    },
    async alive(withinSeconds) {
      const rows = await database
        .selectFrom('node_health').selectAll().where('last_seen_active', '>=', engine.now(-withinSeconds)).orderBy('hostname').orderBy('token').execute()
      return rows.map(row => ({
        hostname: row.hostname, token: row.token, version: row.app_version, command: row.command, backend: row.db_backend,
        firstSeenAt: timeFrom(row.first_seen_active), lastSeenAt: timeFrom(row.last_seen_active),
      }))
    },
    async leave({ hostname, token }) {
      await database.deleteFrom('node_health').where('hostname', '=', hostname).where('token', '=', token).execute()
      await database.updateTable('active_node').set({ hostname: '', token: '' }).where('hostname', '=', hostname).where('token', '=', token).execute()
    },
  }

  async function register(process: { hostname: string; token: string; startedAt: number; version: string; command: string }): Promise<void> {
    const about = { extra_info: process.command === '' ? 'HttpMode' : 'CLIMode', command: process.command, app_version: process.version }
    const { hostname, token } = process
    const row = { hostname, token, first_seen_active: timeText(process.startedAt), ...about }
    await engine.insertOnce(database, 'node_health', { ...row, db_backend: address, incrementing_indicator: 0, last_seen_active: timeText(process.startedAt) })
    await database.updateTable('node_health').set({ last_seen_active: engine.now(0) }).where('hostname', '=', hostname).where('token', '=', token).execute()
    await engine.insertOnce(database, 'node_health_history', row)
  }

  /** Insert, take over, renew: the first that changes a row wins. A lease without owner (a new schema, or one who left) is free at once. */
  async function stand(hostname: string, token: string) {
    const { numUpdatedRows: renewed } = await database
      .updateTable('active_node').set({ last_seen_active: engine.now(0) }).where('hostname', '=', hostname).where('token', '=', token).executeTakeFirst()
    if (renewed === 0n) {
      await engine.insertOnce(database, 'active_node', { anchor: 1, hostname: '', token: '', last_seen_active: never, first_seen_active: never })
      await database
        .updateTable('active_node').set({ hostname, token, last_seen_active: engine.now(0), first_seen_active: engine.now(0) })
        .where(where => where.or([where('last_seen_active', '<', engine.now(-leaseSeconds)), where.and([where('hostname', '=', ''), where('token', '=', '')])]))
        .execute()
    }
    return standing(hostname, token)
  }

  async function standing(hostname: string, token: string) {
    const row = await database.selectFrom('active_node').selectAll().executeTakeFirst()
    const active = {
      hostname: row?.hostname ?? '', token: row?.token ?? '', firstSeenAt: timeFrom(row?.first_seen_active), lastSeenAt: timeFrom(row?.last_seen_active),
    }
    return { isActive: active.hostname === hostname && active.token === token, active }
  }
}
