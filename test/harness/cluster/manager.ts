import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { accounts } from '../sandbox/accounts.ts'

const program = join(import.meta.dirname, '..', '..', '..', 'bin', 'orchestrator')
const answerMillisMax = 20_000
/** The name by which the manager knows the cluster. */
export const clusterAlias = 'soak'

export interface ManagerPlace {
  readonly folder: string
  /** What it logs is added there. */
  readonly logFile: string
  readonly address: string
  /** Words that start a program on the manager's host. */
  readonly inside: readonly string[]
  readonly configuration: Readonly<Record<string, unknown>>
}

/** The built program as users run it, on a host of its own. It can be killed at any moment and started again on what it had stored. */
export class Manager {
  readonly url: string
  readonly #place: ManagerPlace
  #child: ChildProcess | null = null

  constructor(place: ManagerPlace) {
    this.#place = place
    this.url = `http://${place.address}:3000`
    const configuration = {
      ListenAddress: `${place.address}:3000`, BackendDB: 'sqlite', SQLite3DataFile: join(place.folder, 'orchestrator.sqlite3'),
      MySQLTopologyUser: accounts.orchestrator.user, MySQLTopologyPassword: accounts.orchestrator.password,
      HostnameResolveMethod: 'none', MySQLHostnameResolveMethod: '@@report_host', DiscoverByShowSlaveHosts: true, UseSuperReadOnly: true,
      RecoverMasterClusterFilters: ['*'], RecoverIntermediateMasterClusterFilters: ['*'], DetectClusterAliasQuery: `select '${clusterAlias}'`,
      ...place.configuration,
    }
    writeFileSync(this.#configurationFile, JSON.stringify(configuration, null, 2), { mode: 0o600 })
  }

  async start(): Promise<void> {
    const { inside: [enter = '', ...words], folder, logFile } = this.#place
    const child = spawn(enter, [...words, program, '--config', this.#configurationFile, 'http'], { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder })
    const keep = (chunk: Buffer): void => appendFileSync(logFile, chunk)
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    this.#child = child
    const deadline = Date.now() + answerMillisMax
    while (Date.now() < deadline && child.exitCode === null) {
      if (await this.get('/api/clusters').then(() => true, () => false)) return
      await sleep(20)
    }
    throw new Error(`the manager did not answer; its log is ${logFile}`)
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM')
  }

  async get<Answer>(path: string): Promise<Answer> {
    return (await fetch(this.url + path, { signal: AbortSignal.timeout(60_000) })).json() as Promise<Answer> // shapes of the contract
  }

  get #configurationFile(): string {
    return join(this.#place.folder, 'orchestrator.conf.json')
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
    child.kill(signal)
    const late = setTimeout(() => child.kill('SIGKILL'), 15_000)
    await ended
    clearTimeout(late)
  }
}
