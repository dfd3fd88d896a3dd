import { executedWithout } from '../../../model/planning/stands-at.ts'
import { explodeGtidSet, parseGtidSet } from '../../../model/topology/gtid-set.ts'
import type { Instance } from '../../../model/topology/instance.ts'
import type { Statement } from '../driver/driver.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { knownLater } from './change-source.ts'

const administer = 'SUPER ON *.*'

/** A transaction of a tag needs more than SUPER (MySQL manual, "TRANSACTION_GTID_TAG"). */
const nameTags = 'TRANSACTION_GTID_TAG, SESSION_VARIABLES_ADMIN ON *.*'
const isTagged = (gtid: string): boolean => gtid.split(':').length > 2

/** Beyond this the statements of one step would be megabytes; a plan with more is refused long before. */
const emptyTransactionsMax = 10_000

/** An empty transaction under each number, and then the session's own numbers again. To be sent on one connection. */
export function emptyTransactions(set: string, quote: (text: string) => string): readonly Statement[] {
  const parsed = parseGtidSet(set)
  const gtids = parsed.ok ? explodeGtidSet(parsed.value, emptyTransactionsMax) : null
  if (gtids === null || !gtids.ok) throw new Error(`no plan may inject these transactions: ${set.slice(0, 200)}`)
  const next = (value: string): Statement => ({ sql: `SET GTID_NEXT = ${quote(value)}`, needs: isTagged(value) ? nameTags : administer })
  return [...gtids.value.flatMap(gtid => [next(gtid), { sql: 'START TRANSACTION' }, { sql: 'COMMIT' }]), next('AUTOMATIC')]
}

/**
 * Both in one packet: between them the server knows nothing of what it has executed, so that nothing of ours may fail there. While the applier runs
 * the set that stays is known only when the step runs.
 */
export function forgetGtids(set: string, on: Instance, dialect: Dialect, quote: (text: string) => string): readonly Statement[] {
  const isSettled = on.replication === null || on.replication.applier === 'stopped'
  const rest = isSettled ? executedWithout(on.executedGtidSet, set).replaceAll(/\s+/g, '') : null
  if (rest === '') return [dialect.resetBinlogs]
  return [dialect.resetBinlogs, { sql: `SET GLOBAL gtid_purged = ${rest === null ? knownLater : quote(rest)}`, needs: administer }]
}
