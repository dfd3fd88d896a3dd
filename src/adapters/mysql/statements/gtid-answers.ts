import { fail, ok, type Result } from '../../../kit/result.ts'
import { gtidSetText, parseGtidSet, unionGtidSets } from '../../../model/topology/gtid-set.ts'
import type { ServerFailure } from '../../../model/topology/instance.ts'
import type { Rows } from '../driver/rows.ts'
import type { Dialect } from '../dialects/dialect.ts'

/** Executed and retrieved set of the channel that counts, from the replica status. */
export function statusSets(status: Rows | undefined, { statusColumns }: Dialect): { readonly executed: string; readonly retrieved: string } {
  const row = status?.all().at(-1)
  const text = (column: string | undefined): string => (column === undefined ? '' : (row?.text(column) ?? '').replaceAll(/\s+/g, ''))
  return { executed: text(statusColumns.executedGtidSet), retrieved: text(statusColumns.retrievedGtidSet ?? statusColumns.gtidIoPos) }
}

/** All that a server has or will have when its applier is done. MariaDB: its receiver's position, which covers what was executed. */
export function heldSet(executed: string, retrieved: string, family: Dialect['family']): Result<string, ServerFailure> {
  if (family === 'mariadb') return ok(retrieved === '' ? executed : retrieved)
  const [left, right] = [parseGtidSet(executed), parseGtidSet(retrieved)]
  if (left.ok && right.ok) return ok(gtidSetText(unionGtidSets(left.value, right.value)))
  return fail({ kind: 'statement-rejected', number: null, text: `the server's GTID sets cannot be read: ${executed} and ${retrieved}` })
}
