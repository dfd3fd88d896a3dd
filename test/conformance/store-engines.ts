import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CompiledQuery } from 'kysely'
import type { Database } from '../../src/adapters/store/dialects/engine.ts'
import { openMysql } from '../../src/adapters/store/dialects/mysql/open-mysql.ts'
import { openSqlite } from '../../src/adapters/store/dialects/sqlite/open-sqlite.ts'
import { openStore } from '../../src/adapters/store/open-store.ts'
import { WriteWatch } from '../../src/adapters/store/write-watch.ts'
import { type StoreSettings, storeSettings } from '../../src/adapters/store/settings.ts'
import { defaultValues } from '../../src/kit/setting.ts'
import type { Store } from '../../src/ports/store.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

/** One engine to run the suite on, with an empty database of its own. */
export interface StoreEngine {
  readonly kind: 'sqlite' | 'mysql'
  readonly settings: StoreSettings
  /** What the store takes for the present; tests move it. */
  readonly clock: { at: number; now(): number }
  open(): Promise<Store>
  /** Statements beside the store, as a script or the original would send them. */
  sql(text: string): Promise<readonly Record<string, unknown>[]>
  /** Empties the database. */
  reset(): Promise<void>
  end(): Promise<void>
}

export const version = '4.0.0-test'
const aMoment = Date.UTC(2026, 10, 22, 6, 0, 0)

export async function sqliteEngine(): Promise<StoreEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'orchestrator-store-'))
  let count = 0
  const settings = { ...defaultValues(storeSettings), backend: 'sqlite3', sqliteFile: '' }
  return engine('sqlite', settings, {
    reset: async () => void (settings.sqliteFile = join(folder, `store-${++count}.db`)),
    end: async () => rmSync(folder, { recursive: true, force: true }),
  })
}

export async function mysqlEngine(flavour: 'mysql' | 'mariadb' = 'mysql'): Promise<StoreEngine> {
  const sandbox = await Sandbox.start({ servers: [{ name: 'backend', flavour }] })
  const server = sandbox.server('backend')
  await server.sql("create user 'store'@'%' identified by 'store-pass'")
  await server.sql("grant all on `orc`.* to 'store'@'%'")
  const settings = { ...defaultValues(storeSettings), host: server.host, port: server.port, database: 'orc', user: 'store', password: 'store-pass', poolConnectionsMax: 4 }
  return engine('mysql', settings, {
    reset: async () => void (await server.sql('drop database if exists orc')),
    end: () => sandbox.stop(),
  })
}

function engine(kind: StoreEngine['kind'], settings: StoreSettings, { reset, end }: Pick<StoreEngine, 'reset' | 'end'>): StoreEngine {
  const clock = { at: aMoment, now: () => clock.at }
  const beside = async (): Promise<Database> => {
    const watch = new WriteWatch(60, () => clock.now())
    const opened = kind === 'sqlite' ? openSqlite(settings.sqliteFile, watch) : await openMysql(settings, watch)
    if (!opened.ok) throw new Error(opened.failure.text)
    return opened.value
  }
  return {
    kind, settings, clock, reset, end,
    async open() {
      const opened = await openStore({ settings, version, clock })
      if (!opened.ok) throw new Error(opened.failure.text)
      return opened.value
    },
    async sql(text) {
      const database = await beside()
      try {
        const { rows } = await database.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text))
        return rows
      } finally {
        await database.destroy()
      }
    },
  }
}
