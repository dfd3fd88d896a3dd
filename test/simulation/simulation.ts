import { seededRandom } from '../../src/kit/seeded-random.ts'
import { instanceKey, type InstanceKey } from '../../src/model/topology/instance-key.ts'
import { type Acknowledged, Client } from './client.ts'
import { type Fault, faults } from './faults.ts'
import { Manager, type ManagerParts } from './manager.ts'
import { Memory } from './memory-store.ts'
import { MariadbModel } from './mariadb-model.ts'
import { MysqlModel } from './mysql-model.ts'
import { Network } from './network.ts'
import { beginning, PositionModel } from './position-model.ts'
import { VirtualClock } from './virtual-clock.ts'
import { Witness } from './witness.ts'

export interface SimulationWish {
  readonly seed: number
  /** Each line with its time, for a person who looks for the cause. */
  readonly trace?: (line: string) => void
  /** Exactly these faults, by name, instead of drawn ones. */
  readonly faults?: readonly string[]
  /** Servers of this kind instead of a drawn one. */
  readonly flavour?: Flavour
  /** Rows that somebody writes on a replica may be drawn beside whatever else happens. */
  readonly errant?: boolean
}

/** `positions`: MySQL without GTID. */
export type Flavour = 'MySQL' | 'MariaDB' | 'positions'

const models = { MySQL: MysqlModel, MariaDB: MariadbModel, positions: PositionModel } as const
export const flavours: readonly Flavour[] = ['MySQL', 'MariaDB', 'positions']
const [mariadbShare, positionShare] = [0.25, 0.15]

const settlesBy = 6000
const faultsUntil = 26_000
const healsAt = 45_000
export const endsAt = healsAt + 45_000
/** For the only candidate there is to apply what it has received, twice, and some more. */
const longestWait = 700_000
const clientsMax = 3

/** Worlds of seeds found before rows that somebody writes on a replica were drawn, too, stay what they were. */
const drawnOf = (errant: boolean): readonly string[] => Object.keys(faults).filter(name => (errant || name !== 'errant') && !neverDrawn.has(name))
/** Asked for by name. */
const neverDrawn: ReadonlySet<string> = new Set(['moved-just-before'])

interface Running {
  readonly name: string
  manager: Manager
  life: number
}

/** One world: servers, a network, clients, managers and what goes wrong between them; all of it follows from the seed. */
export class Simulation {
  readonly clock = new VirtualClock()
  readonly network: Network
  readonly all = new Map<InstanceKey, MysqlModel>()
  readonly keys: readonly InstanceKey[]
  readonly first: InstanceKey
  readonly memory = new Memory()
  readonly clients: Client[] = []
  readonly managers: Running[] = []
  /** Tokens of processes that were killed. */
  readonly ended = new Set<string>()
  readonly witness: Witness
  readonly policy: 'none' | 'semi-sync'
  readonly flavour: Flavour
  readonly plan: readonly { readonly at: number; readonly fault: Fault }[]
  lossShare = 0
  readonly #random: () => number
  readonly #tell: (line: string) => void
  #row = 0

