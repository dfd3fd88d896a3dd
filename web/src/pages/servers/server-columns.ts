import type { TFunction } from 'i18next'
import type { ServerView } from '../../../../src/contract/views.ts'
import { gtidWords, lagWords, statusWords, versionWords } from '../../instance/server-words.ts'
import { duration, fullTime } from '../../words/format.ts'

export const serverColumns = ['status', 'cluster', 'lag', 'version', 'gtid', 'site', 'role', 'source', 'mode', 'tags', 'pools', 'promotion', 'region', 'uptime', 'seen'] as const
export type ServerColumn = (typeof serverColumns)[number]
export const standardServerColumns: readonly ServerColumn[] = ['status', 'cluster', 'lag', 'version', 'gtid', 'site', 'tags']

export const serverColumnLabels = {
  status: 'list.status', cluster: 'servers.cluster', lag: 'list.lag', version: 'list.version', gtid: 'list.gtid', site: 'list.site', role: 'list.role', source: 'serverList.source',
  mode: 'list.mode', tags: 'serverList.tags', pools: 'cluster.pools', promotion: 'panel.promotion', region: 'panel.region', uptime: 'panel.uptime', seen: 'list.seen',
} as const satisfies Record<ServerColumn, string>

/** What stands in a column as plain text: in the table, where it is no more than text, and in a file. Unknown is empty in a file and a word on the page. */
export function columnText(column: Exclude<ServerColumn, 'cluster'>, server: ServerView, nameOf: (key: string) => string, t: TFunction): string {
  switch (column) {
    case 'status': {
      const [worst] = server.statuses
      return worst === undefined ? '' : statusWords(worst, server, t)
    }
    case 'lag':
      return server.replication === null ? '–' : lagWords(server, t)
    case 'version':
      return versionWords(server)
    case 'gtid':
      return gtidWords(server, t)
    case 'site':
      return server.dataCenter
    case 'role':
      return t(`role.${server.role}`)
    case 'source':
      return server.source === null ? '–' : nameOf(server.source)
    case 'mode':
      return server.superReadOnly ? t('card.superReadOnly') : server.readOnly ? t('card.readOnly') : t('card.writable')
    case 'tags':
      return (server.tags ?? []).join(', ')
    case 'pools':
      return (server.pools ?? []).join(', ')
    case 'promotion':
      return t(`panel.promotionRule.${server.promotionRule}`)
    case 'region':
      return server.region
    case 'uptime':
      return server.lastSeenAt === null ? t('time.unknown') : duration(server.uptimeSeconds)
    case 'seen':
      return server.lastSeenAt === null ? t('time.never') : fullTime(server.lastSeenAt)
  }
}

/** Rows of a file: codes and numbers, the same in every language. */
export function serversFile(servers: readonly ServerView[], aliasOf: (clusterName: string) => string): readonly (readonly (string | number | null)[])[] {
  const head = ['server', 'alias', 'cluster', 'cluster_alias', 'role', 'source', 'statuses', 'lag_seconds', 'read_only', 'version', 'gtid', 'site', 'region', 'promotion_rule', 'tags', 'pools', 'downtime_until']
  return [
    head,
    ...servers.map(server => [
      server.key, server.alias, server.clusterName, aliasOf(server.clusterName), server.role, server.source, server.statuses.map(({ code }) => code).join(' '),
      server.replication?.lagSeconds ?? null, server.readOnly ? 'yes' : 'no', server.version, server.gtid, server.dataCenter, server.region, server.promotionRule,
      server.tags?.join(' ') ?? null, server.pools?.join(' ') ?? null, server.downtime === null ? null : new Date(server.downtime.endsAt).toISOString(),
    ]),
  ]
}
