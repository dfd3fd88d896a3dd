import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

export interface ConsulRequest {
  readonly method: string
  readonly path: string
  readonly site: string | null
  readonly token: string
  readonly body: string
}

type Fault = 'none' | 'refuse' | 'hang' | 'drop' | 'lose' | 'refuse-transactions'

interface Operation {
  readonly KV?: { readonly Verb?: string; readonly Key?: string; readonly Value?: string }
}

/** Consul's HTTP interface: key-value store, transactions, data centers. Source: Consul documentation, "HTTP API". */
export class FakeConsul {
  readonly address: string
  readonly requests: ConsulRequest[] = []
  /** Data center → key → value; the first is the one of this agent. */
  readonly sites: ReadonlyMap<string, Map<string, string>>
  fault: Fault = 'none'
  /** Faults are gone after so many requests. */
  faults = Infinity
  token = ''
  readonly #server: Server

  private constructor(server: Server, port: number, sites: readonly string[]) {
    this.#server = server
    this.address = `127.0.0.1:${port}`
    this.sites = new Map(sites.map(site => [site, new Map()]))
  }

  static async start(sites: readonly [string, ...string[]] = ['dc1']): Promise<FakeConsul> {
    let fake: FakeConsul | null = null
    const server = createServer((request, response) => void fake?.answer(request, response))
    await new Promise<void>(resolve => server.listen({ host: '127.0.0.1', port: 0 }, resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the server has no port')
    fake = new FakeConsul(server, address.port, sites)
    return fake
  }

  get here(): Map<string, string> {
    return [...this.sites.values()][0] ?? new Map()
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer) // a request without an encoding gives buffers
    const url = new URL(request.url ?? '/', 'http://consul')
    const body = Buffer.concat(chunks).toString()
    const token = String(request.headers['x-consul-token'] ?? '')
    this.requests.push({ method: request.method ?? '', path: url.pathname, site: url.searchParams.get('dc'), token, body })
    const fault = this.faults-- > 0 ? this.fault : 'none'
    if (fault === 'hang') return
    if (fault === 'drop') return void request.socket.destroy()
    if (fault === 'refuse') return this.#say(response, 500, 'No cluster leader')
    if (this.token !== '' && token !== this.token) return this.#say(response, 403, 'Permission denied: token with AccessorID \'\' lacks permission \'key:write\'')
    if (url.pathname === '/v1/catalog/datacenters') return this.#say(response, 200, JSON.stringify([...this.sites.keys()]))
    const site = this.sites.get(url.searchParams.get('dc') ?? [...this.sites.keys()][0] ?? '')
    if (site === undefined) return this.#say(response, 500, 'No path to datacenter')
    if (url.pathname === '/v1/txn' && request.method === 'PUT') return this.#transaction(response, site, body, fault)
    if (!url.pathname.startsWith('/v1/kv/')) return this.#say(response, 404, '')
    const key = url.pathname.slice('/v1/kv/'.length).split('/').map(decodeURIComponent).join('/')
    if (request.method === 'PUT') {
      if (fault !== 'lose') site.set(key, body)
      return this.#say(response, 200, 'true')
    }
    const value = site.get(key)
    if (value === undefined) return this.#say(response, 404, '')
    return this.#say(response, 200, url.searchParams.has('raw') ? value : JSON.stringify([{ Key: key, Value: Buffer.from(value).toString('base64') }]))
  }

  /** All operations, or none. At most 64. */
  #transaction(response: ServerResponse, site: Map<string, string>, body: string, fault: Fault): void {
    const operations = JSON.parse(body) as readonly Operation[] // what it is, is checked next
    const wrong = operations.findIndex(({ KV }) => KV?.Verb !== 'set' || KV.Key === undefined || KV.Value === undefined)
    if (operations.length > 64) return this.#say(response, 413, 'Transaction contains too many operations (66 > 64)')
    if (wrong >= 0 || fault === 'refuse-transactions') return this.#say(response, 409, JSON.stringify({ Errors: [{ OpIndex: Math.max(0, wrong), What: 'failed to set key' }] }))
    if (fault !== 'lose') for (const { KV } of operations) site.set(KV?.Key ?? '', Buffer.from(KV?.Value ?? '', 'base64').toString())
    this.#say(response, 200, JSON.stringify({ Results: operations.map(({ KV }) => ({ KV: { Key: KV?.Key } })), Errors: null }))
  }

  #say(response: ServerResponse, status: number, body: string): void {
    response.writeHead(status)
    response.end(body)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }
}
