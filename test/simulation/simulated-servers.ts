import { fail, ok, type Result } from '../../src/kit/result.ts'
import type { CoordinatesReference, Step } from '../../src/model/planning/step.ts'
import { parseGtidSet } from '../../src/model/topology/gtid-set.ts'
import { bareInstance, bareLink, defaultReplicationOptions } from '../../src/model/topology/fresh-instance.ts'
import type { MariadbGtid, ReplicationLink, ServerFailure } from '../../src/model/topology/instance.ts'
import type { InstanceKey } from '../../src/model/topology/instance-key.ts'
import { parseVersion } from '../../src/model/topology/version.ts'
import type { ProbeFailure, ProbeOptions, ServerFacts, Servers, StepEffect } from '../../src/ports/servers.ts'
import { MariadbModel } from './mariadb-model.ts'
import type { Answer, Channel, MysqlModel } from './mysql-model.ts'
import { PositionModel } from './position-model.ts'
import type { Network } from './network.ts'
import { Numbers } from './numbers.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** Told of every step that reached a server, with the server as it was and as it is. */
export interface StepWitness {
  before(step: Step, server: MysqlModel): void
  after(step: Step, server: MysqlModel, failure: ServerFailure | null): void
}

export interface SimulatedServersParts {
  readonly all: ReadonlyMap<InstanceKey, MysqlModel>
  readonly clock: VirtualClock
  readonly network: Network
  readonly random: () => number
  readonly witness: StepWitness
  /** The name of this manager in the network. */
  readonly name: string
  /** The share of answers that get lost on their way back, and of steps that never arrive. */
  readonly lossShare: () => number
  /** The manager's clock: times that servers tell are by it. */
  readonly now: () => number
}

const version = parseVersion('9.7.4', 'MySQL Community Server - GPL')
const mariadbVersion = parseVersion('11.8.6-MariaDB-log', 'mariadb.org binary distribution')
/** A receiver that connects in vain takes so long to stop (measured). */
const stopMilliseconds = 2000
const timeout: ServerFailure = { kind: 'timeout', number: null, text: 'no answer in time' }
const closed: ServerFailure = { kind: 'refused', number: null, text: 'connection refused' }
const lost: ServerFailure = { kind: 'connection-lost', number: 2013, text: 'the connection was lost' }

/** Whoever asks for a process that is over is over too. */
const never = <Value>(): Promise<Value> => new Promise(() => {})

/** The port `servers` of one manager, over models of MySQL and a network that may be cut. */
export class SimulatedServers implements Servers {
  readonly #parts: SimulatedServersParts
  readonly #listeners = new Set<(key: InstanceKey, failure: ServerFailure) => void>()
  /** Servers to which a connection is open, with the life of the server in which it was made. */
  readonly #open = new Map<InstanceKey, number>()
  isClosed = false

  constructor(parts: SimulatedServersParts) {
    this.#parts = parts
    for (const server of parts.all.values()) server.onEnd(key => this.#ended(key))
  }

  async probe(key: InstanceKey, { deadlineMilliseconds }: ProbeOptions): Promise<Result<ServerFacts, ProbeFailure>> {
    const reached = await this.#reach(key, deadlineMilliseconds)
    if (!reached.ok) return fail({ failure: reached.failure, partial: false })
    const facts = this.#facts(reached.value)
    const back = await this.#back(reached.value, deadlineMilliseconds)
    if (this.isClosed) return never()
    return back === null ? ok(facts) : fail({ failure: back, partial: false })
  }

  async perform(...[step, , { deadlineMilliseconds, bindings }]: Parameters<Servers['perform']>): Promise<Result<StepEffect, ServerFailure>> {
    const { witness, clock } = this.#parts
    if (this.isClosed) return never()
    const until = clock.at + deadlineMilliseconds
    const reached = await this.#reach(step.on, deadlineMilliseconds)
    if (this.isClosed) return never()
    if (!reached.ok) return reached
    const server = reached.value
    const { life } = server
    witness.before(step, server)
    const effect = await this.#carryOut(step, server, bindings, until)
    const failure = effect.ok ? null : effect.failure
    witness.after(step, server, failure)
    if (server.life !== life) return fail(lost)
    const back = await this.#back(server, Math.max(0, until - clock.at))
    if (this.isClosed) return never()
    return back === null || !effect.ok ? effect : fail(back)
  }

  statements(step: Step): readonly string[] {
    return [step.do]
  }

  onConnectionLost(listener: (key: InstanceKey, failure: ServerFailure) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  release(key: InstanceKey): void {
    this.#open.delete(key)
  }

  async close(): Promise<void> {
    this.isClosed = true
  }

  /** A server ended: the machine it ran on says so to whoever is connected, if it can. */
  #ended(key: InstanceKey): void {
    if (!this.#open.delete(key) || !this.#parts.network.hears(key, this.#parts.name)) return
    this.#parts.clock.after(this.#parts.network.latency(), () => {
      if (!this.isClosed) for (const listener of this.#listeners) listener(key, lost)
    })
  }

  /** The server, once the question has arrived there. */
  async #reach(key: InstanceKey, deadlineMilliseconds: number): Promise<Result<MysqlModel, ServerFailure>> {
    const { all, clock, network, name, random, lossShare } = this.#parts
    const server = all.get(key)
    const latency = network.latency()
    if (server === undefined) return fail({ kind: 'name-unknown', number: null, text: `no such host: ${key}` })
    if (!network.reaches(name, key) || random() < lossShare() || latency > deadlineMilliseconds) {
      await clock.sleep(deadlineMilliseconds)
      this.#open.delete(key)
      return fail(timeout)
    }
    await clock.sleep(latency)
    if (server.state === 'down') {
      await clock.sleep(network.latency())
      return fail(closed)
    }
    if (server.state === 'hung') {
      await clock.sleep(deadlineMilliseconds)
      return fail(timeout)
    }
    this.#open.set(key, server.life)
    return ok(server)
  }