  constructor({ seed, trace, faults: wanted, flavour, errant = false }: SimulationWish) {
    this.#random = seededRandom(seed)
    const random = this.#random
    const pick = (count: number): number => Math.floor(random() * count)
    this.#tell = line => trace?.(`${(this.clock.at / 1000).toFixed(3).padStart(8)} ${line}`)
    this.network = new Network(random)
    // Drawn apart, so that what else happens in a world does not depend on it.
    const kind = seededRandom(seed ^ 0x5bd1e995)()
    this.flavour = flavour ?? (kind < mariadbShare ? 'MariaDB' : kind < mariadbShare + positionShare ? 'positions' : 'MySQL')
    const Model = models[this.flavour]
    // Nobody is promoted by positions where acknowledged writes are promised: they prove nothing.
    const wantsSemiSync = pick(2) === 0
    this.policy = wantsSemiSync && this.flavour !== 'positions' ? 'semi-sync' : 'none'
    const count = 3 + pick(3)
    this.keys = Array.from({ length: count }, (_, index) => instanceKey(`db${index + 1}`, 3306))
    this.first = this.keys[0] ?? instanceKey('db1', 3306)
    const relayLogRecovery = false
    // As MySQL comes: a heartbeat every 30 s, and no grant that tells when something was last heard.
    const asItComes = pick(2) === 0
    for (const [index, key] of this.keys.entries()) {
      const uuid = `${String(index + 1).repeat(8)}-0000-0000-0000-000000000000`
      const options = { connectRetrySeconds: 1 + pick(3), retryCount: 10 + pick(100), heartbeatSeconds: asItComes ? 30 : 1 + pick(3), tls: pick(2) === 0 }
      const configuration = { readOnly: index > 0, semiSync: this.policy === 'semi-sync', relayLogRecovery, netTimeoutMilliseconds: asItComes ? 60_000 : 10_000, tellsWhenHeard: !asItComes }
      this.all.set(key, new Model(key, uuid, configuration, options, { clock: this.clock, network: this.network, random, find: other => this.all.get(other) }))
    }
    // Mostly a star; now and then one replica below another. A semi-sync source counts its own replicas only.
    for (const [index, key] of this.keys.entries()) {
      const model = this.all.get(key)
      if (index === 0 || model === undefined) continue
      const above = index > 2 && pick(3) === 0 ? this.keys[1 + pick(index - 1)] : this.first
      if (model instanceof MariadbModel) {
        model.follow(above ?? this.first, false)
        model.startBoth()
      } else {
        if (model instanceof PositionModel) model.followAt(above ?? this.first, beginning)
        else model.changeSource(above ?? this.first, { namesAutoPosition: true })
        model.startReceiver()
        model.startApplier()
      }
    }
    this.witness = new Witness(this.clock, this.all, line => this.#tell(`    step ${line}`))
    for (let index = 0; index < 1 + pick(clientsMax); index += 1) {
      this.clients.push(new Client(`client${index + 1}`, this.first, { all: this.all, clock: this.clock, network: this.network, random, nextRow: () => ++this.#row }))
    }
    for (let index = 0; index < 1 + pick(2); index += 1) this.managers.push(this.#newManager(`manager${index + 1}`))
    const drawn = drawnOf(errant)
    const names = wanted ?? Array.from({ length: 1 + pick(4) }, () => drawn[pick(drawn.length)] ?? 'kill')
    this.plan = names.map(name => ({ at: settlesBy + pick(faultsUntil - settlesBy), fault: made(name)(this, pick) })).sort((left, right) => left.at - right.at)
  }

  /** Every end of the network. */
  get places(): readonly string[] {
    return [...this.keys, ...this.clients.map(({ name }) => name), ...this.managers.map(({ name }) => name)]
  }

  get acknowledged(): readonly Acknowledged[] {
    return this.clients.flatMap(({ acknowledged }) => acknowledged).sort((left, right) => left.at - right.at)
  }

  get leader(): Manager | undefined {
    return this.managers.find(({ manager }) => manager.isLeader)?.manager
  }

  async run(): Promise<void> {
    for (const { manager } of this.managers) void manager.start()
    const heals: (() => void)[] = []
    for (const { at, fault } of this.plan) {
      this.clock.after(at, () => {
        this.#tell(`FAULT ${fault.says}`)
        heals.push(fault.begin(this))
      })
    }
    this.clock.after(healsAt, () => {
      this.#tell('everything heals')
      for (const heal of heals) heal()
      for (const server of this.all.values()) {
        server.goOn()
        server.start()
      }
    })
    await this.clock.runTo(endsAt)
    for (const client of this.clients) client.stop()
    // What is on its way arrives; whoever waits for an applier, as its plan says how long, comes to its end.
    await this.clock.runTo(endsAt + 3000)
    while (this.clock.at < endsAt + longestWait && this.#isAtWork()) await this.clock.runTo(this.clock.at + 10_000)
  }

  #isAtWork(): boolean {
    return this.memory.recoveries.some(({ endedAt }) => endedAt === null) || this.memory.intents.some(({ endedAs }) => endedAs === null)
  }

  /** The manager ends as if its machine had, and another process of it starts later. */
  killManager(index: number, milliseconds: number): () => void {
    const running = this.managers[index]
    // One that is dead already is not killed again: it comes back when the first killing says.
    if (running === undefined || running.manager.isOver) return () => {}
    running.manager.crash()
    this.ended.add(running.manager.token)
    this.clock.after(milliseconds, () => {
      running.life += 1
      running.manager = this.#newManager(running.name, running.life).manager
      void running.manager.start()
    })
    return () => {}
  }

  takeover(designated: InstanceKey): void {
    const { leader } = this
    const cluster = [...(leader?.inventory.topology.clusters.keys() ?? [])][0]
    if (leader === undefined || cluster === undefined) return
    void leader.recovery.gracefulTakeover(cluster, { designated, auto: true, by: 'ann' })
      .then(taken => this.#tell(`takeover: ${taken.ok ? 'done' : taken.failure.text}`))
  }

  #newManager(name: string, life = 1): Running {
    const parts: ManagerParts = {
      all: this.all, clock: this.clock, network: this.network, random: this.#random, witness: this.witness, name, memory: this.memory, seeds: this.keys.slice(0, 1),
      lossShare: () => this.lossShare, tell: line => this.#tell(line), recovery: this.policy === 'semi-sync' ? { durability: { '*': 'semi-sync' } } : {},
    }
    return { name, manager: new Manager(parts, life), life }
  }
}

function made(name: string): (typeof faults)[string] {
  const make = faults[name]
  if (make === undefined) throw new Error(`'${name}' is no fault; there are ${Object.keys(faults).join(', ')}`)
  return make
}
