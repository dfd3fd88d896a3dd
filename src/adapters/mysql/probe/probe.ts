import { fail, ok, type Result } from '../../../kit/result.ts'
import type { ServerFailure } from '../../../model/topology/instance.ts'
import type { InstanceKey } from '../../../model/topology/instance-key.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { Log } from '../../../ports/log.ts'
import type { ProbeFailure, ProbeOptions, ServerFacts } from '../../../ports/servers.ts'
import type { Deadline } from '../driver/deadline.ts'
import type { Connection } from '../driver/driver.ts'
import { cellNumber, noRows } from '../driver/rows.ts'
import type { ServerConnections } from '../driver/server-connections.ts'
import type { MysqlSettings } from '../settings.ts'
import { Answers, batchOf, isPlainSelect } from './batch.ts'
import { readBinlogServer } from './binlog-server.ts'
import { askOne, detect } from './detect.ts'
import { type FactsInput, fullFacts, quickFacts, resolvedKey } from './facts.ts'
import { type Knowledge, nothingDetected, type ProbeWay } from './knowledge.ts'
import { learn } from './learn.ts'

/** After so long what hardly changes is learnt again, and the configured queries are asked again, by a full poll. */
const relearnMilliseconds = 60_000
const unknownVariable = 1193

export interface ProbeContext {
  readonly settings: MysqlSettings
  readonly clock: Clock
  readonly log: Log
  readonly isIgnoredUser: (user: string) => boolean
}

interface Attempt {
  /** The server answered something. */
  partial: boolean
  usedOldConnection: boolean
}

/** Reads one server. What is learnt of it is kept between calls, so that a poll is one round trip. */
export class Probe {
  readonly key: InstanceKey
  knowledge: Knowledge | null = null
  readonly #connections: ServerConnections
  readonly #context: ProbeContext

  constructor(key: InstanceKey, connections: ServerConnections, context: ProbeContext) {
    this.key = key
    this.#connections = connections
    this.#context = context
  }

  /** What was learnt may be outdated: something was changed on the server, or somebody asks for it. */
  learnAgain(): void {
    if (this.knowledge !== null) this.knowledge.learntAtMonotonic = -Infinity
  }

