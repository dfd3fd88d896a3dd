import type { AnyColumn } from './column.ts'
import type { Table } from './table.ts'

export type EngineKind = 'sqlite' | 'mysql'

/** The statements that make one table with its indexes. MySQL takes one statement, SQLite one more for each index. */
export function createTable(engine: EngineKind, name: string, table: Table): readonly string[] {
  return engine === 'mysql' ? [mysqlTable(name, table)] : sqliteTable(name, table)
}

/** Adds a column to a table of an older program. A column without a default would be refused where there are rows. */
export function addColumn(engine: EngineKind, name: string, columnName: string, column: AnyColumn): string {
  const definition = column[engine]
  const isMissingDefault = engine === 'sqlite' && definition.includes('not null') && !definition.includes('default')
  return `alter table ${name} add column ${columnName} ${definition}${isMissingDefault ? " default ''" : ''}`
}

function mysqlTable(name: string, { columns, primaryKey, indexes = [], mysqlCharset = 'ascii' }: Table): string {
  const ids = Object.entries(columns).filter(([, column]) => column.isId).map(([columnName]) => columnName)
  const lines = [
    ...Object.entries(columns).map(([columnName, column]) => `${columnName} ${column.mysql}`),
    `primary key (${(primaryKey ?? ids).join(', ')})`,
    ...indexes.map(index => `${index.unique === true ? 'unique ' : ''}key ${index.mysql} (${(index.mysqlOn ?? index.on).join(', ')})`),
  ]
  return `create table if not exists ${name} (\n  ${lines.join(',\n  ')}\n) engine=InnoDB default charset=${mysqlCharset}`
}

function sqliteTable(name: string, { columns, primaryKey, indexes = [], sqliteOrder = Object.keys(columns) }: Table): readonly string[] {
  const lines = sqliteOrder.map(columnName => {
    const column = columns[columnName]
    if (column === undefined) throw new Error(`the order of ${name} names ${columnName}, which is no column of it`)
    return `${columnName} ${column.sqlite}${column.isId ? ' primary key' : ''}`
  })
  if (primaryKey !== undefined) lines.push(`primary key (${primaryKey.join(', ')})`)
  return [
    `create table if not exists ${name} (\n  ${lines.join(',\n  ')}\n)`,
    ...indexes.map(index => `create ${index.unique === true ? 'unique ' : ''}index if not exists ${index.sqlite} on ${name} (${index.on.join(', ')})`),
  ]
}
