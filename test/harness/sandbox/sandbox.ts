import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type PortReservation, reservePorts } from './free-ports.ts'
import { type ReplicateOptions, replicationWords } from './replication.ts'
import { SandboxServer } from './sandbox-server.ts'
import { type Flavour, serverBinary } from './server-binary.ts'
import { socketOf } from './server-options.ts'
import { templateData } from './template.ts'
import { type Watchdog, startWatchdog } from './watchdog.ts'

// The address of a socket must fit into 108 bytes (unix(7)); MySQL keeps some for itself.
const socketPathMax = 100
const replicateMillisMax = 30_000

export interface ServerWish {
  readonly name: string
  readonly flavour?: Flavour
  /** An address of 127.0.0.0/8 or of the host named by `inside`, or a name that leads to 127.0.0.1. Default: 127.0.0.1. */
  readonly host?: string
  /** Default: a free one. */
  readonly port?: number
  /** Default: 101, 102, … in the order of the list. */
  readonly serverId?: number
  /** Further options of the server, such as `--super-read-only=ON`; they come last and so win. */
  readonly options?: readonly string[]
  /** Runs the server on a host of a network: `network.command(name)`, with its address as `host`. */
  readonly inside?: readonly string[]
}

export interface SandboxWish {
  readonly servers: readonly ServerWish[]
  /** Hears what takes long on a first run: downloads and preparation. */
  readonly say?: (line: string) => void
}

/** Some real servers on this machine, ended and removed together. */
export class Sandbox {
  readonly folder: string
  readonly #servers = new Map<string, SandboxServer>()
  readonly #names: string[] = []
  readonly #watchdog: Watchdog
  #ports: PortReservation | undefined

  private constructor(folder: string) {
    this.folder = folder
    this.#watchdog = startWatchdog(folder)
  }

