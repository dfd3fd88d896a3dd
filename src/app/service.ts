import { randomInt } from 'node:crypto'
import type { CurrentSettings } from '../config/current-settings.ts'
import type { Settings } from '../config/settings.ts'
import type { GroupParts } from '../engine/operations/group-parts.ts'
import { recoversOf } from '../engine/operations/handlers/clusters.ts'
import { pseudoGtidTasks } from '../engine/pseudo-gtid/tasks.ts'
import { Housekeeping, type Task } from '../engine/housekeeping/housekeeping.ts'
import { factTasks } from '../engine/housekeeping/fact-tasks.ts'
import { housekeepingTasks } from '../engine/housekeeping/tasks.ts'
import { AnalysisChangelog } from '../engine/journal/analysis-changelog.ts'
import type { Command } from '../engine/journal/commands.ts'
import { apiDocument } from '../http/document/api-document.ts'
import { type Answer, json } from '../http/exchange.ts'
import { formerRoutes, isOwnStatusEndpoint } from '../http/former/routes.ts'
import { Changes } from '../http/live/changes.ts'
import { PassOn } from '../http/leader/pass-on.ts'
import { LiveStream } from '../http/live/stream.ts'
import { headersRoute } from '../http/headers-route.ts'
import { PageFiles } from '../http/page-files.ts'
import { here, Router } from '../http/router.ts'
import { type Listening, serve } from '../http/server.ts'
import { httpSettings } from '../http/settings.ts'
import type { ApiParts } from '../http/v2/context.ts'
import { operationRoutes } from '../http/v2/operation-routes.ts'
import { readingRoutes } from '../http/v2/reading-routes.ts'
import { takeLifeLock } from '../adapters/store/dialects/sqlite/life-lock.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { clusterAlias } from '../model/topology/cluster-hint.ts'
import { fail, ok, type Result } from '../kit/result.ts'
import { settingValues } from '../kit/setting.ts'
import type { Log } from '../ports/log.ts'
import { buildEngine, type Engine } from './engine.ts'
import { listenForAgents } from './agents-listener.ts'
import { startMonitoring, type Monitoring } from './metrics.ts'
import { requestLog } from './request-log.ts'
import { LineSink } from '../adapters/system/line-sink.ts'
import { monitoringRoutes } from '../http/monitoring-routes.ts'
import { parseListenAddress } from './listen-address.ts'
import { httpSecurity, listenerTls, renewTls } from './http-security.ts'
import { errorLine, logFormat } from './logs.ts'
import { messagePrefix } from './message-prefix.ts'
import { type OwnHour, ownHour } from './own-hour.ts'
import { towardsLeader } from './towards-leader.ts'
import { standingLines } from './standing-lines.ts'
import { meView, recoverySwitch, statusView } from './self-views.ts'
import { version } from './version.ts'

export interface ServiceRequest {
  readonly current: CurrentSettings
  readonly log: Log
  /** Poll and recover; false serves what is remembered. */
  readonly polls: boolean
  /** -noop. */
  readonly changesNothing?: boolean
  readonly pageFolder: string
  /** Nobody can ask it anything: it polls and recovers alone (`-c continuous`). */
  readonly isSilent?: boolean
  /** Said before the program ends, because it cannot go on. */
  readonly fatal?: (text: string) => void
  /** It acts for all that share the store, whoever did until now. */
  readonly grabs?: boolean
}

export interface Service {
  readonly address: string
  /** Reads the configuration files again; what came of it is in the log. `by`: who wants it. */
  reload(by: string): void
  stop(): Promise<void>
}

