import { fail, ok, type Result } from '../../kit/result.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Store } from '../../ports/store.ts'
import { mysqlEngine } from './dialects/mysql/mysql-engine.ts'
import { openSqlite } from './dialects/sqlite/open-sqlite.ts'
import { sqliteEngine } from './dialects/sqlite/sqlite-engine.ts'
import { kyselyStore } from './kysely-store.ts'
import { deploy } from './migrations/deploy.ts'
import type { StoreSettings } from './settings.ts'
import type { StoreFailure } from './store-failure.ts'
import { WriteWatch } from './write-watch.ts'

export interface StoreRequest {
  readonly settings: StoreSettings
  /** Our own version, kept in orchestrator_db_deployments. */
  readonly version: string
  readonly clock: Pick<Clock, 'now'>
}

/** Opens the store that the settings name, with its tables made or brought up to date. What is not ours is refused and left as it is. */
export async function openStore({ settings, version, clock }: StoreRequest): Promise<Result<Store, StoreFailure>> {
  const isSqlite = settings.backend.includes('sqlite')
  const watch = new WriteWatch(settings.figuresKeptSeconds, () => clock.now())
  // Only who has that backend loads what speaks to it.
  const mysql = isSqlite ? null : await import('./dialects/mysql/open-mysql.ts')
  const opened = mysql === null ? openSqlite(settings.sqliteFile, watch) : await mysql.openMysql(settings, watch)
  if (!opened.ok) return opened
  const database = opened.value
  const engine = isSqlite ? sqliteEngine : mysqlEngine
  const address = isSqlite ? settings.sqliteFile : `${settings.host}:${settings.port}`
  try {
    const deployed = await deploy(database, engine, { version, at: clock.now(), skip: settings.skipDeployment, panicIfOther: settings.panicIfOtherDeployment })
    // The election waits for no connection that others use, and not as long for an answer as others may.
    if (deployed.ok) return ok(kyselyStore({ database, engine, address, clock }, watch, mysql === null ? database : mysql.openElection(settings, watch)))
    await database.destroy()
    return deployed
  } catch (error) {
    await database.destroy()
    return fail({ kind: 'failed', text: `The tables in ${address} could not be made: ${error instanceof Error ? error.message : String(error)}` })
  }
}
