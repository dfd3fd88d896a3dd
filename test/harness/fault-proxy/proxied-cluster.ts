import type { Sandbox } from '../sandbox/sandbox.ts'
import type { ServerWish } from '../sandbox/sandbox.ts'
import { FaultProxy } from './fault-proxy.ts'

/** Where everybody looks for the servers: there the proxies listen. The servers themselves listen at 127.0.0.1, on the same ports. */
const publicAddress = '127.0.0.2'
/** Where the manager comes from, and everybody else that does not say. */
export const managerAddress = '127.0.0.1'

/** A primary and two replicas of it, each behind a proxy that knows who comes: the manager, or one of the replicas. */
export class ProxiedCluster {
  readonly sandbox: Sandbox
  readonly primary: string
  readonly replicas: readonly [string, string]
  readonly #proxies: ReadonlyMap<string, FaultProxy>

  private constructor(sandbox: Sandbox, primary: string, replicas: readonly [string, string], proxies: ReadonlyMap<string, FaultProxy>) {
    this.sandbox = sandbox
    this.primary = primary
    this.replicas = replicas
    this.#proxies = proxies
  }

  /** The servers of a cluster, for `Sandbox.start`. */
  static servers(name: string): readonly ServerWish[] {
    return ['primary', 'replica-1', 'replica-2'].map(server => ({ name: `${name}-${server}`, host: publicAddress, options: ['--bind-address=127.0.0.1'] }))
  }

  static async join(sandbox: Sandbox, name: string): Promise<ProxiedCluster> {
    const [primary, first, second] = [`${name}-primary`, `${name}-replica-1`, `${name}-replica-2`]
    const proxies = new Map<string, FaultProxy>()
    for (const server of [primary, first, second]) {
      const { port } = sandbox.server(server)
      proxies.set(server, await FaultProxy.listen({ host: publicAddress, port, target: { host: '127.0.0.1', port } }))
    }
    const cluster = new ProxiedCluster(sandbox, primary, [first, second], proxies)
    await Promise.all(cluster.replicas.map(async replica => {
      await sandbox.replicate(replica, primary, { more: { SOURCE_BIND: cluster.addressOf(replica) } })
      await sandbox.server(replica).sql('SET GLOBAL super_read_only = ON')
    }))
    return cluster
  }

  proxy(name: string): FaultProxy {
    const proxy = this.#proxies.get(name)
    if (proxy === undefined) throw new Error(`there is no proxy of ${name}`)
    return proxy
  }

  get proxies(): readonly FaultProxy[] {
    return [...this.#proxies.values()]
  }

  get names(): readonly string[] {
    return [...this.#proxies.keys()]
  }

  /** Where a replica comes from. */
  addressOf(replica: string): string {
    return `127.0.0.${11 + this.replicas.indexOf(replica)}`
  }

  heal(): void {
    for (const proxy of this.proxies) proxy.heal()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.proxies.map(proxy => proxy.close()))
  }
}
