import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Connection as LibraryConnection, SslOptions } from 'mysql2'
import { fail, ok, type Result } from '../../../kit/result.ts'
import type { ServerFailure } from '../../../model/topology/instance.ts'
import type { InstanceKey } from '../../../model/topology/instance-key.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { Deadline } from './deadline.ts'
import { failureOf, timedOut } from './failures.ts'
import type { KnownColumns } from './known-columns.ts'
import { clientLibrary } from './library.ts'
import type { Rows } from './rows.ts'
import { openSocket } from './socket.ts'
import { WireConnection } from './wire-connection.ts'

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
  /** Longest packet that is sent, in bytes; 0 or less: what one packet can hold, and the server judges. */
  readonly packetMax: number
  /** The connection ended without our doing; called at most once. */
  readonly onLost: (failure: ServerFailure) => void
}

type Library = Awaited<ReturnType<typeof clientLibrary>>

/** What the library would agree on beyond what `AnswerReader` reads. */
const withoutFlags = ['-CLIENT_QUERY_ATTRIBUTES', '-SESSION_TRACK', '-LOCAL_FILES']

/** The only place that knows the client library. Statements are sent as text, nothing is prepared on the server. */
export async function openConnection(options: OpenOptions): Promise<Result<Connection, ServerFailure>> {
  const { createConnection } = await clientLibrary()
  const socket = await openSocket(options.key, options.deadline, options.clock)
  if (!socket.ok) return socket
  return authenticate(createConnection, socket.value, options)
}

function authenticate(createConnection: Library['createConnection'], socket: Socket, options: OpenOptions): Promise<Result<Connection, ServerFailure>> {
  const { key, login, deadline, clock } = options
  return new Promise(resolve => {
    const ownListeners = listenersOf(socket)
    const library = createConnection({
      stream: socket, host: key.slice(0, key.lastIndexOf(':')), user: login.user, password: login.password,
      ...(login.tls === null ? {} : { ssl: tlsOptions(login.tls) }),
      multipleStatements: true, flags: withoutFlags, charset: 'utf8mb4_general_ci', connectTimeout: 0, maxPreparedStatements: 1,
      connectAttributes: { program_name: 'orchestrator' },
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
      settle(ok(new WireConnection(takenOver(library, socket, ownListeners), options)))
    })
    const onEarlyError = (error: Error): void => settle(fail(failureOf(error)))
    library.on('error', onEarlyError)
    library.once('end', () => settle(fail({ kind: 'connection-lost', number: null, text: `${key} closed the connection during the login` })))
  })
}

/** What the library listens to while it logs in. */
const wireEvents = ['data', 'end', 'close', 'error'] as const
type Listeners = Readonly<Record<(typeof wireEvents)[number], ReadonlySet<unknown>>>

const listenersOf = (socket: Socket): Listeners => {
  const of = (event: string): ReadonlySet<unknown> => new Set(socket.listeners(event))
  return { data: of('data'), end: of('end'), close: of('close'), error: of('error') }
}

/** After the login the library is done: answers what is spoken over from now on, with the library's listeners taken off. */
function takenOver(library: LibraryConnection, socket: Socket, own: Listeners): Duplex {
  library.on('error', () => {}) // told by the wire too
  const { stream: wire } = library as unknown as { readonly stream: Duplex } // the socket, or what encrypts it; not in the library's types
  if (wire !== socket) return wire.removeAllListeners('data')
  for (const event of wireEvents) {
    for (const listener of socket.listeners(event)) {
      if (!own[event].has(listener)) socket.removeListener(event, listener as () => void) // as the emitter gave it
    }
  }
  return wire
}

const tlsOptions = (tls: TlsFiles): SslOptions & { verifyIdentity: boolean } => ({
  ...(tls.ca === undefined ? {} : { ca: tls.ca.toString() }),
  ...(tls.cert === undefined ? {} : { cert: tls.cert.toString() }),
  ...(tls.key === undefined ? {} : { key: tls.key.toString() }),
  rejectUnauthorized: tls.verify, verifyIdentity: tls.verify,
})
