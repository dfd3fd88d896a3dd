import type { PrometheusFigure } from '../adapters/metrics/prometheus.ts'
import { graphiteSettings } from '../adapters/metrics/settings.ts'
import { startGraphite } from '../adapters/metrics/graphite.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { discoverySettings } from '../engine/discovery/settings.ts'
import { figureList, figures as figureTable } from '../contract/figures.ts'
import { measureList, type MeasureName } from '../contract/measures.ts'
import type { Settings } from '../config/settings.ts'
import { Figures } from '../engine/metrics/figures.ts'
import { level, type Level, type Measures } from '../engine/metrics/measures.ts'
import { RecoveryWatch } from '../engine/metrics/recovery-watch.ts'
import { storeWatch } from '../engine/metrics/store-watch.ts'
import type { Requested } from '../http/requested.ts'
import type { MonitoringParts } from '../http/monitoring-routes.ts'
import { settingValues } from '../kit/setting.ts'
import type { Log } from '../ports/log.ts'
import type { Engine } from './engine.ts'
import { memoryFigures } from './memory-figures.ts'
import { version } from './version.ts'

export interface Monitoring {
  readonly parts: MonitoringParts
  requested(request: Requested): void
  stop(): void
}

/** What happens between two looks at what the store has written stays within what it keeps of it. */
const storeLookMilliseconds = 2000
const prefix = 'orchestrator_'

/** From here on everything is counted and measured, and Graphite is told where it is configured. */
export async function startMonitoring(engine: Engine, settings: Settings, log: Log): Promise<Monitoring> {
  // Commands need no figures: only a service loads this.
  const { Prometheus } = await import('../adapters/metrics/prometheus.ts')
  const prometheus = new Prometheus([...formerNames, ...ownNames])
  const measured: Measures = { note: (name, labels, value) => prometheus.note(prefix + name, labels, value) }
  const recoveries = new RecoveryWatch(engine.tally, measured)
  const figures = figuresOf(engine, settings, recoveries)
  const stops = [listen(engine, recoveries, measured, log)]
  const store = storeWatch(engine.store, engine.inventory, systemClock, measured)
  const look = setInterval(() => store.look(), storeLookMilliseconds)
  look.unref()
  const graphite = startGraphite({
    settings: settingValues(graphiteSettings, settings), hostname: engine.identity.hostname, clock: systemClock, log,
    figures: () => [...figures.all()].map(([name, value]) => ({ name, kind: figureTable[name].kind, value })),
  })
  const memory = memoryFigures()
  stops.push(() => clearInterval(look), () => graphite?.stop(), () => memory.stop())
  const prometheusText = async (): Promise<string> => {
    store.look()
    const levels = [...figures.all()].map(([name, value]) => ({ name: formerName(name), labels: {}, value }))
    prometheus.set(formerNames.map(({ name }) => name), levels)
    prometheus.set(levelNames.map(name => prefix + name), levelsOf(engine).map(({ name, labels, value }) => ({ name: prefix + name, labels, value })))
    return prometheus.text()
  }
  return {
    parts: { figures: () => figures.all(), commandLine: process.argv.slice(1), memory: () => memory.read(), prometheus: { contentType: prometheus.contentType, text: prometheusText } },
    requested: ({ method, status, milliseconds }) => {
      measured.note('http_requests_total', { method: knownMethods.has(method) ? method : 'other', status: String(status) }, 1)
      measured.note('http_request_seconds', {}, milliseconds / 1000)
    },
    stop: () => { for (const stop of stops) stop() },
  }
}

const knownMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'])

/** `discoveries.queue_length` → `orchestrator_discoveries_queue_length` */
const formerName = (name: string): string => prefix + name.replaceAll('.', '_')
const formerNames: readonly PrometheusFigure[] = figureList.map(([name, { kind, says }]) => ({ name: formerName(name), kind, says, labels: [] }))
const ownNames: readonly PrometheusFigure[] = measureList.map(([name, facts]) => ({ ...facts, name: prefix + name }))
/** Those that are asked when somebody looks. */
const levelNames: readonly MeasureName[] = measureList.filter(([name, { kind }]) => kind === 'gauge' || name === 'cpu_seconds_total').map(([name]) => name)

