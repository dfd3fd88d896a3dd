import { fail, ok, type Result } from '../../../kit/result.ts'
import type { CoordinatesReference, SetReference, Step } from '../../../model/planning/step.ts'
import type { Instance, ServerFailure } from '../../../model/topology/instance.ts'
import type { StepEffect } from '../../../ports/servers.ts'
import type { Deadline } from '../driver/deadline.ts'
import type { Connection, Statement } from '../driver/driver.ts'
import { timedOut } from '../driver/failures.ts'
import type { Rows } from '../driver/rows.ts'
import type { Learnt } from '../probe/knowledge.ts'
import { performOnBinlogServer } from './binlog-server.ts'
import { endBlockedCommits } from './blocked-commits.ts'
import { type Credentials, knownLater, useCredentials } from './change-source.ts'
import { cloneInstance } from './clone.ts'
import { heldSet, statusSets, stillToReach } from './gtid-answers.ts'
import { quoted } from './quote.ts'
import { waitForRead } from './wait-read.ts'
import { executedStatement, stepStatements } from './step-statements.ts'
import { waitReceived } from './wait-received.ts'

type Effect = Result<StepEffect, ServerFailure>

export interface PerformContext {
  readonly learnt: Learnt
  readonly bindings: ReadonlyMap<string, string>
  readonly deadline: Deadline
  /** Our own account, as which a donor is asked for its data. */
  readonly account: { readonly user: string; readonly password: string }
  /** The replication account of another server, for `copy-replication-credentials`. */
  readonly credentialsOf: (step: Extract<Step, { do: 'copy-replication-credentials' }>, quote: (text: string) => string) => Promise<Result<Credentials, ServerFailure>>
}

