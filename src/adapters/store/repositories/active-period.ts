import { sql } from 'kysely'
import type { Database } from '../dialects/engine.ts'
import { inTransaction } from '../dialects/in-transaction.ts'

/** The tables whose rows block others while they are in their active period, and the rest of the unique key that holds them apart. */
const tables = {
  topology_recovery: { id: 'recovery_id', apart: [] },
  topology_failure_detection: { id: 'detection_id', apart: ['is_actionable'] },
} as const

interface Period {
  readonly hostname: string
  readonly port: number
  readonly in_active_period: number
  readonly is_actionable?: number
}

/**
 * Ends the active period of one row. Two rows of one server may end in the same second, which their unique key forbids; the later one
 * is then dated a second on. False: it was not active any more.
 */
export async function endActivePeriod(database: Database, name: keyof typeof tables, id: number, at: number): Promise<boolean> {
  const { id: idColumn, apart } = tables[name]
  const table = sql.table(name)
  return inTransaction(database, async transaction => {
    const { rows: [row] } = await sql<Period>`select * from ${table} where ${sql.ref(idColumn)} = ${id}`.execute(transaction)
    if (row === undefined || row.in_active_period !== 1) return false
    const alike = sql.join([sql`1 = 1`, ...apart.map(column => sql`${sql.ref(column)} = ${row[column] ?? 0}`)], sql` and `)
    const { rows: ended } = await sql<{ second: number }>`
      select end_active_period_unixtime as second from ${table}
      where hostname = ${row.hostname} and port = ${row.port} and in_active_period = 0
        and end_active_period_unixtime >= ${Math.floor(at / 1000)} and ${alike}`.execute(transaction)
    const taken = new Set(ended.map(({ second }) => Number(second)))
    let second = Math.floor(at / 1000)
    while (taken.has(second)) second++ // ends after as many turns as there are rows taken
    await sql`update ${table} set in_active_period = 0, end_active_period_unixtime = ${second} where ${sql.ref(idColumn)} = ${id}`.execute(transaction)
    return true
  })
}
