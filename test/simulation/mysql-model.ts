import type { InstanceKey } from '../../src/model/topology/instance-key.ts'
import type { Network } from './network.ts'
import { Numbers } from './numbers.ts'
import type { VirtualClock } from './virtual-clock.ts'

export interface Transaction {
  readonly origin: string
  readonly number: number
  /** What a client wrote; null for an empty one. */
  readonly row: number | null
  /** One more than the last one that its server had: what MariaDB counts by. */
  readonly sequence: number
}

/** What a statement came to: an error number with its text, or nothing. */
export type Answer = { readonly ok: true } | { readonly ok: false; readonly number: number; readonly text: string }

export const done: Answer = { ok: true }
export const refused = (number: number, text: string): Answer => ({ ok: false, number, text })

/** A replication channel. */
export interface Channel {
  source: InstanceKey | null
  autoPosition: boolean
  receiver: 'stopped' | 'connecting' | 'running'
  receiverError: { readonly number: number; readonly text: string }
  applier: 'stopped' | 'running'
  applierError: { readonly number: number; readonly text: string }
  /** Received and not applied, in order: the relay log. */
  relay: Transaction[]
  /** Received since the last change of the source that emptied the relay log. */
  retrieved: Numbers
  lastHeardAt: number
  delaySeconds: number
  /** Options that nothing but a person changes. */
  readonly options: { readonly connectRetrySeconds: number; readonly retryCount: number; readonly heartbeatSeconds: number; readonly tls: boolean }
}

interface Waiter {
  readonly transaction: Transaction
  readonly by: Set<InstanceKey>
  readonly committed: () => void
  readonly lost: () => void
}

export interface Configuration {
  /** What it is after a restart. */
  readonly readOnly: boolean
  readonly semiSync: boolean
  /** relay_log_recovery: a restart throws away what was received and not applied. */
  readonly relayLogRecovery: boolean
  readonly netTimeoutMilliseconds: number
  /** We may read when its receiver last heard something. */
  readonly tellsWhenHeard: boolean
}

/** Finds another server by its key; who reaches whom is asked of the network. */
export type Find = (key: InstanceKey) => MysqlModel | undefined

const applyMilliseconds = 0.4
/** Between two tries of TCP to a source that gives no answer. */
const vainMilliseconds = 100
/** How late events of a healthy applier come at most, at random. */
const applyJitterMilliseconds = 2

/**
 * A MySQL 9.7 as far as failover is concerned: binary log, GTID sets, relay log, both threads, semi-sync, read-only, crash and restart. What it does is
 * measured on real servers (docs, "Never lose what a server holds") and compared with one in test/integration/mysql-model.test.ts.
 */
export class MysqlModel {
  readonly key: InstanceKey
  readonly uuid: string
  readonly configuration: Configuration
  state: 'up' | 'down' | 'hung' = 'up'
  /** Counts starts: what belongs to an earlier life is over. */
  life = 1
  readOnly: boolean
  superReadOnly: boolean
  readonly executed = new Numbers()
  readonly log: Transaction[] = []
  readonly rows = new Set<number>()
  semiSyncSource: boolean
  semiSyncReplica: boolean
  channel: Channel
  /** Milliseconds more for each transaction that it applies. */
  applierSlowness = 0
  readonly #clock: VirtualClock
  readonly #network: Network
  readonly #random: () => number
  readonly #find: Find
  readonly #waiting: Waiter[] = []
  readonly #onEnd: ((key: InstanceKey) => void)[] = []
  /** Which receiver is meant: a stopped one that was started again is another. */
  #receiverRun = 0
  /** It connects to a source that gives no answer. */
  #isInVain = false
  #isStopping = false
  #isApplying = false
  #isReceiving = false
  /** Taken by the receiver when it connected: it acknowledges from then on. */
  #acknowledges = false
  #readFrom = 0

