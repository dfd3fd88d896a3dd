import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createConnection } from 'mysql2/promise'
import { Api, until } from '../recorded/api.ts'
import { type Finished, isRunning, runProgram, type RunningProgram, startProgram, temporaryFolder, writeConfiguration } from '../recorded/program.ts'
import { Sandbox } from '../sandbox/sandbox.ts'
import type { SandboxServer } from '../sandbox/sandbox-server.ts'
import { keptOfServersJustRead } from './kept.ts'
import { type Recording, recordings } from './recordings.ts'
import { askOver, type Asked, compared, wrongOf } from './walker.ts'

/** Where the recorded servers stood, and where they stand here: the ports are the same. */
const [recordedHost, host] = ['127.0.0.1', '127.33.8.1']
const ports = [3308, 3309, 3310, 3311] as const
type Port = (typeof ports)[number]

/** Whom each followed at the beginning. */
const sources: readonly (readonly [Port, Port])[] = [[3309, 3308], [3310, 3308], [3311, 3309]]

const waitMilliseconds = 100_000

type Step = string | (() => Promise<unknown>)

/** What an instance is looked at for, while a walk waits for it. */
export interface Seen {
  readonly MasterKey: { readonly Hostname: string; readonly Port: number }
  readonly GtidErrant: string
  readonly IsLastCheckValid: boolean
  readonly IsUpToDate: boolean
  readonly ReplicationDepth: number
  readonly ReplicationIOThreadState: number
  readonly ReplicationSQLThreadState: number
  readonly SemiSyncAvailable: boolean
  readonly UsingOracleGTID: boolean
  readonly ReadOnly: boolean
}

/** The four servers of the recordings, really running, and a service that polls them; asked and compared as recorded. */
export class RecordedServers {
  readonly sandbox: Sandbox
  readonly #program: RunningProgram
  readonly #folder: ReturnType<typeof temporaryFolder>
  readonly #settings: Readonly<Record<string, unknown>>
  readonly api: Api
  /** What was compared, by the recording. */
  readonly found = new Map<string, readonly string[]>()

  private constructor(sandbox: Sandbox, program: RunningProgram, folder: ReturnType<typeof temporaryFolder>, settings: Readonly<Record<string, unknown>>) {
    this.sandbox = sandbox
    this.#program = program
    this.#folder = folder
    this.#settings = settings
    this.api = new Api(program.address)
  }

  static async start(more: Readonly<Record<string, unknown>> = {}): Promise<RecordedServers> {
    const sandbox = await Sandbox.start({ servers: ports.map((port, index) => ({ name: String(port), host, port, serverId: index + 1 })) })
    try {
      return await RecordedServers.#serve(sandbox, more)
    } catch (error) {
      await sandbox.stop()
      throw error
    }
  }

