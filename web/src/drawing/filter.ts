import type { ServerView, StatusCode } from '../../../src/contract/views.ts'

/**
 * Whether a server matches a filter: words all must hold. A word is part of a name, or `lag>60`, `status:stopped`, `dc:eu`, `version:8.0`,
 * `role:primary`, `readonly:no`, `downtime:yes`, `cluster:db140`. An unknown lag matches no comparison: unknown is not a number.
 */
export function matches(server: ServerView, query: string): boolean {
  return query
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== '')
    .every(word => matchesWord(server, word))
}

function matchesWord(server: ServerView, word: string): boolean {
  const comparison = /^lag([<>]=?|=)(\d+)$/.exec(word)
  if (comparison !== null) return compareLag(server.replication?.lagSeconds ?? null, comparison[1] ?? '', Number(comparison[2]))
  const colon = word.indexOf(':')
  const name = word.slice(0, colon)
  const value = word.slice(colon + 1)
  switch (colon === -1 ? '' : name) {
    case 'status':
      return value === 'trouble' ? (server.statuses[0]?.severity ?? 'ok') !== 'ok' : server.statuses.some(status => status.code.startsWith(value as StatusCode))
    case 'cluster':
      return server.clusterName.toLowerCase().includes(value)
    case 'dc':
      return server.dataCenter.toLowerCase().includes(value)
    case 'version':
      return server.version.startsWith(value)
    case 'role':
      return server.role.includes(value)
    case 'readonly':
      return server.readOnly === (value === 'yes')
    case 'downtime':
      return (server.downtime !== null) === (value === 'yes')
    default:
      return server.key.toLowerCase().includes(word) || server.alias.toLowerCase().includes(word)
  }
}

function compareLag(lag: number | null, sign: string, limit: number): boolean {
  if (lag === null) return false
  switch (sign) {
    case '>':
      return lag > limit
    case '>=':
      return lag >= limit
    case '<':
      return lag < limit
    case '<=':
      return lag <= limit
    default:
      return lag === limit
  }
}
