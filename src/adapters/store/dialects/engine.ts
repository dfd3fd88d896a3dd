import type { Kysely, RawBuilder } from 'kysely'
import type { EngineKind } from '../schema/statements.ts'
import type { Schema, TableName } from '../schema/tables.ts'

export type Database = Kysely<Schema>
export type Row = Readonly<Record<string, unknown>>

/** What differs between the two engines once a connection is there; repositories know nothing else of it. */
export interface Engine {
  readonly kind: EngineKind
  /** Inserts rows, or sets `columns` (all others than the keys when not stated) where one with the same primary key exists. In bounded transactions. */
  upsert(database: Database, table: TableName, keys: readonly string[], rows: readonly Row[], columns?: readonly string[]): Promise<void>
  /** Inserts one row; null when a unique key has it already, else the id that was counted up (0 for a table without one). */
  insertOnce(database: Database, table: TableName, row: Row): Promise<number | null>
  /** Sets columns of rows that exist, many rows in one transaction; keys that are missing are passed over. */
  updateMany(database: Database, table: TableName, keys: readonly string[], columns: readonly string[], rows: readonly Row[]): Promise<void>
  /** The engine's own clock, moved by seconds, in the form of stored times. */
  now(movedBySeconds: number): RawBuilder<string>
  /** Makes a text fit a column: MySQL refuses what is too long or not of its character set. */
  fit(table: TableName, row: Row): Row
  /** Names of tables and their columns as they are there now. */
  columnsPresent(database: Database): Promise<ReadonlyMap<string, ReadonlySet<string>>>
}

/** Rows of one transaction: node:sqlite is synchronous, so this bounds how long everything else waits (about 5 ms). */
export const rowsPerTransactionMax = 100

export function chunks<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const parts: Item[][] = []
  for (let at = 0; at < items.length; at += rowsPerTransactionMax) parts.push(items.slice(at, at + rowsPerTransactionMax))
  return parts
}
