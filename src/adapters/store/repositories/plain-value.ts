import type { Json } from '../../../ports/group.ts'
import type { AnyColumn } from '../schema/column.ts'
import { never } from '../time.ts'

/** A value of a row as both engines can write it again: numbers beyond 2^53 as digits, times in the one form that is written here. */
export function plainValue(value: unknown, { mysql }: AnyColumn): Json {
  if (value === null || value === undefined) return null
  if (typeof value === 'bigint') return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value)
  if (typeof value === 'number') return value
  if (typeof value !== 'string') throw new TypeError(`a value of type ${typeof value} stands in a table that members share`)
  if (!mysql.startsWith('timestamp')) return value
  // Snapshots that the original restored on SQLite hold this form, and columns that were left out are empty there.
  const [, day, clock] = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})/.exec(value) ?? []
  return day === undefined || clock === undefined ? (mysql.includes('not null') ? never : null) : `${day} ${clock}`
}
