import type { ServerView } from '../../../src/contract/views.ts'

/**
 * Whether a server matches a filter: words all must hold. A word is part of a name, or `lag>60`, `status:stopped`, `dc:eu`, `version:8.0`,
 * `role:primary`, `readonly:no`, `downtime:yes`, `cluster:db140`, `tag:role=backup`, `pool:reads`. Values may be several, of which one must hold:
 * `status:stopped,lag`. In double quotes a value may hold spaces. An unknown lag matches no comparison: unknown is not a number.
 */
export function matches(server: ServerView, query: string): boolean {
  return wordsOf(query).every(word => matchesWord(server, word.toLowerCase()))
}

/** The words of a filter, with their quotes. */
export const wordsOf = (query: string): readonly string[] => query.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? []

function matchesWord(server: ServerView, word: string): boolean {
  const comparison = /^lag([<>]=?|=)(\d+)$/.exec(word)
  if (comparison !== null) return compareLag(server.replication?.lagSeconds ?? null, comparison[1] ?? '', Number(comparison[2]))
  const colon = word.indexOf(':')
  const test = colon === -1 ? undefined : tests[word.slice(0, colon)]
  if (test !== undefined) return valuesOf(word.slice(colon + 1)).some(value => test(server, value))
  const text = word.replaceAll('"', '')
  return server.key.toLowerCase().includes(text) || server.alias.toLowerCase().includes(text)
}

const tests: Readonly<Record<string, (server: ServerView, value: string) => boolean>> = {
  status: (server, value) => matchesStatus(server, value),
  cluster: (server, value) => server.clusterName.toLowerCase().includes(value),
  dc: (server, value) => server.dataCenter.toLowerCase().includes(value),
  version: (server, value) => server.version.toLowerCase().startsWith(value),
  role: (server, value) => server.role.includes(value),
  readonly: (server, value) => server.readOnly === (value === 'yes'),
  downtime: (server, value) => (server.downtime !== null) === (value === 'yes'),
  // A tag by its name, or by name and value.
  tag: (server, value) => (server.tags ?? []).some(tag => tag.toLowerCase() === value || tag.toLowerCase().split('=')[0] === value),
  pool: (server, value) => (server.pools ?? []).some(pool => pool.toLowerCase() === value),
}

const severities = ['critical', 'warning', 'stale', 'ok']

/** `trouble`, how grave the worst is (of those that are not downtimed: what the counts count), or the beginning of the code of any status that holds. */
function matchesStatus(server: ServerView, value: string): boolean {
  const severity = server.statuses[0]?.severity ?? 'stale'
  if (value === 'trouble') return severity !== 'ok'
  if (severities.includes(value)) return server.downtime === null && severity === value
  return server.statuses.some(status => status.code.startsWith(value))
}

/** `a,b`, and `"a b",c`. */
const valuesOf = (text: string): readonly string[] => (text.match(/(?:[^,"]|"[^"]*"?)+/g) ?? ['']).map(value => value.replaceAll('"', ''))

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