  static async #serve(sandbox: Sandbox, more: Readonly<Record<string, unknown>>): Promise<RecordedServers> {
    const folder = temporaryFolder()
    for (const [replica, source] of sources) await sandbox.replicate(String(replica), String(source))
    // Where the primary executed nothing, nothing is errant.
    await sandbox.server('3308').sql('CREATE DATABASE something')
    const settings = { AuditToBackendDB: true, HTTPRequestLog: false, RecoveryPeriodBlockSeconds: 5, FailureDetectionPeriodBlockMinutes: 1, ApplyMySQLPromotionAfterMasterFailover: true, ...more }
    const configuration = writeConfiguration(folder.path, settings)
    const started = await startProgram(['--config', configuration])
    if (!isRunning(started)) throw new Error(started.stderr)
    const servers = new RecordedServers(sandbox, started, folder, settings)
    try {
      await servers.do(`/api/discover/${recordedHost}/3311`)
      await servers.settled()
      return servers
    } catch (error) {
      await started.stop()
      throw error
    }
  }

  server(port: Port): SandboxServer {
    return this.sandbox.server(String(port))
  }

  /** An address as the recording has it. */
  async #ask(asked: Pick<Recording, 'method' | 'path'>): Promise<Asked> {
    const answer = await askOver(this.#program.address, asked, path => path.replaceAll(recordedHost, host))
    return { ...answer, body: answer.body.replaceAll(host, recordedHost) }
  }

  /** Asks for what it does; it must be done. */
  async do(path: string): Promise<unknown> {
    const { status, body } = await this.#ask({ method: 'GET', path })
    if (status !== 200) throw new Error(`${path}: ${status} ${body.slice(0, 500)}`)
    return JSON.parse(body)
  }

  /** The same settings but for these, from now on. */
  async reconfigure(more: Readonly<Record<string, unknown>>): Promise<void> {
    writeConfiguration(this.#folder.path, { ...this.#settings, ...more })
    await this.do('/api/reload-configuration')
  }

  /** Runs a command of the recording against the database of the service; its servers are called as there. */
  command(args: readonly string[]): Finished {
    const { stdout, stderr, status } = runProgram(['--config', this.configuration, ...args.map(word => word.replaceAll(recordedHost, host))])
    return { stdout: stdout.replaceAll(host, recordedHost), stderr: stderr.replaceAll(host, recordedHost), status }
  }

  get configuration(): string {
    return join(this.#folder.path, 'orchestrator.conf.json')
  }

  async compare(name: string, varying: readonly string[], path?: string): Promise<void> {
    const recording = recordings[name]
    if (recording === undefined) throw new Error(`${name} is no recording`)
    this.found.set(name, compared(name, await this.#ask(path === undefined ? recording : { ...recording, path }), varying))
  }

  /** Steps in their order: a recording is compared, an address is asked for what it does, the rest is done. Answers what is wrong. */
  async walk(steps: readonly Step[], varying: readonly string[] = [], alsoKept: typeof keptOfServersJustRead = []): Promise<readonly string[]> {
    const before = new Set(this.found.keys())
    for (const step of steps) {
      if (typeof step !== 'string') await step()
      else if (step.startsWith('/')) await this.do(step)
      else await this.compare(step, varying)
    }
    const found = [...this.found].filter(([name]) => !before.has(name))
    return wrongOf(new Map(found.map(([name, lines]) => [name, lines.filter(line => ![...keptOfServersJustRead, ...alsoKept].some(({ difference }) => difference.test(line)))])))
  }

  /** Null while nothing is known of it. */
  async seen(port: Port): Promise<Seen | null> {
    const { status, body } = await this.#ask({ method: 'GET', path: `/api/instance/${recordedHost}/${port}` })
    return status === 200 ? JSON.parse(body) as Seen : null // the shape is compared elsewhere
  }

  /** Waits until the service sees of a server what is expected. */
  untilSeen(port: Port, holds: (seen: Seen) => boolean): () => Promise<unknown> {
    return () => until(() => this.seen(port), seen => seen !== null && holds(seen), waitMilliseconds)
  }

  untilAnalysed(port: Port, code: RegExp): () => Promise<unknown> {
    const found = async () => (await this.do('/api/replication-analysis') as { readonly Details: readonly { readonly AnalyzedInstanceKey: { readonly Port: number }; readonly Analysis: string }[] }).Details
    return () => until(found, all => all.some(({ AnalyzedInstanceKey: key, Analysis }) => key.Port === port && code.test(Analysis)), waitMilliseconds)
  }

  /** All replicate as at the beginning, and the service has seen it. */
  async settled(): Promise<void> {
    for (const [replica, source] of sources) {
      const follows = ({ MasterKey, ReplicationDepth, ReplicationIOThreadState: receiver, ReplicationSQLThreadState: applier, IsLastCheckValid, UsingOracleGTID, ReadOnly }: Seen): boolean =>
        MasterKey.Port === source && ReplicationDepth === (source === 3308 ? 1 : 2) && receiver === 1 && applier === 1 && IsLastCheckValid && UsingOracleGTID && !ReadOnly
      await this.untilSeen(replica, follows)()
    }
    await this.untilSeen(3308, ({ MasterKey, ReplicationDepth, IsLastCheckValid, ReadOnly }) => MasterKey.Port === 0 && ReplicationDepth === 0 && IsLastCheckValid && !ReadOnly)()
  }

  /** Puts everything back to the beginning, whatever was done. */
  readonly reset = async (): Promise<void> => {
    for (const port of ports) await this.server(port).sql('SET GLOBAL super_read_only = OFF').then(() => this.server(port).sql('SET GLOBAL read_only = OFF'))
    await this.server(3308).sql('STOP REPLICA')
    await this.server(3308).sql('RESET REPLICA ALL')
    for (const [replica, source] of sources) await this.sandbox.replicate(String(replica), String(source))
    await this.settled()
  }

  /** As a person puts all back after recoveries: a former primary is made read-only as often as it takes writes until somebody acknowledges, and then once more. */
  async beginAgain(): Promise<void> {
    await this.do('/api/ack-all-recoveries?comment=back')
    for (const port of [3308, 3309] as const) {
      await until(async () => {
        await this.server(port).sql('SET GLOBAL super_read_only = OFF')
        await this.server(port).sql('SET GLOBAL read_only = OFF')
        await sleep(1500)
        return this.server(port).row('SELECT @@read_only AS held')
      }, ({ held }) => held === 0, waitMilliseconds)
    }
    await this.reset()
    for (const port of ports) await this.do(`/api/end-downtime/${recordedHost}/${port}`)
  }

  /** Somebody who sleeps in a query, as the account that the service has: it may end only its own. */
  async asleep(port: Port): Promise<{ readonly id: number; [Symbol.asyncDispose](): Promise<void> }> {
    const connection = await createConnection(this.server(port).connectionOptions)
    // Ended by whoever kills it, or with the connection.
    const slept = connection.query('SELECT SLEEP(600)').catch(() => undefined)
    const close = async (): Promise<void> => {
      connection.destroy()
      await slept
    }
    return { id: connection.threadId, [Symbol.asyncDispose]: close }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program.stop()
    await this.sandbox.stop()
    this.#folder[Symbol.dispose]()
  }
}
