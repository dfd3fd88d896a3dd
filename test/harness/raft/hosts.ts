import assert from 'node:assert/strict'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { GroupView } from '../../../src/contract/raft.ts'
import { Network } from '../network/network.ts'
import { Api, until } from '../recorded/api.ts'
import { LeaderWatch } from '../recorded/leader-watch.ts'
import { databaseStatements, onMysql } from '../recorded/managers.ts'
import { isRunning, type RunningProgram, startProgram, temporaryFolder, writeConfiguration } from '../recorded/program.ts'
import { Sandbox } from '../sandbox/sandbox.ts'
import type { SandboxServer } from '../sandbox/sandbox-server.ts'

export const hostNames = ['db140', 'db141', 'db142'] as const
export type HostName = (typeof hostNames)[number]
/** As users have them; and hosts that have servers alone, where managers are cut from each other and from no server. */
export const hostAddresses = {
  db140: '192.168.221.140', db141: '192.168.221.141', db142: '192.168.221.142', sql140: '192.168.221.150', sql141: '192.168.221.151', sql142: '192.168.221.152',
} as const
const apartHosts = { db140: 'sql140', db141: 'sql141', db142: 'sql142' } as const
const [managedPort, databasePort, httpPort, raftPort] = [3308, 3306, 3000, 10008]
/** A loaded machine takes its time; the product's own bounds are seconds shorter. */
const patienceMilliseconds = 60_000

export interface HostsWish {
  /** Each manager's own database: a file, or a MySQL server on its host. */
  readonly database?: 'sqlite' | 'mysql'
  /** Hosts that have a MySQL server to look after: the first is primary, the others replicate from it. */
  readonly managed?: readonly HostName[]
  /** Each managed server has a host of its own. */
  readonly apart?: boolean
  readonly settings?: Readonly<Record<string, unknown>>
}

export const otherHosts = (...names: readonly string[]): readonly HostName[] => hostNames.filter(name => !names.includes(name))

/**
 * Three hosts, each with a manager of one Raft group, the manager's own database, and a MySQL server that is managed: `db140` ← `db141`, `db142`. All are known
 * by name. The process itself is a fourth host, so it must be started by `testInOwnNetwork` with `hostAddresses`.
 */
export class Hosts implements AsyncDisposable {
  readonly network: Network
  readonly sandbox: Sandbox
  readonly running = new Map<HostName, RunningProgram>()
  readonly #folder = temporaryFolder()
  readonly #wish: HostsWish

  private constructor(network: Network, sandbox: Sandbox, wish: HostsWish) {
    this.network = network
    this.sandbox = sandbox
    this.#wish = wish
  }

  static async start(wish: HostsWish = {}): Promise<Hosts> {
    const { database = 'sqlite', managed = hostNames, apart = false } = wish
    const placeOf = (name: HostName) => (apart ? apartHosts[name] : name)
    const network = await Network.open([...hostNames, ...(apart ? Object.values(apartHosts) : []), 'driver'], { self: 'driver', addresses: hostAddresses, prefix: '10.78' })
    const sandbox = await Sandbox.start({
      servers: [
        ...managed.map(name => ({ inside: network.command(placeOf(name)), name, host: placeOf(name), port: managedPort, options: ['--bind-address=*'] })),
        ...(database === 'mysql' ? hostNames.map(name => ({ inside: network.command(name), name: `${name}-own`, host: '127.0.0.1', port: databasePort })) : []),
      ],
    })
    const hosts = new Hosts(network, sandbox, wish)
    try {
      const [primary, ...replicas] = managed
      for (const replica of replicas) {
        await sandbox.replicate(replica, primary ?? replica, { connectRetrySeconds: 1 })
        await hosts.server(replica).sql('SET GLOBAL super_read_only = ON')
      }
      if (database === 'mysql') for (const name of hostNames) for (const statement of databaseStatements) await sandbox.server(`${name}-own`).sql(statement)
      await Promise.all(hostNames.map(name => hosts.startManager(name)))
      await hosts.all()
      return hosts
    } catch (error) {
      console.error(hosts.logs())
      await hosts[Symbol.asyncDispose]()
      throw error
    }
  }

  server(name: HostName): SandboxServer {
    return this.sandbox.server(name)
  }

