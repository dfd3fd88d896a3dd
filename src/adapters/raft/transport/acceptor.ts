import { createServer as createPlain, type Server, type Socket } from 'node:net'
import { checkServerIdentity, createServer as createTls, TLSSocket } from 'node:tls'
import { splitAddress } from './address.ts'
import { readJson } from './asking.ts'
import { Connection } from './connection.ts'
import { encode, type Hello, nonce, readHello, readProof, Shared, versions, type Welcome } from './handshake.ts'
import { decodeMessage } from './message-bytes.ts'
import type { Json } from '../../../ports/group.ts'
import type { RaftTransportEvents } from '../../../ports/raft-transport.ts'
import { questionBytesMax, type TransportOptions } from './options.ts'

export type AcceptorEvents = Pick<RaftTransportEvents, 'message' | 'turnedAway' | 'asked'>

const nothing = new Uint8Array()
/** A member that redials has a new connection before the old one is known to be lost; more than that are given up, oldest first. */
const connectionsOfOneMax = 2

/** Lets other members in, each for itself, and hands on what they say. */
export class Acceptor {
  readonly #options: () => TransportOptions
  readonly #addressOf: (member: string) => string | undefined
  readonly #events: AcceptorEvents
  readonly #server: Server
  readonly #strangers = new Set<Connection>()
  readonly #members = new Map<string, Connection[]>()
  readonly #asking = new Set<Connection>()

