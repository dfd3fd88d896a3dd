import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { MysqlServers } from '../../../src/adapters/mysql/mysql-servers.ts'
import { type MysqlSettings, mysqlSettings } from '../../../src/adapters/mysql/settings.ts'
import { ShellProcesses } from '../../../src/adapters/processes/shell-processes.ts'
import { openStore } from '../../../src/adapters/store/open-store.ts'
import { storeSettings } from '../../../src/adapters/store/settings.ts'
import { systemClock } from '../../../src/adapters/system/clock.ts'
import { systemRandom } from '../../../src/adapters/system/random.ts'
import { Discovery } from '../../../src/engine/discovery/discovery.ts'
import { discoverySettings } from '../../../src/engine/discovery/settings.ts'
import { Execution } from '../../../src/engine/execution/execution.ts'
import { SharedLocks } from '../../../src/engine/execution/shared-locks.ts'
import { executionSettings } from '../../../src/engine/execution/settings.ts'
import { PseudoGtid } from '../../../src/engine/pseudo-gtid/pseudo-gtid.ts'
import { type PseudoGtidSettings, pseudoGtidSettings } from '../../../src/engine/pseudo-gtid/settings.ts'
import { withPseudoGtid } from '../../../src/engine/pseudo-gtid/with-pseudo-gtid.ts'
import { Inventory } from '../../../src/engine/inventory/inventory.ts'
import { inventorySettings } from '../../../src/engine/inventory/settings.ts'
import { AuditTrail } from '../../../src/engine/journal/audit-trail.ts'
import { Journal } from '../../../src/engine/journal/journal.ts'
import { RecoveryEngine, type RecoveryEvent } from '../../../src/engine/recovery/engine.ts'
import { type RecoverySettings, recoverySettings } from '../../../src/engine/recovery/settings.ts'
import { defaultValues } from '../../../src/kit/setting.ts'
import { type AnalysisPolicy, defaultAnalysisPolicy } from '../../../src/model/analysis/policy.ts'
import type { Recovery } from '../../../src/model/recovery/records.ts'
import type { Instance } from '../../../src/model/topology/instance.ts'
import { type InstanceKey, instanceKey } from '../../../src/model/topology/instance-key.ts'
import type { Log } from '../../../src/ports/log.ts'
import type { Store } from '../../../src/ports/store.ts'
import { accounts } from '../sandbox/accounts.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'

export interface LabWish {
  readonly pollSeconds?: number
  readonly recovery?: Partial<RecoverySettings>
  readonly analysis?: Partial<AnalysisPolicy>
  readonly pseudoGtid?: Partial<PseudoGtidSettings>
  readonly mysql?: Partial<MysqlSettings>
  /** An SQLite file that outlives the lab, to start another manager on it. Default: one of its own. */
  readonly databaseFile?: string
  /** As the program does with -noop. */
  readonly changesNothing?: boolean
  readonly onLog?: (line: string) => void
}

/** For recoveries that stop appliers: one that holds a part of a transaction whose rest is lost waits a minute for it before it stops. */
export const stopsAppliersMilliseconds = 120_000

/** The engine of a manager in this process, over the servers of a sandbox: real servers, real store, real hooks. */
export class Lab {
  readonly sandbox: Sandbox
  readonly store: Store
  readonly inventory: Inventory
  readonly discovery: Discovery
  readonly execution: Execution
  readonly recoveries: RecoveryEngine
  readonly journal: Journal
  readonly servers: MysqlServers
  readonly pseudoGtid: PseudoGtid
  readonly events: { readonly at: number; readonly event: RecoveryEvent }[] = []
  readonly audited: string[] = []
  readonly lines: string[] = []
  readonly #folder: string
  readonly #processes: ShellProcesses
  #isClosed = false

