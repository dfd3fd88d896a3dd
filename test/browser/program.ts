import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { accounts } from '../harness/sandbox/accounts.ts'
import { type PortReservation, reservePorts } from '../harness/sandbox/free-ports.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const readyMillisecondsMax = 60_000
const stopMillisecondsMax = 10_000
const root = join(import.meta.dirname, '../..')

/** The built program over the servers of a sandbox. */
export interface Program {
  readonly address: string
  restart(): Promise<void>
  stop(): Promise<void>
  log(): string
  [Symbol.asyncDispose](): Promise<void>
}

/** db140 ← db141, db142; db141 ← db143: real servers, called by their ids. */
export async function startShop(): Promise<Sandbox> {
  const sandbox = await Sandbox.start({ servers: [140, 141, 142, 143].map(serverId => ({ name: `db${serverId}`, serverId })) })
  try {
    await Promise.all([sandbox.replicate('db141', 'db140'), sandbox.replicate('db142', 'db140'), sandbox.replicate('db143', 'db141')])
    await Promise.all(['db141', 'db142', 'db143'].map(name => sandbox.server(name).sql('SET GLOBAL super_read_only = ON')))
    return sandbox
  } catch (error) {
    await sandbox.stop()
    throw error
  }
}

/** Starts `bin/orchestrator` on a new SQLite file in the sandbox's folder. `isSeeded`: it is told of the first server and awaited until it knows all. */
export async function startProgram(
  sandbox: Sandbox,
  { isSeeded, settings = {} }: { readonly isSeeded: boolean; readonly settings?: Readonly<Record<string, unknown>> },
): Promise<Program> {
  return startProgramIn(sandbox.folder, {
    serversExpected: isSeeded ? sandbox.servers.length : 0,
    settings: {
      MySQLTopologyUser: accounts.orchestrator.user,
      MySQLTopologyPassword: accounts.orchestrator.password,
      MySQLHostnameResolveMethod: '@@report_host',
      DetectInstanceAliasQuery: "select concat('db', @@server_id)",
      DetectClusterAliasQuery: "select 'shop'",
      ...(isSeeded ? { DiscoverySeeds: [sandbox.servers[0]?.key] } : {}),
      ...settings,
    },
  })
}

/** Starts `bin/orchestrator` on a new SQLite file in a folder, and waits until it has seen so many servers. */
export async function startProgramIn(
  parent: string,
  { serversExpected, settings }: { readonly serversExpected: number; readonly settings: Readonly<Record<string, unknown>> },
): Promise<Program> {
  const reservation = await reservePorts(1)
  const port = reservation.ports[0] ?? 0
  const folder = join(parent, `orchestrator-${port}`)
  mkdirSync(folder, { recursive: true })
  const configuration = join(folder, 'orchestrator.conf.json')
  const { URLPrefix: prefix = '' } = settings
  const address = `http://127.0.0.1:${port}${String(prefix)}`
  writeFileSync(
    configuration,
    JSON.stringify({
      ListenAddress: `127.0.0.1:${port}`,
      BackendDB: 'sqlite',
      SQLite3DataFile: join(folder, 'orchestrator.sqlite3'),
      DiscoverByShowSlaveHosts: true,
      HostnameResolveMethod: 'none',
      InstancePollSeconds: 1,
      RecoveryPeriodBlockSeconds: 60,
      RecoverMasterClusterFilters: ['*'],
      RecoverIntermediateMasterClusterFilters: ['*'],
      ...settings,
    }),
    { mode: 0o600 },
  )
  const running = new Running(configuration, address, serversExpected, reservation)
  await running.start()
  return running
}

class Running implements Program {
  readonly address: string
  readonly #configuration: string
  readonly #serversExpected: number
  readonly #reservation: PortReservation
  #child: ChildProcess | null = null
  #lines: string[] = []

  constructor(configuration: string, address: string, serversExpected: number, reservation: PortReservation) {
    this.#configuration = configuration
    this.address = address
    this.#serversExpected = serversExpected
    this.#reservation = reservation
  }

  async start(): Promise<void> {
    const child = spawn(join(root, 'bin/orchestrator'), ['--config', this.#configuration, 'http'], { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    const keep = (chunk: Buffer): void => {
      this.#lines = [...this.#lines, chunk.toString('utf8')].slice(-500)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const mostMilliseconds = this.#serversExpected > 100 ? 4 * readyMillisecondsMax : readyMillisecondsMax
    const deadline = performance.now() + mostMilliseconds
    while (performance.now() < deadline && child.exitCode === null) {
      if (await this.#isReady()) return
      // The list of thousands is work: it is not asked for all the time.
      await sleep(this.#serversExpected > 100 ? 1000 : 60)
    }
    await this.stop()
    throw new Error(`the program was not ready within ${mostMilliseconds / 1000} s; its log:\n${this.log()}`)
  }

  async #isReady(): Promise<boolean> {
    try {
      const response = await fetch(`${this.address}/api/all-instances`, { signal: AbortSignal.timeout(15_000) })
      const known: unknown = await response.json()
      return Array.isArray(known) && known.filter(instance => instance.IsLastCheckValid === true).length >= this.#serversExpected
    } catch {
      return false
    }
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }

  async stop(): Promise<void> {
    const child = this.#child
    this.#child = null
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise(resolve => child.once('exit', resolve))
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), stopMillisecondsMax)
    await ended
    clearTimeout(late)
  }

  log = (): string => this.#lines.join('').slice(-4000)

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    await this.#reservation.release()
  }
}
