import { sql } from 'kysely'
import type { PurgeLimits, Store } from '../../../ports/store.ts'
import type { TableName } from '../schema/tables.ts'
import { timeText } from '../time.ts'
import type { Context } from './context.ts'

interface Rule {
  readonly table: TableName
  readonly column: string
  /** Rows of our own that belong to rows of the table, by this column of both. */
  readonly details?: { readonly table: TableName; readonly on: string }
  readonly only?: string
  /** The column holds milliseconds, not a time text. */
  readonly isNumber?: true
}

/** What each limit deletes: rows whose column is before it. */
const rules: Readonly<Record<keyof PurgeLimits, Rule>> = {
  audit: { table: 'audit', column: 'audit_timestamp' },
  recoveries: { table: 'topology_recovery', column: 'start_active_period', details: { table: 'recovery_detail', on: 'uid' } },
  recoverySteps: { table: 'topology_recovery_steps', column: 'audit_at', details: { table: 'recovery_step_detail', on: 'recovery_step_id' } },
  detections: { table: 'topology_failure_detection', column: 'start_active_period', details: { table: 'failure_detection_detail', on: 'detection_id' } },
  instances: { table: 'database_instance', column: 'last_seen' },
  clusterAliases: { table: 'cluster_alias', column: 'last_registered' },
  clusterDomains: { table: 'cluster_domain_name', column: 'last_registered' },
  maintenances: { table: 'database_instance_maintenance', column: 'end_timestamp', only: 'maintenance_active is null' },
  nodes: { table: 'node_health', column: 'last_seen_active' },
  nodeHistory: { table: 'node_health_history', column: 'first_seen_active' },
  injections: { table: 'cluster_injected_pseudo_gtid', column: 'time_injected' },
  coordinates: { table: 'database_instance_coordinates_history', column: 'recorded_timestamp' },
  intents: {
    table: 'plan_intent', column: 'started_at', details: { table: 'plan_intent_step', on: 'intent_id' }, only: 'ended_as is not null', isNumber: true,
  },
}

export function purge({ database }: Context): Store['purge'] {
  return async limits => {
    const counts = {
      audit: 0, recoveries: 0, recoverySteps: 0, detections: 0, instances: 0, clusterAliases: 0, clusterDomains: 0, maintenances: 0, nodes: 0,
      nodeHistory: 0, intents: 0, injections: 0, coordinates: 0,
    }
    for (const [name, { table, column, details, only, isNumber }] of Object.entries(rules) as [keyof PurgeLimits, Rule][]) { // the keys of the record
      const limit = limits[name]
      if (limit === undefined) continue
      // A stored `T…Z` form (see time.ts) must compare as a time too; both forms are 19 letters long up to the seconds.
      const moment = isNumber ? sql.ref(column) : sql`replace(substr(${sql.ref(column)}, 1, 19), 'T', ' ')`
      const isOld = sql`${moment} < ${isNumber ? limit : timeText(limit)} and ${sql.raw(only ?? '1 = 1')}`
      const { numAffectedRows } = await sql`delete from ${sql.table(table)} where ${isOld}`.execute(database)
      counts[name] = Number(numAffectedRows ?? 0n)
      if (details !== undefined && counts[name] > 0) {
        const owner = sql`select ${sql.ref(details.on)} from ${sql.table(table)}`
        await sql`delete from ${sql.table(details.table)} where ${sql.ref(details.on)} not in (${owner})`.execute(database)
      }
    }
    if (counts.instances > 0) {
      await sql`delete from instance_detail where not exists (
        select 1 from database_instance i where i.hostname = instance_detail.hostname and i.port = instance_detail.port)`.execute(database)
    }
    return counts
  }
}
