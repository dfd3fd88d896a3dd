import type { AnyColumn } from './column.ts'

export interface Index<Name extends string = string> {
  readonly on: readonly Name[]
  /** Where MySQL's index holds only the beginning of a text: `name(32)`. */
  readonly mysqlOn?: readonly string[]
  readonly mysql: string
  readonly sqlite: string
  readonly unique?: true
}

/** One table of the schema, for both engines. */
export interface Table<Columns extends Readonly<Record<string, AnyColumn>> = Readonly<Record<string, AnyColumn>>> {
  /** In MySQL's order. */
  readonly columns: Columns
  /** Not stated where one column is an `id`. */
  readonly primaryKey?: readonly string[]
  readonly indexes?: readonly Index[]
  readonly sqliteOrder?: readonly string[]
  readonly mysqlCharset?: string
}

/** Checks the names of keys and indexes against the columns, and keeps the columns' types. */
export const table = <const Columns extends Readonly<Record<string, AnyColumn>>>(
  stated: Table<Columns> & { readonly primaryKey?: readonly (keyof Columns & string)[]; readonly indexes?: readonly Index<keyof Columns & string>[] },
): Table<Columns> => stated
