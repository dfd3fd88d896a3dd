import { MysqlServers } from '../adapters/mysql/mysql-servers.ts'
import { mysqlSettings } from '../adapters/mysql/settings.ts'
import { ShellProcesses } from '../adapters/processes/shell-processes.ts'
import { openStore } from '../adapters/store/open-store.ts'
import { storeSettings } from '../adapters/store/settings.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { systemNames } from '../adapters/system/names.ts'
import { systemRandom } from '../adapters/system/random.ts'
import type { CurrentSettings } from '../config/current-settings.ts'
import type { Settings } from '../config/settings.ts'
import { Discovery } from '../engine/discovery/discovery.ts'
import { discoverySettings } from '../engine/discovery/settings.ts'
import { Execution } from '../engine/execution/execution.ts'
import { SharedLocks } from '../engine/execution/shared-locks.ts'
import { executionSettings, virtualNameSettings } from '../engine/execution/settings.ts'
import { type VirtualNameUse, withVirtualNames } from '../engine/execution/virtual-names.ts'
import { Equivalences } from '../engine/positions/equivalences.ts'
import { withEquivalences } from '../engine/positions/with-equivalences.ts'
import { PseudoGtid } from '../engine/pseudo-gtid/pseudo-gtid.ts'
import { pseudoGtidSettings } from '../engine/pseudo-gtid/settings.ts'
import { withPseudoGtid } from '../engine/pseudo-gtid/with-pseudo-gtid.ts'
import { SharedStoreFollower } from '../engine/group/shared-store-follower.ts'
import { HistoryReader } from '../engine/history/reader.ts'
import { HistoryRecorder } from '../engine/history/recorder.ts'
import { historySettings } from '../engine/history/settings.ts'
import { Inventory } from '../engine/inventory/inventory.ts'
import { inventorySettings } from '../engine/inventory/settings.ts'
import { AuditTrail } from '../engine/journal/audit-trail.ts'
import { AtOnce, Journal } from '../engine/journal/journal.ts'
import { outlastingProposer, outlastingStore } from '../engine/journal/outlasting-store.ts'
import { storeByCommands } from '../engine/journal/store-by-commands.ts'
import { WaitingWrites } from '../engine/journal/waiting-writes.ts'
import { countedStore } from '../engine/metrics/counted-store.ts'
import { Tally } from '../engine/metrics/tally.ts'
import type { AgentParts } from '../engine/operations/agent-parts.ts'
import { readOnce } from '../engine/operations/configuration-parts.ts'
import { CurrentFindings } from '../engine/operations/current-findings.ts'
import type { Operations } from '../engine/operations/operations.ts'
import { RecentRecoveries } from '../engine/operations/recent-recoveries.ts'
import { Views } from '../engine/operations/views/views.ts'
import type { Publisher } from '../engine/publication/publisher.ts'
import { RecoveryEngine } from '../engine/recovery/engine.ts'
import { recoverySettings } from '../engine/recovery/settings.ts'
import { derived } from '../kit/derived.ts'
import { settingValues } from '../kit/setting.ts'
import { fail, ok, type Result } from '../kit/result.ts'
import type { GroupStanding } from '../ports/group.ts'
import type { Log } from '../ports/log.ts'
import type { Store } from '../ports/store.ts'
import type { Problem } from '../config/problem.ts'
import { etcdSettings } from '../adapters/etcd/settings.ts'
import { raftSettings } from '../engine/group/settings.ts'
import { ActingDuty, type Duty } from './acting-duty.ts'
import { buildAgents } from './agents.ts'
import { auditPlaces } from './audit-places.ts'
import { type EtcdManagers, openEtcd } from './etcd-managers.ts'
import { agreementIn, answerWhatIsSeen, confirmedBy, laterProposer, memberDuty, openRaft, type RaftManagers, watchReach } from './group.ts'
import { NodeStandingKeeper } from './node-health.ts'
import { systemLog } from './logs.ts'
import { newIdentity, type NodeIdentity } from './node-identity.ts'
import { buildOperations } from './operations.ts'
import { analysisPolicy } from './policies.ts'
import { buildPublisher } from './publication.ts'
import { reloading } from './reloading.ts'
import { loadRemembered } from './remembered.ts'
import { appSettings, type AppSettings } from './settings.ts'
import { unledOutlook } from './unled-outlook.ts'
import { version } from './version.ts'

