/** What is looked for among what was done; as it stands in an address. Times as a field for date and time gives them. */
export interface ActivityFilter {
  readonly q?: string
  readonly kind?: string
  readonly who?: string
  readonly server?: string
  readonly cluster?: string
  readonly from?: string
  readonly to?: string
}

export const activityFields = ['q', 'kind', 'who', 'server', 'cluster', 'from', 'to'] as const

export const readActivityFilter = (search: Record<string, unknown>): ActivityFilter =>
  Object.fromEntries(activityFields.flatMap(name => (search[name] === undefined || search[name] === '' ? [] : [[name, String(search[name])]])))

const asked = { q: 'message', kind: 'kind', who: 'person', server: 'server', cluster: 'cluster' } as const

/** As the server is asked for it. A server without a port is looked for in the message, where its name stands too. */
export function auditQuery(filter: ActivityFilter): Readonly<Record<string, string>> {
  const query: Record<string, string> = {}
  for (const [name, parameter] of Object.entries(asked)) {
    const value = filter[name as keyof typeof asked]?.trim() ?? ''
    if (value !== '') query[parameter] = value
  }
  for (const name of ['from', 'to'] as const) {
    const at = Date.parse(filter[name] ?? '')
    // A minute ends with its last second.
    if (Number.isFinite(at)) query[name] = String(name === 'to' ? at + 59_999 : at)
  }
  return query
}

export const isFiltered = (filter: ActivityFilter): boolean => activityFields.some(name => (filter[name] ?? '') !== '')

/** Who asked, as far as the message names them; null: it does not. */
export function whoAsked(message: string): string | null {
  const found = /(?:^|[;,:]\s*|\s)by ([^\s;,]+)(?: from \S+:.*)?$/.exec(message) ?? /^[\w-]+ by (\S+) from \S+: /.exec(message) ?? /\bowner: ([^,]+), reason: /.exec(message)
  return found?.[1] ?? null
}
