import type { Connection, RowDataPacket } from 'mysql2/promise'
import type { Sandbox } from '../../test/harness/sandbox/sandbox.ts'
import type { SandboxServer } from '../../test/harness/sandbox/sandbox-server.ts'

const statement = `SELECT
  (SELECT CONCAT(HOST, ':', PORT) FROM performance_schema.replication_connection_configuration WHERE CHANNEL_NAME = '') AS source,
  (SELECT SERVICE_STATE FROM performance_schema.replication_connection_status WHERE CHANNEL_NAME = '') AS receiver,
  (SELECT SERVICE_STATE FROM performance_schema.replication_applier_status WHERE CHANNEL_NAME = '') AS applier`

/** Who follows whom, asked many times a second on connections that stay open. */
export class Following {
  readonly #sandbox: Sandbox
  readonly #connections = new Map<string, Connection>()

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox
  }

  /** Whether all these follow `primary`, directly or one over another, with both threads at work. */
  async allFollow(names: readonly string[], primary: string): Promise<boolean> {
    const others = names.filter(name => name !== primary)
    const sources = new Map(await Promise.all(others.map(async name => [name, await this.#sourceOf(this.#sandbox.server(name))] as const)))
    return [...sources.keys()].every(name => {
      let at: string | null = name
      for (let steps = 0; at !== null && at !== primary && steps <= sources.size; steps += 1) at = sources.get(at) ?? null
      return at === primary
    })
  }

  close(): void {
    for (const connection of this.#connections.values()) connection.destroy()
  }

  /** Null unless it replicates. */
  async #sourceOf(server: SandboxServer): Promise<string | null> {
    try {
      let connection = this.#connections.get(server.name)
      if (connection === undefined) {
        connection = await server.connect()
        connection.on('error', () => {}) // also told by the failing statement
        this.#connections.set(server.name, connection)
      }
      const [[row]] = await connection.query<RowDataPacket[]>({ sql: statement, timeout: 1000 })
      if (row?.['receiver'] !== 'ON' || row['applier'] !== 'ON') return null
      return this.#sandbox.servers.find(({ key }) => key === row['source'])?.name ?? null
    } catch {
      this.#connections.get(server.name)?.destroy()
      this.#connections.delete(server.name)
      return null
    }
  }
}
