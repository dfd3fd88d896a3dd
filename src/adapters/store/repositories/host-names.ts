import type { HostName, HostNameStore } from '../../../ports/store-facts.ts'
import { timeFrom, timeText } from '../time.ts'
import type { Context } from './context.ts'

export function hostNames({ database, engine }: Context): HostNameStore {
  const resolved = async (): Promise<readonly HostName[]> => {
    const rows = await database.selectFrom('hostname_resolve').selectAll().orderBy('hostname').execute()
    return rows.map(row => ({ host: row.hostname, name: row.resolved_hostname, at: timeFrom(row.resolved_timestamp) ?? 0 }))
  }
  const unresolved = async (): Promise<readonly HostName[]> => {
    const rows = await database.selectFrom('hostname_unresolve').selectAll().orderBy('hostname').execute()
    return rows.map(row => ({ host: row.hostname, name: row.unresolved_hostname, at: timeFrom(row.last_registered) ?? 0 }))
  }
  const endUnresolve = async (host: string): Promise<boolean> => {
    const { numDeletedRows } = await database.deleteFrom('hostname_unresolve').where('hostname', '=', host).executeTakeFirst()
    return numDeletedRows > 0n
  }
  return {
    resolved,
    unresolved,
    endUnresolve,
    async resolve({ host, name, at }) {
      await engine.upsert(database, 'hostname_resolve', ['hostname'], [{ hostname: host, resolved_hostname: name, resolved_timestamp: timeText(at) }])
      if (host === name) return
      await engine.upsert(database, 'hostname_resolve_history', ['resolved_hostname'], [{ resolved_hostname: name, hostname: host, resolved_timestamp: timeText(at) }])
    },
    async formerNames() {
      const rows = await database.selectFrom('hostname_resolve_history').selectAll().orderBy('resolved_hostname').execute()
      return rows.map(row => ({ host: row.hostname, name: row.resolved_hostname, at: timeFrom(row.resolved_timestamp) ?? 0 }))
    },
    async clearResolved() {
      await database.deleteFrom('hostname_resolve').execute()
    },
    async tidyResolved(before) {
      const all = await resolved()
      const byHost = new Map(all.map(entry => [entry.host, entry]))
      const isOlderHalf = ({ host, name, at }: HostName): boolean => {
        const back = host === name ? undefined : byHost.get(name)
        return back !== undefined && back.name === host && (at < back.at || (at === back.at && host < name))
      }
      const gone = all.filter(entry => entry.at < before || isOlderHalf(entry))
      for (const { host } of gone) await database.deleteFrom('hostname_resolve').where('hostname', '=', host).execute()
      return gone.length
    },
    async unresolve({ host, name, at }) {
      await engine.upsert(database, 'hostname_unresolve', ['hostname'], [{ hostname: host, unresolved_hostname: name, last_registered: timeText(at) }])
      const past = { unresolved_hostname: name, hostname: host, last_registered: timeText(at) }
      await engine.upsert(database, 'hostname_unresolve_history', ['unresolved_hostname'], [past])
    },
    async expireUnresolved(before) {
      const hosts: string[] = []
      for (const { host, at } of await unresolved()) if (at < before && (await endUnresolve(host))) hosts.push(host)
      return hosts
    },
  }
}
