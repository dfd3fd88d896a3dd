import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'

/** What a manager's own database has of what all remember alike, while it runs: tables with their rows. */
export function sharedRows(folder: string): Readonly<Record<string, readonly unknown[]>> {
  const database = new DatabaseSync(join(folder, 'orchestrator.sqlite3'), { readOnly: true, timeout: 5000 })
  try {
    const tables = sharedTables.map(table => [table, database.prepare(`SELECT * FROM ${table}`).all().toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))] as const)
    assert.ok(tables.some(([, rows]) => rows.length > 0), 'there is something that could change')
    return Object.fromEntries(tables)
  } finally {
    database.close()
  }
}

const sharedTables = [
  'database_instance_downtime', 'database_instance_maintenance', 'database_instance_tags', 'candidate_database_instance', 'database_instance_pool', 'hostname_unresolve', 'cluster_alias_override',
  'global_recovery_disable', 'kv_store', 'topology_failure_detection', 'topology_recovery', 'topology_recovery_steps', 'recovery_lease', 'plan_intent', 'plan_intent_step', 'shared_server', 'shared_memory',
] as const
