import type { ClusterRow, ServerView } from '../../../../src/contract/views.ts'
import { matches } from '../../drawing/filter.ts'

/** By a part of its alias, name, domain or primary; else any of its servers must match, by the words that servers are looked for with everywhere. */
export function matchesCluster(row: ClusterRow, servers: readonly ServerView[], query: string): boolean {
  const wanted = query.trim().toLowerCase()
  if (wanted === '' || `${row.alias} ${row.name} ${row.domain} ${row.primary?.key ?? ''}`.toLowerCase().includes(wanted)) return true
  return servers.some(server => matches(server, query))
}
