import type { Reason } from '../../kit/reason.ts'
import { fail, ok, type Result } from '../../kit/result.ts'
import type { LogEvent, Walk } from '../../model/pseudo-gtid/asks.ts'
import { correlate } from '../../model/pseudo-gtid/correlate.ts'
import { findEntry } from '../../model/pseudo-gtid/find-entry.ts'
import { type Entry, lastEntry, type Scanned } from '../../model/pseudo-gtid/last-entry.ts'
import type { LinedUp } from '../../model/pseudo-gtid/line-up.ts'
import type { PseudoGtidPolicy } from '../../model/pseudo-gtid/policy.ts'
import { previousRelay, type PositionHistory, recentOwn } from '../../model/pseudo-gtid/position-history.ts'
import { pseudoGtidReason } from '../../model/pseudo-gtid/reasons.ts'
import { findInRelayLogs, lastExecutedRelayEvent, relayEventAt, type RelayCorrelation } from '../../model/pseudo-gtid/relay-correlation.ts'
import type { BinlogCoordinates } from '../../model/topology/binlog-coordinates.ts'
import { type Instance, isReplica } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { LogEvents } from '../../ports/log-events.ts'
import type { RememberedEntries } from './found-entries.ts'
import { LogReader, type LogReaderParts, type Walked } from './log-reader.ts'

export interface MatcherParts extends Omit<LogReaderParts, 'logs'> {
  readonly logs: LogEvents
  readonly found: RememberedEntries
  history(): PositionHistory
}

export interface MatchWish {
  /** Find the event at this place of the replica's binary log. */
  readonly limit?: BinlogCoordinates
  readonly relayLogsOnly?: boolean
}

/** What was walked to find a place. */
export interface MatchedPlace extends LinedUp {
  readonly asked: readonly string[]
}

const orderMilliseconds = 5000

/** Finds places in logs: reads both servers anew, then walks. Changes nothing on any server. */
export class Matcher {
  readonly policy: PseudoGtidPolicy
  readonly #parts: MatcherParts
  readonly #reader: LogReader

  constructor(parts: MatcherParts, policy: PseudoGtidPolicy) {
    this.#parts = parts
    this.#reader = new LogReader(parts)
    this.policy = policy
  }

  /** Where `target` goes on for `replica`, which stands; with `limit`, where the target has the event at that place of the replica's log. */
  async match(replica: InstanceKey, target: InstanceKey, milliseconds: number, { limit, relayLogsOnly = false }: MatchWish = {}): Promise<Result<MatchedPlace, Reason>> {
    if (!this.policy.isConfigured) return fail(pseudoGtidReason('pseudo-gtid-unset', {}))
    const read = await this.#both(replica, target)
    if (!read.ok) return read
    const [one, other] = read.value
    if (!(await this.#keepsOrder(other))) return fail(pseudoGtidReason('order-not-kept', { server: target }))
    // The order of its own log is then that of its workers; its relay logs have the order of its source.
    const policy = limit === undefined && (relayLogsOnly || !(await this.#keepsOrder(one))) ? { ...this.policy, relayLogsOnly: true } : this.policy
    const walk = correlate({ replica: this.#scanned(one), target: this.#scanned(other), ...(limit === undefined ? {} : { limit }) }, policy, this.#parts.found)
    const { answer, asked } = await this.#drive(walk, [one, other], milliseconds)
    return answer.ok ? ok({ ...answer.value, asked }) : answer
  }

  /** The newest unique statement that a server has executed. */
  async last(server: InstanceKey, milliseconds: number): Promise<Result<Entry, Reason>> {
    if (!this.policy.isConfigured) return fail(pseudoGtidReason('pseudo-gtid-unset', {}))
    return this.#one(server, milliseconds, scanned => lastEntry(scanned, this.policy))
  }

  /** Where the binary logs of a server have a statement. */
  find(server: InstanceKey, text: string, milliseconds: number): Promise<Result<BinlogCoordinates, Reason>> {
    return this.#one(server, milliseconds, scanned => findEntry(scanned, text, this.policy))
  }

  lastExecutedRelay(server: InstanceKey, milliseconds: number): Promise<Result<LogEvent, Reason>> {
    return this.#one(server, milliseconds, ({ instance }) => lastExecutedRelayEvent(instance, this.policy))
  }

  /** Where the relay logs of a sibling have the event at a place of a replica's relay log, or the last one it has executed. */
  async correlateRelay(replica: InstanceKey, other: InstanceKey, at: BinlogCoordinates | null, milliseconds: number): Promise<Result<RelayCorrelation, Reason>> {
    const read = await this.#both(replica, other)
    if (!read.ok) return read
    const [one, sibling] = read.value
    const [source, otherSource] = [one.replication?.source ?? ':0', sibling.replication?.source ?? ':0']
    if (source !== otherSource || source === ':0') return fail(pseudoGtidReason('not-relay-siblings', { replica, source, other, otherSource }))
    const { answer: event } = await this.#drive(at === null ? lastExecutedRelayEvent(one, this.policy) : relayEventAt(one, at, this.policy), [one], milliseconds)
    return event.ok ? (await this.#drive(findInRelayLogs(event.value, one, sibling, this.policy), [sibling], milliseconds)).answer : event
  }

  async #one<Answer>(server: InstanceKey, milliseconds: number, walk: (scanned: Scanned) => Walk<Result<Answer, Reason>>): Promise<Result<Answer, Reason>> {
    const instance = await this.#parts.look(server)
    if (instance === undefined) return fail(pseudoGtidReason('log-unreadable', { server, text: 'it does not answer' }))
    return (await this.#drive(walk(this.#scanned(instance)), [instance], milliseconds)).answer
  }

  async #both(one: InstanceKey, other: InstanceKey): Promise<Result<readonly [Instance, Instance], Reason>> {
    const [left, right] = await Promise.all([this.#parts.look(one), this.#parts.look(other)])
    if (left === undefined || right === undefined) return fail(pseudoGtidReason('log-unreadable', { server: left === undefined ? one : other, text: 'it does not answer' }))
    return ok([left, right])
  }

  #drive<Answer>(walk: Walk<Answer>, servers: readonly Instance[], milliseconds: number): Promise<Walked<Answer>> {
    return this.#reader.drive(walk, new Map(servers.map(server => [server.key, server])), milliseconds)
  }

  #scanned(instance: Instance): Scanned {
    const history = this.#parts.history()
    return {
      instance, recentOwn: recentOwn(history, instance.key, this.#parts.clock.now()), recentRelay: previousRelay(history, instance.key, instance.replication?.relayLogCoordinates ?? null),
    }
  }

  /** A primary's log is the order itself. What cannot be asked is not known, and counts as no. */
  async #keepsOrder(instance: Instance): Promise<boolean> {
    if (!isReplica(instance) || !instance.logReplicaUpdates) return true
    const answer = await this.#parts.logs.keepsOrder(instance, orderMilliseconds)
    return answer.ok && answer.value
  }
}