  private constructor(options: () => TransportOptions, addressOf: (member: string) => string | undefined, events: AcceptorEvents) {
    this.#options = options
    this.#addressOf = addressOf
    this.#events = events
    const { tls, limits } = options()
    this.#server = tls === null
      ? createPlain(socket => this.#accept(socket))
      : createTls({ key: tls.key, cert: tls.certificate, ca: tls.authority, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2', handshakeTimeout: limits.connectMilliseconds }, socket => this.#accept(socket))
    this.#server.maxConnections = limits.strangersMax + limits.questionsMax + 64 // members are few; strangers are bounded for themselves
    this.#server.on('tlsClientError', (error, socket) => this.#events.turnedAway(socket.remoteAddress ?? '', error.message))
  }

  /** Rejects when the address cannot be listened on. */
  static async listen(options: () => TransportOptions, addressOf: (member: string) => string | undefined, events: AcceptorEvents): Promise<Acceptor> {
    const acceptor = new Acceptor(options, addressOf, events)
    await new Promise<void>((resolve, reject) => {
      acceptor.#server.once('error', reject)
      acceptor.#server.listen(options().listen, () => resolve())
    })
    acceptor.#server.on('error', error => events.turnedAway('', error.message))
    return acceptor
  }

  /** Those who are no longer named are let go. */
  keepOnly(members: ReadonlySet<string>): void {
    const gone = [...this.#members].filter(([member]) => !members.has(member)).flatMap(([, connections]) => connections)
    for (const connection of gone) connection.end(null)
  }

  async close(): Promise<void> {
    const closed = new Promise<void>(resolve => this.#server.close(() => resolve()))
    for (const connection of [...this.#strangers, ...this.#asking, ...[...this.#members.values()].flat()]) connection.end(null)
    await closed
  }

  #accept(socket: Socket): void {
    const from = `${socket.remoteAddress ?? ''}:${socket.remotePort ?? ''}`
    const connection = new Connection(socket)
    if (this.#strangers.size >= this.#options().limits.strangersMax) {
      this.#events.turnedAway(from, 'too many that have not proved who they are')
      return connection.end(null)
    }
    this.#strangers.add(connection)
    const late = setTimeout(() => connection.end(new Error('did not prove in time who it is')), this.#options().limits.connectMilliseconds)
    connection.onEnd = error => {
      clearTimeout(late)
      this.#strangers.delete(connection)
      if (error !== null) this.#events.turnedAway(from, error.message)
    }
    let greeted: { readonly hello: Hello; readonly shared: Shared } | null = null
    connection.onFrame = ({ kind, payload }) => {
      if (kind !== 'handshake') throw new Error(`a ${kind} before the greeting was over`)
      if (greeted === null) {
        const hello = readHello(payload)
        const welcome = this.#welcome(hello, socket)
        const answer = encode(welcome)
        connection.send('handshake', answer)
        if ('refusal' in welcome) {
          this.#events.turnedAway(`${from} (${hello.from} of group ${hello.group})`, welcome.refusal)
          return connection.endAfterSending()
        }
        greeted = { hello, shared: new Shared(this.#options().secret ?? '', payload, answer) }
        return undefined
      }
      const { hello, shared } = greeted
      if (this.#options().secret !== null && !shared.proves('dialer', readProof(payload))) throw new Error(`${hello.from} does not know the secret`)
      connection.send('handshake', encode({ proof: this.#options().secret === null ? '' : shared.proof('acceptor') }))
      if (this.#options().secret !== null) {
        connection.protectWriting(shared.frameKey('acceptor'))
        connection.protectReading(shared.frameKey('dialer'))
      }
      clearTimeout(late)
      this.#strangers.delete(connection)
      return hello.asks === true ? this.#question(connection, hello.from) : this.#member(connection, hello.from)
    }
  }

  #welcome(hello: Hello, socket: Socket): Welcome {
    const { group } = this.#options()
    const member = this.#options().member ?? '-'
    const address = hello.asks === true ? hello.from : this.#addressOf(hello.from)
    if (hello.asks === true ? this.#events.asked === undefined : hello.to !== member || hello.group !== group) return { refusal: 'not-for-me', member }
    if (address === undefined) return { refusal: 'unknown-member', member }
    if (hello.orchestratorRaft.lowest > versions.highest || hello.orchestratorRaft.highest < versions.lowest) return { refusal: 'version', member }
    if (socket instanceof TLSSocket && checkServerIdentity(splitAddress(address).host, socket.getPeerCertificate()) !== undefined) return { refusal: 'certificate', member }
    return { version: versions.highest, nonce: nonce(), wantsProof: this.#options().secret !== null }
  }

  /** One question, one answer; whoever takes too long, or asks beside too many others, is let go. */
  #question(connection: Connection, from: string): void {
    const { questionsMax, questionMilliseconds } = this.#options().limits
    if (this.#asking.size >= questionsMax) return connection.end(new Error('too many questions at once'))
    this.#asking.add(connection)
    const late = setTimeout(() => connection.end(new Error('a question took too long')), questionMilliseconds)
    connection.allow(questionBytesMax)
    connection.onEnd = error => {
      clearTimeout(late)
      this.#asking.delete(connection)
      if (error !== null) this.#events.turnedAway(from, error.message)
    }
    connection.onFrame = ({ kind, payload }) => {
      if (kind !== 'question') throw new Error(`a ${kind} in place of a question`)
      connection.onFrame = () => { throw new Error('a second question') }
      void this.#answer(connection, from, readJson(payload))
    }
  }

  async #answer(connection: Connection, from: string, question: Json): Promise<void> {
    try {
      connection.send('answer', encode({ answer: await this.#events.asked?.(from, question) ?? null }))
      connection.endAfterSending()
    } catch (error) {
      connection.end(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #member(connection: Connection, member: string): void {
    const { frameBytesMax, silentMilliseconds } = this.#options().limits
    connection.allow(frameBytesMax)
    const all = this.#members.get(member) ?? []
    this.#members.set(member, all)
    all.push(connection)
    if (all.length > connectionsOfOneMax) all[0]?.end(null)
    let heard = true
    // Looked at rarely and twice: the one who connects finds a lost connection first, and this only keeps dead ones from staying for ever.
    const silence = setInterval(() => {
      if (!heard) connection.end(null)
      heard = false
    }, 4 * silentMilliseconds)
    connection.onEnd = error => {
      clearInterval(silence)
      all.splice(all.indexOf(connection), 1)
      if (all.length === 0 && this.#members.get(member) === all) this.#members.delete(member)
      if (error !== null && (error as NodeJS.ErrnoException).code === undefined) this.#events.turnedAway(member, error.message) // Node's own errors carry a code: a lost connection
    }
    connection.onFrame = ({ kind, payload }) => {
      heard = true
      if (kind === 'ping') return connection.send('pong', nothing)
      if (kind !== 'message') throw new Error(`a ${kind} from ${member}`)
      const message = decodeMessage(payload)
      if (message.from !== member || message.to !== this.#options().member) throw new Error(`${member} spoke as ${message.from} to ${message.to}`)
      return this.#events.message(message)
    }
  }
}
