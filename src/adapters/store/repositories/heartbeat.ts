import { sql } from 'kysely'
import type { LeaseHolder } from '../../../ports/leases.ts'
import type { Context } from './context.ts'

/**
 * A sign of life before one's own right is looked at, so that nobody can take it after it was looked at: a process that stood still for long has none that
 * others believe in.
 */
export async function signOfLife({ database, engine }: Pick<Context, 'database' | 'engine'>, { hostname, token }: LeaseHolder): Promise<void> {
  await database.updateTable('node_health').set({ last_seen_active: engine.now(0), incrementing_indicator: sql`incrementing_indicator + 1` })
    .where('hostname', '=', hostname).where('token', '=', token).execute()
}