  constructor(key: InstanceKey, uuid: string, configuration: Configuration, options: Channel['options'], world: { clock: VirtualClock; network: Network; random: () => number; find: Find }) {
    this.key = key
    this.uuid = uuid
    this.configuration = configuration
    this.#clock = world.clock
    this.#network = world.network
    this.#random = world.random
    this.#find = world.find
    this.readOnly = configuration.readOnly
    this.superReadOnly = configuration.readOnly
    this.semiSyncSource = configuration.semiSync
    this.semiSyncReplica = configuration.semiSync
    this.channel = { source: null, autoPosition: false, receiver: 'stopped', receiverError: { number: 0, text: '' }, applier: 'stopped', applierError: { number: 0, text: '' }, relay: [], retrieved: new Numbers(), lastHeardAt: 0, delaySeconds: 0, options }
  }

  get isUp(): boolean {
    return this.state === 'up'
  }

  /** Replicas whose receivers are connected, the semi-sync ones alone or all. */
  readonly connected = new Map<InstanceKey, { readonly acknowledges: boolean }>()

  get semiSyncClients(): number {
    return [...this.connected.values()].filter(({ acknowledges }) => acknowledges).length
  }

  get waitingCommits(): number {
    return this.#waiting.length
  }

  onEnd(listener: (key: InstanceKey) => void): void {
    this.#onEnd.push(listener)
  }

  /** A client writes a row. The answer comes when it is committed; `lost` when the connection ends before. */
  write(row: number, committed: () => void, lost: (number: number) => void): void {
    if (this.readOnly) return lost(1290)
    const transaction: Transaction = { origin: this.uuid, number: this.#nextNumber(), row, sequence: this.lastSequence + 1 }
    this.log.push(transaction)
    const commit = (): void => {
      this.#commit(transaction)
      committed()
    }
    this.#tellReplicas()
    // As in MySQL: semi-sync waits though nobody is there to acknowledge (rpl_semi_sync_source_wait_no_replica), for as long as it takes.
    if (this.semiSyncSource) this.#waiting.push({ transaction, by: new Set(), committed: commit, lost: () => lost(2013) })
    else commit()
  }

  get lastSequence(): number {
    return this.log.at(-1)?.sequence ?? 0
  }

  /** Somebody writes past all that keeps replicas the same. */
  writeErrant(): void {
    const transaction: Transaction = { origin: this.uuid, number: this.#nextNumber(), row: null, sequence: this.lastSequence + 1 }
    this.log.push(transaction)
    this.#commit(transaction)
    this.#tellReplicas()
  }

  #nextNumber(): number {
    const logged = this.log.findLast(({ origin }) => origin === this.uuid)?.number ?? 0
    return Math.max(logged, this.executed.last(this.uuid)) + 1
  }

  #commit({ origin, number, row }: Transaction): void {
    this.executed.add(origin, number)
    if (row !== null) this.rows.add(row)
  }

