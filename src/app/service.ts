import { randomInt } from 'node:crypto'
import type { CurrentSettings } from '../config/current-settings.ts'
import { Housekeeping } from '../engine/housekeeping/housekeeping.ts'
import { Changes } from '../http/live/changes.ts'
import { LiveStream } from '../http/live/stream.ts'
import type { Listening } from '../http/server.ts'
import { takeLifeLock } from '../adapters/store/dialects/sqlite/life-lock.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { LineSink } from '../adapters/system/line-sink.ts'
import { fail, ok, type Result } from '../kit/result.ts'
import type { Log } from '../ports/log.ts'
import { buildEngine } from './engine.ts'
import { renewTls } from './http-security.ts'
import { parseListenAddress } from './listen-address.ts'
import { listen, listenForAgentsOf } from './listen.ts'
import { errorLine } from './logs.ts'
import { startMonitoring } from './metrics.ts'
import { ownHour } from './own-hour.ts'
import { meView } from './self-views.ts'
import { tasksOf } from './tasks.ts'
import { tellOfOthers, tellPages } from './tell-pages.ts'

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
  tellPages(engine, stream)
  tellOfOthers(engine, stream, log)
  const housekeeping = new Housekeeping({ clock: systemClock, log, isLeader: () => engine.isLeader() }, tasksOf(engine, { settings, log, changesNothing, own }))
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
