import type { Database } from '../dialects/engine.ts'

/** The tables whose rows block others while they are in their active period. */
const tables = {
  topology_recovery: { id: 'recovery_id' },
  topology_failure_detection: { id: 'detection_id' },
} as const

/**
 * Ends the active period of one row. Two rows of one server may end in the same second, which their unique key forbids; the later one
 * is then dated a second on. False: it was not active any more.
 */
export async function endActivePeriod(database: Database, table: keyof typeof tables, id: number, at: number): Promise<boolean> {
  return database.transaction().execute(async transaction => {
    const { id: idColumn } = tables[table]
    const row = await transaction.selectFrom(table).select(['hostname', 'port', 'in_active_period']).where(idColumn, '=', id).executeTakeFirst()
    if (row === undefined || row.in_active_period !== 1) return false
    const taken = await transaction
      .selectFrom(table).select('end_active_period_unixtime')
      .where('hostname', '=', row.hostname).where('port', '=', row.port).where('in_active_period', '=', 0)
      .where('end_active_period_unixtime', '>=', Math.floor(at / 1000))
      .execute()
    const isTaken = new Set(taken.map(({ end_active_period_unixtime: second }) => Number(second)))
    let second = Math.floor(at / 1000)
    while (isTaken.has(second)) second++ // ends after as many turns as there are rows taken
    await transaction.updateTable(table).set({ in_active_period: 0, end_active_period_unixtime: second }).where(idColumn, '=', id).execute()
    return true
  })
}
