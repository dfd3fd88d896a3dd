import type { Connection, FieldPacket } from 'mysql2/promise'
import type { Column } from './packets.ts'

export interface Described {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly (string | null)[])[]
}

/** Asks one statement and answers its columns as the protocol gives them, and its cells as text. */
export async function describeStatement(connection: Connection, sql: string): Promise<Described> {
  const [rows, fields] = await connection.query({ sql, rowsAsArray: true, typeCast: field => field.string() })
  if (!Array.isArray(rows)) throw new Error(`No rows from ${sql}`)
  // Each row is an array of what typeCast answered.
  return { columns: fields.map(column), rows: rows as unknown as (string | null)[][] }
}

/** The library has more of the column's definition than its types say. */
function column(field: FieldPacket): Column {
  const { schema, characterSet, columnLength, columnType, type, flags, decimals, orgTable, orgName, name, table } = field as FieldPacket & {
    schema?: string; characterSet?: number; columnLength?: number; columnType?: number
  }
  return {
    schema: schema ?? '', table, orgTable, name, orgName, charset: characterSet ?? 0, length: columnLength ?? 0, type: columnType ?? type ?? 0,
    flags: Number(flags), decimals: decimals ?? 0,
  }
}
