import type { Clock } from '../../../ports/clock.ts'
import type { Database, Engine, Row } from '../dialects/engine.ts'
import type { TableName } from '../schema/tables.ts'

/** What every repository is made of. */
export interface Context {
  readonly database: Database
  readonly engine: Engine
  /** The backend as node_health names it: host:port, or the file. */
  readonly address: string
  readonly clock: Pick<Clock, 'now'>
  /** In a group of managers, where all write alike: nothing of this database or process decides. */
  readonly alike?: Alike
}

/** Tables whose rows have numbers, and the column. */
export const numbered = {
  database_instance_maintenance: 'database_instance_maintenance_id', topology_failure_detection: 'detection_id', topology_recovery: 'recovery_id',
  topology_recovery_steps: 'recovery_step_id', plan_intent: 'intent_id', agent_seed: 'agent_seed_id', agent_seed_state: 'agent_seed_state_id', access_token: 'access_token_id',
} as const satisfies Partial<Record<TableName, string>>

export type NumberedTable = keyof typeof numbered

export interface Alike {
  /** The place of the command that is being carried out. */
  index(): number
  /** The number that the next row of the table has. */
  next(table: NumberedTable): number
  used(table: NumberedTable, id: number): void
}

/** Inserts a row with the next number; null when a unique key has it already, else the number. */
export async function insertNumbered({ database, engine, alike }: Context, table: NumberedTable, row: Row): Promise<number | null> {
  if (alike === undefined) return engine.insertOnce(database, table, row)
  const id = alike.next(table)
  if ((await engine.insertOnce(database, table, { [numbered[table]]: id, ...row })) === null) return null
  alike.used(table, id)
  return id
}

export const rowsPerPage = 20
