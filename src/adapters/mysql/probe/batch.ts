import type { Result } from '../../../kit/result.ts'
import type { ServerFailure } from '../../../model/topology/instance.ts'
import type { ServerVersion } from '../../../model/topology/version.ts'
import type { ProbeOptions } from '../../../ports/servers.ts'
import type { Outcomes, Statement } from '../driver/driver.ts'
import type { Rows } from '../driver/rows.ts'
import type { MysqlSettings } from '../settings.ts'
import type { Knowledge } from './knowledge.ts'
import { statusNames } from './semi-sync.ts'
import { variablesStatement } from './variables.ts'

/** What one round trip asks, by the part it plays. */
export type Part = 'variables' | 'status' | 'receiverTimes' | 'binlogStatus' | 'group' | 'semiSyncStatus' | 'acknowledgers' | 'registered' | 'listing' | 'connected' | 'clusterNodes' | 'lag'

const clusterNodes: Statement = { sql: "SELECT SUBSTRING(service_URI, 9) AS mysql_host FROM ndbinfo.processes WHERE process_name = 'mysqld'", needs: 'SELECT ON ndbinfo.processes' }
const isNdb = ({ text }: ServerVersion): boolean => text.includes('-ndb-')

/** The statements of one poll, in the order sent: those that may be refused come last, because a refusal costs a second round trip for what follows it. */
export function batchOf(knowledge: Knowledge, settings: MysqlSettings, depth: ProbeOptions['depth']): ReadonlyMap<Part, Statement> {
  const { learnt: { dialect, semiSync, readable, hasGroupPlugin } } = knowledge
  const parts = new Map<Part, Statement>([['variables', variablesStatement(dialect, semiSync)], ['status', dialect.replicaStatus]])
  if (dialect.receiverTimes !== null && readable.has('performance_schema.replication_connection_status')) parts.set('receiverTimes', dialect.receiverTimes)
  if (depth === 'replication') return parts
  parts.set('binlogStatus', dialect.binlogStatus)
  const last = knowledge.lastFacts?.semiSync ?? null
  if (semiSync !== null && (last === null || last.sourceEnabled || last.replicaEnabled)) parts.set('semiSyncStatus', dialect.statusValues(statusNames(semiSync)))
  // After the status: whoever comes in between is counted here, and not there.
  const isSource = last?.sourceEnabled === true
  const counts = dialect.acknowledgers !== null && readable.has('performance_schema.user_variables_by_thread')
  if (isSource && counts && dialect.acknowledgers !== null) parts.set('acknowledgers', dialect.acknowledgers)
  if (hasGroupPlugin && dialect.groupMembers !== null) parts.set('group', dialect.groupMembers)
  if (settings.discoverByShowReplicas) parts.set('listing', dialect.listReplicas)
  else if (isSource && !counts) parts.set('registered', dialect.listReplicas)
  if (!settings.discoverByShowReplicas || !knowledge.listingWorks) parts.set('connected', dialect.connectedReplicas)
  // The SQL nodes of an NDB Cluster share their data: each is found as a replica of each (contract discovery.md 2.1, 16).
  if (isNdb(knowledge.learnt.version)) parts.set('clusterNodes', clusterNodes)
  if (isPlainSelect(settings.lagQuery)) parts.set('lag', { sql: settings.lagQuery.trim().replace(/;+$/, '') })
  return parts
}

/** A query that gives one result set and can share a round trip. */
export const isPlainSelect = (query: string): boolean => /^\s*(?:\/\*.*?\*\/\s*)?select\b/i.test(query) && !query.trim().replace(/;+$/, '').includes(';')

/** Outcomes by part. */
export class Answers {
  readonly #outcomes: ReadonlyMap<Part, Result<Rows, ServerFailure>>

  constructor(parts: ReadonlyMap<Part, Statement>, outcomes: Outcomes) {
    const names = [...parts.keys()]
    this.#outcomes = new Map(outcomes.flatMap((outcome, place) => {
      const part = names[place]
      return part === undefined ? [] : [[part, outcome] as const]
    }))
  }

  /** Null when it was refused or not asked. */
  rows(part: Part): Rows | null {
    const outcome = this.#outcomes.get(part)
    return outcome?.ok === true ? outcome.value : null
  }

  failure(part: Part): ServerFailure | null {
    const outcome = this.#outcomes.get(part)
    return outcome === undefined || outcome.ok ? null : outcome.failure
  }

  wasAsked(part: Part): boolean {
    return this.#outcomes.has(part)
  }

  get grants(): readonly string[] {
    return [...this.#outcomes.values()].flatMap(outcome => (!outcome.ok && outcome.failure.grant !== undefined ? [outcome.failure.grant] : []))
  }
}
