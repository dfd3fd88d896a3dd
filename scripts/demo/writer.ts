import { type Connection, createConnection } from 'mysql2/promise'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SandboxServer } from '../../test/harness/sandbox/sandbox-server.ts'

const statementMillisMax = 2000
const retryMillis = 2

/**
 * A client that inserts one row after the other into whichever server accepts writes, as it would through a proxy that follows the primary.
 * It keeps the number of every row that was acknowledged, and when.
 */
export class Writer {
  readonly acknowledged: { readonly row: number; readonly at: number; readonly server: string }[] = []
  readonly #servers: readonly SandboxServer[]
  readonly #stop = new AbortController()
  #ended: Promise<void> = Promise.resolve()

  constructor(servers: readonly SandboxServer[]) {
    this.#servers = servers
  }

  async begin(): Promise<void> {
    const [primary] = this.#servers
    if (!primary) throw new Error('a writer needs servers')
    await primary.sql('CREATE DATABASE IF NOT EXISTS drill')
    await primary.sql('CREATE TABLE IF NOT EXISTS drill.rows_written (id INT PRIMARY KEY, written_by VARCHAR(64))')
    this.#ended = this.#write()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#ended
  }

  /** The longest time between two acknowledged rows, in ms, with the row before and after it. */
  longestGap(): { readonly milliseconds: number; readonly before: number; readonly after: number } {
    let longest = { milliseconds: 0, before: 0, after: 0 }
    for (let index = 1; index < this.acknowledged.length; index += 1) {
      const [before, after] = [this.acknowledged[index - 1], this.acknowledged[index]]
      if (before && after && after.at - before.at > longest.milliseconds) longest = { milliseconds: after.at - before.at, before: before.row, after: after.row }
    }
    return longest
  }

  /** Which acknowledged rows a server does not have. */
  async missingOn(server: SandboxServer): Promise<number[]> {
    const rows = await server.sql<{ id: number }>('SELECT id FROM drill.rows_written')
    const there = new Set(rows.map(({ id }) => id))
    return this.acknowledged.filter(({ row }) => !there.has(row)).map(({ row }) => row)
  }

  async #write(): Promise<void> {
    let row = 0
    let at = 0
    while (!this.#stop.signal.aborted) {
      const server = this.#servers[at % this.#servers.length]
      if (!server) return
      const connection = await this.#open(server)
      if (connection) {
        row = await this.#writeThrough(connection, server, row)
        connection.destroy()
      }
      at += 1
      await sleep(retryMillis)
    }
  }

  async #open(server: SandboxServer): Promise<Connection | null> {
    try {
      const connection = await createConnection({ host: server.host, port: server.port, user: 'root', connectTimeout: statementMillisMax })
      // An end of the connection is also told by the failing statement; without a listener it would end the process.
      connection.on('error', () => {})
      return connection
    } catch {
      return null // not there: the next server is tried
    }
  }

  /** Writes until the server refuses or goes away; answers the last row number that was tried. */
  async #writeThrough(connection: Connection, server: SandboxServer, from: number): Promise<number> {
    let row = from
    try {
      const [found] = await connection.query('SELECT @@global.read_only AS locked')
      if (!Array.isArray(found) || Number((found as { locked: number }[])[0]?.locked) > 0) return row // root may write to a server that is only read_only
      while (!this.#stop.signal.aborted) {
        row += 1
        await connection.query({ sql: 'INSERT INTO drill.rows_written VALUES (?, ?)', values: [row, server.name], timeout: statementMillisMax })
        this.acknowledged.push({ row, at: performance.now(), server: server.name })
      }
    } catch {
      // Refused or gone: the row was not acknowledged and gets no second try under this number.
    }
    return row
  }
}
