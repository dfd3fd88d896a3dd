import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { RemoteProxy } from '../fault-proxy/remote-proxy.ts'
import { Network } from '../network/network.ts'
import { accounts } from '../sandbox/accounts.ts'
import { Sandbox } from '../sandbox/sandbox.ts'
import type { SandboxServer } from '../sandbox/sandbox-server.ts'
import { Ledger } from './ledger.ts'
import { Manager } from './manager.ts'
import { disorder, type State, Watch } from './watch.ts'
import { writtenTable, writtenTableStatements } from './written-table.ts'

const port = 3306
const idsPerQuestion = 2000
const looksForCatchUp = 20
export const databases = ['db1', 'db2', 'db3', 'db4'] as const
/** As in a careful my.cnf: whoever starts takes no writes until it is told to. */
const commonOptions = ['--super-read-only=ON']
const semiSyncOptions = [
  '--plugin-load-add=semisync_source.so', '--plugin-load-add=semisync_replica.so', '--loose-rpl-semi-sync-replica-enabled=ON',
  '--loose-rpl-semi-sync-source-timeout=100000000', '--loose-rpl-semi-sync-source-wait-for-replica-count=1',
]

export interface WorldWish {
  readonly semiSync: boolean
  /** What the manager logs is added there. */
  readonly logFile: string
  readonly say: (line: string) => void
  /** Settings of the manager beside address, store, accounts, and that it recovers everything. */
  readonly configuration?: Readonly<Record<string, unknown>>
  /** Whether the manager may read performance_schema, which users of the original were not told to grant. */
  readonly readsPerformanceSchema: boolean
  /** How long a receiver waits before it connects again; a server's own default is 60. */
  readonly connectRetrySeconds: number
  /** Puts a fault proxy before each server (`world.proxy`). Everything then takes one more step. Default: no. */
  readonly proxied?: boolean
  /** Of each of the four clients. */
  readonly millisBetweenRows: number
}

/** Four servers on hosts of their own (db1 ← db2, db3; db2 ← db4), a manager on another, clients on a third, and the cables between them. */
export class World {
  readonly network: Network
  readonly sandbox: Sandbox
  readonly manager: Manager
  readonly watch: Watch
  readonly ledger = new Ledger()
  readonly semiSync: boolean
  readonly #connectRetrySeconds: number
  readonly #proxies: ReadonlyMap<string, RemoteProxy>
  readonly #writers: ChildProcess
  #madeAnew = 0

  private constructor(network: Network, sandbox: Sandbox, manager: Manager, proxies: ReadonlyMap<string, RemoteProxy>, wish: WorldWish) {
    const { semiSync, connectRetrySeconds, millisBetweenRows } = wish
    this.#proxies = proxies
    this.semiSync = semiSync
    this.#connectRetrySeconds = connectRetrySeconds
    this.network = network
    this.sandbox = sandbox
    this.manager = manager
    this.watch = new Watch(sandbox)
    const [enter = '', ...words] = network.command('clients')
    const program = [process.execPath, join(import.meta.dirname, 'writer-process.ts'), String(millisBetweenRows), ...sandbox.servers.map(({ key }) => key)]
    this.#writers = spawn(enter, [...words, ...program], { stdio: ['pipe', 'pipe', 'inherit'] })
    const lines = this.#writers.stdout
    if (lines === null) throw new Error('the writers have no output')
    createInterface({ input: lines }).on('line', line => {
      const [id, sentAt, at, server = ''] = line.split(' ')
      this.ledger.add({ id: Number(id), sentAt: Number(sentAt), at: Number(at), server: this.nameOf(server) })
    })
  }

  static async start(wish: WorldWish): Promise<World> {
    const { semiSync, logFile, say, connectRetrySeconds } = wish
    const network = await Network.open([...databases, 'manager', 'clients', 'driver'], { self: 'driver' })
    const options = [...commonOptions, ...(semiSync ? semiSyncOptions : []), ...(wish.proxied ? ['--bind-address=127.0.0.1'] : [])]
    const servers = databases.map(name => ({ name, host: network.address(name), port, inside: network.command(name), options }))
    const sandbox = await Sandbox.start({ servers, say })
    const proxies = new Map<string, RemoteProxy>()
    for (const name of wish.proxied ? databases : []) {
      proxies.set(name, await RemoteProxy.start({ inside: network.command(name), host: network.address(name), port, target: { host: '127.0.0.1', port } }))
    }
    for (const [replica, source] of [['db2', 'db1'], ['db3', 'db1'], ['db4', 'db2']] as const) await sandbox.replicate(replica, source, { connectRetrySeconds })
    const primary = sandbox.server('db1')
    await primary.sql('SET GLOBAL read_only = OFF')
    if (wish.readsPerformanceSchema) await primary.sql(`GRANT SELECT ON performance_schema.* TO '${accounts.orchestrator.user}'@'%'`)
    for (const statement of writtenTableStatements) await primary.sql(statement)
    if (semiSync) await primary.sql('SET GLOBAL rpl_semi_sync_source_enabled = ON')
    const folder = join(sandbox.folder, 'manager')
    await mkdir(folder)
    const manager = new Manager({
      folder, logFile, address: network.address('manager'), inside: network.command('manager'),
      configuration: { ...(semiSync ? { DetectSemiSyncEnforcedQuery: 'select 1', DurabilityPolicy: { '.*': 'semi-sync' } } : {}), ...wish.configuration },
    })
    await manager.start()
    const world = new World(network, sandbox, manager, proxies, wish)
    await manager.get(`/api/discover/${primary.key.replace(':', '/')}`)
    await world.until('all servers are known', async () => (await manager.get<unknown[] | null>('/api/all-instances'))?.length === databases.length, 20_000)
    await world.until('clients write', () => Promise.resolve(world.ledger.count > 100), 20_000)
    return world
  }