export interface EngineRequest {
  readonly settings: Settings
  readonly log: Log
  /** '' for the service that polls and recovers; anything else never stands for election. */
  readonly command: string
  /** How the names that people registered for hosts are used. */
  readonly virtualNames?: VirtualNameUse
  /** What is said before the program ends, because it cannot go on; a process that is no member of a group has none. */
  readonly fatal?: (text: string) => void
  /** The files can be read again; a process that does one thing and ends has read them once. */
  readonly current?: CurrentSettings
  /** What reading the configuration remarked, for the doctor. */
  readonly warnings?: readonly Problem[]
  /** -noop: no server is changed. */
  readonly changesNothing?: boolean
}

/** Every part below http and cli, joined; nothing polls yet. */
export interface Engine {
  readonly app: AppSettings
  readonly identity: NodeIdentity
  readonly store: Store
  readonly inventory: Inventory
  /** What has happened and is not written yet, because the store fails. */
  readonly waitingWrites: Pick<WaitingWrites, 'status'>
  readonly discovery: Discovery
  readonly recovery: RecoveryEngine
  readonly journal: Journal
  readonly audit: AuditTrail
  /** What is counted for monitoring where it happens. */
  readonly tally: Tally
  readonly servers: Pick<MysqlServers, 'tlsCounts'>
  readonly findings: CurrentFindings
  readonly recent: RecentRecoveries
  readonly operations: Operations
  readonly views: Views
  readonly history: { readonly recorder: HistoryRecorder; readonly reader: HistoryReader }
  readonly standing: NodeStandingKeeper
  /** This process is one of several that are one by Raft or etcd, each with a database of its own; null: it is not. */
  readonly managers: RaftManagers | EtcdManagers | null
  /** This process acts for all. */
  isLeader(): boolean
  /** The name of whoever acts for all; '' when nobody is known to. */
  leaderName(): string
  readonly follower: SharedStoreFollower
  readonly duty: Duty
  readonly publisher: Publisher
  readonly pseudoGtid: PseudoGtid
  readonly equivalences: Equivalences
  /** Null: settings say that no agents are served. */
  readonly agents: AgentParts
  close(): Promise<void>
}

/** Reading a server before its logs are walked. */
const pseudoGtidLookMilliseconds = 5000