  /** Starts all servers at once; they do not replicate yet. */
  static async start({ servers, say = () => {} }: SandboxWish): Promise<Sandbox> {
    for (const flavour of new Set(servers.map(server => server.flavour ?? 'mysql'))) await templateData(await serverBinary(flavour, say), say)
    const sandbox = new Sandbox(await mkdtemp(join(tmpdir(), 'orc-sandbox-')))
    try {
      sandbox.#ports = await reservePorts(servers.filter(server => server.port === undefined).length)
      const free = [...sandbox.#ports.ports]
      await Promise.all(servers.map((wish, index) => sandbox.#add(wish, wish.port ?? free.shift() ?? 0, wish.serverId ?? 101 + index)))
      return sandbox
    } catch (error) {
      await sandbox.stop()
      throw error
    }
  }

  /**
   * A primary, two replicas and a replica of the second one, replicating by GTID and up to date:
   * `primary` ← `replica-1`, `replica-2`; `replica-2` ← `sub-replica`. Replicas are read-only.
   */
  static async fourServers(wish: Omit<SandboxWish, 'servers'> & { readonly options?: readonly string[] } = {}): Promise<Sandbox> {
    const { options = [], ...rest } = wish
    const sandbox = await Sandbox.start({ ...rest, servers: ['primary', 'replica-1', 'replica-2', 'sub-replica'].map(name => ({ name, options })) })
    try {
      await Promise.all([
        sandbox.replicate('replica-1', 'primary'), sandbox.replicate('replica-2', 'primary'), sandbox.replicate('sub-replica', 'replica-2'),
      ])
      await Promise.all(['replica-1', 'replica-2', 'sub-replica'].map(name => sandbox.server(name).sql('SET GLOBAL super_read_only = ON')))
      return sandbox
    } catch (error) {
      await sandbox.stop()
      throw error
    }
  }

  server(name: string): SandboxServer {
    const server = this.#servers.get(name)
    if (!server) throw new Error(`The sandbox has no server ${name}; it has ${[...this.#servers.keys()].join(', ')}`)
    return server
  }

  /** In the order in which they were wished, whichever came up first. */
  get servers(): readonly SandboxServer[] {
    return this.#names.flatMap(name => this.#servers.get(name) ?? [])
  }

  /** Adds one more server to a running sandbox. */
  async add(wish: ServerWish): Promise<SandboxServer> {
    const more = wish.port === undefined ? await reservePorts(1) : undefined
    const before = this.#ports
    this.#ports = { ports: [...(before?.ports ?? []), ...(more?.ports ?? [])], release: async () => void (await Promise.all([before?.release(), more?.release()])) }
    return this.#add(wish, wish.port ?? more?.ports[0] ?? 0, wish.serverId ?? 101 + this.#servers.size)
  }

  async #add(wish: ServerWish, port: number, serverId: number): Promise<SandboxServer> {
    const { name, flavour = 'mysql', host = '127.0.0.1', options = [], inside = [] } = wish
    if (!/^[\w-]+$/.test(name) || this.#names.includes(name)) throw new Error(`A server needs a name of its own, of letters, digits, - and _: ${name}`)
    this.#names.push(name)
    const folder = join(this.folder, name)
    if (socketOf(folder).length > socketPathMax) throw new Error(`The path ${socketOf(folder)} is too long for a socket; set TMPDIR to a shorter folder`)
    const binary = await serverBinary(flavour)
    const template = await templateData(binary, () => {})
    const server = new SandboxServer({ name, binary, template, options, inside, sandboxFolder: this.folder, place: { flavour, host, port, serverId, folder } })
    this.#servers.set(name, server)
    try {
      await server.prepare()
      await server.start()
      return server
    } catch (error) {
      this.#servers.delete(name)
      this.#names.splice(this.#names.indexOf(name), 1)
      await server.kill()
      throw error
    }
  }

  /** Makes one server replicate from another, and waits until both threads run. */
  async replicate(replicaName: string, sourceName: string, options: ReplicateOptions = {}): Promise<void> {
    const [replica, source] = [this.server(replicaName), this.server(sourceName)]
    const words = replicationWords[replica.flavour]
    const position = await source.row<{ File: string; Position: number }>(replicationWords[source.flavour].binlogStatus)
    await replica.sql(words.stop)
    await replica.sql(words.changeSource({
      host: source.host, port: source.port, certificateAuthority: source.certificateAuthority,
      position: { file: position.File, position: position.Position },
    }, options))
    await replica.sql(words.start)
    if (options.wait !== false) await this.untilReplicating(replicaName)
  }

  /** Waits until both threads of a replica run; the error names what the server says. */
  async untilReplicating(name: string): Promise<void> {
    const replica = this.server(name)
    const words = replicationWords[replica.flavour]
    const deadline = Date.now() + replicateMillisMax
    let status: Record<string, unknown> = {}
    while (Date.now() < deadline) {
      status = await replica.row(words.status)
      if (status[words.receiverColumn] === 'Yes' && status[words.applierColumn] === 'Yes') return
      await sleep(20)
    }
    throw new Error(`${name} does not replicate: ${String(status['Last_IO_Error'])} ${String(status['Last_SQL_Error'])}`)
  }

  /** Waits until a replica has applied all that the other server has executed now (MySQL with GTID). */
  async untilCaughtUp(replicaName: string, sourceName: string): Promise<void> {
    const { gtids } = await this.server(sourceName).row<{ gtids: string }>('SELECT @@GLOBAL.gtid_executed AS gtids')
    const { missed } = await this.server(replicaName).row<{ missed: number }>('SELECT WAIT_FOR_EXECUTED_GTID_SET(?, 30) AS missed', [gtids])
    if (Number(missed) !== 0) throw new Error(`${replicaName} has not caught up with ${sourceName} within 30 s`)
  }

  /** Ends every server at once (nothing is flushed: the data is thrown away) and removes all folders. */
  async stop(): Promise<void> {
    await Promise.all(this.servers.map(server => server.kill()))
    await this.#watchdog.release()
    await rm(this.folder, { recursive: true, force: true })
    await this.#ports?.release()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}