  nameOf(key: string): string {
    return this.sandbox.servers.find(server => server.key === key)?.name ?? key
  }

  server(name: string): SandboxServer {
    return this.sandbox.server(name)
  }

  /** What stands before a server in a world that is proxied. */
  proxy(name: string): RemoteProxy {
    const proxy = this.#proxies.get(name)
    if (proxy === undefined) throw new Error(`there is no proxy before ${name}: the world is not proxied`)
    return proxy
  }

  path(name: string): string {
    return this.server(name).key.replace(':', '/')
  }

  /** What keeps the cluster from being in order; empty when it is. */
  async disorder(): Promise<readonly string[]> {
    return disorder(await this.watch.states(), name => this.server(name).key)
  }

  /** What still keeps it from being in order after at most so long; empty as soon as it is. */
  async disorderAfter(milliseconds: number): Promise<readonly string[]> {
    const until = performance.now() + milliseconds
    let left = await this.disorder()
    while (left.length > 0 && performance.now() < until) {
      await sleep(50)
      left = await this.disorder()
    }
    return left
  }

  /** Whether every server answers and has executed all that the primary had when this was asked. */
  async hasCaughtUp(): Promise<boolean> {
    const primary = await this.primary()
    if (primary === null) return false
    const { executed } = await this.server(primary).row<{ executed: string }>('SELECT @@gtid_executed AS executed')
    for (let looks = 0; looks < looksForCatchUp; looks += 1) {
      const states = await this.watch.states()
      const behind = await Promise.all([...states.values()].map(async state => state === null
        || (await this.server(primary).row<{ lacks: string }>('SELECT GTID_SUBTRACT(?, ?) AS lacks', [executed, state.executed])).lacks !== ''))
      if (!behind.includes(true)) return true
      await sleep(100)
    }
    return false
  }

  /** The one server that takes writes; null for none or several. */
  async primary(): Promise<string | null> {
    const writable = [...await this.watch.states()].filter(([, state]) => state !== null && !state.readOnly)
    return writable.length === 1 ? writable[0]?.[0] ?? null : null
  }

  /** Acknowledged rows, not judged before, that the server does not have. */
  async lostOn(server: SandboxServer): Promise<number> {
    const rows = this.ledger.takeUnjudged()
    let lost = 0
    for (let from = 0; from < rows.length; from += idsPerQuestion) {
      const ids = rows.slice(from, from + idsPerQuestion).map(({ id }) => id)
      const present = await server.sql(`SELECT id FROM ${writtenTable} WHERE id IN (${ids.join(',')})`)
      lost += ids.length - present.length
    }
    return lost
  }

  /**
   * What an operator does with a former primary that stands aside, and with a replica that still follows it: lets it follow the new one, or, when it has
   * what the new one lacks, makes it anew. Answers what was done; null when nothing was to be done.
   */
  async bringBack(name: string, state: State, primary: string, aside: ReadonlySet<string> = new Set()): Promise<string | null> {
    const [server, source] = [this.server(name), this.server(primary)]
    if (name === primary || (state.source !== null && !aside.has(state.source))) return null
    const { errant } = await source.row<{ errant: string }>('SELECT GTID_SUBTRACT(?, @@gtid_executed) AS errant', [state.executed])
    if (errant !== '') {
      await server.wipe()
      // A replica passes over what was written under its own server id, and some of the history was written under its old one.
      this.#madeAnew += 1
      await server.start([`--server-id=${1000 + this.#madeAnew}`])
    }
    await this.follow(name, primary, { wait: false })
    await server.sql('SET GLOBAL super_read_only = ON')
    return errant === '' ? `${name} was made to follow ${primary}` : `${name} was made anew: it had ${errant}`
  }

  /** By plain statements, as an operator does it. */
  async follow(name: string, source: string, { wait = true } = {}): Promise<void> {
    await this.sandbox.replicate(name, source, { wait, connectRetrySeconds: this.#connectRetrySeconds })
  }

  async until(what: string, holds: () => Promise<boolean>, milliseconds: number): Promise<void> {
    const deadline = performance.now() + milliseconds
    while (!await holds().catch(() => false)) {
      if (performance.now() > deadline) throw new Error(`not within ${milliseconds} ms: ${what}`)
      await sleep(50)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#writers.stdin?.end()
    this.watch.close()
    await this.manager.stop()
    for (const proxy of this.#proxies.values()) proxy.close()
    await this.sandbox.stop()
    await this.network.close()
  }
}
