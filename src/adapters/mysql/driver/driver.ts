import type { Socket } from 'node:net'
import mysql2, { type Connection as LibraryConnection } from 'mysql2'
import { fail, ok, type Result } from '../../../kit/result.ts'
import type { ServerFailure } from '../../../model/topology/instance.ts'
import type { InstanceKey } from '../../../model/topology/instance-key.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { Deadline } from './deadline.ts'
import { endsConnection, failureOf, timedOut } from './failures.ts'
import { type Cell, type Columns, type KnownColumns, Rows } from './rows.ts'
import { openSocket } from './socket.ts'

/** A statement, and the privilege (with ON …) it wants, so that a missing one can be named. */
export interface Statement {
  readonly sql: string
  readonly needs?: string
}

export interface TlsFiles {
  readonly ca: Buffer | undefined
  readonly cert: Buffer | undefined
  readonly key: Buffer | undefined
  readonly verify: boolean
}

export interface Login {
  readonly user: string
  readonly password: string
  /** Null: without TLS. */
  readonly tls: TlsFiles | null
}

/** One outcome per statement that was answered. `stop` mode: nothing after the first failed one. */
export type Outcomes = readonly Result<Rows, ServerFailure>[]

/** An open, authenticated connection. One batch at a time; the session sees to that. */
export interface Connection {
  readonly isOpen: boolean
  readonly openedAt: number
  readonly isTls: boolean
  /** Who we are there, for naming a missing grant; set when it is known. */
  account: string | undefined
  /** The server takes one statement at a time. */
  isOneByOne: boolean
  /**
   * Sends the statements together, in one round trip. A rejected one ends the batch on the server: with `on-failure: 'go on'` the rest is sent again.
   * A failed Result means the connection is of no use any more and was closed.
   */
  run(statements: readonly Statement[], deadline: Deadline, onFailure: 'stop' | 'go on'): Promise<Result<Outcomes, ServerFailure>>
  close(): void
}

export interface OpenOptions {
  readonly key: InstanceKey
  readonly login: Login
  readonly deadline: Deadline
  readonly clock: Pick<Clock, 'after' | 'monotonic'>
  readonly columns: KnownColumns
  /** The connection ended without our doing; called at most once. */
  readonly onLost: (failure: ServerFailure) => void
}

/** The only place that knows the client library. Statements are sent as text, nothing is prepared on the server. */
export async function openConnection(options: OpenOptions): Promise<Result<Connection, ServerFailure>> {
  const socket = await openSocket(options.key, options.deadline, options.clock)
  if (!socket.ok) return socket
  return authenticate(socket.value, options)
}

function authenticate(socket: Socket, options: OpenOptions): Promise<Result<Connection, ServerFailure>> {
  const { key, login, deadline, clock } = options
  return new Promise(resolve => {
    const library = mysql2.createConnection({
      stream: socket, host: key.slice(0, key.lastIndexOf(':')), user: login.user, password: login.password,
      ...(login.tls === null ? {} : { ssl: tlsOptions(login.tls) }),
      multipleStatements: true, rowsAsArray: true, dateStrings: true, supportBigNumbers: true, bigNumberStrings: true, jsonStrings: true,
      connectTimeout: 0, maxPreparedStatements: 1, charset: 'utf8mb4_general_ci', connectAttributes: { program_name: 'orchestrator' },
    })
    let isSettled = false
    const settle = (answer: Result<Connection, ServerFailure>): void => {
      if (isSettled) return
      isSettled = true
      cancelTimer()
      if (!answer.ok) {
        library.destroy()
        socket.destroy()
      }
      resolve(answer)
    }
    const cancelTimer = clock.after(deadline.left, () => settle(fail(timedOut(`${key} did not finish the login in time`))))
    library.once('connect', () => {
      library.removeListener('error', onEarlyError)
      settle(ok(new LibraryBackedConnection(library, socket, options)))
    })
    const onEarlyError = (error: Error): void => settle(fail(failureOf(error)))
    library.on('error', onEarlyError)
    library.once('end', () => settle(fail({ kind: 'connection-lost', number: null, text: `${key} closed the connection during the login` })))
  })
}

const tlsOptions = (tls: TlsFiles): mysql2.SslOptions & { verifyIdentity: boolean } => ({
  ...(tls.ca === undefined ? {} : { ca: tls.ca.toString() }),
  ...(tls.cert === undefined ? {} : { cert: tls.cert.toString() }),
  ...(tls.key === undefined ? {} : { key: tls.key.toString() }),
  rejectUnauthorized: tls.verify, verifyIdentity: tls.verify,
})

