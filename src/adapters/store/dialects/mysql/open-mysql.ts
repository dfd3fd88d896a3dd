import { readFileSync } from 'node:fs'
import { CompiledQuery, Kysely, MysqlDialect, type MysqlPool, type MysqlPoolConnection } from 'kysely'
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise'
import { createPool, type PoolOptions } from 'mysql2'
import { fail, ok, type Result } from '../../../../kit/result.ts'
import type { Schema } from '../../schema/tables.ts'
import type { StoreSettings } from '../../settings.ts'
import type { StoreFailure } from '../../store-failure.ts'
import type { WriteWatch } from '../../write-watch.ts'
import type { Database } from '../engine.ts'

/** Connects to the MySQL backend and makes its schema if it is not there. The account needs all privileges on that schema only. */
export async function openMysql(settings: StoreSettings, watch: WriteWatch): Promise<Result<Database, StoreFailure>> {
  try {
    const options = connectionOptions(settings)
    const first = await createConnection(options)
    let bytesMax = settings.maxAllowedPacket
    try {
      if (bytesMax === 0) bytesMax = await allowedBy(first)
      await first.query(`create database if not exists \`${settings.database.replaceAll('`', '``')}\``)
    } finally {
      await first.end()
    }
    return ok(databaseOf({ ...settings, maxAllowedPacket: bytesMax }, watch))
  } catch (error) {
    return fail(mysqlFailure(settings, error))
  }
}

/** Answers of an election must come within its lease; a server that turned out to be read-only is left, for its group may have another primary by now. */
const electionLimits = { poolConnectionsMax: 2, connectTimeoutSeconds: 1, readTimeoutSeconds: 2, rejectReadOnly: true }

/** Two connections for the election alone, to a backend whose schema is there. They are made when they are needed. */
export const openElection = (settings: StoreSettings, watch: WriteWatch): Database => databaseOf({ ...settings, ...electionLimits }, watch)

function databaseOf(settings: StoreSettings, watch: WriteWatch): Database {
  const pool = createPool({
    ...connectionOptions(settings), database: settings.database,
    connectionLimit: Math.max(1, settings.poolConnectionsMax), maxIdle: Math.max(1, Math.min(settings.poolConnectionsMax, Math.max(10, Math.floor(settings.poolConnectionsMax / 4)))),
  })
  const dialect = new MysqlDialect({
    pool: bounded(pool, settings, watch),
    // Times are written and read as UTC text, whatever the server's zone.
    onCreateConnection: async connection => void (await connection.executeQuery(CompiledQuery.raw("set session time_zone = '+00:00'"))),
  })
  return new Kysely<Schema>({ dialect })
}

/** What the backend takes in one statement; -1 when it does not tell. */
async function allowedBy(connection: Connection): Promise<number> {
  const [[row]] = await connection.query<RowDataPacket[]>('select @@session.max_allowed_packet as bytes')
  return Number(row?.['bytes'] ?? -1)
}

/** Why a statement is not sent; null: it is short enough. One byte in front of it says that it is one. */
function tooLong(sql: string, bytesMax: number): (Error & { readonly code: string; readonly errno: number }) | null {
  const bytes = Buffer.byteLength(sql) + 1
  if (bytesMax <= 0 || bytes <= bytesMax) return null
  return Object.assign(new Error(`a statement of ${bytes} bytes is too long to be sent to the backend: MySQLOrchestratorMaxAllowedPacket allows ${bytesMax}`), { code: 'ER_NET_PACKET_TOO_LARGE', errno: 1153 })
}

function connectionOptions(settings: StoreSettings): PoolOptions {
  const read = (path: string): Buffer | undefined => (path === '' ? undefined : readFileSync(path))
  const tls = { key: read(settings.keyFile), cert: read(settings.certFile), ca: read(settings.caFile) }
  return {
    host: settings.host, port: settings.port, user: settings.user, password: settings.password,
    connectTimeout: Math.max(1, settings.connectTimeoutSeconds) * 1000,
    charset: 'utf8mb4_general_ci', dateStrings: true, supportBigNumbers: true, bigNumberStrings: false,
    ...(settings.useMutualTls
      ? { ssl: { ...Object.fromEntries(Object.entries(tls).filter(([, content]) => content !== undefined)), rejectUnauthorized: !settings.skipVerify } }
      : {}),
  }
}

const readOnlyErrors = new Set([1290, 1792, 1836]) // --read-only option; read-only transaction; read-only mode

/** The pool as Kysely sees it: every statement has a time limit, and a connection to a server that became read-only is dropped if so configured. */
function bounded(pool: ReturnType<typeof createPool>, settings: StoreSettings, watch: WriteWatch): MysqlPool {
  const limit = settings.readTimeoutSeconds > 0 ? { timeout: settings.readTimeoutSeconds * 1000 } : {}
  const wrapped = new WeakMap<object, MysqlPoolConnection>() // Kysely knows a connection that it has prepared by its identity
  const waited = new WeakMap<object, number>() // how long its turn was waited for, until its first statement
  return {
    end: callback => pool.end(callback),
    getConnection: callback => {
      const asked = performance.now()
      pool.getConnection((error, connection) => {
        if (error !== null) return callback(error, connection as unknown as MysqlPoolConnection) // there is no connection; Kysely looks at the error only
        waited.set(connection, performance.now() - asked)
        const known = wrapped.get(connection)
        if (known !== undefined) return callback(null, known)
        const query = (text: string, parameters: readonly unknown[], done?: (failure: unknown, result: unknown) => void): never => {
          const [began, wait] = [performance.now(), waited.get(connection) ?? 0]
          waited.delete(connection)
          const refused = settings.maxAllowedPacket > 0 ? tooLong(connection.format(text, [...parameters]), settings.maxAllowedPacket) : null
          if (refused !== null) {
            queueMicrotask(() => done?.(refused, undefined))
            return undefined as never // as below
          }
          const sent = connection.query({ sql: text, values: [...parameters], ...limit }, (failure, result) => {
            watch.ended(text, wait, performance.now() - began, failure)
            const isReadOnly = failure !== null && readOnlyErrors.has(failure.errno ?? 0)
            if ((isReadOnly && settings.rejectReadOnly) || failure?.code === 'PROTOCOL_SEQUENCE_TIMEOUT') connection.destroy()
            done?.(failure, result)
          })
          return sent as never // Kysely uses the answer for streaming only, which this store does not do
        }
        const ours = { query, release: () => connection.release() } as MysqlPoolConnection // `query` takes the two forms of Kysely's overloads in one
        wrapped.set(connection, ours)
        callback(null, ours)
      })
    },
  }
}

function mysqlFailure(settings: StoreSettings, error: unknown): StoreFailure {
  const text = error instanceof Error ? error.message || String(error) : String(error)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const address = `${settings.host}:${settings.port}`
  if (['ER_ACCESS_DENIED_ERROR', 'ER_DBACCESS_DENIED_ERROR', 'ER_ACCESS_DENIED_NO_PASSWORD_ERROR'].includes(code)) {
    return { kind: 'access-denied', text: `The MySQL backend ${address} does not let ${settings.user} in, or not into ${settings.database}: ${text}` }
  }
  if (['ECONNREFUSED', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'PROTOCOL_CONNECTION_LOST', 'ECONNRESET'].includes(code)) {
    return { kind: 'unreachable', text: `The MySQL backend ${address} cannot be reached: ${text === '' ? code : text}` }
  }
  return { kind: 'failed', text: `The MySQL backend ${address} cannot be used: ${text}` }
}
