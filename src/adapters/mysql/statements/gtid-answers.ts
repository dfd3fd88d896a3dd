import { fail, ok, type Result } from '../../../kit/result.ts'
import { gtidSetText, parseGtidSet, unionGtidSets } from '../../../model/topology/gtid-set.ts'
import { mariadbPositionText, parseMariadbPosition } from '../../../model/topology/mariadb-gtid.ts'
import { beyond, laterOf } from '../../../model/topology/mariadb-held.ts'
import type { ServerFailure } from '../../../model/topology/instance.ts'
import type { Rows } from '../driver/rows.ts'
import type { Dialect } from '../dialects/dialect.ts'

/** Executed and retrieved set of the channel that counts, from the replica status. */
export function statusSets(status: Rows | undefined, { statusColumns }: Dialect): { readonly executed: string; readonly retrieved: string } {
  const row = status?.all().at(-1)
  const text = (column: string | undefined): string => (column === undefined ? '' : (row?.text(column) ?? '').replaceAll(/\s+/g, ''))
  if (statusColumns.gtidIoPos === undefined) return { executed: text(statusColumns.executedGtidSet), retrieved: text(statusColumns.retrievedGtidSet) }
  // MariaDB keeps the number of what it received when it throws that away with a change of the source; then nothing is read beyond what is executed.
  const { readFile, readPosition, executedFile, executedPosition, usingGtid } = statusColumns
  const isLevel = text(readFile) === text(executedFile) && text(readPosition) === text(executedPosition)
  const isGone = text(readFile) === '' || (isLevel && text(usingGtid).toLowerCase() !== 'no')
  return { executed: '', retrieved: isGone ? '' : text(statusColumns.gtidIoPos) }
}

/** All that a server has or will have when its applier is done. MariaDB: in each domain the later one of what it executed and what it received. */
export function heldSet(executed: string, retrieved: string, family: Dialect['family']): Result<string, ServerFailure> {
  const unreadable = (): Result<string, ServerFailure> => fail({ kind: 'statement-rejected', number: null, text: `the server's GTID sets cannot be read: ${executed} and ${retrieved}` })
  if (family === 'mariadb') {
    const [left, right] = [parseMariadbPosition(executed), parseMariadbPosition(retrieved)]
    return left.ok && right.ok ? ok(mariadbPositionText(laterOf(left.value, right.value))) : unreadable()
  }
  const [left, right] = [parseGtidSet(executed), parseGtidSet(retrieved)]
  return left.ok && right.ok ? ok(gtidSetText(unionGtidSets(left.value, right.value))) : unreadable()
}

/** The domains of a position that a MariaDB has not reached yet; its own waiting function knows only what was replicated, not what it wrote itself. */
export function stillToReach(wanted: string, current: string): string {
  const [left, right] = [parseMariadbPosition(wanted), parseMariadbPosition(current)]
  return left.ok && right.ok ? beyond(left.value, right.value).text : wanted
}
