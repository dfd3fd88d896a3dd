import { createServer, type Server } from 'node:http'

/** Keeps what is posted to it; answers with `status`. */
export class WebhookServer {
  readonly url: string
  readonly posted: { readonly path: string; readonly document: unknown }[] = []
  status = 204
  readonly #server: Server

  private constructor(server: Server, port: number) {
    this.#server = server
    this.url = `http://user:secret@127.0.0.1:${port}/hook?key=secret`
  }

  static async start(): Promise<WebhookServer> {
    let hooks: WebhookServer | null = null
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        if (hooks?.status === 204) hooks.posted.push({ path: request.url ?? '', document: JSON.parse(Buffer.concat(chunks).toString()) })
        response.writeHead(hooks?.status ?? 500).end()
      })
    })
    await new Promise<void>(resolve => server.listen({ host: '127.0.0.1', port: 0 }, resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the server has no port')
    hooks = new WebhookServer(server, address.port)
    return hooks
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }
}
