import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from 'mysql2/promise'
import type { Ledger } from './ledger.ts'
import { writerAccount, writtenTable } from './written-table.ts'
import type { SandboxServer } from '../sandbox/sandbox-server.ts'

const betweenTriesMillis = 10
const afterSuccessMillis = 25
const idsPerServer = 1_000_000_000
/** Ids of rows of local clients begin here; those of the clients in the network are below. */
export const firstLocalId = 100_000_000_000

/**
 * A client for each server that stays with it whatever happens, as one on the same machine does: it tries to insert
 * a row every 10 ms through the socket file, and every 25 ms where that succeeds.
 * What a server acknowledges to it, it was able to commit.
 */
export class LocalClients {
  readonly #ledger: Ledger
  readonly #connections = new Map<string, Connection>()
  /** What ends the waiting for a statement: the driver never settles the ones of a destroyed connection. */
  readonly #giveUps = new Map<string, (why: Error) => void>()
  #stopped = false
  #done: Promise<unknown> = Promise.resolve()

  private constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  static start(servers: readonly SandboxServer[], ledger: Ledger): LocalClients {
    const clients = new LocalClients(ledger)
    clients.#done = Promise.all(servers.map((server, index) => clients.#write(server, firstLocalId + index * idsPerServer)))
    return clients
  }

  async stop(): Promise<void> {
    this.#stopped = true
    for (const name of this.#connections.keys()) this.#hangUp(name)
    await this.#done
  }

  #hangUp(name: string): void {
    this.#connections.get(name)?.destroy()
    this.#connections.delete(name)
    this.#giveUps.get(name)?.(new Error('the client hung up'))
  }

  async #write(server: SandboxServer, firstId: number): Promise<void> {
    for (let id = firstId; !this.#stopped; id += 1) {
      const isWritten = server.isRunning && await this.#insert(server, id)
      await sleep(isWritten ? afterSuccessMillis : betweenTriesMillis)
    }
  }

  async #insert(server: SandboxServer, id: number): Promise<boolean> {
    try {
      const connection = this.#connections.get(server.name) ?? await this.#open(server)
      const givenUp = new Promise<never>((_, reject) => this.#giveUps.set(server.name, reject))
      const sentAt = performance.timeOrigin + performance.now()
      await Promise.race([connection.query(`INSERT INTO ${writtenTable} VALUES (${id})`), givenUp])
      this.#ledger.add({ id, sentAt, at: performance.timeOrigin + performance.now(), server: server.name })
      return true
    } catch (error) {
      // Read-only is an answer; after any other error the connection may be of no use.
      if (!isReadOnly(error)) this.#hangUp(server.name)
      return false
    }
  }

  async #open(server: SandboxServer): Promise<Connection> {
    const connection = await server.connect({ ...writerAccount, connectTimeout: 2000 })
    connection.on('error', () => {}) // also told by the failing statement
    this.#connections.set(server.name, connection)
    return connection
  }
}

const isReadOnly = (error: unknown): boolean => error instanceof Error && 'errno' in error && error.errno === 1290
