import { Agent, createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the proxy between page and program does to a request: lets it through, keeps the answer back, or answers itself. */
export type Treatment =
  | { readonly kind: 'pass' }
  /** The answer is read to its end before anything of it is passed on: of a stream, nothing ever is. */
  | { readonly kind: 'buffer' }
  | { readonly kind: 'delay'; readonly milliseconds: number }
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }

const pass: Treatment = { kind: 'pass' }

/** A proxy of the test between the browser and the program, as people have one: it can hold, delay, refuse, and sign requests. */
export class Middle implements AsyncDisposable {
  readonly #server: Server
  readonly #towards: string
  readonly #agent = new Agent({ keepAlive: true })
  /** By the path that is asked for. */
  treat: (path: string) => Treatment = () => pass
  headers: Readonly<Record<string, string>> = {}
  /** Streams that are open now. */
  streams = 0
  readonly asked: string[] = []

  private constructor(server: Server, towards: string) {
    this.#server = server
    this.#towards = towards
  }

  static async before(towards: string): Promise<Middle> {
    const server = createServer()
    await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve))
    const middle = new Middle(server, towards)
    server.on('request', (incoming, outgoing) => middle.#handle(incoming, outgoing))
    return middle
  }

  get address(): string {
    // The edge: a server that listens on a port has such an address.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  #handle(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const path = incoming.url ?? '/'
    this.asked.push(`${incoming.method ?? ''} ${path}`)
    const how = this.treat(path)
    if (how.kind === 'answer') return void outgoing.writeHead(how.status, { 'content-type': 'application/json' }).end(how.body)
    if (how.kind === 'delay') return void setTimeout(() => this.#forward(incoming, outgoing, false), how.milliseconds)
    this.#forward(incoming, outgoing, how.kind === 'buffer')
  }

  #forward(incoming: IncomingMessage, outgoing: ServerResponse, isBuffered: boolean): void {
    const isStream = (incoming.url ?? '').includes('/api/v2/events')
    const asked = request(new URL(incoming.url ?? '/', this.#towards), { method: incoming.method, headers: { ...incoming.headers, ...this.headers }, agent: this.#agent }, answer => {
      if (isBuffered) {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(Buffer.concat(chunks)))
        return
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    if (isStream) {
      this.streams++
      outgoing.on('close', () => {
        this.streams--
        asked.destroy()
      })
    }
    asked.on('error', () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end()))
    incoming.pipe(asked)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#agent.destroy()
    await new Promise(resolve => void this.#server.close(resolve))
  }
}
