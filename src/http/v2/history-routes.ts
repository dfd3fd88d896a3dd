import { clusterOfHint } from '../../model/topology/cluster-hint.ts'
import { fail, ok, type Result } from '../../kit/result.ts'
import { type Answer, json, type Request } from '../exchange.ts'
import type { Route } from '../router.ts'
import type { ApiParts } from './context.ts'
import { problem, problemReason } from './problem.ts'
import { fromStore } from './store-away.ts'

/** How the topology stood at a moment, and what changed between two. */
export function historyRoutes(parts: ApiParts): readonly Route[] {
  return [
    { method: 'GET', pattern: '/api/v2/history', answer: fromStore(async request => json(await parts.history.bounds(clusterOf(parts, request)))) },
    { method: 'GET', pattern: '/api/v2/history/picture', answer: fromStore(request => picture(parts, request)) },
    { method: 'GET', pattern: '/api/v2/history/changes', answer: fromStore(request => changes(parts, request)) },
  ]
}

/** As it is called now; one that is no longer there, by the name that was asked for. Null: all clusters. */
function clusterOf({ operations }: ApiParts, { query }: Request): string | null {
  const hint = query.get('cluster')
  if (hint === null || hint === '') return null
  const found = clusterOfHint(operations.parts.topology(), hint)
  return found.ok ? found.value : hint
}

async function picture(parts: ApiParts, request: Request): Promise<Answer> {
  const at = moment(parts, request, 'at')
  if (!at.ok) return at.failure
  const shown = await parts.history.picture(at.value, clusterOf(parts, request))
  return shown === null ? nothingKept(at.value) : json(shown)
}

async function changes(parts: ApiParts, request: Request): Promise<Answer> {
  const from = moment(parts, request, 'from')
  if (!from.ok) return from.failure
  const to = request.query.get('to') === null ? ok(parts.operations.parts.clock.now()) : moment(parts, request, 'to')
  if (!to.ok) return to.failure
  if (from.value > to.value) return problem(problemReason('moments-unordered', { from: timeOf(from.value), to: timeOf(to.value) }), 400)
  const shown = await parts.history.changes(from.value, to.value, clusterOf(parts, request))
  return shown === null ? nothingKept(from.value) : json(shown)
}

const nothingKept = (at: number): Answer => problem(problemReason('no-history-of', { at: timeOf(at) }), 404)
const timeOf = (at: number): string => new Date(at).toISOString()

/** Clocks of browsers differ from ours. */
const aheadMaxMilliseconds = 60_000

function moment({ operations }: ApiParts, { query }: Request, name: string): Result<number, Answer> {
  const value = query.get(name) ?? ''
  const now = operations.parts.clock.now()
  const at = /^\d{1,15}$/.test(value) ? Number(value) : /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(value) ? Date.parse(value) : NaN
  if (Number.isNaN(at) || at > now + aheadMaxMilliseconds) return fail(problem(problemReason('moment-unreadable', { name, value: value.slice(0, 60) }), 400))
  return ok(Math.min(at, now))
}
