import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { startService } from '../../../src/app/service.ts'
import { CurrentSettings } from '../../../src/config/current-settings.ts'
import { loadSettings } from '../../../src/config/load-settings.ts'
import { openStore } from '../../../src/adapters/store/open-store.ts'
import { storeSettings } from '../../../src/adapters/store/settings.ts'
import { defaultValues } from '../../../src/kit/setting.ts'
import type { Instance } from '../../../src/model/topology/instance.ts'
import { temporaryFolder, writeConfiguration } from '../recorded/program.ts'

export interface TriedService {
  readonly address: string
  readonly folder: string
  /** What went wrong in the service itself, as its log has it. */
  readonly faults: readonly string[]
  /** Everything that is remembered, but for signs of life and what was noted of requests. */
  rows(): Readonly<Record<string, readonly unknown[]>>
  audit(): readonly string[]
  /** Reads its files again, as after SIGHUP. */
  reload(): void
  [Symbol.asyncDispose](): Promise<void>
}

/** Written as time goes by, or about who asked. */
const passing = new Set(['audit', 'node_health', 'node_health_history', 'active_node', 'process_heartbeat', 'hostname_resolve', 'hostname_resolve_history', 'access_token'])

/** The real service, which reads no server. `remembered`: the servers that it finds in its database; `polls`: it acts, and its settings must keep it from reading servers. */
export async function triedService(more: Readonly<Record<string, unknown>>, { remembered = [], polls = false }: { readonly remembered?: readonly Instance[]; readonly polls?: boolean } = {}): Promise<TriedService> {
  const folder = temporaryFolder()
  const path = writeConfiguration(folder.path, { AuditToBackendDB: true, HTTPRequestLog: false, ...more })
  if (remembered.length > 0) await save(remembered, join(folder.path, 'orchestrator.sqlite3'))
  const loaded = loadSettings({ path })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure))
  const faults: string[] = []
  const note = (message: string, facts: unknown): void => void faults.push(`${message} ${JSON.stringify(facts ?? {})}`)
  const log = { debug: () => undefined, info: () => undefined, warning: () => undefined, error: note }
  const started = await startService({ current: new CurrentSettings(loaded.value, { path }), log, polls, pageFolder: join(folder.path, 'page'), fatal: text => note(text, {}) })
  if (!started.ok) throw new Error(started.failure)
  const database = new DatabaseSync(join(folder.path, 'orchestrator.sqlite3'), { readOnly: true })
  const all = (statement: string): readonly Readonly<Record<string, unknown>>[] => database.prepare(statement).all() as Record<string, unknown>[] // each row is an object
  return {
    address: started.value.address, folder: folder.path, faults, reload: () => started.value.reload('a test'),
    rows: () => Object.fromEntries(all("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name")
      .map(({ name }) => String(name)).filter(name => !passing.has(name)).map(name => [name, all(`select * from "${name}"`)])),
    audit: () => all('select audit_type, message from audit order by audit_id').map(({ audit_type: kind, message }) => `${String(kind)}: ${String(message)}`),
    [Symbol.asyncDispose]: async () => {
      database.close()
      await started.value.stop()
      folder[Symbol.dispose]()
    },
  }
}

async function save(instances: readonly Instance[], sqliteFile: string): Promise<void> {
  const opened = await openStore({ settings: { ...defaultValues(storeSettings), backend: 'sqlite', sqliteFile }, version: 'test', clock: { now: Date.now } })
  if (!opened.ok) throw new Error(JSON.stringify(opened.failure))
  await opened.value.instances.save(instances)
  await opened.value.close()
}
