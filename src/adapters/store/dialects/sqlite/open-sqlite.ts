import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import { fail, ok, type Result } from '../../../../kit/result.ts'
import { isFormerTable, type Schema } from '../../schema/tables.ts'
import type { StoreFailure } from '../../store-failure.ts'
import type { Database } from '../engine.ts'
import type { WriteWatch } from '../../write-watch.ts'
import { NodeSqliteDialect } from './node-sqlite-dialect.ts'

const openTimeoutMilliseconds = 5000 // while opening nothing else waits for us; afterwards the driver waits without blocking
const runningTimeoutMilliseconds = 10

/** Opens (or makes) the database file. A file that is not ours is left exactly as it was. `:memory:` lives as long as the process. */
export function openSqlite(path: string, watch: WriteWatch): Result<Database, StoreFailure> {
  const refusal = path === ':memory:' ? null : refuseFile(path)
  if (refusal !== null) return fail(refusal)
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { timeout: openTimeoutMilliseconds, enableForeignKeyConstraints: false })
    database.exec('pragma journal_mode = wal')
    database.exec('pragma synchronous = normal')
    database.exec('begin immediate; rollback') // may we write, and does nobody else hold it?
    database.exec(`pragma busy_timeout = ${runningTimeoutMilliseconds}`)
    return ok(new Kysely<Schema>({ dialect: new NodeSqliteDialect(database, watch) }))
  } catch (error) {
    if (database?.isOpen) database.close()
    return fail(sqliteFailure(path, error))
  }
}

/** Looks at the file without changing it. Null: it is new, empty or one of ours. */
function refuseFile(path: string): StoreFailure | null {
  const folder = dirname(path)
  let tables: readonly string[]
  try {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
      return { kind: 'folder-missing', text: `The folder ${folder} for the database file ${path} does not exist` }
    }
    const about = statSync(path, { throwIfNoEntry: false })
    if (about === undefined || (about.isFile() && about.size === 0)) return null
    if (!about.isFile()) return { kind: 'not-a-database', text: `${path} is not a file` }
    if (!hasSqliteHeader(path)) return { kind: 'not-a-database', text: `${path} is not an SQLite database but a file of another program; it is left as it is` }
    tables = tablesOf(path)
  } catch (error) {
    return sqliteFailure(path, error)
  }
  if (tables.length === 0 || tables.some(isFormerTable)) return null
  return { kind: 'foreign-database', text: `${path} is a database of another program (it has the table ${tables[0]}); it is left as it is` }
}

function hasSqliteHeader(path: string): boolean {
  const wanted = Buffer.from('SQLite format 3\0', 'latin1')
  const found = Buffer.alloc(wanted.length)
  const file = openSync(path, 'r')
  try {
    readSync(file, found, 0, wanted.length, 0)
  } finally {
    closeSync(file)
  }
  return found.equals(wanted)
}

function tablesOf(path: string): readonly string[] {
  const database = new DatabaseSync(path, { readOnly: true, timeout: openTimeoutMilliseconds })
  try {
    const rows = database.prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name").all()
    return rows.map(row => String(row['name']))
  } finally {
    database.close()
  }
}

/** By SQLite's result code (sqlite.org/rescode.html) or the file system's. */
function sqliteFailure(path: string, error: unknown): StoreFailure {
  const text = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0
  const systemCode = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 5 || code === 6) return { kind: 'locked', text: `The database file ${path} is locked by another program (${text})` }
  if (code === 8) return { kind: 'read-only', text: `The database file ${path} cannot be written (${text})` }
  if (code === 26 || code === 11) return { kind: 'not-a-database', text: `${path} is not an SQLite database, or a damaged one (${text}); it is left as it is` }
  if (code === 14 || systemCode === 'EACCES') return { kind: 'read-only', text: `The database file ${path} cannot be opened for writing (${text})` }
  return { kind: 'failed', text: `The database file ${path} cannot be used: ${text}` }
}