  folderOf(name: HostName): string {
    return join(this.#folder.path, name)
  }

  api(name: HostName): Api {
    return new Api(`http://${name}:${httpPort}`)
  }

  memberName(name: HostName): string {
    return `${name}:${raftPort}`
  }

  hostOf(member: string): HostName {
    const found = hostNames.find(name => this.memberName(name) === member)
    assert.ok(found !== undefined, `${member} is a member`)
    return found
  }

  program(name: HostName): RunningProgram {
    const program = this.running.get(name)
    assert.ok(program !== undefined, `the manager on ${name} runs`)
    return program
  }

  async startManager(name: HostName): Promise<void> {
    const { database = 'sqlite', settings = {} } = this.#wish
    mkdirSync(this.folderOf(name), { recursive: true })
    const configuration = writeConfiguration(this.folderOf(name), {
      ListenAddress: `:${httpPort}`, RaftEnabled: true, RaftDataDir: join(this.folderOf(name), 'raft'), RaftBind: name, DefaultRaftPort: raftPort, RaftNodes: hostNames,
      RaftSecret: 'known to these three alone', ...(database === 'mysql' ? onMysql({ host: '127.0.0.1', port: databasePort }) : {}), UseSuperReadOnly: true, ...settings,
    })
    // It ends with this process, however that one ends.
    const inside = [...this.network.command(name), 'unshare', '--uts', 'sh', '-ec', 'hostname "$0"; exec setpriv --pdeathsig KILL "$@"', name]
    const program = await startProgram(['--config', configuration], process.env['RAFT_MANAGERS_UNBUILT'] === undefined, inside)
    assert.ok(isRunning(program), 'stderr' in program ? program.stderr : '')
    this.running.set(name, program)
  }

  async endManager(name: HostName, act: 'kill' | 'stop'): Promise<void> {
    const program = this.program(name)
    this.running.delete(name)
    await program[act]()
  }

  /** The host loses its power: all that ran there is gone at once. */
  async lose(name: HostName): Promise<void> {
    await Promise.all([this.endManager(name, 'kill'), ...this.sandbox.servers.filter(server => server.name === name || server.name === `${name}-own`).map(server => server.kill())])
  }

  /** A new disk in the place of the manager's old one. */
  wipeManager(name: HostName): void {
    rmSync(this.folderOf(name), { recursive: true, force: true })
  }

  /** Cuts the managers' hosts from each other, one way or both; whoever asks from outside still reaches all. */
  async cut(from: HostName, to: readonly HostName[], ways: 'both' | 'out' | 'in'): Promise<void> {
    for (const other of to) {
      if (ways !== 'in') await this.network.cut(from, other)
      if (ways !== 'out') await this.network.cut(other, from)
    }
  }

  watch(): LeaderWatch {
    return new LeaderWatch(new Map(hostNames.map(name => [name, () => (this.running.has(name) ? `http://${name}:${httpPort}` : null)])))
  }

  group(name: HostName): Promise<GroupView | null> {
    return this.api(name).get<GroupView>('/api/v2/group').catch(() => null)
  }

  /** All that run vote and follow the same leader. Answers it. */
  async all(): Promise<HostName> {
    const asked = [...this.running.keys()]
    const views = await until(() => Promise.all(asked.map(name => this.group(name))), all =>
      all.every(view => view?.isPartOfQuorum === true && view.members.filter(({ votes }) => votes).length === hostNames.length && view.leader?.name === all[0]?.leader?.name), patienceMilliseconds)
    return this.hostOf(views[0]?.leader?.name ?? '')
  }

  /** Lets the manager on that host lead. */
  async letLead(name: HostName): Promise<void> {
    await until(async () => {
      const leader = await this.all()
      if (leader !== name) await this.api(leader).former(`raft-yield/${this.memberName(name)}`).catch(() => null) // another one leads meanwhile
      return leader
    }, leader => leader === name, patienceMilliseconds)
  }

  /** A change that is asked of one, again while nobody leads. */
  async change(name: HostName, path: string): Promise<void> {
    await until(() => this.api(name).former(path).catch((error: unknown) => ({ Code: String(error) })), ({ Code }) => Code === 'OK', patienceMilliseconds)
  }

  /** All servers are found from the primary, by every manager. */
  async discover(): Promise<void> {
    const { managed = hostNames } = this.#wish
    await this.change('db140', `discover/${this.server(managed[0] ?? 'db140').key.replace(':', '/')}`)
    for (const name of this.running.keys()) {
      await until(() => this.api(name).get<readonly { readonly IsLastCheckValid: boolean }[]>('/api/all-instances').catch(() => []), all =>
        all.length === managed.length && all.every(({ IsLastCheckValid }) => IsLastCheckValid), patienceMilliseconds)
    }
  }

  logs(): string {
    return [...this.running].map(([name, program]) => `== ${name}\n${program.log().split('\n').slice(-40).join('\n')}`).join('\n')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (process.env['LAB_VERBOSE']) console.log(this.logs())
    await Promise.all([...this.running.values()].map(program => {
      program.resume()
      return program.kill()
    }))
    await this.sandbox.stop()
    await this.network.close()
    this.#folder[Symbol.dispose]()
  }
}