class LibraryBackedConnection implements Connection {
  readonly openedAt: number
  readonly isTls: boolean
  account: string | undefined
  isOneByOne = false
  #isOpen = true
  readonly #library: LibraryConnection
  readonly #socket: Socket
  readonly #options: OpenOptions
  /** Ends the batch that is under way with a failure. */
  #interrupt: ((failure: ServerFailure) => void) | null = null

  constructor(library: LibraryConnection, socket: Socket, options: OpenOptions) {
    this.#library = library
    this.#socket = socket
    this.#options = options
    this.openedAt = options.clock.monotonic()
    this.isTls = options.login.tls !== null
    library.on('error', (error: Error) => this.#lost(failureOf(error)))
    library.on('end', () => this.#lost({ kind: 'connection-lost', number: null, text: `${options.key} closed the connection` }))
    socket.on('close', () => this.#lost({ kind: 'connection-lost', number: null, text: `the connection to ${options.key} was closed` }))
    socket.on('error', (error: Error) => this.#lost(failureOf(error)))
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  async run(statements: readonly Statement[], deadline: Deadline, onFailure: 'stop' | 'go on'): Promise<Result<Outcomes, ServerFailure>> {
    const outcomes: Result<Rows, ServerFailure>[] = []
    while (outcomes.length < statements.length) {
      const answered = await this.#send(statements.slice(outcomes.length, this.isOneByOne ? outcomes.length + 1 : undefined), deadline)
      if (!answered.ok) return answered
      outcomes.push(...answered.value)
      const last = outcomes.at(-1)
      if (onFailure === 'stop' && last !== undefined && !last.ok) break
    }
    return ok(outcomes)
  }

  /** One round trip: outcomes up to and including the first rejected statement. */
  #send(statements: readonly Statement[], deadline: Deadline): Promise<Result<Outcomes, ServerFailure>> {
    if (!this.#isOpen) return Promise.resolve(fail({ kind: 'connection-lost', number: null, text: `the connection to ${this.#options.key} is closed` }))
    if (this.#interrupt !== null) throw new Error('a batch was sent on a connection that is busy with another one')
    return new Promise(resolve => {
      const sets: { columns: Columns; rows: (readonly Cell[])[] }[] = []
      let rejected: ServerFailure | null = null
      const settle = (answer: Result<Outcomes, ServerFailure>): void => {
        if (this.#interrupt !== interrupt) return
        this.#interrupt = null
        cancelTimer()
        resolve(answer)
      }
      const interrupt = (failure: ServerFailure): void => settle(fail(failure))
      this.#interrupt = interrupt
      const cancelTimer = this.#options.clock.after(deadline.left, () => {
        interrupt(timedOut(`${this.#options.key} did not answer in time`))
        this.close()
      })
      // Without a callback the library reports each result set as it comes, so those before a rejected statement are kept.
      const query = this.#library.query({ sql: statements.map(statement => statement.sql).join(';\n'), rowsAsArray: true })
      query.on('fields', (fields: readonly { readonly name: string }[] | undefined) => {
        sets.push({ columns: this.#options.columns.of(fields?.map(field => field.name) ?? []), rows: [] })
      })
      query.on('result', (row: unknown) => {
        if (Array.isArray(row)) sets.at(-1)?.rows.push(row)
      })
      query.on('error', (error: Error) => {
        const failure = failureOf(error, { needs: statements[sets.length]?.needs, account: this.account })
        if (endsConnection(failure)) this.#lost(failure)
        else rejected = failure
      })
      query.on('end', () => {
        const outcomes: Result<Rows, ServerFailure>[] = sets.slice(0, statements.length).map(set => ok(new Rows(set.columns, set.rows)))
        settle(ok(rejected === null ? outcomes : [...outcomes, fail(rejected)]))
      })
    })
  }

  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#library.destroy()
    this.#socket.destroy()
    this.#interrupt?.({ kind: 'connection-lost', number: null, text: `the connection to ${this.#options.key} was closed by this program` })
  }

  #lost(failure: ServerFailure): void {
    if (!this.#isOpen) return
    this.#interrupt?.(failure)
    this.close()
    this.#options.onLost(failure)
  }
}
