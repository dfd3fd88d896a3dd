import type { Connection } from 'mysql2/promise'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { SandboxServer } from '../sandbox/sandbox-server.ts'

const answerMillisMax = 1000

export interface State {
  readonly readOnly: boolean
  readonly superReadOnly: boolean
  /** Key of the server it follows; null for none. */
  readonly source: string | null
  readonly receiverRuns: boolean
  readonly applierRuns: boolean
  readonly executed: string
  /** What its threads complain of; empty for nothing. */
  readonly complaint: string
}

/** Sees every server through its socket file, whatever the network does. */
export class Watch {
  readonly #sandbox: Sandbox
  readonly #connections = new Map<string, Connection>()

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox
  }

  /** Null for a server that does not answer within a second. */
  async states(): Promise<ReadonlyMap<string, State | null>> {
    const all = await Promise.all(this.#sandbox.servers.map(async server => [server.name, await this.state(server)] as const))
    return new Map(all)
  }

  async state(server: SandboxServer): Promise<State | null> {
    if (!server.isRunning) return null
    try {
      let connection = this.#connections.get(server.name)
      if (connection === undefined) {
        connection = await server.connect({ connectTimeout: answerMillisMax })
        connection.on('error', () => {}) // also told by the failing statement
        this.#connections.set(server.name, connection)
      }
      const ask = async (sql: string): Promise<Readonly<Record<string, unknown>> | undefined> => {
        const [rows] = await connection.query<import('mysql2').RowDataPacket[]>({ sql, timeout: answerMillisMax })
        return rows[0]
      }
      const own = await ask('SELECT @@read_only AS ro, @@super_read_only AS sro, @@gtid_executed AS executed')
      const status = await ask('SHOW REPLICA STATUS')
      const failed = status?.['Replica_SQL_Running'] === 'No' ? await ask('SELECT LAST_ERROR_MESSAGE AS text FROM performance_schema.replication_applier_status_by_worker WHERE LAST_ERROR_NUMBER <> 0 LIMIT 1') : undefined
      return {
        readOnly: Number(own?.['ro']) === 1, superReadOnly: Number(own?.['sro']) === 1, executed: String(own?.['executed'] ?? ''),
        source: status === undefined || status['Source_Host'] === '' ? null : `${String(status['Source_Host'])}:${String(status['Source_Port'])}`,
        receiverRuns: status?.['Replica_IO_Running'] === 'Yes', applierRuns: status?.['Replica_SQL_Running'] === 'Yes',
        complaint: [status?.['Last_IO_Error'], failed?.['text'] ?? status?.['Last_SQL_Error']].filter(Boolean).join('; '),
      }
    } catch {
      this.#connections.get(server.name)?.destroy()
      this.#connections.delete(server.name)
      return null
    }
  }

  close(): void {
    for (const connection of this.#connections.values()) connection.destroy()
  }
}

/** What keeps a cluster from being in order: one server takes writes, all others are super_read_only and follow it, directly or over others. Empty: in order. */
export function disorder(states: ReadonlyMap<string, State | null>, keyOf: (name: string) => string): readonly string[] {
  const wrong: string[] = []
  const writable = [...states].flatMap(([name, state]) => (state !== null && !state.readOnly ? [name] : []))
  if (writable.length !== 1) wrong.push(writable.length === 0 ? 'no server takes writes' : `${writable.join(' and ')} take writes`)
  const primary = writable[0]
  const nameOf = new Map([...states.keys()].map(name => [keyOf(name), name]))
  for (const [name, state] of states) {
    if (state === null) wrong.push(`${name} does not answer`)
    else if (name !== primary) {
      if (!state.superReadOnly) wrong.push(`${name} is not super_read_only`)
      if (!state.receiverRuns || !state.applierRuns) wrong.push(`${name} does not replicate${state.complaint === '' ? '' : `: ${state.complaint}`}`)
      const seen = new Set<string>()
      let at: string | undefined = name
      while (at !== undefined && at !== primary && !seen.has(at)) {
        seen.add(at)
        at = nameOf.get(states.get(at)?.source ?? '')
      }
      if (at !== primary) wrong.push(`${name} does not follow ${primary ?? 'a primary'}`)
    } else if (state.source !== null && state.receiverRuns) wrong.push(`${name} takes writes and follows ${state.source}`)
  }
  return wrong
}
