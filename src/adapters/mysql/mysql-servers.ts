import { derived } from '../../kit/derived.ts'
import { goPattern } from '../../kit/go-pattern.ts'
import { fail, ok, type Result } from '../../kit/result.ts'
import type { Step } from '../../model/planning/step.ts'
import type { Instance, ServerFailure } from '../../model/topology/instance.ts'
import { type InstanceKey, isValidKey } from '../../model/topology/instance-key.ts'
import type { BinaryLogs, BinlogStart } from '../../ports/binary-logs.ts'
import type { CloneProgress } from '../../model/recovery/clone-progress.ts'
import type { Cloning } from '../../ports/cloning.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { LogEvents } from '../../ports/log-events.ts'
import type { Examination } from '../../model/doctor/subjects.ts'
import type { Transactions } from '../../ports/transactions.ts'
import { readOpenTransactions } from './statements/open-transactions.ts'
import type { Examiner } from '../../ports/examiner.ts'
import type { ProbeFailure, ProbeOptions, ServerFacts, Servers, StepEffect } from '../../ports/servers.ts'
import type { WriteWaits } from '../../ports/write-waits.ts'
import { chooseDialect } from './dialects/choose.ts'
import { examine } from './examine/examine.ts'
import { Deadline } from './driver/deadline.ts'
import type { Connection } from './driver/driver.ts'
import { KnownColumns } from './driver/known-columns.ts'
import { ServerConnections } from './driver/server-connections.ts'
import { TlsPolicy } from './driver/tls-policy.ts'
import type { Learnt } from './probe/knowledge.ts'
import { Probe } from './probe/probe.ts'
import type { MysqlSettings } from './settings.ts'
import { readBinlogStarts } from './statements/binlog-starts.ts'
import { readCloneProgress } from './statements/clone.ts'
import { type Credentials, queriedCredentials, storedCredentials } from './statements/change-source.ts'
import { eventsStatement, keepsOrder, ownGrants, readEvents, writeStatement } from './statements/log-events.ts'
import { performStep } from './statements/perform.ts'
import { quoted } from './statements/quote.ts'
import { stepStatements } from './statements/step-statements.ts'
import { readWriteWaits } from './statements/write-waits.ts'

export interface MysqlServersOptions {
  readonly settings: MysqlSettings
  readonly clock: Clock
  readonly log: Log
}

type LostListener = (key: InstanceKey, failure: ServerFailure) => void

interface Known {
  readonly connections: ServerConnections
  readonly probe: Probe
}

/** The servers port over the real protocol: one persistent connection per server, a second one while the first waits. */
export class MysqlServers implements Servers, BinaryLogs, LogEvents, WriteWaits, Examiner, Cloning, Transactions {
  readonly #options: MysqlServersOptions
  readonly #tls: TlsPolicy
  readonly #columns = new KnownColumns()
  readonly #servers = new Map<InstanceKey, Known>()
  readonly #lostListeners = new Set<LostListener>()
  readonly #isIgnoredUser: (user: string) => boolean

  constructor(options: MysqlServersOptions) {
    this.#options = options
    this.#tls = new TlsPolicy(options.settings, options.clock)
    const ignored = derived(options.settings, ({ ignoreReplicationUsers }) => matcher(ignoreReplicationUsers))
    this.#isIgnoredUser = user => ignored()(user)
  }

  /** How often it was asked since the start whether a server demands TLS. */
  get tlsCounts(): TlsPolicy['counts'] {
    return this.#tls.counts
  }

