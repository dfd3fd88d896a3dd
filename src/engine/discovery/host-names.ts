import { goPattern } from '../../kit/go-pattern.ts'
import { hostOf, instanceKey, type InstanceKey, portOf } from '../../model/topology/instance-key.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Names } from '../../ports/names.ts'
import type { HostName } from '../../ports/store-facts.ts'
import type { ServerFacts } from '../../ports/servers.ts'
import type { DiscoverySettings } from './settings.ts'

/** A name that could not be resolved is tried again after so long. */
const failureMilliseconds = 60_000
/** Names kept; beyond it the oldest go. One per server and alias is far below. */
const namesMax = 100_000

interface Entry {
  readonly name: string
  readonly until: number
  /** When it was last written to where names outlast this process; 0: never. */
  readonly writtenAt: number
}

/** A name that is learnt again and again is written again after this part of its time. */
const rewrittenAfter = 0.5

/** Turns a host name into the one that a server is filed under (contract discovery.md 3), and remembers it for a while. */
export class HostNames {
  readonly #names: Names
  readonly #clock: Pick<Clock, 'now'>
  readonly #log: Log
  readonly #settings: DiscoverySettings
  readonly #rejected: RegExp | null
  readonly #write: ((name: HostName) => void) | null
  readonly #cache = new Map<string, Entry>()
  #lookups = 0

  /** `write` keeps a resolved name for other processes and later runs. */
  constructor(ports: { readonly names: Names; readonly clock: Pick<Clock, 'now'>; readonly log: Log; readonly writeName?: (name: HostName) => void }, settings: DiscoverySettings) {
    this.#names = ports.names
    this.#write = settings.resolveMethod.toLowerCase() === 'none' ? null : (ports.writeName ?? null)
    this.#clock = ports.clock
    this.#log = ports.log
    this.#settings = settings
    const pattern = settings.rejectResolvePattern === '' ? null : goPattern(settings.rejectResolvePattern)
    this.#rejected = pattern?.ok === true ? pattern.value : null
  }

  /** Names that were looked up since the start, because none was kept. */
  get lookups(): number {
    return this.#lookups
  }

  async resolveKey(key: InstanceKey): Promise<InstanceKey> {
    const host = hostOf(key)
    const name = await this.#resolve(host)
    return name === host ? key : instanceKey(name, portOf(key))
  }

  /** The host told its own name; sources and replicas called by the other one are meant by this. */
  learnt(asked: InstanceKey, told: InstanceKey): void {
    if (asked !== told && !this.#isRejected(hostOf(told))) this.#rememberAndWrite(hostOf(asked), hostOf(told))
  }

  /** The facts with every neighbour's name resolved. The same object when no name changed. */
  async resolveFacts(facts: ServerFacts): Promise<ServerFacts> {
    const neighbours = new Set([...facts.listedReplicas, ...facts.channels.map(link => link.source), ...(facts.group?.members ?? []), ...(facts.group?.primary ? [facts.group.primary] : [])])
    const names = new Map<InstanceKey, InstanceKey>()
    for (const key of neighbours) {
      const resolved = this.#known(key) ?? (await this.resolveKey(key))
      if (resolved !== key) names.set(key, resolved)
    }
    return names.size === 0 ? facts : renamed(facts, key => names.get(key) ?? key)
  }

  /** For showing: name → resolved name and end of its time, ms since 1970. */
  entries(): ReadonlyMap<string, Entry> {
    return this.#cache
  }

  /** Names that were resolved by an earlier run or another process; those past their time are left out, what is known here already stays. */
  take(names: readonly HostName[]): void {
    for (const { host, name, at } of names) {
      const until = at + this.#expiryMilliseconds
      if (until > this.#clock.now() && !this.#cache.has(host) && !this.#isRejected(name)) this.#cache.set(host, { name, until, writtenAt: at })
    }
  }

  reset(): void {
    this.#cache.clear()
  }

  /** What needs no question: a detached or remembered name, or one that is taken as it is. */
  #known(key: InstanceKey): InstanceKey | null {
    const host = hostOf(key)
    if (host.startsWith('//') || host === '' || host.includes(',')) return key
    const entry = this.#cache.get(host)
    if (entry !== undefined && entry.until > this.#clock.now()) return entry.name === host ? key : instanceKey(entry.name, portOf(key))
    return this.#method === 'as is' ? key : null
  }

  get #method(): 'as is' | 'cname' | 'ip' {
    const method = this.#settings.resolveMethod.toLowerCase()
    return method === 'cname' || method === 'ip' ? method : 'as is'
  }

  async #resolve(host: string): Promise<string> {
    const known = this.#known(instanceKey(host, 1))
    if (known !== null) return hostOf(known)
    this.#lookups++
    try {
      const name = await this.#ask(host)
      if (this.#isRejected(name)) return host
      this.#rememberAndWrite(host, name)
      return name
    } catch (error) {
      this.#log.debug('a host name could not be resolved', { host, text: error instanceof Error ? error.message : String(error) })
      this.#remember(host, host, failureMilliseconds)
      return host
    }
  }

  async #ask(host: string): Promise<string> {
    if (this.#method === 'cname') return this.#names.canonicalName(host)
    const { ipv4, ipv6 } = await this.#names.addresses(host)
    return ipv4 ?? ipv6 ?? host
  }

  #isRejected(name: string): boolean {
    return this.#rejected?.test(name) === true
  }

  get #expiryMilliseconds(): number {
    return this.#settings.resolveExpiryMinutes * 60_000
  }

  #rememberAndWrite(host: string, name: string): void {
    const now = this.#clock.now()
    const before = this.#cache.get(host)
    const isWritten = before?.name === name && before.writtenAt > now - this.#expiryMilliseconds * rewrittenAfter
    this.#remember(host, name, this.#expiryMilliseconds, isWritten ? before.writtenAt : now)
    if (!isWritten) this.#write?.({ host, name, at: now })
  }

  #remember(host: string, name: string, milliseconds: number, writtenAt = 0): void {
    if (this.#cache.size >= namesMax) for (const oldest of this.#cache.keys()) { this.#cache.delete(oldest); break }
    this.#cache.delete(host)
    this.#cache.set(host, { name, until: this.#clock.now() + milliseconds, writtenAt })
  }
}

function renamed(facts: ServerFacts, name: (key: InstanceKey) => InstanceKey): ServerFacts {
  const link = <Link extends Instance['replication']>(of: Link): Link => (of === null ? of : { ...of, source: name(of.source) })
  const { group } = facts
  return {
    ...facts, replication: link(facts.replication), channels: facts.channels.map(link), listedReplicas: facts.listedReplicas.map(name),
    group: group === null ? null : { ...group, members: group.members.map(name), primary: group.primary === null ? null : name(group.primary) },
  }
}