function figuresOf(engine: Engine, settings: Settings, recoveries: RecoveryWatch): Figures {
  const { tally, discovery, servers, standing, managers } = engine
  const flag = (is: boolean): number => (is ? 1 : 0)
  const recentMilliseconds = (): number => engine.app.pollSeconds * 1000
  return new Figures({
    tally, hasDeadQueue: settingValues(discoverySettings, settings).deadMaxConcurrency > 0,
    gauges: {
      'discoveries.queue_length': () => discovery.status.queued,
      'discoveries.recent_count': () => new Set(discovery.metrics.since(systemClock.now() - recentMilliseconds()).map(({ key }) => key)).size,
      'discoveries.dead_instances_queue_length': () => discovery.status.deadQueued,
      'elect.is_elected': () => flag(engine.isLeader()),
      'health.is_healthy': () => flag(standing.isWritten),
      'raft.is_healthy': () => flag(managers !== null && managers.group.standing().isPartOfQuorum),
      'raft.is_leader': () => flag(engine.isLeader()),
      'recover.pending': () => recoveries.underWay,
    },
    counters: {
      'discoveries.attempt': () => discovery.status.attempts, 'discoveries.fail': () => discovery.status.failures, 'discoveries.dead_instances': () => discovery.status.deaths,
      'resolve.read_resolved': () => discovery.hostNames.lookups,
      'instance_tls.read': () => servers.tlsCounts.unknown, 'instance_tls.read_cache': () => servers.tlsCounts.asked,
      'instance_tls.write': () => servers.tlsCounts.noted, 'instance_tls.write_cache': () => servers.tlsCounts.noted,
    },
  })
}

/** Whatever happens is counted. The answer ends it. */
function listen({ tally, discovery, recovery, audit, app }: Engine, recoveries: RecoveryWatch, measured: Measures, log: Log): () => void {
  const ends = [
    discovery.metrics.onReading(({ key, serverMilliseconds, failure }, kind) => {
      tally.count('instance.read_topology')
      measured.note('probe_seconds', { outcome: failure === null ? 'ok' : 'failed' }, serverMilliseconds / 1000)
      if (kind !== null) measured.note('probe_failures_total', { kind }, 1)
      if (kind === 'access-denied') tally.count('instance.access_denied')
      if (serverMilliseconds <= app.pollSeconds * 1000) return
      tally.count('discoveries.instance_poll_seconds_exceeded')
      log.warning(`discoverInstance exceeded InstancePollSeconds for ${key}, took ${(serverMilliseconds / 1000).toFixed(4)}s`)
    }),
    recovery.onEvent(event => {
      if (event.event === 'recovery') recoveries.recovery(event.recovery)
      else if (event.event === 'step') recoveries.step(event.step)
      else recoveries.detected(event.detection)
    }),
    audit.onEntry(({ kind }) => {
      tally.count('audit.write')
      measured.note('audited_total', { type: kind }, 1)
    }),
  ]
  return () => { for (const end of ends) end() }
}

/** How much there is now of everything that Prometheus alone is told. */
function levelsOf({ findings, inventory, discovery, managers, operations, identity, waitingWrites }: Engine): readonly Level[] {
  const { topology, saveStatus } = inventory
  const { active, queued, deadQueued, dead } = discovery.status
  const byCode = Map.groupBy(findings.list().filter(({ code }) => code !== 'NoProblem'), ({ code }) => code)
  const group = managers?.group.standing() ?? operations.parts.group.standing()
  const heard = Map.groupBy(group.members, ({ isHeard }) => (isHeard === null ? 'unknown' : isHeard ? 'yes' : 'no'))
  const { user, system } = process.cpuUsage()
  const places: readonly (keyof NonNullable<typeof group.log>)[] = ['last', 'committed', 'applied', 'snapshot']
  return [
    ...[...byCode].map(([code, of]) => level('findings', { code }, of.length)),
    level('servers', {}, topology.instances.size), level('clusters', {}, topology.clusters.size), level('dead_servers', {}, dead),
    level('recoveries_enabled', {}, topology.decisions.recoveriesDisabled === null ? 1 : 0),
    level('polls', { state: 'active' }, active), level('polls', { state: 'queued' }, queued), level('polls', { state: 'dead_queued' }, deadQueued),
    level('store_failing', {}, saveStatus.failing === null ? 0 : 1), level('store_pending_records', {}, saveStatus.waiting),
    level('store_waiting_rows', {}, waitingWrites.status.waiting), level('store_lost_rows', {}, waitingWrites.status.dropped),
    level('group_term', { mode: group.mode }, group.term), level('group_state', { state: group.state }, 1),
    ...[...heard].map(([is, of]) => level('group_members', { heard: is }, of.length)),
    ...(group.log === null ? [] : places.map(place => level('group_log_entry', { place }, group.log?.[place] ?? 0))),
    level('resident_memory_bytes', {}, process.memoryUsage.rss()), level('cpu_seconds_total', {}, (user + system) / 1e6),
    level('start_time_seconds', {}, identity.startedAt / 1000), level('info', { version, node: identity.hostname }, 1),
  ]
}