/** Starts everything in order: store, engine, HTTP, then the loops. The failure is a sentence for the operator. */
export async function startService({ current, log, polls, changesNothing = false, pageFolder, isSilent = false, grabs = false, fatal = endAtOnce }: ServiceRequest): Promise<Result<Service, string>> {
  const settings = current.live
  const address = parseListenAddress(settings.ListenAddress)
  if (!address.ok) return address
  if (settings.AuthenticationMethod.toLowerCase() === 'multi' && settings.HTTPAuthUser === '') return fail('AuthenticationMethod is configured as "multi" but HTTPAuthUser undefined')
  if (!polls && (settings.RaftEnabled || settings.EtcdEndpoints.length > 0)) {
    return fail(`-discovery=false: a manager of a group (${settings.RaftEnabled ? 'RaftEnabled' : 'EtcdEndpoints'}) may come to lead, and one that reads no server could recover none; start it without`)
  }
  const built = await buildEngine({ settings, current, log, command: polls ? '' : '-discovery=false http', warnings: current.loaded.warnings, changesNothing, fatal })
  if (!built.ok) return built
  const engine = built.value
  const life = polls && settings.BackendDB.includes('sqlite') && settings.SQLite3DataFile !== ':memory:' ? takeLifeLock(settings.SQLite3DataFile, engine.identity) : 'held'
  if (life !== 'held' && 'failure' in life) log.warning('the lock beside the database file cannot be taken; after a crash this program waits for its former lease', { text: life.failure })
  const lock = life !== 'held' && 'former' in life ? life : null
  const close = async (): Promise<void> => {
    await engine.close()
    lock?.release()
  }
  try {
    // It ended without giving up what it held: surely, for its lock is free.
    if (lock !== null && lock.former !== null) await engine.store.node.leave(lock.former)
    await engine.standing.beat(systemClock.now())
    if (engine.managers === null) await engine.standing.group.start(grabs)
    await engine.recent.load()
  } catch (error) {
    await close()
    return fail(`The store failed: ${error instanceof Error ? error.message : String(error)}`)
  }
  const stream = new LiveStream({
    clock: systemClock, changes: new Changes(engine.views), topology: () => engine.inventory.topology, me: asked => meView(engine, settings, asked),
    salt: randomInt(2 ** 40),
  })
  const monitoring = await startMonitoring(engine, settings, log)
  const requestLines = new LineSink(1)
  const own = ownHour(engine)
  const http = isSilent ? ok(nobodyListens) : await listen(engine, current, { stream, log, pageFolder, monitoring, requestLines, own }, settings.ListenSocket === '' ? address.value : { socket: settings.ListenSocket })
  if (!http.ok) {
    monitoring.stop()
    await close()
    return http
  }
  const forAgents = isSilent ? ok(null) : await listenForAgentsOf(engine, settings, log)
  if (!forAgents.ok) {
    monitoring.stop()
    await http.value.close()
    await close()
    return forAgents
  }
  connect(engine, stream)
  followOthers(engine, stream, log)
  const housekeeping = new Housekeeping({ clock: systemClock, log, isLeader: () => engine.isLeader() }, [{ name: 'reading what other processes changed', everyMilliseconds: engine.store.election.isShared ? 1000 : 3000, onlyLeader: false, run: async () => { if (engine.managers === null) await engine.follower.round() } },
    { name: 'mending what was published', everyMilliseconds: 60_000, onlyLeader: true, run: now => engine.publisher.mend(now) },
    { name: 'noticing who takes writes', everyMilliseconds: 1000, onlyLeader: true, run: now => engine.publisher.notice(now) }, ...housekeepingTasks({
    store: engine.store, journal: engine.journal, topology: () => engine.inventory.topology, remembered: engine.inventory, settings: engine.app, beat: now => beat(engine, now), token: engine.identity.token, hasOwnStore: engine.managers !== null,
    audit: (kind, key, message) => engine.audit.write(kind, key, key === null ? '' : engine.inventory.clusterNameOf(key), message),
  }), ...factTasks({
    store: engine.store, changelog: new AnalysisChangelog(engine.store.analysisChanges), settings: engine.app, topology: () => engine.inventory.topology, hasOwnStore: engine.managers !== null,
    findings: () => engine.findings.list(), isLeader: () => engine.isLeader(), takeNames: names => engine.discovery.hostNames.take(names),
    setVirtualName: (host, name) => engine.inventory.setVirtualName(host, name), sampleQueues: () => engine.discovery.sampleQueues(),
    onNews: listener => void engine.inventory.onChange(listener),
    resolve: key => engine.discovery.hostNames.resolveKey(key),
    forgetRenamed: async keys => { if (engine.managers === null || engine.isLeader()) await engine.journal.propose({ do: 'forget', keys, kind: 'forget-unseen-differently-resolved' }) },
    audit: (kind, key, message) => engine.audit.write(kind, key, key === null ? '' : engine.inventory.clusterNameOf(key), message),
  }), own.task, ...historyTasks(engine), ...standingLines(() => engine.operations.parts.group.standing(), log), ...agentTasks(engine), ...pseudoGtidTasks(engine.pseudoGtid, () => !changesNothing && engine.isLeader()), {
    name: 'forgetting equal positions', everyMilliseconds: 60_000, onlyLeader: engine.managers === null, run: now => engine.equivalences.expire(now - settings.UnseenInstanceForgetHours * 3_600_000),
  }, {
    name: 'dropping access tokens that have lapsed', everyMilliseconds: 3_600_000, onlyLeader: true,
    run: async now => void (await engine.store.accessTokens.expire(now - Math.max(settings.AccessTokenExpiryMinutes * 60, settings.AccessTokenUseExpirySeconds) * 1000)),
  }])
  housekeeping.start()
  if (polls) await engine.duty.start()
  const shown = settings.ListenSocket === '' ? `${settings.UseSSL ? 'https' : 'http'}://${http.value.host === '' ? 'localhost' : http.value.host}:${http.value.port}${settings.URLPrefix}` : settings.ListenSocket
  const stop = async (): Promise<void> => {
    engine.audit.write('shutdown', null, '', '')
    if (engine.managers !== null) {
      await engine.duty.stop()
      await engine.managers.close() // another leads before anything else ends here
    }
    stream.close()
    monitoring.stop()
    await http.value.close()
    await forAgents.value?.close()
    await requestLines.close()
    await engine.duty.stop()
    await housekeeping.stop()
    await engine.standing.leave().catch((error: unknown) => log.warning('the heartbeat could not be taken back', { text: String(error) }))
    await close()
  }
  current.onReload(() => stream.topologyChanged())
  current.onReload(() => void renewTls(settings, http.value, log))
  return ok({ address: shown, stop, reload: by => void engine.operations.parts.configuration.reload('', by) })
}

