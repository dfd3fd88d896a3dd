import { Discovery } from '../../src/engine/discovery/discovery.ts'
import { discoverySettings } from '../../src/engine/discovery/settings.ts'
import { Execution } from '../../src/engine/execution/execution.ts'
import { executionSettings } from '../../src/engine/execution/settings.ts'
import { SharedLocks } from '../../src/engine/execution/shared-locks.ts'
import { Inventory } from '../../src/engine/inventory/inventory.ts'
import { inventorySettings } from '../../src/engine/inventory/settings.ts'
import { AuditTrail } from '../../src/engine/journal/audit-trail.ts'
import { Journal } from '../../src/engine/journal/journal.ts'
import { RecoveryEngine } from '../../src/engine/recovery/engine.ts'
import { recoverySettings, type RecoverySettings } from '../../src/engine/recovery/settings.ts'
import { defaultValues } from '../../src/kit/setting.ts'
import { defaultAnalysisPolicy } from '../../src/model/analysis/policy.ts'
import type { InstanceKey } from '../../src/model/topology/instance-key.ts'
import type { Log } from '../../src/ports/log.ts'
import type { Processes } from '../../src/ports/processes.ts'
import type { Store } from '../../src/ports/store.ts'
import { type Memory, memoryStore } from './memory-store.ts'
import { SimulatedServers, type SimulatedServersParts } from './simulated-servers.ts'
import { MachineClock, type VirtualClock } from './virtual-clock.ts'

const pollSeconds = 1
const epoch = Date.UTC(2026, 10, 22)
const beatMilliseconds = 1000
const leaseMilliseconds = 5000

export interface ManagerParts extends Omit<SimulatedServersParts, 'now'> {
  readonly clock: VirtualClock
  readonly memory: Memory
  readonly seeds: readonly InstanceKey[]
  readonly recovery: Partial<RecoverySettings>
  readonly tell: (line: string) => void
}

/** One process of the product: the real engine over a simulated world. */
export class Manager {
  readonly clock: MachineClock
  readonly inventory: Inventory
  readonly recovery: RecoveryEngine
  readonly servers: SimulatedServers
  readonly discovery: Discovery
  readonly token: string
  readonly #parts: ManagerParts
  readonly #store: Store
  #isOver = false
  #leads = false
  #beatAt = -Infinity

  constructor(parts: ManagerParts, life: number) {
    this.#parts = parts
    this.token = `${parts.name}-${life}`
    const { memory, random, tell } = parts
    this.clock = new MachineClock(parts.clock, epoch)
    const { clock } = this
    const store = memoryStore(memory, parts.clock, () => this.#isOver)
    this.#store = store
    this.servers = new SimulatedServers({ ...parts, now: () => clock.now() })
    const say = (level: string) => (message: string, facts: object = {}): void => tell(`${this.token} ${level} ${message} ${JSON.stringify(facts)}`)
    const log: Log = { debug: () => undefined, info: say('info'), warning: say('warning'), error: say('error') }
    this.inventory = new Inventory({ clock, log, store, settings: { ...defaultValues(inventorySettings), pollIntervalSeconds: pollSeconds, buffersWrites: true, flushIntervalMilliseconds: 1000 } })
    const audit = new AuditTrail(clock, [entry => { memory.audit.push(entry) }])
    const journal = new Journal({ store, remembered: this.inventory, audit })
    const names = { canonicalName: (host: string) => Promise.resolve(host), addresses: (host: string) => Promise.resolve({ ipv4: host, ipv6: null }) }
    this.discovery = new Discovery({
      servers: this.servers, inventory: this.inventory, names, clock, log, settings: { ...defaultValues(discoverySettings), pollIntervalSeconds: pollSeconds },
      forgetUnseen: () => Promise.resolve(), audit: () => undefined,
    })
    const identity = { hostname: parts.name, token: this.token }
    const shared = new SharedLocks({ store: store.locks, clock, log, process: identity, beat: () => Promise.resolve() })
    const execution = new Execution({ servers: this.servers, clock, log, observer: this.discovery, intents: store.intents, shared, process: identity, waitsForHalfDone: true }, defaultValues(executionSettings))
    const processes: Processes = { run: () => Promise.resolve({ exitCode: 0, signal: null, timedOut: false, output: '', startFailure: null, durationMilliseconds: 1 }) }
    const hex = (bytes: number): string => Array.from({ length: bytes }, () => Math.floor(random() * 256).toString(16).padStart(2, '0')).join('')
    this.recovery = new RecoveryEngine({
      inventory: this.inventory, discovery: this.discovery, servers: this.servers, store, journal, audit, execution, processes, clock, random: { hex, fraction: random }, log,
      analysis: { ...defaultAnalysisPolicy, pollSeconds },
      settings: { ...defaultValues(recoverySettings), pollSeconds, primaryFilters: ['*'], intermediateFilters: ['*'], ...parts.recovery },
      node: { ...identity, owner: 'orchestrator' }, isLeader: () => this.isLeader,
    })
  }

  get isOver(): boolean {
    return this.#isOver
  }

  get isLeader(): boolean {
    return !this.#isOver && this.#leads && this.clock.monotonic() - this.#beatAt < leaseMilliseconds
  }

  async start(): Promise<void> {
    await this.#beat()
    await this.inventory.load()
    this.discovery.start()
    for (const key of this.#parts.seeds) void this.discovery.discover(key)
    await this.recovery.start()
  }

  async #beat(): Promise<void> {
    const at = this.clock.monotonic()
    const { isActive } = await this.#store.node.beat({ hostname: this.#parts.name, token: this.token, startedAt: 0, at: this.clock.now(), version: 'simulated', command: '' })
    this.#leads = isActive
    this.#beatAt = at
    this.clock.after(beatMilliseconds, () => void this.#beat())
  }

  /** kill -9: nothing of it goes on. */
  crash(): void {
    this.#isOver = true
    this.clock.end()
    void this.servers.close()
  }
}