  /** A connection that turns out to be dead (killed, idle too long) says nothing of the server: then a new one is asked, once, in the same time. */
  async run(depth: ProbeOptions['depth'], deadline: Deadline): Promise<Result<ServerFacts, ProbeFailure>> {
    const begunAt = this.#context.clock.monotonic()
    const attempt: Attempt = { partial: false, usedOldConnection: false }
    const once = (): Promise<Result<ServerFacts, ServerFailure>> => this.#connections.borrow(deadline, connection => {
      attempt.usedOldConnection = connection.openedAt < begunAt
      return this.#ask(connection, depth, deadline, attempt)
    })
    const first = await once()
    const answer = !first.ok && first.failure.kind === 'connection-lost' && attempt.usedOldConnection ? await once() : first
    return answer.ok ? answer : fail({ failure: answer.failure, partial: attempt.partial })
  }

  async #ask(connection: Connection, depth: ProbeOptions['depth'], deadline: Deadline, attempt: Attempt): Promise<Result<ServerFacts, ServerFailure>> {
    const known = await this.known(connection, depth, deadline)
    if (!known.ok) return known
    attempt.partial = true
    const read = await this.#read(connection, known.value, depth, deadline)
    if (!read.ok && read.failure.kind === 'privilege-missing') connection.close() // a privilege that is granted now holds for the next connection
    if (read.ok || read.failure.number !== unknownVariable) return read
    this.knowledge = null // a plugin was unloaded; the names of its variables have to be learnt again
    const again = await this.known(connection, depth, deadline)
    return again.ok ? this.#read(connection, again.value, depth, deadline) : again
  }

  /** What is known of the server, learnt on this connection if it is not known yet, or not since the server may have restarted. */
  async known(connection: Connection, depth: ProbeOptions['depth'], deadline: Deadline): Promise<Result<Knowledge, ServerFailure>> {
    const { knowledge } = this
    const isFresh = knowledge !== null && knowledge.generation === this.#connections.generation
    if (isFresh && (depth === 'replication' || this.#ageOf(knowledge) < relearnMilliseconds)) {
      connection.account = knowledge.learnt.account
      connection.isOneByOne = knowledge.learnt.dialect.isBinlogServer ?? false
      return ok(knowledge)
    }
    const { generation } = this.#connections
    const learnt = await learn(connection, deadline, this.#context.clock, !this.#context.settings.skipMaxScaleCheck)
    if (!learnt.ok) return learnt
    this.knowledge = {
      learnt: learnt.value, generation, learntAtMonotonic: this.#context.clock.monotonic(), isDetectDue: true, probeWay: { way: 'status', missingGrants: [] },
      detected: knowledge?.detected ?? nothingDetected, lastFacts: knowledge?.lastFacts ?? null, listingWorks: knowledge?.listingWorks ?? false,
    }
    return ok(this.knowledge)
  }

  #ageOf({ learntAtMonotonic }: Knowledge): number {
    return this.#context.clock.monotonic() - learntAtMonotonic
  }

  async #read(connection: Connection, knowledge: Knowledge, depth: ProbeOptions['depth'], deadline: Deadline): Promise<Result<ServerFacts, ServerFailure>> {
    const { settings, clock, isIgnoredUser } = this.#context
    const reach = knowledge.lastFacts === null ? 'full' : depth // what a quick probe leaves out must be known from somewhere
    if (knowledge.learnt.dialect.isBinlogServer) return this.#readBinlogServer(connection, knowledge, reach, deadline)
    const batch = batchOf(knowledge, settings, reach)
    const sent = await connection.run([...batch.values()], deadline, 'go on')
    if (!sent.ok) return sent
    const answers = new Answers(batch, sent.value)
    const refused = answers.failure('variables') ?? answers.failure('status') ?? answers.failure('group')
    if (refused !== null) return fail(refused)
    const variables = answers.rows('variables')?.first ?? null
    if (variables === null) return fail({ kind: 'not-mysql', number: null, text: `${this.key} does not tell its variables` })
    const key = resolvedKey(this.key, settings.hostnameFrom, variables)
    if (key === null) {
      const text = `MySQLHostnameResolveMethod configured to use @@report_host but ${this.key} has NULL/empty @@report_host`
      return fail({ kind: 'configuration', number: null, text })
    }
    const input: FactsInput = {
      asked: this.key, key, knowledge, answers, variables, status: answers.rows('status') ?? noRows, settings, isIgnoredUser, nowMonotonic: clock.monotonic(), now: clock.now(),
    }
    if (reach === 'replication') return ok(quickFacts(input))
    return this.#finish(connection, input, deadline)
  }

  async #readBinlogServer(connection: Connection, knowledge: Knowledge, depth: ProbeOptions['depth'], deadline: Deadline): Promise<Result<ServerFacts, ServerFailure>> {
    const { settings, isIgnoredUser } = this.#context
    const read = await readBinlogServer(connection, { key: this.key, knowledge, settings, isIgnoredUser, depth }, deadline)
    if (read.ok) knowledge.lastFacts = read.value
    return read
  }

  /** The slower part of a full poll, when it is due; then all facts together. */
  async #finish(connection: Connection, input: FactsInput, deadline: Deadline): Promise<Result<ServerFacts, ServerFailure>> {
    const { settings, log } = this.#context
    const { knowledge, answers } = input
    if (answers.wasAsked('listing')) knowledge.listingWorks = (answers.rows('listing')?.first?.text('host') ?? '') !== ''
    knowledge.probeWay = wayOf(knowledge, answers)
    if (knowledge.isDetectDue) {
      const { replication, readOnly } = quickFacts(input)
      const detected = await detect(connection, settings, replication === null || !readOnly, deadline, (query, failure) =>
        log.warning('a configured query was refused', { server: this.key, query, number: failure.number, text: failure.text }))
      if (!detected.ok) return detected
      knowledge.detected = detected.value
      knowledge.isDetectDue = false
    }
    if (this.#ageOf(knowledge) >= relearnMilliseconds / 2 && knowledge.probeWay.missingGrants.some(isGlobal)) connection.close()
    let facts = fullFacts(input)
    if (settings.lagQuery !== '' && !isPlainSelect(settings.lagQuery)) {
      const lag = await askOne(connection, settings.lagQuery, deadline)
      if (!lag.ok && !connection.isOpen) return lag
      const seconds = lag.ok ? cellNumber(lag.value) : null
      if (seconds !== null) facts = { ...facts, replicationLagSeconds: Math.max(0, seconds) }
    }
    knowledge.lastFacts = facts
    return ok(facts)
  }
}

/** Granted for all schemas, which an open connection does not notice. Source: MySQL manual, "When Privilege Changes Take Effect". */
const isGlobal = (grant: string): boolean => grant.includes(' ON *.* ')

/** Which way the facts were read, and which grants would give more. */
function wayOf({ learnt }: Knowledge, answers: Answers): ProbeWay {
  const missing = [...answers.grants]
  const wish = (table: string): void => {
    if (!learnt.readable.has(table)) missing.push(`GRANT SELECT ON ${table} TO ${learnt.account}`)
  }
  const { dialect } = learnt
  if (dialect.receiverTimes !== null) wish('performance_schema.replication_connection_status')
  if (dialect.storedOptions !== null) wish('mysql.slave_master_info')
  return { way: answers.wasAsked('receiverTimes') ? 'status-and-tables' : 'status', missingGrants: missing }
}
