import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { MemberId } from '../../../model/raft/types.ts'
import type { LinkState } from '../../../ports/raft-transport.ts'
import { Connection } from './connection.ts'
import { encode, type Hello, nonce, readProof, readWelcome, Shared, versions } from './handshake.ts'
import type { Lookups } from './lookups.ts'
import type { TransportOptions } from './options.ts'

type Unreachable = Extract<LinkState, { readonly state: 'unreachable' }>

const nothing = new Uint8Array()
/** One that ended sooner is connected to again more and more rarely: something is wrong that trying does not mend. */
const livedMilliseconds = 1000

/** The way to one other member: connects, proves, sends, and connects again for as long as the member is named. Only messages of ours travel on it. */
export class Dialer {
  readonly #options: TransportOptions
  readonly #to: MemberId
  readonly #address: string
  readonly #lookups: Lookups
  readonly #tell: (state: LinkState) => void
  #open: Connection | null = null
  #making: Connection | null = null
  #timers: NodeJS.Timeout[] = []
  #delay: number
  #isStopped = false
  #lastTold = ''

  constructor(options: TransportOptions, to: MemberId, address: string, lookups: Lookups, tell: (state: LinkState) => void) {
    this.#options = options
    this.#to = to
    this.#address = address
    this.#lookups = lookups
    this.#tell = tell
    this.#delay = options.limits.redialFirstMilliseconds
    this.#dial()
  }

  get address(): string {
    return this.#address
  }

  /** False: dropped. */
  send(payload: Uint8Array): boolean {
    if (this.#open === null || this.#open.waitingBytes > this.#options.limits.waitingBytesMax) return false
    this.#open.send('message', payload)
    return true
  }

  stop(): void {
    this.#isStopped = true
    this.#clearTimers()
    this.#making?.end(null)
    if (this.#open !== null) {
      const open = this.#open
      this.#open = null
      open.end(null)
      this.#tell({ state: 'lost', why: 'stopped' })
    }
  }

  #dial(): void {
    const { limits } = this.#options
    const connection = new Connection(this.#socket())
    this.#making = connection
    let refusal: Unreachable | null = null
    const late = setTimeout(() => connection.end(new Error(`no answer within ${limits.connectMilliseconds} ms`)), limits.connectMilliseconds)
    this.#timers.push(late)
    connection.onEnd = error => {
      clearTimeout(late)
      if (this.#isStopped) return
      if (this.#making === connection) {
        this.#making = null
        this.#tellOnce(refusal ?? unreachable(error))
      }
      this.#redial()
    }
    this.#greet(connection, () => {
      clearTimeout(late)
      this.#making = null
      this.#opened(connection)
    }, told => {
      refusal = told
      connection.end(null)
    })
  }

  #socket(): Socket {
    const { host, port } = splitAddress(this.#address)
    const { tls } = this.#options
    const { lookup } = this.#lookups
    if (tls === null) return connectPlain({ host, port, lookup })
    return connectTls({ host, port, lookup, key: tls.key, cert: tls.certificate, ca: tls.authority, rejectUnauthorized: true, minVersion: 'TLSv1.2' })
  }

  #greet(connection: Connection, open: () => void, refuse: (told: Unreachable) => void): void {
    const { member, group, secret, limits } = this.#options
    const hello: Hello = { orchestratorRaft: versions, group, from: member, to: this.#to, nonce: nonce() }
    const helloBytes = encode(hello)
    let shared: Shared | null = null
    connection.onFrame = ({ kind, payload }) => {
      if (kind !== 'handshake') throw new Error(`a ${kind} before the greeting was over`)
      if (shared === null) {
        const welcome = readWelcome(payload)
        if ('refusal' in welcome) return refuse({ state: 'unreachable', why: 'not-for-me', text: `${this.#address} says: ${welcome.refusal}; there is ${welcome.member}` })
        if (welcome.wantsProof !== (secret !== null))
          return refuse({ state: 'unreachable', why: 'not-proved', text: welcome.wantsProof ? `${this.#address} asks for a secret, and none is set here` : `${this.#address} has no secret` })
        shared = new Shared(secret ?? '', helloBytes, payload)
        connection.send('handshake', encode({ proof: secret === null ? '' : shared.proof('dialer') }))
        return undefined
      }
      if (secret !== null && !shared.proves('acceptor', readProof(payload))) return refuse({ state: 'unreachable', why: 'not-proved', text: `${this.#address} does not know the secret` })
      if (secret !== null) {
        connection.protectWriting(shared.frameKey('dialer'))
        connection.protectReading(shared.frameKey('acceptor'))
      }
      connection.allow(limits.frameBytesMax)
      return open()
    }
    connection.send('handshake', helloBytes)
  }

  #opened(connection: Connection): void {
    const { pingMilliseconds, silentMilliseconds } = this.#options.limits
    this.#open = connection
    const openedAt = performance.now()
    let heardAt = performance.now()
    let pingedAt = heardAt
    let isSilent = false
    connection.onFrame = () => { heardAt = performance.now() }
    const ping = setInterval(() => {
      const now = performance.now()
      const wasAsleep = now - pingedAt > 2 * pingMilliseconds // then what was sent to us is still unread, and nobody was silent
      pingedAt = now
      if (wasAsleep) heardAt = now
      isSilent = now - heardAt > silentMilliseconds
      if (isSilent) connection.end(new Error(`nothing heard for ${silentMilliseconds} ms`))
      else connection.send('ping', nothing)
    }, pingMilliseconds)
    this.#timers.push(ping)
    connection.onEnd = () => {
      if (this.#isStopped || this.#open !== connection) return
      this.#open = null
      this.#clearTimers()
      this.#tellOnce({ state: 'lost', why: isSilent ? 'silent' : 'closed' })
      if (performance.now() - openedAt < livedMilliseconds) return this.#redial()
      this.#delay = this.#options.limits.redialFirstMilliseconds
      return this.#dial() // at once: a process that ended is told from a connection that did
    }
    this.#tellOnce({ state: 'open' })
  }

  #redial(): void {
    this.#clearTimers()
    const wait = this.#delay * (0.5 + Math.random() / 2)
    this.#delay = Math.min(this.#options.limits.redialLastMilliseconds, this.#delay * 2)
    this.#timers.push(setTimeout(() => this.#dial(), wait))
  }

  /** A member that is away for a day is told of once, not four times a second. */
  #tellOnce(state: LinkState): void {
    const text = JSON.stringify(state)
    if (text === this.#lastTold) return
    this.#lastTold = text
    this.#tell(state)
  }

  #clearTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers = []
  }
}

/** `host:port`, `[address]:port`. */
export function splitAddress(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(':')
  const port = Number(address.slice(colon + 1))
  const host = address.slice(0, colon).replace(/^\[(.*)\]$/, '$1')
  if (colon < 1 || host === '' || !Number.isInteger(port) || port < 1 || port > 65535) throw new RangeError(`${JSON.stringify(address)} is no address: host:port is expected`)
  return { host, port }
}

function unreachable(error: Error | null): Unreachable {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '' // Node's errors of sockets carry one
  const text = error?.message ?? 'the connection was closed before the greeting was over'
  if (code === 'ECONNREFUSED') return { state: 'unreachable', why: 'refused', text }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return { state: 'unreachable', why: 'no-name', text }
  if (text.startsWith('no answer within')) return { state: 'unreachable', why: 'no-answer', text }
  return { state: 'unreachable', why: 'failed', text }
}