/** Carries out one step on an open connection, in one round trip where the step allows it. */
export async function performStep(connection: Connection, step: Step, on: Instance, context: PerformContext): Promise<Effect> {
  const { learnt: { dialect, plainBackslash }, bindings, deadline } = context
  const quote = (text: string): string => quoted(text, plainBackslash)
  if (step.do === 'match-position') throw new Error('two servers are lined up by engine/pseudo-gtid, not by one connection')
  if (step.do === 'wait-received') return waitReceived(connection, step.on, context.learnt, deadline)
  if (step.do === 'copy-replication-credentials') return copyCredentials(connection, step, quote, context)

  const setOf = (reference: SetReference | CoordinatesReference): string | null =>
    ('set' in reference ? reference.set : 'place' in reference ? reference.place : (bindings.get(reference.boundTo) ?? null))
  if (step.do === 'wait-executed' && setOf(step.what) === null) throw new Error(`the name of a GTID set is not bound: ${JSON.stringify(step.what)}`)
  const unread = placesOf(step).find(at => setOf(at) === null)
  if (unread !== undefined) throw new Error(`the name of a place is not bound: ${JSON.stringify(unread)}`)
  const worded = stepStatements(step, step.do === 'change-source' ? await withItsHeartbeat(connection, on, context) : on, { dialect, quote, setOf })
  if (worded.some(({ sql }) => sql.includes(knownLater))) {
    return fail({ kind: 'configuration', number: null, text: `${step.on} does not tell the position that ${step.do} needs` })
  }
  if (step.do === 'wait-executed' && dialect.family === 'mariadb') return waitOnMariadb(connection, step, setOf(step.what) ?? '', quote, context)
  if (step.do === 'end-blocked-commits') return endBlockedCommits(connection, worded, context)
  if (step.do === 'clone-from') return cloneInstance(connection, step, context.account, quote, deadline)
  if (step.do === 'wait-position' && step.mayFetch === true && !dialect.isBinlogServer) {
    const channel = on.channels.at(-1)?.channel ?? ''
    return waitForRead(connection, step, { dialect, quote, deadline, here: statement => (channel === '' ? statement : dialect.onChannel(statement, quote(channel))) })
  }
  if (step.do === 'inject-empty') return injectEmpty(connection, worded, deadline)
  if (dialect.isBinlogServer) {
    const special = await performOnBinlogServer(connection, step, reference => setOf(reference), deadline)
    if (special !== null) return special
  }
  const answered = await runAll(connection, step.do === 'set-read-only' ? [lockWaitWithin(deadline), ...worded] : worded, deadline)
  if (!answered.ok) return step.do === 'forget-gtids' ? fail(withWayBack(answered.failure, worded)) : answered
  const { statements, rows } = answered.value

  switch (step.do) {
    case 'wait-executed': {
      const answer = rows[0]?.first?.text('answer') ?? ''
      return answer === '0' ? ok({ statements }) : fail(timedOut(`${step.on} did not execute the GTID set within ${step.timeoutMilliseconds} ms`))
    }
    case 'read-executed': {
      const held = heldSet(rows[0]?.first?.text('executed').replaceAll(/\s+/g, '') ?? '', statusSets(rows[1], dialect).retrieved, dialect.family)
      return held.ok ? ok({ statements, executedGtidSet: held.value }) : held
    }
    case 'read-coordinates': {
      const row = step.which === 'own' ? rows[0]?.first : rows[0]?.all().at(-1)
      const [file, position] = step.which === 'own' ? ['file', 'position'] : [dialect.statusColumns.executedFile ?? '', dialect.statusColumns.executedPosition ?? '']
      const coordinates = `${row?.text(file) ?? ''}:${row?.text(position) ?? ''}`
      if (coordinates.startsWith(':') || coordinates.endsWith(':')) return fail({ kind: 'statement-rejected', number: null, text: `${step.on} does not tell where it stands` })
      const wanted = step.mustBe === undefined ? coordinates : setOf(step.mustBe)
      if (coordinates !== wanted) return fail({ kind: 'statement-rejected', number: null, text: `${step.on} stands at ${coordinates} and not at ${wanted}` })
      return ok({ statements, coordinates })
    }
    case 'wait-position': {
      const answer = rows[0]?.first?.number('answer') ?? null
      if (answer === null) return fail({ kind: 'statement-rejected', number: null, text: `the applier of ${step.on} does not run` })
      return answer >= 0 ? ok({ statements }) : fail(timedOut(`${step.on} did not come to the position within ${step.timeoutMilliseconds} ms`))
    }
    // The waiting function says the same of an applier that has come there and stopped, and of one that failed on the way.
    case 'start-until': {
      const row = rows.at(-1)?.all().at(-1)
      const column = (name: string | undefined): string => (name === undefined ? '' : (row?.text(name) ?? ''))
      const { executedFile, executedPosition, applierErrorText } = dialect.statusColumns
      const [stands, wanted] = [`${column(executedFile)}:${column(executedPosition)}`, setOf(step.upTo) ?? '']
      if (stands === wanted) return ok({ statements })
      const error = column(applierErrorText)
      return fail({ kind: 'statement-rejected', number: null, text: `${step.on} was to come to ${wanted} and stands at ${stands}${error === '' ? ` after ${step.timeoutMilliseconds} ms` : `: ${error}`}` })
    }
    case 'stop-receiver': return ok({ statements, receiverStopped: statusSets(rows[1], dialect) })
    default: return ok({ statements })
  }
}

/** The places that must have been read before a step can be worded. */
function placesOf(step: Step): readonly CoordinatesReference[] {
  if (step.do === 'change-source') return step.at === undefined ? [] : [step.at]
  if (step.do === 'start-until' || (step.do === 'wait-position' && typeof step.upTo !== 'string')) return typeof step.upTo === 'string' ? [] : [step.upTo]
  return step.do === 'read-coordinates' && step.mustBe !== undefined ? [step.mustBe] : []
}

/**
 * read_only waits for commits and table locks under way, and everybody waits behind it. The server itself gives up before we do, so that
 * no statement we have given up makes the server read-only later.
 */
const lockWaitWithin = (deadline: Deadline): Statement => ({ sql: `SET SESSION lock_wait_timeout = ${Math.max(1, Math.floor(deadline.left / 1000) - 1)}` })

/**
 * MariaDB's function waits for what was replicated, and would wait for ever for what the server wrote itself while it was the primary; so only the
 * domains are waited for that it has not reached in one way or the other.
 */
