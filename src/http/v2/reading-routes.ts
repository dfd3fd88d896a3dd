import { groupView } from '../../engine/operations/views/group-view.ts'
import { recoveryView } from '../../engine/operations/views/recovery-view.ts'
import type { RecoveryFilter } from '../../ports/store.ts'
import { type Answer, json, type Request } from '../exchange.ts'
import { here, type Route } from '../router.ts'
import { auditRoute } from './audit-route.ts'
import type { ApiParts } from './context.ts'
import { problem, problemReason } from './problem.ts'
import { historyRoutes } from './history-routes.ts'
import { settingsRoute } from './settings-route.ts'
import { fromStore } from './store-away.ts'
import { storyRoutes } from './story-routes.ts'
import { writerCheck } from './writer-check.ts'

/** Everything of version 2 that only reads. */
export function readingRoutes(parts: ApiParts): readonly Route[] {
  return [
    { method: 'GET', pattern: '/api/v2/me', answer: request => json(parts.me(request)), isHere: here },
    { method: 'GET', pattern: '/api/v2/status', answer: async () => json(await parts.status()), isHere: here },
    { method: 'GET', pattern: '/api/v2/status/hour', answer: () => json(parts.statusHour()), isHere: here },
    { method: 'GET', pattern: '/api/v2/group', answer: () => json(groupView(parts.operations.parts.group.standing())), isHere: here },
    { method: 'GET', pattern: '/api/v2/group/leader', answer: () => json(groupView(parts.operations.parts.group.standing())) },
    { method: 'GET', pattern: '/api/v2/clusters', answer: () => json(parts.views.fleet()) },
    { method: 'GET', pattern: '/api/v2/clusters/:hint', answer: (_request, { hint = '' }) => cluster(parts, hint) },
    { method: 'GET', pattern: '/api/v2/clusters/:hint/writer', answer: (request, { hint = '' }) => writerCheck(parts, request, hint) },
    { method: 'GET', pattern: '/api/v2/findings', answer: () => json({ findings: parts.views.findings() }) },
    settingsRoute(parts),
    { method: 'GET', pattern: '/api/v2/servers', answer: () => json(parts.views.servers()) },
    { method: 'GET', pattern: '/api/v2/detections', answer: fromStore(request => detections(parts, request)) },
    { method: 'GET', pattern: '/api/v2/recoveries', answer: fromStore(request => recoveries(parts, request)) },
    { method: 'GET', pattern: '/api/v2/recoveries/:uid', answer: fromStore((_request, { uid = '' }) => recovery(parts, uid)) },
    ...storyRoutes(parts),
    ...historyRoutes(parts),
    { method: 'GET', pattern: '/api/v2/audit', answer: fromStore(request => auditRoute(parts, request)) },
  ]
}

async function cluster(parts: ApiParts, hint: string): Promise<Answer> {
  const view = await parts.views.cluster(hint)
  return view === null ? problem(problemReason('no-such-cluster', { name: hint }), 404) : json(view)
}

/** 0-based; what is no number counts as 0. */
function pageOf(request: Request): number {
  const page = request.query.get('page') ?? ''
  return /^\d{1,6}$/.test(page) ? Number(page) : 0
}

async function recoveries(parts: ApiParts, request: Request): Promise<Answer> {
  const { query } = request
  const [clusterName, clusterAlias] = [query.get('cluster'), query.get('alias')]
  const filter: RecoveryFilter = {
    ...(clusterName === null ? {} : { clusterName }), ...(clusterAlias === null ? {} : { clusterAlias }),
    ...(query.get('unacknowledged') === 'true' ? { unacknowledgedOnly: true } : {}), ...(query.get('active') === 'true' ? { activeOnly: true } : {}),
  }
  const rows = await parts.operations.parts.store.recoveries.list({ page: pageOf(request), ...filter })
  return json({ recoveries: rows.map(row => parts.views.summary(row)) })
}

async function detections(parts: ApiParts, request: Request): Promise<Answer> {
  const [id, alias] = [request.query.get('id'), request.query.get('alias')]
  if (id !== null && !/^[1-9]\d{0,14}$/.test(id)) return problem(problemReason('no-such-detection', { id }), 404)
  const shown = await parts.views.detections({ page: pageOf(request), ...(id === null ? {} : { id: Number(id) }), ...(alias === null ? {} : { clusterAlias: alias }) })
  return id !== null && shown.length === 0 ? problem(problemReason('no-such-detection', { id }), 404) : json({ detections: shown })
}

async function recovery(parts: ApiParts, uid: string): Promise<Answer> {
  const { store } = parts.operations.parts
  const [row] = await store.recoveries.list({ page: 0, ...(/^\d{1,15}$/.test(uid) ? { id: Number(uid) } : { uid }) })
  if (row === undefined) return problem(problemReason('no-such-recovery', { uid }), 404)
  return json({ ...recoveryView(row, await store.recoveries.steps(row.uid)), doing: parts.views.summary(row).doing })
}
