import { readFile } from 'node:fs/promises'
import * as mariadb from 'mariadb'
import * as mysql2 from 'mysql2/promise'

export const libraries = ['mysql2', 'mysql2 lean', 'mariadb'] as const
export type Library = (typeof libraries)[number]

export interface Address {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly encrypted: boolean
}

/** What both libraries can do, in the same words. */
export interface Client {
  query(sql: string, deadlineMillis?: number): Promise<Record<string, unknown>[]>
  /** Hears of the end of the connection while no statement is on its way. */
  onEnd(listener: (how: string) => void): void
  end(): Promise<void>
  destroy(): void
}

const connectMillisMax = 5_000

export const connect: Record<Library, (address: Address) => Promise<Client>> = {
  mysql2: address => connectMysql2(address, {}),
  // By default each connection sets up a table for 16,000 prepared statements; we prepare none.
  'mysql2 lean': address => connectMysql2(address, { maxPreparedStatements: 1 }),
  mariadb: async address => {
    const { encrypted, ...place } = address
    const tls = encrypted ? { ssl: { rejectUnauthorized: false } } : { allowPublicKeyRetrieval: true }
    const connection = await mariadb.createConnection({ ...place, ...tls, connectTimeout: connectMillisMax, bigIntAsNumber: false })
    return {
      query: (sql, timeout) => connection.query(timeout === undefined ? { sql } : { sql, timeout }),
      onEnd: listener => {
        connection.on('error', error => listener(`error ${nameOf(error)}`))
        connection.on('end', () => listener('end'))
      },
      end: () => connection.end(),
      destroy: () => connection.destroy(),
    }
  },
}

async function connectMysql2(address: Address, more: mysql2.ConnectionOptions): Promise<Client> {
  const { encrypted, ...place } = address
  const tls = encrypted ? { ssl: { rejectUnauthorized: false } } : {}
  const numbers = { supportBigNumbers: true, bigNumberStrings: true }
  const connection = await mysql2.createConnection({ ...place, ...tls, ...numbers, ...more, connectTimeout: connectMillisMax })
  return {
    query: async (sql, timeout) => {
      const [rows] = await connection.query<mysql2.RowDataPacket[]>(timeout === undefined ? { sql } : { sql, timeout })
      return rows
    },
    onEnd: listener => {
      connection.on('error', error => listener(`error ${nameOf(error)}`))
      connection.on('end', () => listener('end'))
    },
    end: () => connection.end(),
    destroy: () => connection.destroy(),
  }
}

/** The code that a library gives an error, which a program can act upon. */
export function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}

export async function versionOf(library: Library): Promise<string> {
  const text = await readFile(new URL(`../../node_modules/${library.split(' ')[0]}/package.json`, import.meta.url), 'utf8')
  const described: { version: string; license: string } = JSON.parse(text)
  return `${library.split(' ')[0]} ${described.version} (${described.license})`
}