  async probe(key: InstanceKey, { depth, deadlineMilliseconds, learnsAgain = false }: ProbeOptions): Promise<Result<ServerFacts, ProbeFailure>> {
    if (!isValidKey(key)) return fail({ failure: { kind: 'name-unknown', number: null, text: `${key} is not the address of a server` }, partial: false })
    const { probe } = this.#known(key)
    if (learnsAgain) probe.learnAgain()
    return probe.run(depth, this.#deadline(deadlineMilliseconds))
  }

  async examine(key: InstanceKey, { deadlineMilliseconds }: { readonly deadlineMilliseconds: number }): Promise<Result<Examination, ServerFailure>> {
    if (!isValidKey(key)) return fail({ kind: 'name-unknown', number: null, text: `${key} is not the address of a server` })
    const { settings, clock } = this.#options
    const connections = new ServerConnections({ key, settings, tls: this.#tls, columns: this.#columns, clock, onLost: () => {} })
    const deadline = this.#deadline(deadlineMilliseconds)
    try {
      return await connections.borrow(deadline, connection => examine(connection, deadline, clock))
    } finally {
      connections.close()
    }
  }

  async perform(
    step: Step, on: Instance, { deadlineMilliseconds, bindings }: { readonly deadlineMilliseconds: number; readonly bindings: ReadonlyMap<string, string> },
  ): Promise<Result<StepEffect, ServerFailure>> {
    const deadline = this.#deadline(this.#within(step, deadlineMilliseconds))
    const { connections, probe } = this.#known(step.on)
    const upBefore = step.do === 'clone-from' ? await this.#uptime(step.on) : null
    const effect = await connections.borrow(deadline, async connection => {
      const known = await probe.known(connection, 'replication', deadline)
      if (!known.ok) return known
      return performStep(connection, step, on, {
        learnt: known.value.learnt, bindings, deadline, account: { user: this.#options.settings.user, password: this.#options.settings.password }, credentialsOf: (copy, quote) => this.#credentials(copy.like, quote, deadline),
      })
    })
    if (changesMore.has(step.do)) probe.learnAgain()
    if (step.do === 'clone-from' && effect.ok) return this.#untilItEnded(step.on, effect, upBefore)
    if (step.do === 'wait-restart' && !effect.ok && deadline.left > restartLookMilliseconds && comesBack.has(effect.failure.kind)) {
      await this.#options.clock.sleep(restartLookMilliseconds)
      return this.perform(step, on, { deadlineMilliseconds: deadline.left, bindings })
    }
    return effect
  }

  /** MySQLTopologyReadTimeoutSeconds bounds each change; a step that waits on purpose says itself how long. */
  #within(step: Step, milliseconds: number): number {
    const { statementTimeoutSeconds } = this.#options.settings
    return 'timeoutMilliseconds' in step || statementTimeoutSeconds === 0 ? milliseconds : Math.min(milliseconds, statementTimeoutSeconds * 1000)
  }

  statements(step: Step, on: Instance): readonly string[] {
    const known = this.#servers.get(step.on)?.probe.knowledge
    const plainBackslash = known?.learnt.plainBackslash ?? false
    return stepStatements(step, on, {
      dialect: chooseDialect(on.version), quote: text => quoted(text, plainBackslash), setOf: reference => ('set' in reference ? reference.set : null),
    }).map(statement => statement.sql)
  }

  async starts(on: Instance, deadlineMilliseconds: number): Promise<Result<readonly BinlogStart[], ServerFailure>> {
    const deadline = this.#deadline(deadlineMilliseconds)
    const { connections, probe } = this.#known(on.key)
    return connections.borrow(deadline, async connection => {
      const known = await probe.known(connection, 'replication', deadline)
      return known.ok ? readBinlogStarts(connection, text => quoted(text, known.value.learnt.plainBackslash), deadline) : known
    })
  }

  openTransactions: Transactions['openTransactions'] = (on, milliseconds) => this.#learnt(on.key, milliseconds, (connection, _learnt, deadline) => readOpenTransactions(connection, deadline))

  events: LogEvents['events'] = (on, asked, milliseconds) =>
    this.#learnt(on.key, milliseconds, (connection, { dialect, plainBackslash }, deadline) =>
      readEvents(connection, eventsStatement(asked, dialect, on.channels.at(-1)?.channel ?? '', text => quoted(text, plainBackslash)), deadline))

  keepsOrder: LogEvents['keepsOrder'] = (on, milliseconds) => this.#learnt(on.key, milliseconds, (connection, { dialect }, deadline) => keepsOrder(connection, dialect, deadline))

  grants: LogEvents['grants'] = (on, milliseconds) => this.#learnt(on.key, milliseconds, (connection, _learnt, deadline) => ownGrants(connection, deadline))

  inject: LogEvents['inject'] = (on, statement, milliseconds) =>
    this.#learnt(on.key, milliseconds, (connection, _learnt, deadline) => writeStatement(connection, statement, deadline))

  /** What a server answers before it restarts is of its old data: it must have ended, or begun anew. */
  async #untilItEnded(key: InstanceKey, effect: Result<StepEffect, ServerFailure>, upBefore: number | null): Promise<Result<StepEffect, ServerFailure>> {
    const deadline = this.#deadline(restartBeginsMilliseconds)
    while (deadline.left > endingLookMilliseconds) {
      const up = await this.#uptime(key)
      if (up === null || (upBefore !== null && up < upBefore)) return effect
      await this.#options.clock.sleep(endingLookMilliseconds)
    }
    return fail(configuration(`${key} has cloned its data and did not restart`))
  }

  /** In seconds; null when it does not answer. */
  async #uptime(key: InstanceKey): Promise<number | null> {
    const deadline = this.#deadline(uptimeMilliseconds)
    const asked = await this.#known(key).connections.borrow(deadline, connection => connection.run([uptime], deadline, 'stop'))
    const [rows] = asked.ok ? asked.value : []
    return rows?.ok === true ? (rows.value.first?.number('uptime') ?? null) : null
  }

