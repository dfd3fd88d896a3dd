import type { Store } from '../../../ports/store.ts'
import { timeText } from '../time.ts'
import { inTransaction } from '../dialects/in-transaction.ts'
import type { Context } from './context.ts'

export function aliases({ database, engine, clock }: Context): Store['aliases'] {
  /** Both columns are unique: a cluster has one alias, and an alias one cluster, the last one that was written. */
  const register = async (clusterName: string, alias: string): Promise<void> => {
    const [present] = await database.selectFrom('cluster_alias').selectAll().where('cluster_name', '=', clusterName).execute()
    if (present?.alias === alias) {
      await database.updateTable('cluster_alias').set({ last_registered: timeText(clock.now()) }).where('cluster_name', '=', clusterName).execute()
      return
    }
    await inTransaction(database, async transaction => {
      await transaction.deleteFrom('cluster_alias').where(where => where.or([where('cluster_name', '=', clusterName), where('alias', '=', alias)])).execute()
      await transaction.insertInto('cluster_alias').values({ cluster_name: clusterName, alias, last_registered: timeText(clock.now()) }).execute()
    })
  }
  return {
    async load() {
      const suggested = await database.selectFrom('cluster_alias').selectAll().execute()
      const byHand = await database.selectFrom('cluster_alias_override').selectAll().execute()
      // A cluster without an alias has its own name there.
      const named = [...suggested, ...byHand].filter(row => row.alias !== row.cluster_name)
      return new Map(named.map(row => [row.cluster_name, row.alias]))
    },
    async loadByHand() {
      const rows = await database.selectFrom('cluster_alias_override').selectAll().execute()
      return new Map(rows.map(row => [row.cluster_name, row.alias]))
    },
    async set(clusterName, alias) {
      await engine.upsert(database, 'cluster_alias_override', ['cluster_name'], [{ cluster_name: clusterName, alias }])
    },
    register,
    async rename(from, to) {
      if (from === to) return
      for (const table of ['cluster_alias', 'cluster_alias_override'] as const) {
        await inTransaction(database, async transaction => {
          const [row] = await transaction.selectFrom(table).select('alias').where('cluster_name', '=', from).execute()
          if (row === undefined || row.alias === from) return
          await transaction.deleteFrom(table).where('cluster_name', '=', to).execute()
          await transaction.updateTable(table).set({ cluster_name: to }).where('cluster_name', '=', from).execute()
        })
      }
    },
  }
}

export function domains({ database, engine, clock }: Context): Store['domains'] {
  return {
    async load() {
      const rows = await database.selectFrom('cluster_domain_name').select(['cluster_name', 'domain_name']).execute()
      return new Map(rows.map(row => [row.cluster_name, row.domain_name]))
    },
    async set(clusterName, domain) {
      const row = { cluster_name: clusterName, domain_name: domain, last_registered: timeText(clock.now()) }
      await engine.upsert(database, 'cluster_domain_name', ['cluster_name'], [row])
    },
  }
}
