import type { ColumnType } from 'kysely'

/** A column in both engines; `Value` and `Given` exist for the compiler only. */
export interface Column<Value, Given extends 'required' | 'optional' | 'nullable'> {
  readonly mysql: string
  readonly sqlite: string
  readonly isId: boolean
  readonly value?: Value
  readonly given?: Given
}

export type AnyColumn = Column<unknown, 'required' | 'optional' | 'nullable'>

/** 64 bits: a number where it is exact, else a bigint (SQLite) or digits (MySQL). */
export type Big = number | bigint | string

const column = <Value>(mysql: string, sqlite: string, isId = false): Column<Value, 'required'> => ({ mysql, sqlite, isId })

export const text = (mysql: string, sqlite = mysql): Column<string, 'required'> => column(mysql, sqlite)
export const whole = (mysql: string, sqlite = mysql): Column<number, 'required'> => column(mysql, sqlite)
export const big = (mysql: string, sqlite = mysql): Column<Big, 'required'> => column(mysql, sqlite)
/** `YYYY-MM-DD HH:MM:SS` in UTC; time.ts reads and writes it. */
export const time = (mysql: string, sqlite = mysql): Column<string, 'required'> => column(mysql, sqlite)
export const bytes = (mysql: string, sqlite = mysql): Column<Uint8Array, 'required'> => column(mysql, sqlite)
/** Counted up by the engine; the primary key of its table. */
export const id = (mysqlType: string): Column<number, 'optional'> => ({ mysql: `${mysqlType} not null auto_increment`, sqlite: 'integer', isId: true })

/** Has a default, so that an insert may leave it out. */
export const optional = <Value>({ mysql, sqlite, isId }: Column<Value, 'required'>): Column<Value, 'optional'> => ({ mysql, sqlite, isId })
export const nullable = <Value>({ mysql, sqlite, isId }: Column<Value, 'required'>): Column<Value, 'nullable'> => ({ mysql, sqlite, isId })

/** The row of a table as Kysely wants it: what is read, what an insert needs, what an update may set. */
export type RowOf<Columns> = {
  [Name in keyof Columns]: Columns[Name] extends Column<infer Value, infer Given>
    ? Given extends 'nullable'
      ? ColumnType<Value | null, Value | null | undefined, Value | null>
      : Given extends 'optional'
        ? ColumnType<Value, Value | undefined, Value>
        : ColumnType<Value, Value, Value>
    : never
}
