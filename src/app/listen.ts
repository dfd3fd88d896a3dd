import type { CurrentSettings } from '../config/current-settings.ts'
import type { Settings } from '../config/settings.ts'
import type { GroupParts } from '../engine/operations/group-parts.ts'
import { recoversOf } from '../engine/operations/handlers/clusters.ts'
import { apiDocument } from '../http/document/api-document.ts'
import { type Answer, json } from '../http/exchange.ts'
import { formerRoutes, isOwnStatusEndpoint } from '../http/former/routes.ts'
import { PassOn } from '../http/leader/pass-on.ts'
import type { LiveStream } from '../http/live/stream.ts'
import { headersRoute } from '../http/headers-route.ts'
import { monitoringRoutes } from '../http/monitoring-routes.ts'
import { PageFiles } from '../http/page-files.ts'
import { here, Router } from '../http/router.ts'
import { type Listening, serve } from '../http/server.ts'
import { httpSettings } from '../http/settings.ts'
import type { ApiParts } from '../http/v2/context.ts'
import { operationRoutes } from '../http/v2/operation-routes.ts'
import { readingRoutes } from '../http/v2/reading-routes.ts'
import { systemClock } from '../adapters/system/clock.ts'
import type { LineSink } from '../adapters/system/line-sink.ts'
import { clusterAlias } from '../model/topology/cluster-hint.ts'
import { fail, ok, type Result } from '../kit/result.ts'
import { settingValues } from '../kit/setting.ts'
import type { Log } from '../ports/log.ts'
import { listenForAgents } from './agents-listener.ts'
import type { Engine } from './engine.ts'
import { httpSecurity, listenerTls } from './http-security.ts'
import { logFormat } from './logs.ts'
import { messagePrefix } from './message-prefix.ts'
import type { Monitoring } from './metrics.ts'
import type { OwnHour } from './own-hour.ts'
import { requestLog } from './request-log.ts'
import { meView, statusView } from './self-views.ts'
import { towardsLeader } from './towards-leader.ts'
import { version } from './version.ts'

/** What requests are answered from, beside the engine. */
export interface Beside {
  readonly stream: LiveStream
  readonly log: Log
  readonly pageFolder: string
  readonly monitoring: Monitoring
  readonly requestLines: LineSink
  readonly own: OwnHour
}

export async function listen(
  engine: Engine, current: CurrentSettings, { stream, log, pageFolder, monitoring, requestLines, own: ownWork }: Beside, address: Parameters<typeof serve>[1],
): Promise<Result<Listening, string>> {
  const settings = current.live
  const prefix = settings.URLPrefix === '/' ? '' : settings.URLPrefix
  const { hostname } = engine.identity
  const tls = await listenerTls(settings)
  if (!tls.ok) return tls
  const security = httpSecurity({ settings, store: engine.store, log, prefix, messagePrefix: () => messagePrefix(engine.app) })
  const api: ApiParts = {
    operations: engine.operations, views: engine.views, history: engine.history.reader, recent: engine.recent, hostname, settings: security.settings,
    me: asked => meView(engine, settings, asked), status: () => statusView(engine, current.loaded, ownWork), statusHour: ownWork.view,
  }
  const document = json(apiDocument(version, prefix, settings.StatusEndpoint))
  const former = formerRoutes({
    operations: engine.operations, hostname, statusEndpoint: settings.StatusEndpoint, settings: security.settings, messagePrefix: () => messagePrefix(engine.app),
    context: () => {
      const { topology } = engine.inventory
      const policy = engine.operations.parts.policy()
      return {
        topology, policy, now: systemClock.now(), node: engine.identity, recovers: cluster => recoversOf(cluster, policy),
        aliasOf: clusterName => clusterAlias(topology, clusterName),
        snapshotsOf: host => engine.agents?.agents.snapshots.get(host) ?? 0,
        decisionOf: uid => engine.recovery.decisionOf(uid),
        recoveryOfDetection: detectionId => engine.recent.list.find(recovery => recovery.detectionId === detectionId)?.id ?? 0,
      }
    },
  })
  const router = new Router([
    ...readingRoutes(api), ...operationRoutes(api),
    { method: 'GET', pattern: '/api/v2/events', answer: request => stream.answer(request) },
    headersRoute(() => [settings.AuthUserHeader]),
    { method: 'GET', pattern: '/api/v2/openapi.json', answer: (): Answer => document, isHere: here },
    ...monitoringRoutes(monitoring.parts), ...former, ...security.routes,
  ])
  const lines = requestLog(logFormat(settings.LogFormat), systemClock, line => requestLines.write(line))
  const { group } = engine.operations.parts
  let requests = 0
  try {
    const own = settingValues(httpSettings, settings)
    const towards = group.standing().mode === 'shared-store' ? {} : towardsLeader({ ...own, asksClients: own.usesMutualTls })
    const passOn = followLeader(group, stream, new PassOn({ self: group.standing().self, log, tls: towards }))
    return ok(await serve({
      router, group, passOn, requestId: () => `${engine.identity.token.slice(0, 6)}-${(++requests).toString(36)}`, authentication: security.authentication, certificates: security.certificates, rate: security.rate, pageFiles: new PageFiles(pageFolder, prefix, engine.app.customFilesFolder), prefix, log,
      observer: {
        begun: request => { if (engine.app.logsRequests) lines.begun(request) },
        answered: request => {
          monitoring.requested(request)
          if (engine.app.logsRequests) lines.answered(request)
        },
      },
      outsidePrefix: new Set(isOwnStatusEndpoint(settings.StatusEndpoint) ? [settings.StatusEndpoint] : []),
    }, address, tls.value))
  } catch (error) {
    const where = 'socket' in address ? address.socket : `${address.host}:${address.port}`
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'EADDRINUSE') return fail(`Cannot listen on ${where}: the address is in use by another program`)
    return fail(`Cannot listen on ${where}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Null: no agents are served. */
export async function listenForAgentsOf(engine: Engine, settings: Settings, log: Log): Promise<Result<Listening | null, string>> {
  if (engine.agents === null) return ok(null)
  let requests = 0
  const listening = await listenForAgents({
    settings, log, agents: engine.agents.agents, group: engine.operations.parts.group, messagePrefix: () => messagePrefix(engine.app),
    requestId: () => `${engine.identity.token.slice(0, 6)}-a${(++requests).toString(36)}`,
  })
  if (listening.ok) log.info('listening for agents', { host: listening.value.host, port: listening.value.port })
  return listening
}

/** When somebody else leads, whoever waits for the former leader, or reads its events, is told. */
function followLeader(group: GroupParts, stream: LiveStream, passOn: PassOn): PassOn {
  let leader = group.standing().leader?.name
  group.onStanding(standing => {
    passOn.leaderIs(standing.leader?.uri ?? null)
    if (standing.leader?.name !== leader) stream.leaderChanged()
    leader = standing.leader?.name
  })
  return passOn
}