  private constructor(sandbox: Sandbox, store: Store, folder: string, wish: LabWish) {
    const { pollSeconds = 1 } = wish
    this.sandbox = sandbox
    this.store = store
    this.#folder = folder
    const clock = systemClock
    const say = (level: string) => (message: string, facts: object = {}): void => {
      const line = `${level} ${message} ${JSON.stringify(facts)}`
      this.lines.push(line)
      wish.onLog?.(line)
    }
    const log: Log = { debug: () => undefined, info: say('info'), warning: say('warning'), error: say('error') }
    const account = accounts.orchestrator
    this.servers = new MysqlServers({
      settings: { ...defaultValues(mysqlSettings), user: account.user, password: account.password, hostnameFrom: 'none', pollIntervalSeconds: pollSeconds, discoverByShowReplicas: true, ...wish.mysql },
      clock, log,
    })
    this.inventory = new Inventory({ clock, log, store, settings: { ...defaultValues(inventorySettings), pollIntervalSeconds: pollSeconds } })
    const audit = new AuditTrail(clock, [entry => this.audited.push(`${entry.kind} ${entry.key ?? ''} ${entry.message}`)])
    this.journal = new Journal({ store, remembered: this.inventory, audit })
    const names = { canonicalName: (host: string) => Promise.resolve(host), addresses: (host: string) => Promise.resolve({ ipv4: host, ipv6: null }) }
    this.pseudoGtid = new PseudoGtid({
      changesNothing: wish.changesNothing ?? false,
      logs: this.servers, clock, random: systemRandom, log, topology: () => this.inventory.topology, look: key => this.discovery.look(key, 5000, 'full'),
      store: store.pseudoGtid,
    }, { ...defaultValues(pseudoGtidSettings), ...wish.pseudoGtid })
    const matching = withPseudoGtid(this.servers, this.pseudoGtid, key => this.inventory.clusterNameOf(key))
    this.discovery = new Discovery({
      servers: matching, inventory: this.inventory, names, clock, log, settings: { ...defaultValues(discoverySettings), pollIntervalSeconds: pollSeconds },
      forgetUnseen: () => Promise.resolve(), audit: () => undefined,
    })
    const token = systemRandom.hex(32)
    const shared = new SharedLocks({
      store: store.locks, clock, log, process: { hostname: 'lab', token },
      beat: async () => void (await store.node.beat({ hostname: 'lab', token, startedAt: clock.now(), at: clock.now(), version: 'test', command: '' })),
    })
    this.execution = new Execution({ servers: matching, clock, log, observer: this.discovery, intents: store.intents, shared, process: { hostname: 'lab', token }, changesNothing: wish.changesNothing ?? false, waitsForHalfDone: true }, defaultValues(executionSettings))
    this.#processes = new ShellProcesses(process.env)
    this.recoveries = new RecoveryEngine({
      writeWaits: this.servers, transactions: this.servers, inventory: this.inventory, discovery: this.discovery, servers: this.servers, store, journal: this.journal, audit, execution: this.execution,
      processes: this.#processes, clock, random: systemRandom, log, analysis: { ...defaultAnalysisPolicy, pollSeconds, ...wish.analysis },
      settings: { ...defaultValues(recoverySettings), pollSeconds, primaryFilters: ['*'], intermediateFilters: ['*'], ...wish.recovery },
      node: { hostname: 'lab', token, owner: 'orchestrator' }, changesNothing: wish.changesNothing ?? false, isLeader: () => true,
    })
    this.recoveries.onEvent(event => this.events.push({ at: performance.now(), event }))
  }

  /** Starts the manager and waits until it knows every running server of the sandbox and all links between them. */
  static async start(sandbox: Sandbox, wish: LabWish = {}): Promise<Lab> {
    const folder = await mkdtemp(join(tmpdir(), 'orc-lab-'))
    const opened = await openStore({
      settings: { ...defaultValues(storeSettings), backend: 'sqlite', sqliteFile: wish.databaseFile ?? join(folder, 'orchestrator.sqlite3') }, version: 'test', clock: systemClock,
    })
    if (!opened.ok) throw new Error(opened.failure.text)
    const lab = new Lab(sandbox, opened.value, folder, wish)
    await lab.inventory.load()
    lab.discovery.start()
    for (const server of sandbox.servers) if (server.isRunning) await lab.discovery.discover(instanceKey(server.host, server.port))
    await lab.recoveries.start()
    return lab
  }

  key(name: string): InstanceKey {
    const server = this.sandbox.server(name)
    return instanceKey(server.host, server.port)
  }

  instance(name: string): Instance {
    const instance = this.inventory.get(this.key(name))
    if (instance === undefined) throw new Error(`${name} is not known`)
    return instance
  }

  nameOf(key: InstanceKey | null): string {
    return this.sandbox.servers.find(server => instanceKey(server.host, server.port) === key)?.name ?? String(key)
  }

  /** Waits for something to become true; the error says what was waited for. */
  async until(what: string, isTrue: () => boolean | Promise<boolean>, milliseconds = 20_000): Promise<void> {
    const end = performance.now() + milliseconds
    while (performance.now() < end) {
      if (await isTrue()) return
      await sleep(10)
    }
    throw new Error(`not within ${milliseconds} ms: ${what}\n${this.lines.slice(-40).join('\n')}`)
  }

  /** The newest recovery of a server, once it has ended. */
  async recoveryOf(name: string, milliseconds = 20_000): Promise<Recovery> {
    let found: Recovery | undefined
    await this.until(`a recovery of ${name} ends`, async () => {
      found = (await this.store.recoveries.list({ page: 0 })).find(recovery => recovery.key === this.key(name) && recovery.endedAt !== null && !this.recoveries.isUnderWay(recovery.uid))
      return found !== undefined
    }, milliseconds)
    if (found === undefined) throw new Error('unreachable: until has thrown')
    return found
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.recoveries.stop()
    await this.discovery.stop()
    await this.inventory.close()
    await this.servers.close()
    this.#processes.close()
    await this.store.close()
    await rm(this.#folder, { recursive: true, force: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
