import { formerTables } from '../../schema/former-tables.ts'
import type { Table } from '../../schema/table.ts'
import type { TableName } from '../../schema/tables.ts'
import type { Row } from '../engine.ts'

interface Limit {
  readonly letters: number
  readonly charset: 'ascii' | 'latin1' | 'utf8mb3' | 'time'
}

const latest = '2038-01-19 03:14:07' // what MySQL's TIMESTAMP ends with

const foreignLetters: Readonly<Record<Exclude<Limit['charset'], 'time'>, RegExp>> = {
  ascii: /\P{ASCII}/gu,
  latin1: /[\u{100}-\u{10ffff}]/gu,
  utf8mb3: /[\u{10000}-\u{10ffff}]/gu,
}

const limits = new Map<string, ReadonlyMap<string, Limit>>()

/** What each text column of a table takes, read off its definition once. Our own tables take everything. */
function limitsOf(name: TableName): ReadonlyMap<string, Limit> {
  const known = limits.get(name)
  if (known !== undefined) return known
  const table: Table | undefined = Object.entries(formerTables).find(([former]) => former === name)?.[1]
  const found = new Map<string, Limit>()
  for (const [column, { mysql }] of Object.entries(table?.columns ?? {})) {
    if (mysql.startsWith('timestamp')) found.set(column, { letters: 19, charset: 'time' })
    const [, kind, digits] = /^(varchar|text|tinytext)(?:\((\d+)\))?/.exec(mysql) ?? []
    if (kind === undefined) continue
    const charset = mysql.includes('utf8mb3') ? 'utf8mb3' : table?.mysqlCharset === 'latin1' ? 'latin1' : 'ascii'
    const bytes = kind === 'text' ? 65535 : 255
    found.set(column, { letters: digits === undefined ? Math.floor(bytes / (charset === 'utf8mb3' ? 3 : 1)) : Number(digits), charset })
  }
  limits.set(name, found)
  return found
}

/**
 * Letters that a column's character set lacks become `?`, what is too long is cut, and times end in 2038: a long error text must not
 * stop the saving of all else.
 */
export function fitRow(name: TableName, row: Row): Row {
  const fitted: Record<string, unknown> = { ...row }
  for (const [column, { letters, charset }] of limitsOf(name)) {
    const value = fitted[column]
    if (typeof value !== 'string') continue
    if (charset === 'time') {
      fitted[column] = value > latest ? latest : value
      continue
    }
    const known = value.replace(foreignLetters[charset], '?')
    fitted[column] = known.length > letters ? known.slice(0, letters) : known
  }
  return fitted
}
