import { CompiledQuery, sql } from 'kysely'
import { chunks, type Database, type Engine, type Row } from '../engine.ts'
import { inTransaction } from '../in-transaction.ts'
import { fitRow } from './fit-row.ts'

const duplicateEntry = 1062 // ER_DUP_ENTRY

function insertText(table: string, columns: readonly string[], rows: number): string {
  const places = `(${columns.map(() => '?').join(', ')})`
  return `insert into ${table} (${columns.join(', ')}) values ${Array.from({ length: rows }, () => places).join(', ')}`
}

const parametersOf = (columns: readonly string[], rows: readonly Row[]): unknown[] => rows.flatMap(row => columns.map(name => row[name] ?? null))

export const mysqlEngine: Engine = {
  kind: 'mysql',

  /** Many rows in one statement: one round trip. */
  async upsert(database, table, keys, rows, columns) {
    const [sample] = rows
    if (sample === undefined) return
    const all = Object.keys(sample)
    const set = columns ?? all.filter(name => !keys.includes(name))
    const action = (set.length === 0 ? keys : set).map(name => `${name} = values(${name})`).join(', ')
    for (const part of chunks(rows.map(row => fitRow(table, row)))) {
      await database.executeQuery(CompiledQuery.raw(`${insertText(table, all, part.length)} on duplicate key update ${action}`, parametersOf(all, part)))
    }
  },

  async insertOnce(database, table, row) {
    const columns = Object.keys(row)
    try {
      const { insertId } = await database.executeQuery(CompiledQuery.raw(insertText(table, columns, 1), parametersOf(columns, [fitRow(table, row)])))
      return Number(insertId ?? 0n)
    } catch (error) {
      if (error instanceof Error && 'errno' in error && error.errno === duplicateEntry) return null
      throw error
    }
  },

  async updateMany(database, table, keys, columns, rows) {
    const text = `update ${table} set ${columns.map(name => `${name} = ?`).join(', ')} where ${keys.map(name => `${name} = ?`).join(' and ')}`
    for (const part of chunks(rows.map(row => fitRow(table, row)))) {
      await inTransaction(database, async transaction => {
        for (const row of part) await transaction.executeQuery(CompiledQuery.raw(text, parametersOf([...columns, ...keys], [row])))
      })
    }
  },

  now: movedBySeconds => sql<string>`now() + interval ${movedBySeconds} second`,

  fit: fitRow,

  async columnsPresent(database: Database) {
    const { rows } = await sql<{ table_name: string; column_name: string }>`
      select table_name as table_name, column_name as column_name from information_schema.columns where table_schema = database()`.execute(database)
    const present = new Map<string, Set<string>>()
    for (const { table_name: table, column_name: column } of rows) present.set(table, (present.get(table) ?? new Set()).add(column))
    return present
  },
}
