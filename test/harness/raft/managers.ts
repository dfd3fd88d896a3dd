import assert from 'node:assert/strict'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { GroupView } from '../../../src/contract/raft.ts'
import { Api, until } from '../recorded/api.ts'
import { isRunning, type RunningProgram, startProgram, temporaryFolder, writeConfiguration } from '../recorded/program.ts'
import { freePort } from '../recorded/free-port.ts'

/** The last one is no member at first, and only started where a test says so. */
const hosts = ['127.41.12.1', '127.41.12.2', '127.41.12.3', '127.41.12.4'] as const
export const newcomer = 3
const first = [0, 1, 2] as const
/** A loaded machine takes its time; the product's own bounds are seconds shorter. */
const patienceMilliseconds = 60_000

export interface Manager {
  readonly number: number
  readonly program: RunningProgram
  readonly api: Api
}

type Settings = Readonly<Record<string, unknown>>
/** For all alike, or for each by its number and address. */
export type ManagerSettings = Settings | ((number: number, host: string) => Settings)

/** Three services of the program, each with a database, a disk and an address of its own, as one Raft group. */
export class Managers implements AsyncDisposable {
  readonly #folder = temporaryFolder()
  readonly #ports: readonly { readonly http: number; readonly raft: number }[]
  readonly #settings: ManagerSettings
  readonly #isBuilt: boolean
  /** What every request of this harness carries, so that it is let in. */
  readonly #headers: Readonly<Record<string, string>>
  readonly running = new Map<number, Manager>()

  private constructor(ports: readonly { readonly http: number; readonly raft: number }[], settings: ManagerSettings, isBuilt: boolean, headers: Readonly<Record<string, string>>) {
    this.#ports = ports
    this.#settings = settings
    this.#isBuilt = isBuilt
    this.#headers = headers
  }

  /** `before`: what is done with the folders before the program sees them. */
  static async start(settings: ManagerSettings = {}, isBuilt = true, before: (folderOf: (number: number) => string) => void = () => undefined, headers: Readonly<Record<string, string>> = {}): Promise<Managers> {
    const ports = await Promise.all(hosts.map(async host => ({ http: await freePort(host), raft: await freePort(host) })))
    const managers = new Managers(ports, settings, isBuilt, headers)
    for (const number of first) mkdirSync(managers.folderOf(number), { recursive: true })
    before(number => managers.folderOf(number))
    try {
      await Promise.all(first.map(number => managers.start(number)))
      await managers.all()
      return managers
    } catch (error) {
      await managers[Symbol.asyncDispose]()
      throw error
    }
  }

