import type { Socket } from 'node:net'
import { type Answers, answerText } from './answers.ts'
import type { Moment } from './cells.ts'
import type { Counters } from './counters.ts'
import type { Behaviour, FakeServer } from './fake-server.ts'
import { PacketReader } from './packet-reader.ts'
import { capability, errorPayload, type Greeting, greetingPayload, okPayload, packet, readLogin } from './packets.ts'

/** Numbers of the protocol's commands. */
const command = { quit: 1, initDatabase: 2, query: 3, ping: 14, resetConnection: 31 } as const
const unknownCommand = 1047
const fastLoginOk = '\x01\x03'

export interface SessionContext {
  readonly server: FakeServer
  readonly greeting: Greeting
  readonly answers: Answers
  readonly counters: Counters
  readonly behaviour: () => Behaviour
  readonly delayMilliseconds: number
  readonly moment: () => Moment
  readonly onQuery: (text: string) => void
}

/** One client's connection: greeting, a login that takes any password, then commands. */
export class Session {
  readonly #socket: Socket
  readonly #context: SessionContext
  readonly #reader = new PacketReader()
  #stage: 'login' | 'plugin switched' | 'commands' = 'login'
  #capabilities = 0
  #answersDue = 0

  private constructor(socket: Socket, context: SessionContext) {
    this.#socket = socket
    this.#context = context
  }

  /** Serves the client until either side ends the connection. */
  static begin(socket: Socket, context: SessionContext): void {
    context.counters.connections++
    socket.on('error', () => {}) // a client that goes away is no matter of ours
    if (context.behaviour() === 'hang') return
    const session = new Session(socket, context)
    socket.on('data', chunk => session.#read(chunk))
    session.#send(packet(0, greetingPayload(context.greeting, ++context.counters.threads, nonce())))
  }

  #read(chunk: Buffer): void {
    if (this.#context.behaviour() === 'hang') return
    const { counters } = this.#context
    counters.bytesReceived += chunk.length
    const packets = this.#reader.read(chunk)
    if (packets === null) return this.#break()
    for (const { place, payload } of packets) {
      if (this.#stage === 'commands') this.#command(payload)
      else this.#login(place, payload)
    }
  }

  #login(place: number, payload: Buffer): void {
    const { greeting, counters } = this.#context
    if (this.#stage === 'login') {
      const answer = readLogin(payload)
      if (answer === null || (answer.capabilities & capability.tls) !== 0) return this.#break()
      this.#capabilities = answer.capabilities
      if (answer.plugin !== greeting.plugin) {
        this.#stage = 'plugin switched'
        return this.#send(packet(place + 1, `\xfe${greeting.plugin}\0${nonce()}\0`))
      }
      if (answer.answerLength === 0) return this.#loggedIn(packet(place + 1, okPayload))
    }
    counters.logins++
    this.#loggedIn(packet(place + 1, fastLoginOk) + packet(place + 2, okPayload))
  }

  #loggedIn(text: string): void {
    this.#stage = 'commands'
    this.#send(text)
  }

  #command(payload: Buffer): void {
    const { counters } = this.#context
    counters.commands++
    if (this.#answersDue > 0) counters.overlaps++
    switch (payload[0]) {
      case command.query:
        return this.#query(payload)
      case command.ping:
      case command.initDatabase:
      case command.resetConnection:
        return this.#answer(packet(1, okPayload))
      case command.quit:
        return void this.#socket.end()
      default:
        counters.noteUnknown(`command ${payload[0] ?? 'none'}`)
        return this.#answer(packet(1, errorPayload(unknownCommand, '08S01', `The fake fleet does not know command ${payload[0] ?? 'none'}`)))
    }
  }

  #query(payload: Buffer): void {
    const { answers, counters, server, moment, onQuery } = this.#context
    // With query attributes a query begins with their number and the number of their sets: 0 and 1, where there are none.
    const at = (this.#capabilities & capability.queryAttributes) === 0 ? 1 : 3
    if (at === 3 && payload[1] !== 0) return this.#break()
    const text = payload.toString('latin1', at)
    onQuery(text)
    const prepared = answers.of(server, text, this.#capabilities)
    if (prepared.unknown !== null) counters.noteUnknown(prepared.unknown)
    this.#answer(answerText(prepared, moment()))
  }

  #answer(text: string): void {
    const { delayMilliseconds, behaviour } = this.#context
    if (delayMilliseconds === 0) return this.#send(text)
    this.#answersDue++
    setTimeout(() => {
      this.#answersDue--
      if (behaviour() === 'answer') this.#send(text)
    }, delayMilliseconds)
  }

  #send(text: string): void {
    this.#context.counters.bytesSent += text.length
    this.#socket.write(text, 'latin1')
  }

  #break(): void {
    this.#context.counters.broken++
    this.#socket.destroy()
  }
}

/** 20 characters without NUL. Nobody checks the answer, so it need not be secret. */
const nonce = (): string => Array.from({ length: 20 }, () => String.fromCharCode(33 + Math.floor(Math.random() * 93))).join('')
