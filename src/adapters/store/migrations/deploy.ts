import { CompiledQuery } from 'kysely'
import { fail, ok, type Result } from '../../../kit/result.ts'
import type { Database, Engine } from '../dialects/engine.ts'
import { addColumn, createTable } from '../schema/statements.ts'
import { tableList } from '../schema/tables.ts'
import type { StoreFailure } from '../store-failure.ts'
import { timeText } from '../time.ts'

export interface Deployment {
  /** Our own version, as kept in orchestrator_db_deployments. */
  readonly version: string
  readonly at: number
  /** SkipOrchestratorDatabaseUpdate. */
  readonly skip: boolean
  /** PanicIfDifferentDatabaseDeploy. */
  readonly panicIfOther: boolean
}

/**
 * Brings the tables up to date: makes what is missing, adds columns that an older program did not know, changes and drops nothing, and
 * records the version beside those of other programs. A complete schema costs one reading of what is there.
 */
export async function deploy(database: Database, engine: Engine, deployment: Deployment): Promise<Result<void, StoreFailure>> {
  const present = await engine.columnsPresent(database)
  const hasRecords = present.has('orchestrator_db_deployments')
  const own = hasRecords
    ? await database.selectFrom('orchestrator_db_deployments').select('deployed_version').where('deployed_version', '=', deployment.version).executeTakeFirst()
    : undefined
  if (own === undefined && deployment.panicIfOther && hasRecords) {
    const text = `PanicIfDifferentDatabaseDeploy is set, and the database was deployed by another version than ${deployment.version}`
    return fail({ kind: 'different-deployment', text })
  }
  if (deployment.skip) return ok(undefined)

  const statements = tableList.flatMap(([name, table]) => {
    const columns = present.get(name)
    if (columns === undefined) return createTable(engine.kind, name, table)
    const missing = Object.entries(table.columns).filter(([column]) => !columns.has(column))
    return missing.map(([column, definition]) => addColumn(engine.kind, name, column, definition))
  })
  await execute(database, engine, statements)
  if (!present.has('active_node')) {
    const row = { anchor: 1, hostname: '', token: '', last_seen_active: timeText(deployment.at), first_seen_active: timeText(deployment.at) }
    await engine.insertOnce(database, 'active_node', row)
  }
  if (own === undefined || statements.length > 0) {
    const row = { deployed_version: deployment.version, deployed_timestamp: timeText(deployment.at) }
    await engine.upsert(database, 'orchestrator_db_deployments', ['deployed_version'], [row])
  }
  return ok(undefined)
}

/** All at once on SQLite: a crash leaves nothing half made. MySQL commits each statement by itself; the next start makes the rest. */
async function execute(database: Database, engine: Engine, statements: readonly string[]): Promise<void> {
  const all = async (on: Database): Promise<void> => {
    for (const statement of statements) await on.executeQuery(CompiledQuery.raw(statement))
  }
  if (engine.kind === 'sqlite') await database.transaction().execute(all)
  else await all(database)
}