const nobodyListens: Listening = { port: 0, host: '', renewTls: () => undefined, close: () => Promise.resolve() }

function endAtOnce(text: string): void {
  errorLine('FATAL', text)
  process.exit(1)
}

/** A heartbeat, and with it a sign that the database can be written. */
async function beat(engine: Engine, now: number): Promise<void> {
  await engine.standing.beat(now)
  engine.managers?.noteBackend()
}

/** Many changes of others that come together are read at once. */
const othersToldMilliseconds = 300
const changesRecoveries: ReadonlySet<string> = new Set<Command['do']>(['register-recovery', 'update-recovery', 'acknowledge-recoveries', 'end-active-periods', 'append-recovery-step', 'block-recovery', 'unblock-recoveries'])

/** Whatever changes is told to the pages. */
function connect(engine: Engine, stream: LiveStream): void {
  let steps = 0
  // Told before the store has given the step its number: negative, so that it never meets a stored one.
  const stepNumber = (): number => --steps
  engine.inventory.onChange(() => stream.topologyChanged())
  engine.inventory.onChange(changed => engine.history.recorder.changed(changed))
  engine.operations.runs.onChange(view => stream.tell({ event: 'operation', data: view }))
  engine.audit.onEntry(({ at, kind, key, message }) => {
    stream.tell({ event: 'audit', data: { at, kind, server: key, message } })
    if (kind.endsWith('global-recoveries')) stream.tell({ event: 'status', data: { recoveries: recoverySwitch(engine) } })
  })
  engine.recovery.onEvent(event => {
    if (event.event === 'recovery') {
      engine.recent.note(event.recovery)
      stream.tell({ event: 'recovery', data: { ...engine.views.summary(event.recovery), step: null } })
    } else if (event.event === 'step') {
      const recovery = engine.recent.noteStep(event.step)
      const { at, stage, server, message, outcome, durationMilliseconds } = event.step
      if (recovery !== null) {
        stream.tell({ event: 'recovery', data: { ...engine.views.summary(recovery), step: { id: stepNumber(), at, stage, server, message, outcome, durationMilliseconds } } })
      }
    }
    stream.topologyChanged()
  })
}

/** What other members of a group did is shown as what this one does: after a change of recoveries, of everything, or of who leads. */
function followOthers({ managers, recent, recovery, isLeader }: Engine, stream: LiveStream, log: Log): void {
  if (managers === null) return
  let isDue = false
  const readSoon = (): void => {
    if (isDue) return
    isDue = true
    systemClock.after(othersToldMilliseconds, () => {
      isDue = false
      void Promise.all([recent.load(), ...(isLeader() ? [] : [recovery.readAgain()])]).then(() => stream.topologyChanged(), (error: unknown) => log.error('recoveries could not be read anew', { text: String(error) }))
    })
  }
  managers.world.onCarriedOut(command => { if (!isLeader() && changesRecoveries.has(command.do)) readSoon() })
  managers.world.onLoaded(readSoon)
  managers.group.onStanding(({ state }) => { if (state !== 'stopped') readSoon() })
}

/** What requests are answered from, beside the engine. */
interface Beside {
  readonly stream: LiveStream
  readonly log: Log
  readonly pageFolder: string
  readonly monitoring: Monitoring
  readonly requestLines: LineSink
  readonly own: OwnHour
}

async function listen(
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
async function listenForAgentsOf(engine: Engine, settings: Settings, log: Log): Promise<Result<Listening | null, string>> {
  if (engine.agents === null) return ok(null)
  let requests = 0
  const listening = await listenForAgents({
    settings, log, agents: engine.agents.agents, group: engine.operations.parts.group, messagePrefix: () => messagePrefix(engine.app),
    requestId: () => `${engine.identity.token.slice(0, 6)}-a${(++requests).toString(36)}`,
  })
  if (listening.ok) log.info('listening for agents', { host: listening.value.host, port: listening.value.port })
  return listening
}

/** Whoever does not lead stops what it drives, and so both are asked of every manager. */
function agentTasks({ agents: parts }: Engine): readonly Task[] {
  if (parts === null) return []
  const { agents, seeds } = parts
  return [
    { name: 'looking at agents', everyMilliseconds: 1000, onlyLeader: false, run: now => agents.lookAtDue(now) },
    { name: 'looking after seeds', everyMilliseconds: 1000, onlyLeader: false, run: now => seeds.lookAfter(now) },
    { name: 'forgetting agents', everyMilliseconds: 3_600_000, onlyLeader: true, run: now => agents.forgetUnseen(now) },
  ]
}

/** With a store of its own each manager writes what it sees; of several that share one, who acts. */
function historyTasks({ history: { recorder }, managers }: Engine): readonly Task[] {
  const onlyLeader = managers === null
  return [
    { name: 'writing down what changed in the topology', everyMilliseconds: 1000, onlyLeader, run: now => recorder.round(now) },
    { name: 'purging the history of the topology', everyMilliseconds: 600_000, onlyLeader, run: async now => void (await recorder.purge(now)) },
  ]
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