  /** A replica says that it has the transaction in its relay log. */
  acknowledge(from: InstanceKey, { origin, number }: Transaction): void {
    if (!this.isUp) return
    // Acknowledging one acknowledges all before it.
    const at = this.#waiting.findIndex(({ transaction }) => transaction.origin === origin && transaction.number === number)
    for (const waiter of this.#waiting.slice(0, at + 1)) waiter.by.add(from)
    while (this.#waiting[0] !== undefined && this.#waiting[0].by.size > 0) this.#waiting.shift()?.committed()
  }

  /** Switched off, those who wait for an acknowledgement are told that it is committed: as the server has it. */
  setSemiSync(side: 'source' | 'replica', enabled: boolean): void {
    if (side === 'replica') this.semiSyncReplica = enabled
    else this.semiSyncSource = enabled
    if (!this.semiSyncSource) for (const { committed } of this.#waiting.splice(0)) committed()
  }

  /** The connections of clients that wait are ended, so that none is told of a success; their transactions stay, on this server alone. */
  endBlockedCommits(): void {
    this.semiSyncSource = this.semiSyncSource && this.#waiting.length === 0
    for (const { transaction, lost } of this.#waiting.splice(0)) {
      lost()
      this.#commit(transaction)
    }
  }

  // Replication threads

  startReceiver(): Answer {
    if (this.channel.source === null) return refused(1200, 'The server is not configured as replica')
    if (this.channel.receiver !== 'stopped') return done
    this.channel.receiver = 'connecting'
    this.channel.receiverError = { number: 0, text: '' }
    this.#connect(++this.#receiverRun)
    return done
  }

  stopReceiver(): Answer {
    // What kept it from connecting is still told.
    if (this.channel.receiver === 'running') this.channel.receiverError = { number: 0, text: '' }
    if (this.#isInVain) this.channel.receiverError = { number: 2013, text: `Error connecting to source '${this.channel.source ?? ''}'. Lost connection to MySQL server at 'waiting for initial communication packet'` }
    this.#dropReceiver()
    this.channel.receiver = 'stopped'
    return done
  }

  /** A receiver that waits for a source that gives no answer hears of its end after 2 s (measured); one that is let in meanwhile ends at once and fetches nothing. */
  beginStop(): { readonly hangs: boolean } {
    this.#isStopping = this.#isInVain
    if (!this.#isStopping) this.stopReceiver()
    return { hangs: this.#isStopping }
  }

  get isStopping(): boolean {
    return this.#isStopping
  }

  startApplier(): Answer {
    if (this.channel.source === null) return refused(1200, 'The server is not configured as replica')
    this.channel.applier = 'running'
    this.channel.applierError = { number: 0, text: '' }
    this.#applyOn()
    return done
  }

  stopApplier(): Answer {
    this.channel.applier = 'stopped'
    return done
  }

  changeSource(source: InstanceKey | null, wish: { readonly namesAutoPosition: boolean }): Answer {
    const { channel } = this
    const runs = channel.receiver !== 'stopped' || channel.applier === 'running'
    if (wish.namesAutoPosition && runs) return refused(3081, 'This operation cannot be performed with running replication threads')
    if (channel.receiver !== 'stopped') return refused(3021, 'This operation cannot be performed with a running replica io thread')
    // Measured: with both threads stopped a change throws the relay log away; with the applier running it is kept.
    if (channel.applier === 'stopped') this.forgetRelayLog()
    if (source !== null) channel.source = source
    if (wish.namesAutoPosition) channel.autoPosition = true
    return done
  }

  resetReplica(): Answer {
    const { channel } = this
    if (channel.receiver !== 'stopped' || channel.applier !== 'stopped') return refused(3081, 'This operation cannot be performed with running replication threads')
    this.forgetRelayLog()
    channel.source = null
    channel.autoPosition = false
    return done
  }

  protected forgetRelayLog(): void {
    this.channel.relay = []
    this.channel.retrieved = new Numbers()
  }

  /** executed ∪ retrieved. */
  get held(): Numbers {
    return Numbers.of(this.executed, this.channel.retrieved)
  }

  injectEmpty(origin: string, number: number): void {
    this.log.push({ origin, number, row: null, sequence: this.lastSequence + 1 })
    this.executed.add(origin, number)
    this.#tellReplicas()
  }

  // The receiver

  #connect(run: number, waited = 0): void {
    this.#clock.quietly(this.#network.latency() * 2, () => {
      if (run !== this.#receiverRun || this.channel.receiver !== 'connecting') return
      if (!this.isUp) return this.#retry(run)
      const source = this.channel.source === null ? undefined : this.#find(this.channel.source)
      const isDeaf = source !== undefined && (source.state === 'hung' || !this.#network.reaches(this.key, source.key) || !this.#network.hears(source.key, this.key))
      if (isDeaf && waited < this.configuration.netTimeoutMilliseconds) {
        this.#isInVain = true
        return void this.#clock.quietly(vainMilliseconds, () => this.#connect(run, waited + vainMilliseconds))
      }
      this.#isInVain = false
      if (this.#isStopping) return void this.stopReceiver()
      if (source === undefined || isDeaf || !source.isUp) {
        this.channel.receiverError = { number: 2003, text: `Error connecting to source '${this.channel.source ?? ''}'. Can't connect to MySQL server` }
        return this.#retry(run)
      }
      const placed = this.placeIn(source)
      if ('number' in placed) {
        this.channel.receiver = 'stopped'
        this.channel.receiverError = placed
        return
      }
      this.channel.receiver = 'running'
      this.channel.receiverError = { number: 0, text: '' }
      this.channel.lastHeardAt = this.#clock.at
      this.#acknowledges = this.semiSyncReplica
      this.#readFrom = placed.at
      this.#isReceiving = false
      source.connected.set(this.key, { acknowledges: this.#acknowledges })
      this.#beat(run, source.life)
      this.#receiveOn()
    })
  }

  /** Where in the source's log it begins to read, or why the source sends it nothing. */
  protected placeIn(source: MysqlModel): { readonly at: number } | { readonly number: number; readonly text: string } {
    if (!this.channel.autoPosition || !this.#knowsMoreThan(source)) return { at: 0 }
    return { number: 13_114, text: 'Got fatal error 1236 from source when reading data from binary log: replica has more GTIDs than the source has, using the source’s SERVER_UUID' }
  }

  /** What its source need not send it. */
  protected has({ origin, number }: Transaction): boolean {
    return this.executed.has(origin, number) || this.channel.retrieved.has(origin, number)
  }

  /** Why the applier cannot apply this one; null: it can. */
  protected applierRefuses(_next: Transaction): { readonly number: number; readonly text: string } | null {
    return null
  }

  protected wasApplied(_transaction: Transaction): void {}

  protected wasReceived(_transaction: Transaction): void {}

  #retry(run: number): void {
    this.#clock.quietly(this.channel.options.connectRetrySeconds * 1000, () => {
      if (run === this.#receiverRun && this.channel.receiver === 'connecting') this.#connect(run)
    })
  }

  /** Numbers of the source itself that the source does not know: it was the primary of another history. */
  #knowsMoreThan(source: MysqlModel): boolean {
    const known = new Set(source.log.filter(({ origin }) => origin === source.uuid).map(({ number }) => number))
    return this.held.last(source.uuid) > Math.max(0, source.executed.last(source.uuid), ...known)
  }

  /** The receiver's connection ended; it tries again. */
  loseSource(): void {
    if (this.channel.receiver !== 'running') return
    this.#dropReceiver()
    this.channel.receiver = 'connecting'
    this.channel.receiverError = { number: 2013, text: 'error reconnecting to source: Lost connection to MySQL server during query' }
    this.#connect(++this.#receiverRun)
  }

  #dropReceiver(): void {
    this.#isInVain = false
    this.#isStopping = false
    this.#receiverRun += 1
    if (this.channel.source !== null) this.#find(this.channel.source)?.connected.delete(this.key)
  }

  /** Heartbeats while nothing comes; a source that is not heard for too long is given up. */
  #beat(run: number, sourceLife: number): void {
    this.#clock.quietly(this.channel.options.heartbeatSeconds * 1000, () => {
      if (run !== this.#receiverRun || this.channel.receiver !== 'running' || this.channel.source === null) return
      const source = this.#find(this.channel.source)
      if (this.isUp && source?.isUp === true && source.life === sourceLife && this.#network.hears(source.key, this.key)) this.channel.lastHeardAt = this.#clock.at
      else if (this.isUp && this.#clock.at - this.channel.lastHeardAt > this.configuration.netTimeoutMilliseconds) return this.loseSource()
      this.#beat(run, sourceLife)
    })
  }

  #tellReplicas(): void {
    for (const key of this.connected.keys()) this.#find(key)?.hearOf(this)
  }

  hearOf(source: MysqlModel): void {
    if (this.channel.source === source.key) this.#receiveOn()
  }

  /** Fetches what it lacks, one transaction at a time, in the order of the source's log. */
  #receiveOn(): void {
    if (this.#isReceiving || this.channel.receiver !== 'running' || this.channel.source === null) return
    const source = this.#find(this.channel.source)
    const run = this.#receiverRun
    if (source === undefined) return
    let next = source.log[this.#readFrom]
    while (next !== undefined && this.has(next)) next = source.log[++this.#readFrom]
    if (next === undefined) return
    this.#isReceiving = true
    const transaction = next
    this.#clock.quietly(this.#network.latency(), () => {
      if (run !== this.#receiverRun) return
      this.#isReceiving = false
      if (!this.isUp || !source.isUp || !this.#network.hears(source.key, this.key)) {
        // TCP tries again until the receiver gives the source up.
        this.#clock.quietly(200, () => { if (run === this.#receiverRun) this.#receiveOn() })
        return
      }
      this.channel.lastHeardAt = this.#clock.at
      this.channel.retrieved.add(transaction.origin, transaction.number)
      this.channel.relay.push(transaction)
      this.wasReceived(transaction)
      this.#readFrom += 1
      if (this.#acknowledges) this.#acknowledgeTo(source, transaction)
      this.#applyOn()
      this.#receiveOn()
    })
  }

  #acknowledgeTo(source: MysqlModel, transaction: Transaction): void {
    const { life } = source
    const send = (): void => {
      if (source.life !== life || !source.connected.has(this.key)) return
      if (source.isUp && this.#network.hears(this.key, source.key)) source.acknowledge(this.key, transaction)
      else this.#clock.quietly(200, send)
    }
    this.#clock.quietly(this.#network.latency(), send)
  }

  // The applier

  #applyOn(): void {
    if (this.#isApplying || this.channel.applier !== 'running' || this.channel.relay.length === 0) return
    this.#isApplying = true
    const { life } = this
    this.#clock.quietly(applyMilliseconds + this.#random() * applyJitterMilliseconds + this.applierSlowness + this.channel.delaySeconds * 1000, () => {
      if (life !== this.life) return
      this.#isApplying = false
      if (this.state === 'hung') return void this.#clock.quietly(100, () => this.#applyOn())
      const [next] = this.channel.relay
      if (this.channel.applier !== 'running' || next === undefined) return
      const refusal = this.applierRefuses(next)
      if (refusal !== null) {
        this.channel.applier = 'stopped'
        this.channel.applierError = refusal
        return
      }
      this.channel.relay.shift()
      if (!this.executed.has(next.origin, next.number)) {
        this.log.push(next)
        this.#commit(next)
        this.#tellReplicas()
      }
      this.wasApplied(next)
      this.#applyOn()
    })
  }

  // Life and death

  /** The process is killed: connections end, what was logged is on disk, what was received too. */
  crash(): void {
    if (this.state === 'down') return
    this.state = 'down'
    this.life += 1
    this.#isApplying = false
    this.#isReceiving = false
    this.#dropReceiver()
    if (this.channel.receiver !== 'stopped') this.channel.receiver = 'connecting'
    for (const { lost } of this.#waiting.splice(0)) lost()
    const replicas = [...this.connected.keys()]
    this.connected.clear()
    for (const key of replicas) this.#clock.quietly(this.#network.latency(), () => { if (this.#network.hears(this.key, key)) this.#find(key)?.loseSource() })
    for (const listener of this.#onEnd) listener(this.key)
  }

  /** It comes back as its configuration says: what it had logged is committed, and replication starts by itself. */
  start(): void {
    if (this.state !== 'down') return
    this.state = 'up'
    for (const transaction of this.log) this.#commit(transaction)
    this.readOnly = this.configuration.readOnly
    this.superReadOnly = this.configuration.readOnly
    this.semiSyncSource = this.configuration.semiSync
    this.semiSyncReplica = this.configuration.semiSync
    if (this.configuration.relayLogRecovery) this.forgetRelayLog()
    if (this.channel.source === null) return
    this.channel.receiver = 'stopped'
    this.startReceiver()
    this.startApplier()
  }

  hang(): void {
    if (this.state === 'up') this.state = 'hung'
  }

  goOn(): void {
    if (this.state !== 'hung') return
    this.state = 'up'
    this.#applyOn()
    this.#receiveOn()
  }
}
