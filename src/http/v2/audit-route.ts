import { toJson } from '../../contract/wire.ts'
import { clusterOfHint } from '../../model/topology/cluster-hint.ts'
import { parseInstanceKey } from '../../model/topology/instance-key.ts'
import type { AuditFilter } from '../../ports/store.ts'
import { type Answer, jsonText, type Request } from '../exchange.ts'
import type { ApiParts } from './context.ts'
import { problem, problemReason } from './problem.ts'

/** Rows of one answer, at most. */
const rowsMax = 500
const textMax = 200

/** What was done, newest first; by any of server, cluster, kind, person, message and time. */
export async function auditRoute({ operations: { parts } }: ApiParts, { query }: Request): Promise<Answer> {
  const bad = (text: string): Answer => problem(problemReason('bad-body', { text }), 400)
  const filter: { -readonly [Key in keyof AuditFilter]: AuditFilter[Key] } = { page: 0 }
  const page = query.get('page') ?? ''
  // What is no number counts as 0, as with the other lists.
  if (/^\d{1,6}$/.test(page)) filter.page = Number(page)
  const server = query.get('server')
  if (server !== null) {
    const key = parseInstanceKey(server)
    if (!key.ok) return bad(key.failure)
    filter.key = key.value
  }
  const cluster = query.get('cluster')
  if (cluster !== null) {
    const name = clusterOfHint(parts.topology(), cluster)
    // One that is gone was written of under its name.
    filter.clusterName = name.ok ? name.value : cluster
  }
  for (const name of ['kind', 'person', 'message'] as const) {
    const text = query.get(name) ?? ''
    if (text.length > textMax) return bad(`${name} has ${text.length} characters; at most ${textMax} can be looked for`)
    if (text !== '') filter[name] = text
  }
  for (const name of ['from', 'to', 'before', 'rows'] as const) {
    const text = query.get(name)
    if (text === null) continue
    if (!/^\d{1,15}$/.test(text)) return bad(`${name} must be a whole number, not "${text.slice(0, 40)}"`)
    filter[name] = Number(text)
  }
  if (filter.rows !== undefined && (filter.rows === 0 || filter.rows > rowsMax)) return bad(`rows must be from 1 to ${rowsMax}, not ${filter.rows}`)
  const entries = await parts.store.audit.list(filter)
  return jsonText(toJson({ audit: entries.map(({ id, at, kind, key, clusterName, message }) => ({ id, at, kind, server: key, clusterName, message })) }))
}
