import type { ChildProcess } from 'node:child_process'
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Connection, type ConnectionOptions, type RowDataPacket, createConnection } from 'mysql2/promise'
import { type InstanceKey, instanceKey } from '../../../src/model/topology/instance-key.ts'
import { accounts } from './accounts.ts'
import { exists } from './cache-folder.ts'
import type { ServerBinary } from './server-binary.ts'
import { type ServerPlace, dataOf, errorLogOf, serverOptions, socketOf } from './server-options.ts'
import { startGuarded } from './watchdog.ts'

const run = promisify(execFile)
const startMillisMax = 60_000
const freezeMillisMax = 2000

/** Every thread of the process is stopped, or it is gone. */
function stands(id: number): boolean {
  try {
    return readdirSync(`/proc/${id}/task`).every(thread => / [Tt] /.test(readFileSync(`/proc/${id}/task/${thread}/stat`, 'utf8').replace(/^.*\)/, '')))
  } catch {
    return !existsSync(`/proc/${id}`) // a thread ended meanwhile, or all of them did
  }
}
const stopMillisMax = 60_000
const statementMillisMax = 60_000
const lookMillis = 20

export type Row = Record<string, unknown>
export type Parameter = string | number | bigint | boolean | Date | Buffer | null

export interface ServerParts {
  readonly name: string
  readonly place: ServerPlace
  readonly binary: ServerBinary
  readonly template: string
  readonly sandboxFolder: string
  readonly options: readonly string[]
  /** Words before the server's command, such as those that run it on a host of a network. */
  readonly inside?: readonly string[]
}

/** One real server: its process, its data, and SQL as root through its socket. */
export class SandboxServer {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly key: InstanceKey
  readonly flavour: ServerBinary['flavour']
  readonly version: string
  readonly folder: string
  readonly #parts: ServerParts
  #process: ChildProcess | undefined

  constructor(parts: ServerParts) {
    this.#parts = parts
    this.name = parts.name
    this.host = parts.place.host
    this.port = parts.place.port
    this.key = instanceKey(this.host, this.port)
    this.flavour = parts.binary.flavour
    this.version = parts.binary.version
    this.folder = parts.place.folder
  }

  /** The id of the server's process; undefined while it does not run. */
  get pid(): number | undefined {
    return this.isRunning ? this.#process?.pid : undefined
  }

  get isRunning(): boolean {
    return this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null
  }

  /** How a client connects as the user that the program is given. */
  get connectionOptions(): { host: string; port: number; user: string; password: string } {
    return { host: this.host, port: this.port, ...accounts.orchestrator }
  }

  /** The certificate authority that signed the server's certificate (MySQL; MariaDB makes its own in memory). */
  get certificateAuthority(): string {
    return `${dataOf(this.folder)}/ca.pem`
  }

  /** Starts the server on the data it has, and waits until it answers. Extra options hold for this start only. */
  async start(extraOptions: readonly string[] = []): Promise<void> {
    if (this.isRunning) return
    const { binary, place, options, sandboxFolder, inside = [] } = this.#parts
    await rm(socketOf(this.folder), { force: true })
    const words = [...inside, ...binary.command, '--no-defaults', ...binary.layout, ...serverOptions(place), ...options, ...extraOptions]
    const child = startGuarded(sandboxFolder, this.folder, words)
    child.on('error', () => {}) // a shell that cannot be started is seen as a process without id just below
    child.unref()
    this.#process = child
    await this.#untilItAnswers()
  }

  /** A clean end: the server flushes and says goodbye to its clients. */
  async stop(): Promise<void> {
    this.resume()
    await this.#end('SIGTERM')
  }

  /** The end of a machine that loses its power: nothing is flushed, sockets are closed by the kernel. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** Stops the process without ending it: connections stay open and nothing answers. Its threads stop one after the other; afterwards all of them stand. */
  freeze(): void {
    const id = this.#process?.pid
    this.#process?.kill('SIGSTOP')
    const until = performance.now() + freezeMillisMax
    while (id !== undefined && performance.now() < until && !stands(id));
  }

  resume(): void {
    this.#process?.kill('SIGCONT')
  }

  /** Ends the server and gives it the empty data folder of a new one (another server_uuid too). Start it again with `start()`. */
  async wipe(): Promise<void> {
    await this.kill()
    await rm(dataOf(this.folder), { recursive: true, force: true })
    await this.prepare()
  }

  /** Makes the data folder from the template. */
  async prepare(): Promise<void> {
    await mkdir(this.folder, { recursive: true })
    await run('cp', process.platform === 'linux' ? ['-a', '--reflink=auto', this.#parts.template, dataOf(this.folder)] : ['-a', this.#parts.template, dataOf(this.folder)])
  }

  /** One statement as root through the socket, on a connection of its own. Answers its rows (none for a statement without). */
  async sql<Answer extends Row = Row>(text: string, parameters: readonly Parameter[] = []): Promise<Answer[]> {
    const connection = await this.connect()
    try {
      const [answer] = await connection.query<RowDataPacket[]>({ sql: text, timeout: statementMillisMax }, [...parameters])
      await connection.end()
      // The caller knows the columns of its own statement; the driver does not.
      return Array.isArray(answer) ? (answer as unknown as Answer[]) : []
    } catch (error) {
      connection.destroy()
      throw error
    }
  }

  /** The first row of a statement; an error where it has none. */
  async row<Answer extends Row = Row>(text: string, parameters: readonly Parameter[] = []): Promise<Answer> {
    const [first] = await this.sql<Answer>(text, parameters)
    if (!first) throw new Error(`${this.name}: no row from ${text}`)
    return first
  }

  /** A connection as root through the socket (or as told), for what needs one session. The caller ends it. */
  connect(options: ConnectionOptions = {}): Promise<Connection> {
    return createConnection({ socketPath: socketOf(this.folder), user: 'root', connectTimeout: statementMillisMax, supportBigNumbers: true, ...options })
  }

  async errorLog(): Promise<string> {
    return readFile(errorLogOf(this.folder), 'utf8').catch(() => '')
  }

  /** The errors of the log, or its end where it has none. */
  async #complaints(): Promise<string> {
    const lines = (await this.errorLog()).trim().split('\n')
    const errors = lines.filter(line => line.includes('[ERROR]'))
    return (errors.length > 0 ? errors : lines).slice(-12).join('\n')
  }

  async #untilItAnswers(): Promise<void> {
    const deadline = Date.now() + startMillisMax
    while (Date.now() < deadline) {
      if (!this.isRunning || this.#process?.pid === undefined) throw new Error(`${this.name} ended while it started:\n${await this.#complaints()}`)
      if (await exists(socketOf(this.folder)) && await this.#answers()) return
      await sleep(lookMillis)
    }
    throw new Error(`${this.name} did not answer within ${startMillisMax / 1000} s:\n${await this.#complaints()}`)
  }

  async #answers(): Promise<boolean> {
    return this.sql('SELECT 1').then(() => true, () => false)
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process
    if (!child || !this.isRunning) return
    child.ref()
    const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
    child.kill(signal)
    const late = setTimeout(() => child.kill('SIGKILL'), stopMillisMax)
    await ended
    clearTimeout(late)
  }
}