  async cloneProgress(key: InstanceKey, deadlineMilliseconds: number): Promise<Result<CloneProgress, ServerFailure>> {
    const deadline = this.#deadline(deadlineMilliseconds)
    return this.#known(key).connections.borrow(deadline, connection => readCloneProgress(connection, deadline))
  }

  writeWaits: WriteWaits['writeWaits'] = (on, milliseconds) =>
    this.#learnt(on.key, milliseconds, (connection, { dialect }, deadline) => readWriteWaits(connection, dialect, deadline))

  onConnectionLost(listener: LostListener): () => void {
    this.#lostListeners.add(listener)
    return () => this.#lostListeners.delete(listener)
  }

  release(key: InstanceKey): void {
    this.#servers.get(key)?.connections.close()
    this.#servers.delete(key)
    this.#tls.forget(key)
  }

  close(): Promise<void> {
    for (const { connections } of this.#servers.values()) connections.close()
    this.#servers.clear()
    return Promise.resolve()
  }

  /** Something asked of a server, in its own dialect. */
  async #learnt<Value>(
    key: InstanceKey, milliseconds: number, ask: (connection: Connection, learnt: Learnt, deadline: Deadline) => Promise<Result<Value, ServerFailure>>,
  ): Promise<Result<Value, ServerFailure>> {
    if (!isValidKey(key)) return fail({ kind: 'name-unknown', number: null, text: `${key} is not the address of a server` })
    const deadline = this.#deadline(milliseconds)
    const { connections, probe } = this.#known(key)
    return connections.borrow(deadline, async connection => {
      const known = await probe.known(connection, 'replication', deadline)
      return known.ok ? ask(connection, known.value.learnt, deadline) : known
    })
  }

  #deadline(milliseconds: number): Deadline {
    return new Deadline(this.#options.clock, milliseconds)
  }

  #known(key: InstanceKey): Known {
    const present = this.#servers.get(key)
    if (present !== undefined) return present
    const { settings, clock, log } = this.#options
    const connections = new ServerConnections({
      key, settings, tls: this.#tls, columns: this.#columns, clock, onLost: (lost, failure) => { for (const listener of this.#lostListeners) listener(lost, failure) },
    })
    const known = { connections, probe: new Probe(key, connections, { settings, clock, log, isIgnoredUser: this.#isIgnoredUser }) }
    this.#servers.set(key, known)
    return known
  }

  /** The replication account as `like` has it stored, or as the configured query tells it there. */
  async #credentials(like: InstanceKey, quote: (text: string) => string, deadline: Deadline): Promise<Result<Credentials, ServerFailure>> {
    const { connections, probe } = this.#known(like)
    const { credentialsQuery } = this.#options.settings
    return connections.borrow(deadline, async connection => {
      const known = await probe.known(connection, 'replication', deadline)
      if (!known.ok) return known
      const statement = credentialsQuery === '' ? known.value.learnt.dialect.storedCredentials : { sql: credentialsQuery.trim().replace(/;+$/, '') }
      if (statement === null) return fail(configuration(`${like} does not store its replication account in a table: set ReplicationCredentialsQuery`))
      const sent = await connection.run([statement], deadline, 'stop')
      if (!sent.ok) return sent
      const [rows] = sent.value
      if (rows === undefined || !rows.ok) return fail(rows?.failure ?? configuration(`${like} did not tell its replication account`))
      const row = rows.value.first
      const credentials = row === null ? null : credentialsQuery === '' ? storedCredentials(row, quote) : queriedCredentials(row, quote)
      if (credentials === null || credentials.user === '') return fail(configuration(`${like} has no replication account stored`))
      return ok(credentials)
    })
  }
}

/** A server that restarts refuses, or ends what was begun; anything else is an answer. */
const comesBack: ReadonlySet<ServerFailure['kind']> = new Set<ServerFailure['kind']>(['refused', 'connection-lost', 'timeout', 'unreachable'])
/** It may take writes until it is found. */
const restartLookMilliseconds = 100
const endingLookMilliseconds = 50
const restartBeginsMilliseconds = 60_000
const uptimeMilliseconds = 2000
const uptime = { sql: "SELECT variable_value AS uptime FROM performance_schema.global_status WHERE variable_name = 'Uptime'" }

/** Steps after which stored options or credentials may be others. */
const changesMore: ReadonlySet<Step['do']> = new Set<Step['do']>(['clone-from', 'wait-restart', 'change-source', 'copy-replication-credentials', 'forget-source'])

const configuration = (text: string): ServerFailure => ({ kind: 'configuration', number: null, text })

function matcher(patterns: readonly string[]): (text: string) => boolean {
  const compiled = patterns.flatMap(pattern => {
    const answer = goPattern(pattern)
    return answer.ok ? [answer.value] : []
  })
  return text => compiled.some(pattern => pattern.test(text))
}
