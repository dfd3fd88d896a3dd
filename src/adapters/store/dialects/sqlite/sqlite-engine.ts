import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { CompiledQuery, sql } from 'kysely'
import { chunks, type Database, type Engine, type Row } from '../engine.ts'
import { inTransaction } from '../in-transaction.ts'

/** One prepared statement run for each row: cheaper here than one long statement, and its text is the same every time. */
async function runForEach(database: Database, text: string, columns: readonly string[], rows: readonly Row[]): Promise<void> {
  let first = true
  for (const part of chunks(rows)) {
    if (!first) await yieldToOthers()
    first = false
    await inTransaction(database, async transaction => {
      for (const row of part) await transaction.executeQuery(CompiledQuery.raw(text, columns.map(name => row[name] ?? null)))
    })
  }
}

/** Numbered by name, so that the statement's text does not depend on the order of a row's members. */
function insertText(table: string, columns: readonly string[]): string {
  return `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`
}

export const sqliteEngine: Engine = {
  kind: 'sqlite',

  async upsert(database, table, keys, rows, columns) {
    const [sample] = rows
    if (sample === undefined) return
    const all = Object.keys(sample)
    const set = (columns ?? all.filter(name => !keys.includes(name))).map(name => `${name} = excluded.${name}`)
    const action = set.length === 0 ? 'nothing' : `update set ${set.join(', ')}`
    await runForEach(database, `${insertText(table, all)} on conflict (${keys.join(', ')}) do ${action}`, all, rows)
  },

  async insertOnce(database, table, row) {
    const columns = Object.keys(row)
    const { numAffectedRows, insertId } = await database.executeQuery(
      CompiledQuery.raw(`${insertText(table, columns)} on conflict do nothing`, columns.map(name => row[name] ?? null)),
    )
    return numAffectedRows === 1n ? Number(insertId ?? 0n) : null
  },

  async updateMany(database, table, keys, columns, rows) {
    const text = `update ${table} set ${columns.map(name => `${name} = ?`).join(', ')} where ${keys.map(name => `${name} = ?`).join(' and ')}`
    await runForEach(database, text, [...columns, ...keys], rows)
  },

  now: movedBySeconds => sql<string>`datetime('now', ${`${movedBySeconds} seconds`})`,

  fit: (_table, row) => row,

  async columnsPresent(database) {
    const { rows } = await sql<{ table_name: string; column_name: string }>`
      select m.name as table_name, c.name as column_name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table'`.execute(database)
    const present = new Map<string, Set<string>>()
    for (const { table_name: table, column_name: column } of rows) present.set(table, (present.get(table) ?? new Set()).add(column))
    return present
  },
}
