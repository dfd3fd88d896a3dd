import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { CompiledQuery, type DatabaseConnection, type Driver, type QueryResult } from 'kysely'
import type { WriteWatch } from '../../write-watch.ts'

const statementsKeptMax = 200 // prepared statements; repositories use far fewer different texts
const busyMillisecondsMax = 5000 // the original's wait for another process's lock
const busyPauseMilliseconds = 20
/** When one statement has waited in vain for all of that, the next ones wait for less: whoever only reads comes after them. */
const stillBusyMillisecondsMax = 200

/** Kysely over one `node:sqlite` connection. Waits for its own turn and for other processes' locks without blocking the process. */
export class NodeSqliteDriver implements Driver {
  readonly #connection: NodeSqliteConnection
  readonly #database: DatabaseSync
  #last: Promise<void> = Promise.resolve()
  #release: () => void = () => {}

  constructor(database: DatabaseSync, watch: WriteWatch) {
    this.#database = database
    this.#connection = new NodeSqliteConnection(database, watch)
  }

  async init(): Promise<void> {}

  /** One after the other: there is one connection, and a transaction may not be mixed with another one's statements. */
  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#last
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#last = promise
    const asked = performance.now()
    await before
    this.#connection.waitedMilliseconds = performance.now() - asked
    this.#release = resolve
    return this.#connection
  }

  async releaseConnection(): Promise<void> {
    this.#release()
  }

  async beginTransaction(): Promise<void> {
    await this.#connection.executeQuery(CompiledQuery.raw('begin immediate')) // takes the write lock now: no surprise half-way
  }

  async commitTransaction(): Promise<void> {
    await this.#connection.executeQuery(CompiledQuery.raw('commit'))
  }

  async rollbackTransaction(): Promise<void> {
    if (this.#database.isTransaction) await this.#connection.executeQuery(CompiledQuery.raw('rollback')) // SQLite may have rolled back by itself
  }

  async destroy(): Promise<void> {
    if (this.#database.isOpen) this.#database.close()
  }
}

interface Prepared {
  readonly statement: StatementSync
  readonly answersRows: boolean
}

class NodeSqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync
  readonly #watch: WriteWatch
  /** How long the turn that has begun was waited for; 0 after its first statement. */
  waitedMilliseconds = 0
  #busyMax = busyMillisecondsMax
  /** In order of last use. */
  readonly #statements = new Map<string, Prepared>()

  constructor(database: DatabaseSync, watch: WriteWatch) {
    this.#database = database
    this.#watch = watch
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const began = performance.now()
    const waited = this.waitedMilliseconds
    this.waitedMilliseconds = 0
    for (;;) { // ends with the statement, or when the time is over
      try {
        const result = this.#execute<Row>(sql, parameters)
        if (!reads.test(sql)) this.#busyMax = busyMillisecondsMax
        this.#watch.ended(sql, waited, performance.now() - began, null)
        return result
      } catch (error) {
        if (!isBusy(error) || performance.now() > began + this.#busyMax) {
          if (isBusy(error)) this.#busyMax = stillBusyMillisecondsMax
          this.#watch.ended(sql, waited, performance.now() - began, error)
          throw error
        }
        await sleep(busyPauseMilliseconds)
      }
    }
  }

  // oxlint-disable-next-line require-yield -- the interface asks for a generator, which this store never uses
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('streaming is not used by this store')
  }

  #execute<Row>(sql: string, parameters: readonly unknown[]): QueryResult<Row> {
    const { statement, answersRows } = this.#prepare(sql)
    const values = parameters.map(inputValue)
    if (answersRows) return { rows: statement.all(...values).map(outputRow) as Row[] } // the query says what its rows are
    const { changes, lastInsertRowid } = statement.run(...values)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }

  #prepare(sql: string): Prepared {
    const kept = this.#statements.get(sql)
    if (kept !== undefined) {
      this.#statements.delete(sql)
      this.#statements.set(sql, kept)
      return kept
    }
    const statement = this.#database.prepare(sql)
    statement.setReadBigInts(true) // else a number beyond 2^53 is an error
    const prepared = { statement, answersRows: statement.columns().length > 0 }
    this.#statements.set(sql, prepared)
    const [oldest] = this.#statements.keys()
    if (this.#statements.size > statementsKeptMax && oldest !== undefined) this.#statements.delete(oldest)
    return prepared
  }
}

/** They succeed while somebody else holds the file. */
const reads = /^\s*select\b/i

const largestInteger = 2n ** 63n - 1n

function inputValue(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'number' || typeof value === 'string') return value
  if (typeof value === 'bigint') return value > largestInteger ? largestInteger : value // MySQL's unsigned 64 bits do not all fit
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Uint8Array) return value
  throw new TypeError(`a value of type ${typeof value} cannot be stored`)
}

function outputRow(row: Record<string, unknown>): Record<string, unknown> {
  for (const name in row) {
    const value = row[name]
    if (typeof value === 'bigint' && value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER) row[name] = Number(value)
  }
  return row
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5 // SQLITE_BUSY and its extended codes
}
