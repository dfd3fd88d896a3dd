import { createConnection, type Connection } from 'mysql2/promise'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SandboxServer } from '../sandbox/sandbox-server.ts'

/** A client that inserts one row after the other into `drill.rows` and knows which ones were acknowledged. It follows whoever takes writes. */
export class Writer {
  readonly #servers: () => readonly SandboxServer[]
  readonly #pauseMilliseconds: number
  readonly acknowledged: { readonly id: number; readonly at: number; readonly server: string }[] = []
  /** Why the last row was not acknowledged. */
  lastError: unknown = null
  #connection: Connection | null = null
  #server: SandboxServer | null = null
  #next = 1
  #stopped = false
  #done: Promise<void> = Promise.resolve()

  private constructor(servers: () => readonly SandboxServer[], pauseMilliseconds: number) {
    this.#servers = servers
    this.#pauseMilliseconds = pauseMilliseconds
  }

  /**
   * `pauseMilliseconds`: between two rows. The default leaves replicas the time to keep up on any machine that shares two processors
   * with them; 0, as fast as it goes, is for measurements.
   */
  static async start(primary: SandboxServer, servers: () => readonly SandboxServer[], pauseMilliseconds = 2): Promise<Writer> {
    await primary.sql('CREATE DATABASE IF NOT EXISTS drill')
    await primary.sql("CREATE USER IF NOT EXISTS writer@'%' IDENTIFIED BY 'Writer-pass-1'")
    await primary.sql("GRANT SELECT, INSERT ON drill.* TO writer@'%'")
    await primary.sql('CREATE TABLE IF NOT EXISTS drill.rows_written (id BIGINT PRIMARY KEY, at DOUBLE NOT NULL)')
    const writer = new Writer(servers, pauseMilliseconds)
    const row = await primary.row<{ last: number | null }>('SELECT MAX(id) AS last FROM drill.rows_written')
    writer.#next = Number(row.last ?? 0) + 1
    writer.#server = primary
    writer.#done = writer.#run()
    return writer
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#done
    this.#connection?.destroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  /** The longest time between two acknowledgements of which the later one came after `since`, ms. */
  gap(since: number): number {
    let longest = 0
    for (let index = 1; index < this.acknowledged.length; index += 1) {
      const [before, after] = [this.acknowledged[index - 1], this.acknowledged[index]]
      if (before !== undefined && after !== undefined && after.at >= since) longest = Math.max(longest, after.at - before.at)
    }
    return longest
  }

  /** How many acknowledged rows the server does not have. */
  async missingOn(server: SandboxServer): Promise<number> {
    return (await this.#missing(server)).length
  }

  /** All that the server lacks are the last rows that a former primary acknowledged: a replica receives in order, so that one missing before another that is there was lost on the way. */
  async lacksOnlyTheEndOf(former: SandboxServer, server: SandboxServer): Promise<boolean> {
    const missing = await this.#missing(server)
    const its = this.acknowledged.filter(row => row.server === former.name)
    return missing.every((row, index) => row === its[its.length - missing.length + index])
  }

  async #missing(server: SandboxServer): Promise<readonly Writer['acknowledged'][number][]> {
    const rows = await server.sql<{ id: number }>('SELECT id FROM drill.rows_written')
    const present = new Set(rows.map(({ id }) => Number(id)))
    return this.acknowledged.filter(({ id }) => !present.has(id))
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#insert()
        if (this.#pauseMilliseconds > 0) await sleep(this.#pauseMilliseconds)
      } catch (error) {
        this.lastError = error
        // Whatever went wrong, the row is not acknowledged; the next try may meet another server.
        this.#connection?.destroy()
        this.#connection = null
        await this.#findWritable()
      }
    }
  }

  async #insert(): Promise<void> {
    if (this.#server === null) throw new Error('no server takes writes')
    this.#connection ??= await connect(this.#server)
    const id = this.#next
    this.#next += 1
    await this.#connection.query({ sql: `INSERT INTO drill.rows_written VALUES (${id}, ${Date.now() / 1000})`, timeout: 5000 })
    this.acknowledged.push({ id, at: performance.now(), server: this.#server.name })
  }

  /** Asks all running servers at once who is not read-only; the first that says so is taken. */
  async #findWritable(): Promise<void> {
    const found = this.#servers().filter(server => server.isRunning).map(async server => {
      const connection = await connect(server)
      const [rows] = await connection.query<import('mysql2').RowDataPacket[]>('SELECT @@global.read_only AS ro').finally(() => connection.destroy())
      if (Number(rows[0]?.['ro']) !== 0) throw new Error('read only')
      return server
    })
    this.#server = await Promise.any(found).catch(() => null)
    if (this.#server === null) await sleep(1)
  }
}

const connect = (server: SandboxServer): Promise<Connection> => createConnection({ host: server.host, port: server.port, user: 'writer', password: 'Writer-pass-1', connectTimeout: 2000 })
