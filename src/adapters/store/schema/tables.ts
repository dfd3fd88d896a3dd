import type { RowOf } from './column.ts'
import { formerTables } from './former-tables.ts'
import { ownTables } from './own-tables.ts'
import type { Table } from './table.ts'

const tables = { ...formerTables, ...ownTables }

export type TableName = keyof typeof tables

/** The schema as Kysely sees it. */
export type Schema = { [Name in TableName]: RowOf<(typeof tables)[Name]['columns']> }

/** Every table with its name, in the order in which they are made. */
export const tableList: readonly (readonly [TableName, Table])[] =
  Object.entries(tables) as unknown as [TableName, Table][] // Object.entries forgets the names; the columns' types are for the compiler only

export const isFormerTable = (name: string): boolean => name in formerTables
