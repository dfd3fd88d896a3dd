import type { DatabaseSync } from 'node:sqlite'
import {
  type DatabaseIntrospector, type Dialect, type DialectAdapter, type Driver, type Kysely, type QueryCompiler,
  SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler,
} from 'kysely'
import type { WriteWatch } from '../../write-watch.ts'
import { NodeSqliteDriver } from './node-sqlite-driver.ts'

/** SQLite's words from Kysely, Node's own SQLite below. */
export class NodeSqliteDialect implements Dialect {
  readonly #database: DatabaseSync
  readonly #watch: WriteWatch

  constructor(database: DatabaseSync, watch: WriteWatch) {
    this.#database = database
    this.#watch = watch
  }

  createDriver(): Driver {
    return new NodeSqliteDriver(this.#database, this.#watch)
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler()
  }

  createAdapter(): DialectAdapter {
    return new SqliteAdapter()
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- Kysely's own interface
  createIntrospector(database: Kysely<any>): DatabaseIntrospector {
    return new SqliteIntrospector(database)
  }
}
