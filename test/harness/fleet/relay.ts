import { connect, createServer, type Server, type Socket } from 'node:net'
import { PacketReader } from './packet-reader.ts'

const commandQuery = 3

/** Stands between a client and a real server in plaintext, passes everything on, and notes what is asked. */
export class Relay {
  readonly port: number
  /** First packet of the server, once a client has connected. */
  greeting: Buffer | null = null
  readonly queries: string[] = []
  connections = 0
  /** Commands of the client: one each is one round trip. */
  commands = 0
  bytesToServer = 0
  bytesToClient = 0
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(server: Server, port: number) {
    this.#server = server
    this.port = port
  }

  static async start(to: { readonly host: string; readonly port: number }): Promise<Relay> {
    let relay: Relay | null = null
    const server = createServer({ noDelay: true }, client => relay?.pass(client, to))
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen({ host: '127.0.0.1', port: 0 }, resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('The relay has no port')
    relay = new Relay(server, address.port)
    return relay
  }

  pass(client: Socket, to: { readonly host: string; readonly port: number }): void {
    const server = connect({ ...to, noDelay: true })
    const [asked, answered] = [new PacketReader(1 << 24), new PacketReader(1 << 24)]
    let loggedIn = false
    this.connections++
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.on('error', () => {}).once('close', () => {
        this.#sockets.delete(socket)
        client.destroy()
        server.destroy()
      })
    }
    client.on('data', chunk => {
      this.bytesToServer += chunk.length
      // Only commands begin an exchange; the packets of the login carry on the server's.
      for (const { place, payload } of asked.read(chunk) ?? []) {
        if (place !== 0 || !loggedIn) continue
        this.commands++
        if (payload[0] === commandQuery) this.queries.push(payload.toString('utf8', payload[1] === 0 ? 3 : 1)) // 3: no query attributes, in one set
      }
      server.write(chunk)
    })
    server.on('data', chunk => {
      this.bytesToClient += chunk.length
      const packets = loggedIn ? [] : (answered.read(chunk) ?? [])
      for (const { place, payload } of packets) {
        if (place === 0) this.greeting ??= payload
        else if (payload[0] === 0) loggedIn = true
      }
      client.write(chunk)
    })
  }

  /** Counts and texts begin anew. */
  reset(): void {
    this.queries.length = 0
    this.connections = 0
    this.commands = 0
    this.bytesToServer = 0
    this.bytesToClient = 0
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise(resolve => this.#server.close(resolve))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}
