import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SandboxServer } from '../sandbox/sandbox-server.ts'
import { HostActs } from './host-acts.ts'

export interface AgentWish {
  /** What the host is called; the service reaches it under this name, too. */
  readonly host: string
  readonly server: SandboxServer
  readonly token: string
  /** Other hosts by name: where a copy is sent to. */
  readonly peers: ReadonlyMap<string, Agent>
  /** Commands that people may have it run, with what they print. */
  readonly customCommands?: Readonly<Record<string, string>>
}

/** An agent as it runs on a database host. */
export class Agent {
  readonly host: string
  readonly acts: HostActs
  /** Every request that it answered, without the token. */
  readonly asked: string[] = []
  /** Where the token stood in the last request. */
  tokenIn: { query: boolean; header: boolean } = { query: false, header: false }
  /** It answers these as failures. */
  readonly fails = new Map<string, string>()
  /** Called before a request is carried out. */
  before: (path: string) => Promise<void> = () => Promise.resolve()
  readonly #wish: AgentWish
  readonly #http: Server
  #receivingAt = 0

  private constructor(wish: AgentWish, http: Server) {
    this.#wish = wish
    this.#http = http
    this.host = wish.host
    this.acts = new HostActs(wish.server)
    http.on('request', (request: IncomingMessage, response: ServerResponse) => void this.#answer(request, response))
  }

  static async start(wish: AgentWish): Promise<Agent> {
    const http = createServer()
    const agent = new Agent(wish, http)
    await new Promise<void>(resolve => http.listen(0, wish.host, resolve))
    return agent
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port // it listens on a port
  }

  /** Says to the service where it is; answers what the service said. */
  async register(service: string): Promise<unknown> {
    return (await fetch(`${service}/api/submit-agent/${this.host}/${this.port}/${encodeURIComponent(this.#wish.token)}`)).json()
  }

  async stop(): Promise<void> {
    this.#http.closeAllConnections()
    await new Promise<void>(resolve => this.#http.close(() => resolve()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://agent')
    const path = url.pathname.replace(/^\/api\//, '')
    const end = (value: unknown, status = 200): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    this.tokenIn = { query: url.searchParams.has('token'), header: request.headers['x-orchestrator-agent-token'] === this.#wish.token }
    if (url.searchParams.get('token') !== this.#wish.token && !this.tokenIn.header) return end({ Code: 'ERROR', Message: 'Invalid token' }, 401)
    url.searchParams.delete('token')
    this.asked.push(path + url.search)
    try {
      await this.before(path)
      const failure = this.fails.get(path.replace(/\/\d+$/, ''))
      if (failure !== undefined) throw new Error(failure)
      end(await this.#do(path, url.searchParams))
    } catch (error) {
      end({ Code: 'ERROR', Message: error instanceof Error ? error.message : String(error) }, 500)
    }
  }

  async #do(path: string, query: URLSearchParams): Promise<unknown> {
    const { acts } = this
    const { server } = acts
    const [command = '', first = '', second = ''] = path.split('/').map(decodeURIComponent)
    const done = 'done'
    switch (command) {
      case 'available-snapshots-local':
      case 'available-snapshots':
        return [...this.#wish.peers.keys()]
      case 'lvs-snapshots':
        return (await acts.volumes()).map(volume => ({ Name: volume.split('/').at(-1), GroupName: 'vg0', Path: volume, IsSnapshot: true, SnapshotPercent: 1.5 }))
      case 'mount':
        return {
          Path: '/var/tmp/mysql-mount', Device: '', LVPath: acts.mounted ?? '', FileSystem: 'ext4', IsMounted: acts.mounted !== null, DiskUsage: await acts.bytesMounted(),
          MySQLDataPath: acts.mounted ?? '', MySQLDiskUsage: await acts.bytesMounted(),
        }
      case 'mysql-status':
        return server.isRunning
      case 'mysql-port':
        return server.port
      case 'mysql-du':
        return acts.bytesOfData()
      case 'mysql-datadir-available-space':
        return acts.freeBytes()
      case 'mysql-error-log-tail':
        return acts.errorLogTail()
      case 'mountlv':
        await acts.mount(query.get('lv') ?? '')
        return done
      case 'umount':
        acts.unmount()
        return done
      case 'removelv':
        await acts.removeVolume(query.get('lv') ?? '')
        return done
      case 'create-snapshot':
        await acts.createSnapshot()
        return done
      case 'mysql-stop':
        await server.stop()
        return done
      case 'mysql-start':
        await server.start()
        return done
      case 'delete-mysql-datadir':
        await acts.eraseData()
        return done
      case 'receive-mysql-seed-data':
        this.#receivingAt = await acts.receive(Number(first))
        return done
      case 'send-mysql-seed-data': {
        const to = this.#wish.peers.get(first)
        if (to === undefined) throw new Error(`no such host: ${first}`)
        await acts.send(Number(second), to.#receivingAt)
        return done
      }
      case 'abort-seed':
        acts.abort(Number(first))
        return done
      case 'seed-command-completed':
        return acts.isCompleted(Number(first))
      case 'seed-command-succeeded':
        return acts.isSucceeded(Number(first))
      case 'post-copy':
        return done
      case 'custom-commands': {
        const printed = this.#wish.customCommands?.[first]
        if (printed === undefined) throw new Error(`command ${first} is not allowed`)
        return printed
      }
      default:
        throw new Error(`unknown: ${path}`)
    }
  }
}