  /** Null: the answer has arrived. */
  async #back(server: MysqlModel, leftMilliseconds: number): Promise<ServerFailure | null> {
    const { clock, network, name, random, lossShare } = this.#parts
    const { life } = server
    if (!network.hears(server.key, name) || random() < lossShare()) {
      await clock.sleep(leftMilliseconds)
      return timeout
    }
    await clock.sleep(network.latency())
    return server.life === life ? null : lost
  }

  #facts(server: MysqlModel): ServerFacts {
    const link = server.channel.source === null ? null : this.#link(server, server.channel, server.channel.source)
    const isMariadb = server instanceof MariadbModel
    const family = isMariadb
      ? { version: mariadbVersion, serverUuid: '', superReadOnly: false, gtidMode: '', executedGtidSet: '', mariadbGtid: this.#positions(server) }
      : {
          version, serverUuid: server.uuid, superReadOnly: server.superReadOnly, mariadbGtid: null,
          ...(server instanceof PositionModel ? { gtidMode: 'OFF', executedGtidSet: '' } : { gtidMode: 'ON', executedGtidSet: server.executed.text }),
        }
    return {
      ...bareInstance(server.key), ...family, hostname: server.key, serverId: this.#serverId(server.uuid), uptimeSeconds: 1000, readOnly: server.readOnly, logBin: true, logReplicaUpdates: true, binlogFormat: 'ROW', binlogRowImage: 'FULL',
      binlogCoordinates: { file: 'binlog.000001', position: BigInt(200 + server.log.length) }, purgedGtidSet: '',
      replication: link, channels: link === null ? [] : [link], replicationCredentialsAvailable: true, hasReplicationAccount: true,
      listedReplicas: [...server.connected.keys()].sort(), replicationLagSeconds: link?.secondsBehindSource ?? null,
      semiSync: {
        sourcePluginLoaded: true, replicaPluginLoaded: true, newNames: !isMariadb, sourceEnabled: server.semiSyncSource, replicaEnabled: server.semiSyncReplica,
        sourceActive: server.semiSyncSource, replicaActive: server.semiSyncReplica && server.channel.receiver === 'running', clients: server.semiSyncClients,
        waitForReplicaCount: 1, timeoutMilliseconds: 4_294_967_295n, priority: 0,
      },
      detectedPromotionRule: null, detectedClusterAlias: 'sim', detectedClusterDomain: '',
    }
  }

  #serverId(uuid: string): number {
    return [...this.#parts.all.values()].findIndex(server => server.uuid === uuid) + 1
  }

  #positions(server: MariadbModel): MariadbGtid {
    const [binlogPos, slavePos] = [this.#gtid(server.position), this.#gtid(server.slavePosition)]
    const newest = new Map(server.log.map(transaction => [transaction.origin, transaction]))
    const isOwn = server.position !== null && server.position.origin === server.uuid && server.position.sequence > (server.slavePosition?.sequence ?? 0)
    return { binlogPos, slavePos, currentPos: isOwn ? binlogPos : slavePos, binlogState: [...newest.values()].map(transaction => this.#gtid(transaction)).join(','), strictMode: true }
  }

  #gtid(position: { readonly origin: string; readonly sequence: number } | null): string {
    return position === null ? '' : `0-${this.#serverId(position.origin)}-${position.sequence}`
  }

  /** What a MariaDB has and will have: the later one of what it executed and what its relay log holds. */
  #heldText(server: MysqlModel): string {
    return server instanceof MariadbModel ? this.#gtid(server.channel.relay.at(-1) ?? server.position) : server.held.text
  }

  #link(server: MysqlModel, channel: Channel, source: InstanceKey): ReplicationLink {
    const executes = channel.applier === 'running' && channel.receiver === 'running'
    const ago = this.#parts.clock.at - channel.lastHeardAt
    const isMariadb = server instanceof MariadbModel
    const gtid = isMariadb ? (server.using === 'none' ? 'none' : 'mariadb-slave-pos') : channel.autoPosition ? 'mysql' : 'none'
    const hasPositions = server instanceof PositionModel
    const read = placeAt(hasPositions ? server.readPosition : 200 + server.log.length + channel.relay.length)
    return {
      ...bareLink(source), sourceUuid: isMariadb ? '' : (this.#parts.all.get(source)?.uuid ?? ''), user: 'repl', receiver: channel.receiver, applier: channel.applier,
      receiverError: { ...channel.receiverError, at: channel.receiverError.number === 0 ? null : this.#parts.now() }, gtid,
      applierError: { ...channel.applierError, at: channel.applierError.number === 0 ? null : this.#parts.now() },
      retrievedGtidSet: isMariadb ? this.#gtid(server.received) : hasPositions ? '' : channel.retrieved.text, readCoordinates: read, executedCoordinates: { ...read, position: read.position - BigInt(channel.relay.length) },
      relayLogCoordinates: read, secondsBehindSource: executes ? (channel.relay.length > 100 ? 1 : 0) : null, delaySeconds: channel.delaySeconds,
      lastHeardAt: server.configuration.tellsWhenHeard && !isMariadb ? this.#parts.now() - Math.round(ago) : null,
      options: { ...defaultReplicationOptions, connectRetrySeconds: channel.options.connectRetrySeconds, retryCount: channel.options.retryCount, heartbeatPeriodSeconds: channel.options.heartbeatSeconds, tlsAllowed: channel.options.tls },
    }
  }

  async #carryOut(step: Step, server: MysqlModel, bindings: ReadonlyMap<string, string>, until: number): Promise<Result<StepEffect, ServerFailure>> {
    const statements = [step.do]
    const answered = (answer: Answer): Result<StepEffect, ServerFailure> =>
      (answer.ok ? ok({ statements }) : fail({ kind: 'statement-rejected', number: answer.number, text: answer.text }))
    switch (step.do) {
      case 'stop-receiver': {
        const { life } = server
        const { hangs } = server.beginStop()
        const end = this.#parts.clock.at + stopMilliseconds
        while (hangs && server.isStopping && server.life === life && this.#parts.clock.at < end) await this.#parts.clock.sleep(20) // ends with the time
        if (server.life !== life) return fail(lost)
        server.stopReceiver()
        if (this.#parts.clock.at > until) return fail(timeout)
        const sets = server instanceof PositionModel ? { executed: '', retrieved: '' } : server instanceof MariadbModel ? { executed: '', retrieved: this.#gtid(server.channel.relay.at(-1) ?? null) } : { executed: server.executed.text, retrieved: server.channel.retrieved.text }
        return ok({ statements, receiverStopped: sets })
      }
      case 'start-receiver': return answered(server.startReceiver())
      case 'start-applier': return answered(server.startApplier())
      case 'stop-applier': return answered(server.stopApplier())
      case 'stop-replication': {
        server.stopReceiver()
        return answered(server.stopApplier())
      }
      case 'start-replication': {
        if (server instanceof MariadbModel) return answered(server.startBoth())
        const receiver = server.startReceiver()
        return receiver.ok ? answered(server.startApplier()) : answered(receiver)
      }
      case 'apply-relay-log': return server instanceof MariadbModel ? answered(server.applyRelayLog()) : answered({ ok: false, number: 1064, text: 'this is no MariaDB' })
      case 'read-executed': return ok({ statements, executedGtidSet: this.#heldText(server) })
      case 'wait-executed': {
        const text = 'set' in step.what ? step.what.set : (bindings.get(step.what.boundTo) ?? '')
        const hasAll = server instanceof MariadbModel ? reaches(text, server) : hasExecuted(text, server)
        const end = Math.min(until, this.#parts.clock.at + step.timeoutMilliseconds)
        const { life } = server
        while (!hasAll()) { // ends with the time
          if (this.#parts.clock.at >= end || server.life !== life) return fail(timeout)
          await this.#parts.clock.sleep(2)
        }
        return ok({ statements })
      }
      case 'read-coordinates': {
        if (!(server instanceof PositionModel)) return answered({ ok: false, number: 1064, text: 'only models without GTID tell their places' })
        const coordinates = `binlog.000001:${step.which === 'own' ? server.ownPosition : server.executedPosition}`
        if (step.mustBe !== undefined && coordinates !== textOf(step.mustBe, bindings)) return answered({ ok: false, number: 0, text: `it stands at ${coordinates}` })
        return ok({ statements, coordinates })
      }
      case 'wait-position':
      case 'wait-received': {
        if (!(server instanceof PositionModel) || server.channel.applier !== 'running') return answered({ ok: false, number: 0, text: 'the applier does not run' })
        const place = step.do === 'wait-received' || step.upTo === 'read' ? server.readPosition : typeof step.upTo === 'string' ? Number(step.upTo.split(':')[1]) : placeOf(step.upTo, bindings)
        const end = Math.min(until, this.#parts.clock.at + step.timeoutMilliseconds)
        const { life } = server
        while (server.executedPosition < place) { // ends with the time
          if (this.#parts.clock.at >= end || server.life !== life) return fail(timeout)
          await this.#parts.clock.sleep(2)
        }
        return ok({ statements })
      }
      case 'change-source':
        if (server instanceof MariadbModel) return answered(server.follow(step.to, step.way === 'current-pos'))
        if (server instanceof PositionModel) return answered(step.way === 'coordinates' ? server.followAt(step.to, placeOf(step.at, bindings)) : server.followAlike(step.to))
        return answered(server.changeSource(step.to, { namesAutoPosition: step.way === 'auto-position' }))
      case 'copy-replication-credentials': return answered(server.changeSource(null, { namesAutoPosition: false }))
      case 'forget-source': {
        server.stopReceiver()
        server.stopApplier()
        return answered(server.resetReplica())
      }
      case 'set-read-only': {
        const { life } = server
        // It waits for commits under way; nobody begins one meanwhile.
        while (server.waitingCommits > 0 && server.life === life) { // ends with the time
          if (this.#parts.clock.at >= until - 1000) return fail({ kind: 'statement-rejected', number: 1205, text: 'Lock wait timeout exceeded; try restarting transaction' })
          await this.#parts.clock.sleep(20)
        }
        if (server.life !== life) return fail(lost)
        ;[server.readOnly, server.superReadOnly] = [true, step.alsoSuper || server.superReadOnly]
        return ok({ statements })
      }
      case 'set-writable': {
        ;[server.readOnly, server.superReadOnly] = [false, false]
        return ok({ statements })
      }
      case 'end-blocked-commits': {
        server.endBlockedCommits()
        return ok({ statements })
      }
      case 'set-semi-sync': {
        server.setSemiSync(step.side, step.enabled)
        return ok({ statements })
      }
      case 'set-delay': {
        if (server.channel.applier === 'running') return fail({ kind: 'statement-rejected', number: 3085, text: 'the applier must be stopped' })
        server.channel.delaySeconds = step.seconds
        return ok({ statements })
      }
      case 'inject-empty': {
        for (const { origin, number } of numbersOf(step.set).each()) if (!server.executed.has(origin, number)) server.injectEmpty(origin, number)
        return ok({ statements })
      }
      case 'commit-nothing': return ok({ statements })
      default: return fail({ kind: 'statement-rejected', number: 1064, text: `the model knows no ${step.do}` })
    }
  }
}

const placeAt = (position: number): { readonly file: string; readonly position: bigint } => ({ file: 'binlog.000001', position: BigInt(position) })

const textOf = (at: CoordinatesReference | undefined, bindings: ReadonlyMap<string, string>): string =>
  (at === undefined ? '' : 'place' in at ? at.place : (bindings.get(at.boundTo) ?? ''))

const placeOf = (at: CoordinatesReference | undefined, bindings: ReadonlyMap<string, string>): number => {
  const place = Number(textOf(at, bindings).split(':')[1])
  if (!Number.isSafeInteger(place)) throw new Error(`no place: ${JSON.stringify(at)}`)
  return place
}

const hasExecuted = (text: string, server: MysqlModel): (() => boolean) => {
  const wanted = numbersOf(text)
  return () => wanted.isWithin(server.executed)
}

const reaches = (text: string, server: MysqlModel): (() => boolean) => {
  const sequence = Number(text.split('-')[2] ?? 0)
  return () => server.lastSequence >= sequence
}

function numbersOf(text: string): Numbers {
  const parsed = parseGtidSet(text)
  if (!parsed.ok) throw new Error(parsed.failure.text)
  const numbers = new Numbers()
  for (const part of text.replaceAll(/\s+/g, '').split(',').filter(part => part !== '')) {
    const [origin = '', ...intervals] = part.split(':')
    for (const interval of intervals) {
      const [from = 0, to = from] = interval.split('-').map(Number)
      for (let number = from; number <= to; number += 1) numbers.add(origin, number)
    }
  }
  return numbers
}