/** Opens the store, loads what is remembered, and builds every part once. The failure is a sentence for the operator. */
export async function buildEngine(request: EngineRequest): Promise<Result<Engine, string>> {
  const { settings, log, command, warnings = [], virtualNames = 'checked', changesNothing = false, fatal } = request
  const clock = systemClock
  const app = settingValues(appSettings, settings)
  const opened = await openStore({ settings: settingValues(storeSettings, settings), version, clock })
  if (!opened.ok) return fail(opened.failure.text)
  const tally = new Tally()
  const own = countedStore(opened.value, tally)
  const member = settingValues(raftSettings, settings)
  const etcd = settingValues(etcdSettings, settings)
  const byEtcd = (etcd.endpoints ?? []).length > 0
  const isMember = (member.isOn || byEtcd) && fatal !== undefined
  let managers: RaftManagers | EtcdManagers | null = null
  const isLeader = (): boolean => (isMember ? managers !== null && managers.group.isLeader() : standing.isLeader())
  const written = storeByCommands({
    store: own, journal: () => journal, clock,
    group: isMember ? { isLeader: () => isLeader(), confirm: () => confirmedBy(managers) } : null,
    suggestAgainMilliseconds: () => (app.candidateExpireMinutes * 60_000) / 3,
  })
  const waitingWrites: WaitingWrites = new WaitingWrites({ clock, log, works: () => standing.beat(clock.now()) })
  const isAlone = !isMember && !own.election.isShared
  const store = outlastingStore(written, waitingWrites, isMember ? 'member' : isAlone ? 'alone' : 'shared')
  const identity = newIdentity(clock.now())
  const inventory = new Inventory({ clock, log, store, settings: settingValues(inventorySettings, settings) })
  const names = await loadRemembered(own, inventory, isMember ? null : identity.token)
  if (!names.ok) {
    await store.close()
    return names
  }
  const agents = buildAgents({
    settings, store, clock, log, changesNothing, audit: (...entry) => auditLine(...entry), discover: key => discovery.discover(key), isLeader: () => isLeader(),
  })
  if (!agents.ok) {
    await store.close()
    return agents
  }
  const audit = new AuditTrail(clock, auditPlaces({ settings: app, store, log, systemLog }))
  const atOnce = new AtOnce({ store: own, remembered: inventory, audit, servers: null, adopt: null })
  const journal: Journal = new Journal({ store: own, remembered: inventory, audit }, isMember ? laterProposer(() => managers) : atOnce)
  const journalOfRecoveries = isAlone ? new Journal({ store: own, remembered: inventory, audit }, outlastingProposer(atOnce, waitingWrites)) : journal
  if (isMember) {
    const { ListenAddress: listenAddress, UseSSL: usesTls } = settings
    const wish = { listenAddress, usesTls, about: { version, backend: settings.BackendDB.includes('sqlite') ? 'sqlite' : 'mysql' }, store: own, inventory, audit, clock, random: systemRandom, log, fatal }
    const joined = byEtcd ? openEtcd({ ...wish, settings: etcd }) : await openRaft({ ...wish, settings: member })
    if (!joined.ok) {
      await store.close()
      return joined
    }
    managers = joined.value
  }
  const servers = new MysqlServers({ settings: settingValues(mysqlSettings, settings), clock, log })
  const pseudoGtid: PseudoGtid = new PseudoGtid({
    logs: servers, clock, random: systemRandom, log, topology: () => inventory.topology, look: key => discovery.look(key, pseudoGtidLookMilliseconds, 'full'),
    store: store.pseudoGtid, changesNothing,
  }, settingValues(pseudoGtidSettings, settings))
  await pseudoGtid.load().catch((error: unknown) => log.error('what is known of Pseudo-GTID could not be read', { text: String(error) }))
  const matching = withPseudoGtid(servers, pseudoGtid, key => inventory.clusterNameOf(key))
  const auditLine = (kind: string, key: Parameters<Inventory['clusterNameOf']>[0] | null, message: string): void =>
    audit.write(kind, key, key === null ? '' : inventory.clusterNameOf(key), message)
  const discovery: Discovery = new Discovery({
    servers: matching, inventory, names: systemNames, clock, log, settings: settingValues(discoverySettings, settings), audit: auditLine,
    writeName: name => void store.hostNames.resolve(name).catch((error: unknown) =>
      log.error('a host name could not be stored', { host: name.host, text: String(error) })),
    forgetUnseen: async keys => { if (!isMember || isLeader()) await journal.propose({ do: 'forget', keys, kind: 'forget-unseen' }) },
  })
  discovery.hostNames.take(names.value)
  const virtualNameChecks = settingValues(virtualNameSettings, settings)
  const equivalences = new Equivalences({ store: store.equivalences, clock, log })
  await equivalences.load().catch((error: unknown) => log.error('what is known of equal positions could not be read', { text: String(error) }))
  const noting = withEquivalences(matching, pair => equivalences.note(pair))
  const pointed = withVirtualNames(noting, {
    clock, trustsBinlogServers: () => virtualNameChecks.skipBinlogServerUnresolveCheck, use: virtualNames, get: key => inventory.get(key), learn: name => discovery.hostNames.take([name]),
  })
  const standing = new NodeStandingKeeper(store, clock, identity, command, log, () => duty.takeUp())
  const shared = new SharedLocks({ store: store.locks, clock, log, process: identity, beat: () => standing.beat(clock.now()) })
  const execution = new Execution({
    servers: pointed, clock, log, observer: discovery, intents: store.intents, shared, process: identity, changesNothing, waitsForHalfDone: command === '',
    ...(isMember ? { confirm: () => confirmedBy(managers) } : {}),
  }, settingValues(executionSettings, settings))
  const processes = new ShellProcesses(process.env)
  const publisher = buildPublisher({ settings, store, log, changesNothing, topology: () => inventory.topology, isLeader })
  const analysis = derived(app, analysisPolicy)
  const recovery = new RecoveryEngine({
    publication: publisher, writeWaits: servers, transactions: servers, inventory, discovery, servers, store, journal: journalOfRecoveries, audit, execution, processes, clock,
    random: systemRandom, log, settings: settingValues(recoverySettings, settings), get analysis() { return analysis() },
    node: { hostname: identity.hostname, token: identity.token, owner: identity.hostname }, changesNothing, isLeader,
    ...(managers === null || !member.needsAgreement ? {} : { agreement: agreementIn(managers.group, clock) }),
  })
  request.current?.onReload(() => inventory.settingsChanged())
  const configuration = request.current === undefined ? readOnce : reloading(request.current, log, message => auditLine('reload-configuration', null, message))
  const groupStanding = (): GroupStanding => (managers === null ? standing.group.standing() : managers.group.standing())
  const findings = new CurrentFindings({
    findings: () => recovery.findings(), since: finding => recovery.since(finding),
    // A process that does one thing and ends asks nobody who leads.
    outlook: finding => (command === '' ? unledOutlook(recovery.outlook(finding), groupStanding()) : recovery.outlook(finding)),
  }, () => inventory.topology, clock)
  const recent = new RecentRecoveries(store)
  if (managers !== null) answerWhatIsSeen(managers.group, { findings, inventory, discovery, clock })
  const stopWatchingReach = managers === null ? null : watchReach(managers.group, { inventory, clock, log })
  const follower: SharedStoreFollower = new SharedStoreFollower({
    store, remembered: inventory, readRecoveries: () => recovery.readAgain(), readRecent: () => recent.load(), isPassive: () => !duty.isOn,
  })
  const duty: Duty = managers !== null
    ? memberDuty(discovery, recovery)
    : new ActingDuty({ group: standing.group, discovery, recovery, inventory, follower, clock, log })
  const operations = buildOperations({
    settings, app, warnings: () => request.current?.loaded.warnings ?? warnings, configuration, clock, log, inventory, store, journal, execution, recovery, discovery, servers, pointed, processes, managers, publisher,
    findings, recent, pseudoGtid, equivalences, standing, isLeader, auditLine, agents: agents.value, waitingWrites,
  })
  const views = new Views(operations.parts, recent)
  const kept = settingValues(historySettings, settings)
  const history = {
    recorder: new HistoryRecorder({
      store: store.history, log, settings: kept, hostname: identity.hostname,
      world: { keys: () => inventory.keys(), describe: key => views.past(inventory.topology, key), checkedAt: key => inventory.get(key)?.check.lastCheckedAt ?? null },
    }),
    reader: new HistoryReader({ store: store.history, clock, settings: kept }),
  }
  const close = async (): Promise<void> => {
    stopWatchingReach?.()
    await standing.group.close()
    publisher.close()
    await agents.value?.seeds.close()
    await managers?.close()
    await discovery.stop()
    processes.close()
    await servers.close()
    await history.recorder.close(clock.now()).catch((error: unknown) => log.warning('the end of the history could not be written', { text: String(error) }))
    await inventory.close()
    await waitingWrites.close()
    await store.close()
  }
  const leaderName = (): string => (managers === null ? standing.leaderName : (managers.group.standing().leader?.name ?? ''))
  return ok({
    app, identity, store, inventory, waitingWrites, discovery, recovery, journal, audit, tally, servers, findings, recent, operations, views, history, standing, managers, isLeader, leaderName,
    follower, duty, publisher, pseudoGtid, equivalences, agents: agents.value, close,
  })
}