  folderOf(number: number): string {
    return join(this.#folder.path, `manager-${number}`)
  }

  /** How many servers this one has read by itself, as its own database has it: what it answers is the leader's word. */
  serversReadBy(number: number): number {
    return Number(this.#own(number, "SELECT COUNT(*) AS seen FROM database_instance WHERE server_uuid <> '' AND last_seen IS NOT NULL")[0]?.['seen'])
  }

  /** Number and successor (null: nobody) of each recovery, as this one's own database has them. */
  recoveriesIn(number: number): readonly (readonly [uid: string, successor: string | null])[] {
    return this.#own(number, 'SELECT uid, successor_hostname AS host, successor_port AS port FROM topology_recovery')
      .map(({ uid, host, port }) => [String(uid), host === null || host === '' ? null : `${String(host)}:${String(port)}`])
  }

  #own(number: number, sql: string): readonly Record<string, unknown>[] {
    const database = new DatabaseSync(join(this.folderOf(number), 'orchestrator.sqlite3'), { readOnly: true, timeout: 5000 })
    try {
      return database.prepare(sql).all()
    } finally {
      database.close()
    }
  }

  nameOf(number: number): string {
    return `${hosts[number]}:${this.#ports[number]?.raft}`
  }

  async start(number: number): Promise<Manager> {
    mkdirSync(this.folderOf(number), { recursive: true })
    const settings = typeof this.#settings === 'function' ? this.#settings(number, hosts[number] ?? '') : this.#settings
    const configuration = writeConfiguration(this.folderOf(number), {
      ListenAddress: `${hosts[number]}:${this.#ports[number]?.http}`, RaftEnabled: true, RaftDataDir: join(this.folderOf(number), 'raft'), RaftBind: this.nameOf(number),
      RaftNodes: [...first, ...(number === newcomer ? [newcomer] : [])].map(other => this.nameOf(other)), RaftSecret: 'known to these three alone', ...settings,
    })
    const program = await startProgram(['--config', configuration], this.#isBuilt)
    assert.ok(isRunning(program), 'stderr' in program ? program.stderr : '')
    const manager = { number, program, api: new Api(program.address, this.#headers) }
    this.running.set(number, manager)
    return manager
  }

  async kill(number: number): Promise<void> {
    await this.running.get(number)?.program.kill()
    this.running.delete(number)
  }

  async stop(number: number): Promise<void> {
    assert.equal(await this.running.get(number)?.program.stop(), 0)
    this.running.delete(number)
  }

  wipe(number: number): void {
    rmSync(this.folderOf(number), { recursive: true })
  }

  of(number: number): Manager {
    const manager = this.running.get(number)
    assert.ok(manager !== undefined, `manager ${number} runs`)
    return manager
  }

  /** Status of leader-check of each that runs, by number; 0: no answer within a second. */
  async leaderChecks(): Promise<ReadonlyMap<number, number>> {
    return new Map(await Promise.all([...this.running.values()].map(async ({ number, program: { address } }) => [number, await statusOf(`${address}/api/leader-check`, this.#headers)] as const)))
  }

  /** The one that answers 200, once one does. Two at a time fail. */
  async leader(): Promise<Manager> {
    const checks = await until(async () => [...await this.leaderChecks()].filter(([, status]) => status === 200), leading => leading.length > 0, patienceMilliseconds)
    assert.equal(checks.length, 1, `one leads: ${JSON.stringify(checks)}`)
    return this.of(checks[0]?.[0] ?? -1)
  }

  /** All that run vote and follow the same leader. */
  async all(voters: number = first.length): Promise<Manager> {
    await until(() => Promise.all([...this.running.values()].map(({ api }) => api.get<GroupView>('/api/v2/group').catch(() => null))), views =>
      views.every(view => view?.isPartOfQuorum === true && view.members.filter(({ votes }) => votes).length === voters), patienceMilliseconds)
    return this.leader()
  }

  /** A change that is asked of one, again while nobody leads: on a loaded machine a leader may be lost at any time. */
  async change(number: number, path: string): Promise<void> {
    await until(() => this.of(number).api.former(path).catch((error: unknown) => ({ Code: String(error) })), ({ Code }) => Code === 'OK', patienceMilliseconds)
  }

  async onAll<Value>(path: string, holds: (value: Value) => boolean): Promise<void> {
    for (const { api } of this.running.values()) {
      // Where the leader is lost meanwhile a member says so instead.
      const ask = () => api.get<Value>(path).then(value => ({ holds: holds(value), value }), (error: unknown) => ({ holds: false, value: String(error) }))
      await until(ask, answer => answer.holds, patienceMilliseconds)
    }
  }

  /** What each of them said, for who has to find out why. */
  logs(): string {
    return [...this.running.values()].map(({ number, program }) => `== ${number}\n${program.log().split('\n').slice(-30).join('\n')}`).join('\n')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.running.values()].map(({ program }) => {
      program.resume()
      return program.kill()
    }))
    this.#folder[Symbol.dispose]()
  }
}

async function statusOf(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  try {
    const response = await fetch(url, { headers: { connection: 'close', ...headers }, signal: AbortSignal.timeout(1000) })
    await response.arrayBuffer()
    return response.status
  } catch {
    return 0 // nobody listens, or it stands still
  }
}
