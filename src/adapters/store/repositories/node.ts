import { sql } from 'kysely'
import type { ElectionStore } from '../../../ports/election.ts'
import type { LeaseHolder } from '../../../ports/leases.ts'
import type { Store } from '../../../ports/store.ts'
import { timeFrom, timeText } from '../time.ts'
import type { Context } from './context.ts'

export function node({ database, engine, address }: Context, election: ElectionStore): Store['node'] {
  const standing = async (self: LeaseHolder, stands: boolean) => {
    const { isActive, active } = await (stands ? election.stand(self) : election.read(self))
    return { isActive, active: active ?? { hostname: '', token: '', firstSeenAt: null, lastSeenAt: null } }
  }

  return {
    async beat({ hostname, token, startedAt, version, command, stands = true }) {
      const now = engine.now(0)
      const { numUpdatedRows } = await database
        .updateTable('node_health')
        .set({ last_seen_active: now, app_version: version, incrementing_indicator: sql`incrementing_indicator + 1` })
        .where('hostname', '=', hostname).where('token', '=', token)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) await register({ hostname, token, startedAt, version, command })
      return standing({ hostname, token }, stands && command === '')
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
      // Gone before the lease is given up: whoever takes the office may take up at once what this process had begun.
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
}
