import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'
import { type Direction, noFault, type Rule, whyNoRule } from './rules.ts'
import { Stream } from './stream.ts'

export interface ProxyWish {
  readonly target: { readonly host: string; readonly port: number }
  /** Default: 127.0.0.1. */
  readonly host?: string
  /** Default: a free one. */
  readonly port?: number
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

const everybody = 'everybody'
const directions: readonly Direction[] = ['to server', 'to client']

/** A TCP connection's way to a server, on which faults can be put at any moment, for everybody or for the clients of one address. */
export class FaultProxy {
  readonly #server: Server
  readonly #target: ProxyWish['target']
  readonly #random: () => number
  readonly #pairs = new Set<Pair>()
  readonly #rules = new Map<string, Record<Direction, Rule>>()
  readonly #refused = new Set<string>()
  readonly #redirected = new Map<string, ProxyWish['target']>()
  /** Connections accepted so far, by the address they came from. */
  readonly accepted = new Map<string, number>()

  private constructor(server: Server, { target, random = Math.random }: ProxyWish) {
    this.#server = server
    this.#target = target
    this.#random = random
    server.on('connection', client => this.#join(client))
  }

  static async listen(wish: ProxyWish): Promise<FaultProxy> {
    const server = createServer({ allowHalfOpen: true })
    const proxy = new FaultProxy(server, wish)
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host: wish.host ?? '127.0.0.1', port: wish.port ?? 0, exclusive: true }, resolve)
    })
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
    server.on('close', leave)
    client.on('close', () => {
      // Nobody is left to hide anything from; what the client has sent still arrives.
      leave()
    })
  }

  #apply(): void {
    for (const { streams } of this.#pairs) for (const stream of streams) stream.apply()
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