async function waitOnMariadb(
  connection: Connection, step: Extract<Step, { do: 'wait-executed' }>, wanted: string, quote: (text: string) => string, { learnt: { dialect }, deadline }: PerformContext,
): Promise<Effect> {
  const asked = await runAll(connection, [executedStatement(dialect)], deadline)
  if (!asked.ok) return asked
  const still = stillToReach(wanted.replaceAll(/\s+/g, ''), asked.value.rows[0]?.first?.text('executed') ?? '')
  const answered = await runAll(connection, [dialect.waitExecuted(quote(still), step.timeoutMilliseconds / 1000)], deadline)
  if (!answered.ok) return answered
  const isReached = answered.value.rows[0]?.first?.text('answer') === '0'
  return isReached ? ok({ statements: answered.value.statements }) : fail(timedOut(`${step.on} did not come to the GTID position within ${step.timeoutMilliseconds} ms`))
}

/** The server with the heartbeat period that its channel has now, because a change of the source must name it to keep it. */
async function withItsHeartbeat(connection: Connection, on: Instance, { learnt: { dialect }, deadline }: PerformContext): Promise<Instance> {
  const { replication } = on
  if (replication === null || dialect.storedOptions === null) return on
  const sent = await connection.run([dialect.storedOptions], deadline, 'stop')
  const [rows] = sent.ok ? sent.value : []
  if (rows?.ok !== true) return on
  const row = rows.value.all().find(stored => stored.text('channel_name') === replication.channel)
  const heartbeatPeriodSeconds = row?.number('heartbeat') ?? null
  return { ...on, replication: { ...replication, options: { ...replication.options, heartbeatPeriodSeconds } } }
}

/** Statements of one round trip: some hundred transactions are short enough for any server's max_allowed_packet. */
const statementsAtOnce = 600

/** A session whose next transaction would take a number that was named for another one must never be used again: after any failure it is closed. */
async function injectEmpty(connection: Connection, worded: readonly Statement[], deadline: Deadline): Promise<Effect> {
  for (let from = 0; from < worded.length; from += statementsAtOnce) {
    const answered = await runAll(connection, worded.slice(from, from + statementsAtOnce), deadline)
    if (answered.ok) continue
    connection.close()
    return answered
  }
  return ok({ statements: worded.map(({ sql }) => sql) })
}

/** Once the binary logs may be gone, whoever reads of the failure must learn what the server should be told. */
function withWayBack(failure: ServerFailure, worded: readonly Statement[]): ServerFailure {
  const remembers = worded[1]?.sql
  return remembers === undefined ? failure : { ...failure, text: `${failure.text}; if its binary logs are gone, run on it: ${remembers}` }
}

function withTlsAlone(credentials: Credentials): Credentials {
  const { ssl, sslCa, sslCert, sslKey } = credentials.options
  return { ...credentials, options: Object.fromEntries(Object.entries({ ssl, sslCa, sslCert, sslKey }).filter(([, value]) => value !== undefined)) }
}

async function copyCredentials(
  connection: Connection, step: Extract<Step, { do: 'copy-replication-credentials' }>, quote: (text: string) => string, context: PerformContext,
): Promise<Effect> {
  const credentials = await context.credentialsOf(step, quote)
  if (!credentials.ok) return credentials
  const { learnt: { dialect }, deadline } = context
  // Its own options it has already, and what is not named stays; only TLS material may come with the account, from the configured query.
  const used = step.like === step.on ? withTlsAlone(credentials.value) : credentials.value
  const answered = await runAll(connection, [useCredentials(dialect, used, quote, true)], deadline)
  return answered.ok ? ok({ statements: [useCredentials(dialect, used, quote, false).sql] }) : answered
}

/** All statements must be accepted; the first refusal is the step's failure. */
async function runAll(
  connection: Connection, statements: readonly Statement[], deadline: Deadline,
): Promise<Result<{ readonly statements: readonly string[]; readonly rows: readonly Rows[] }, ServerFailure>> {
  const sent = await connection.run(statements, deadline, 'stop')
  if (!sent.ok) return sent
  const rows: Rows[] = []
  for (const outcome of sent.value) {
    if (!outcome.ok) return outcome
    rows.push(outcome.value)
  }
  return ok({ statements: statements.map(statement => statement.sql), rows })
}
