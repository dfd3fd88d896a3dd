import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { readlink } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const beginMillisMax = 5000
/** The rules that cut a pair stand before all others. */
const rulePriority = 100

interface Host {
  /** Its end of the cable, and the router's. */
  readonly cable: { readonly own: string; readonly far: string }
  readonly address: string
  /** Null for the namespace of this very process. */
  readonly holder: ChildProcess | null
  readonly pid: number
}

export interface NetworkWish {
  /** The first two numbers of all addresses: the n-th host gets `prefix.n.2`. Default: 10.77. */
  readonly prefix?: string
  /** Hosts that have an address of their own choice instead, by name. */
  readonly addresses?: Readonly<Record<string, string>>
  /** The host that this process itself is. Only for a process that runs in a namespace of its own (`unshare --net`). */
  readonly self?: string
}

/**
 * A private network of hosts, each a network namespace of its own with one address, joined by a router. A pair of hosts can be cut, in one direction or
 * both: what is sent vanishes, nobody is told, as when a cable is pulled. All ends with this process, however it ends: a namespace lives as long as the
 * program that holds it, and that one ends with the pipe that only we hold.
 *
 * Needs root, `ip` (package iproute2), `unshare` and `nsenter` (util-linux). The router drops by policy routing, so no packet filter is needed.
 */
export class Network {
  readonly #router: Host
  readonly #hosts: ReadonlyMap<string, Host>
  readonly #cuts = new Set<string>()
  readonly #slow = new Set<string>()

  private constructor(router: Host, hosts: ReadonlyMap<string, Host>) {
    this.#router = router
    this.#hosts = hosts
  }

  static async open(names: readonly string[], { prefix = '10.77', addresses = {}, self }: NetworkWish = {}): Promise<Network> {
    const router: Host = { ...await newHost(), address: '', cable: { own: '', far: '' } }
    const hosts = new Map<string, Host>()
    try {
      await inside(router, 'ip link set lo up; echo 1 > /proc/sys/net/ipv4/ip_forward')
      for (const [index, name] of names.entries()) {
        const address = addresses[name] ?? `${prefix}.${index + 1}.2`
        const [end, far, gateway] = [`h${index + 1}`, `r${index + 1}`, `${prefix}.${index + 1}.1`]
        const host: Host = { ...(name === self ? { holder: null, pid: process.pid } : await newHost()), address, cable: { own: end, far } }
        hosts.set(name, host)
        await inside(host, `ip link set lo up; ip link add ${end} type veth peer name ${far}; ip link set ${far} netns ${router.pid}`)
        // Each cable is a network of its own, whatever the addresses look like.
        await inside(router, `ip addr add ${gateway}/32 dev ${far}; ip link set ${far} up; ip route add ${address}/32 dev ${far}`)
        await inside(host, `ip addr add ${address}/32 dev ${end}; ip link set ${end} up; ip route add ${gateway}/32 dev ${end}; ip route add default via ${gateway}`)
      }
      return new Network(router, hosts)
    } catch (error) {
      for (const host of [router, ...hosts.values()]) host.holder?.kill('SIGKILL')
      throw error
    }
  }

  address(name: string): string {
    return this.#host(name).address
  }

  /** The words before a command that make it run on that host. The process keeps its id. */
  command(name: string): readonly string[] {
    return ['nsenter', `--net=/proc/${this.#host(name).pid}/ns/net`, '--']
  }

  /** From now on nothing that `from` sends reaches `to`. */
  async cut(from: string, to: string): Promise<void> {
    const rule = this.#rule(from, to)
    if (this.#cuts.has(rule)) return
    this.#cuts.add(rule)
    await inside(this.#router, `ip rule add ${rule}`)
  }

  async cutBoth(one: string, other: string): Promise<void> {
    await this.cut(one, other)
    await this.cut(other, one)
  }

  /** Cuts one host from all others. */
  async isolate(name: string): Promise<void> {
    for (const other of this.#hosts.keys()) if (other !== name) await this.cutBoth(name, other)
  }

  /** Lets so little through the cable of a host, in each direction; what does not fit waits for up to half a second and then is lost. */
  async slow(name: string, kilobitsPerSecond: number): Promise<void> {
    const host = this.#host(name)
    if (this.#slow.has(name)) return
    this.#slow.add(name)
    const queue = `root tbf rate ${kilobitsPerSecond}kbit burst 8kb latency 500ms`
    await inside(this.#router, `tc qdisc add dev ${host.cable.far} ${queue}`)
    await inside(host, `tc qdisc add dev ${host.cable.own} ${queue}`)
  }

  /** Mends everything. */
  async heal(): Promise<void> {
    for (const name of this.#slow) {
      const host = this.#host(name)
      await inside(this.#router, `tc qdisc del dev ${host.cable.far} root`)
      await inside(host, `tc qdisc del dev ${host.cable.own} root`)
      this.#slow.delete(name)
    }
    for (const rule of this.#cuts) {
      await inside(this.#router, `ip rule del ${rule}`)
      this.#cuts.delete(rule)
    }
  }

  async close(): Promise<void> {
    for (const { holder } of [...this.#hosts.values(), this.#router]) {
      if (holder === null) continue
      const ended = new Promise<void>(resolve => (holder.exitCode !== null || holder.signalCode !== null ? resolve() : holder.once('exit', () => resolve())))
      holder.kill('SIGKILL')
      await ended
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #rule(from: string, to: string): string {
    return `priority ${rulePriority} from ${this.address(from)} to ${this.address(to)} blackhole`
  }

  #host(name: string): Host {
    const host = this.#hosts.get(name)
    if (host === undefined) throw new Error(`The network has no host ${name}; it has ${[...this.#hosts.keys()].join(', ')}`)
    return host
  }
}

/** Why a network cannot be made here; null where it can. */
export async function whyNoNetwork(): Promise<string | null> {
  try {
    await run('unshare', ['--net', 'sh', '-c', 'ip link set lo up && ip link add a0 type veth peer name a1 && ip rule add from 10.0.0.1 to 10.0.0.2 blackhole'])
    return null
  } catch (error) {
    return `network namespaces need root, iproute2 and util-linux: ${error instanceof Error ? error.message.trim() : String(error)}`
  }
}

/** A namespace and the program that holds it, which ends with its standard input. */
async function newHost(): Promise<Pick<Host, 'holder' | 'pid'>> {
  const holder = spawn('unshare', ['--net', 'cat'], { stdio: ['pipe', 'ignore', 'ignore'] })
  const failed = new Promise<never>((_, reject) => holder.once('error', reject))
  const { pid } = holder
  if (pid === undefined) return failed
  const [own, deadline] = [await readlink('/proc/self/ns/net'), Date.now() + beginMillisMax]
  while ((await Promise.race([readlink(`/proc/${pid}/ns/net`).catch(() => own), failed])) === own) {
    if (Date.now() > deadline || holder.exitCode !== null) throw new Error('a network namespace was not made')
    await sleep(2)
  }
  return { holder, pid }
}

/** Runs shell commands in the namespace of a host. */
async function inside(host: Host, commands: string): Promise<void> {
  await run('nsenter', [`--net=/proc/${host.pid}/ns/net`, 'sh', '-e', '-c', commands.replaceAll('; ', '\n')])
}
