import { setTimeout as sleep } from 'node:timers/promises'
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'
import { type Direction, noFault, type Rule, whyNoRule } from './rules.ts'
import { Stream } from './stream.ts'

export interface ProxyWish {
  readonly target: { readonly host: string; readonly port: number }
  /** Default: 127.0.0.1. */
  readonly host?: string
  /** Default: a free one. */
  readonly port?: number
  /** While the target refuses connections, so does the proxy, instead of taking and resetting them. Default: no. */
  readonly mirrorsRefusal?: boolean
  /** For jitter. */
  readonly random?: () => number
}

interface Pair {
  readonly client: Socket
  readonly server: Socket
  /** The address the client comes from. */
  readonly from: string
  readonly streams: readonly Stream[]
}

/** Whom a fault is for: all clients, or those that come from one address. */
export interface Whom {
  readonly from?: string
}

/** How often a target that refuses is asked again. */
const askMillis = 10
/** What is on its way from a client that has gone arrives before its end is told. */
const toldAfterMillis = 200
const everybody = 'everybody'
const directions: readonly Direction[] = ['to server', 'to client']

/** A TCP connection's way to a server, on which faults can be put at any moment, for everybody or for the clients of one address. */
export class FaultProxy {
  readonly #server: Server
  readonly #place: { host: string; port: number; exclusive: boolean }
  readonly #mirrorsRefusal: boolean
  #isChecking = false
  #isClosed = false
  readonly #target: ProxyWish['target']
  readonly #random: () => number
  readonly #pairs = new Set<Pair>()
  readonly #rules = new Map<string, Record<Direction, Rule>>()
  readonly #refused = new Set<string>()
  readonly #redirected = new Map<string, ProxyWish['target']>()
  /** Connections accepted so far, by the address they came from. */
  readonly accepted = new Map<string, number>()

  private constructor(server: Server, { target, random = Math.random, host = '127.0.0.1', port = 0, mirrorsRefusal = false }: ProxyWish) {
    this.#server = server
    this.#place = { host, port, exclusive: true }
    this.#mirrorsRefusal = mirrorsRefusal
    this.#target = target
    this.#random = random
    server.on('connection', client => this.#join(client))
  }

  static async listen(wish: ProxyWish): Promise<FaultProxy> {
    const server = createServer({ allowHalfOpen: true })
    const proxy = new FaultProxy(server, wish)
    await proxy.#listen()
    proxy.#place.port = proxy.port
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port // a TCP server that listens has one
  }

  get connections(): number {
    return this.#pairs.size
  }

  /** From now on, for new connections and those there are. What is not named stays as it was. */
  set(directionOrBoth: Direction | 'both', change: Partial<Rule>, { from = everybody }: Whom = {}): void {
    const before = this.#rules.get(from) ?? { 'to server': noFault, 'to client': noFault }
    const after = { ...before }
    for (const direction of directionOrBoth === 'both' ? directions : [directionOrBoth]) {
      const rule = { ...before[direction], ...change }
      const why = whyNoRule(rule)
      if (why !== null) throw new Error(why)
      after[direction] = rule
    }
    this.#rules.set(from, after)
    this.#apply()
  }

  /** Nothing arrives any more, in either direction, and nobody is told; connections are still taken. */
  blackHole(whom: Whom = {}): void {
    this.set('both', { holdAfterBytes: 0 }, whom)
  }

  /** New connections lead to another server, as when a name does. Null: to the right one again. */
  redirect(target: ProxyWish['target'] | null, { from = everybody }: Whom = {}): void {
    if (target === null) this.#redirected.delete(from)
    else this.#redirected.set(from, target)
  }

  /** Ends all connections with a reset. */
  reset({ from }: Whom = {}): void {
    for (const pair of this.#pairs) if (from === undefined || pair.from === from) this.#break(pair)
  }

  /** New connections are reset as soon as they are taken. */
  refuse({ from = everybody }: Whom = {}): void {
    this.#refused.add(from)
  }

  /** No faults any more: what was held goes on its way, ends that were hidden are told. */
  heal(): void {
    this.#rules.clear()
    this.#refused.clear()
    this.#redirected.clear()
    this.#apply()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const closed = new Promise<void>(resolve => this.#server.close(() => resolve()))
    for (const pair of this.#pairs) this.#break(pair)
    await closed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #join(client: Socket): void {
    const from = client.remoteAddress ?? ''
    this.accepted.set(from, (this.accepted.get(from) ?? 0) + 1)
    client.on('error', () => {}) // its close says the same
    if (this.#refused.has(from) || this.#refused.has(everybody)) return void client.resetAndDestroy()
    const target = this.#redirected.get(from) ?? this.#redirected.get(everybody) ?? this.#target
    const server = connect({ ...target, allowHalfOpen: true })
    const rule = (direction: Direction) => (): Rule => (this.#rules.get(from) ?? this.#rules.get(everybody))?.[direction] ?? noFault
    const streams = [new Stream(client, server, rule('to server'), this.#random), new Stream(server, client, rule('to client'), this.#random)]
    const pair: Pair = { client, server, from, streams }
    this.#pairs.add(pair)
    // A server that refuses or resets is refused or reset for the client too, unless ends are hidden from it.
    server.on('error', () => {
      if (!rule('to client')().hidesEnd && rule('to client')().holdAfterBytes === null) this.#break(pair)
    })
    const leave = (): void => {
      if (client.destroyed && server.destroyed) this.#forget(pair)
    }
    server.on('close', () => {
      leave()
      if (this.#mirrorsRefusal) void this.#mirror()
    })
    client.on('close', () => {
      leave()
      setTimeout(() => this.#tellOfEnd(pair), toldAfterMillis).unref()
    })
  }

  /** A client that has closed its socket answers all that still comes with a reset, so that a server that only sends learns of the end. */
  #tellOfEnd(pair: Pair): void {
    const rule = (this.#rules.get(pair.from) ?? this.#rules.get(everybody))?.['to server'] ?? noFault
    if (pair.client.destroyed && !pair.server.destroyed && !rule.hidesEnd && rule.holdAfterBytes === null) pair.server.resetAndDestroy()
  }

  #listen(): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(this.#place, () => {
        this.#server.off('error', reject)
        resolve()
      })
    })
  }

  /** Stops listening when the target does, and listens again as soon as it does. */
  async #mirror(): Promise<void> {
    if (this.#isChecking || this.#isClosed) return
    this.#isChecking = true
    while (!this.#isClosed && await this.#isRefused()) {
      if (this.#server.listening) this.#server.close()
      await sleep(askMillis)
    }
    if (!this.#isClosed && !this.#server.listening) await this.#listen()
    this.#isChecking = false
  }

  #isRefused(): Promise<boolean> {
    return new Promise(resolve => {
      const socket = connect(this.#target)
      socket.once('connect', () => resolve(false)).once('error', error => resolve('code' in error && error.code === 'ECONNREFUSED'))
      socket.once('connect', () => socket.destroy())
    })
  }

  #apply(): void {
    for (const pair of this.#pairs) {
      for (const stream of pair.streams) stream.apply()
      if (pair.client.destroyed) setTimeout(() => this.#tellOfEnd(pair), toldAfterMillis).unref()
    }
  }

  #break(pair: Pair): void {
    pair.client.resetAndDestroy()
    pair.server.resetAndDestroy()
    this.#forget(pair)
  }

  #forget(pair: Pair): void {
    for (const stream of pair.streams) stream.close()
    this.#pairs.delete(pair)
  }
}
