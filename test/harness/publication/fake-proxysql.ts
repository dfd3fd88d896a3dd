import { createServer, type Server, type Socket } from 'node:net'
import { answerBytes, type Answer } from '../binlog-server/admin.ts'
import { PacketReader } from '../fleet/packet-reader.ts'
import { capability, greetingPayload, okPayload, packet, readLogin } from '../fleet/packets.ts'

export interface ProxyRow {
  hostgroup: number
  hostname: string
  port: number
  status: string
  /** Columns that nobody of ours names: they must stay. */
  readonly comment: string
}

/**
 * ProxySQL's admin interface, as far as servers go: what is configured, what runs, and what is on disk are three copies, and LOAD and SAVE carry one
 * into the other. One statement at a time. Source: ProxySQL documentation, "Multi layer configuration system".
 */
export class FakeProxySql {
  readonly address: string
  memory: ProxyRow[] = []
  runtime: readonly ProxyRow[] = []
  disk: readonly ProxyRow[] = []
  fault: 'none' | 'refuse' | 'hang' | 'lose' = 'none'
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(server: Server, port: number) {
    this.#server = server
    this.address = `127.0.0.1:${port}`
  }

  static async start(): Promise<FakeProxySql> {
    let fake: FakeProxySql | null = null
    const server = createServer(socket => fake?.serve(socket))
    await new Promise<void>(resolve => server.listen({ host: '127.0.0.1', port: 0 }, resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the server has no port')
    fake = new FakeProxySql(server, address.port)
    return fake
  }

  serve(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => {}).once('close', () => this.#sockets.delete(socket))
    if (this.fault === 'hang') return
    const reader = new PacketReader()
    let isLoggedIn = false
    socket.on('data', chunk => {
      for (const { place, payload } of reader.read(chunk) ?? []) {
        if (!isLoggedIn) {
          if (readLogin(payload) === null) return void socket.destroy()
          isLoggedIn = true
          socket.write(packet(place + 1, okPayload), 'latin1')
        } else if (payload[0] === 3) socket.write(answerBytes(this.#answer(payload.toString('utf8', 1).trim())), 'latin1')
        else if (payload[0] === 1) socket.end()
        else socket.write(answerBytes({ done: true }), 'latin1')
      }
    })
    const capabilities = 0xf7ff & ~capability.tls | capability.pluginAuth | capability.secureConnection | capability.protocol41
    socket.write(packet(0, greetingPayload({ version: '8.0.11', charset: 33, status: 2, plugin: 'mysql_native_password', capabilities }, 1, 'abcdefghijklmnopqrst')), 'latin1')
  }

  #answer(sql: string): Answer {
    if (this.fault === 'refuse') return { error: 1045, text: 'ProxySQL Admin Error: near "x": syntax error' }
    if (sql.includes(';')) return { error: 1045, text: 'ProxySQL Admin Error: one statement at a time' }
    const [, table, group] = /^SELECT hostname, port(?:, status)? FROM (mysql_servers|runtime_mysql_servers) WHERE hostgroup_id = (\d+)$/.exec(sql) ?? []
    if (table !== undefined) {
      const rows = (table === 'mysql_servers' ? this.memory : this.runtime).filter(({ hostgroup }) => hostgroup === Number(group))
      return { rows: rows.map(({ hostname, port, status }) => ({ hostname, port, status })), columns: ['hostname', 'port', 'status'] }
    }
    if (sql === 'LOAD MYSQL SERVERS TO RUNTIME') {
      if (this.fault !== 'lose') this.runtime = structuredClone(this.memory)
      return { done: true }
    }
    if (sql === 'SAVE MYSQL SERVERS TO DISK') {
      this.disk = structuredClone(this.memory)
      return { done: true }
    }
    return this.#change(sql) ? { done: true } : { error: 1045, text: `ProxySQL Admin Error: near "${sql.slice(0, 20)}": syntax error` }
  }

  #change(sql: string): boolean {
    const insert = /^INSERT INTO mysql_servers \(hostgroup_id, hostname, port\) VALUES \((\d+), '([^']+)', (\d+)\)$/.exec(sql)
    if (insert !== null) return this.memory.push({ hostgroup: Number(insert[1]), hostname: insert[2] ?? '', port: Number(insert[3]), status: 'ONLINE', comment: '' }) > 0
    const [, set, group, hostname, port] = /^(?:DELETE FROM mysql_servers|UPDATE mysql_servers SET (.*?)) WHERE hostgroup_id = (\d+) AND hostname = '([^']+)' AND port = (\d+)$/.exec(sql) ?? []
    if (group === undefined) return false
    const isMeant = (row: ProxyRow): boolean => row.hostgroup === Number(group) && row.hostname === hostname && row.port === Number(port)
    if (set === undefined) {
      this.memory = this.memory.filter(row => !isMeant(row))
      return true
    }
    for (const row of this.memory.filter(isMeant)) {
      row.hostname = /hostname = '([^']+)'/.exec(set)?.[1] ?? row.hostname
      row.port = Number(/port = (\d+)/.exec(set)?.[1] ?? row.port)
      row.status = /status = '([^']+)'/.exec(set)?.[1] ?? row.status
    }
    return true
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise(resolve => this.#server.close(resolve))
  }
}
