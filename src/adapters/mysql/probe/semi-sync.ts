import type { SemiSync } from '../../../model/topology/instance.ts'
import { isOn, type Rows } from '../driver/rows.ts'
import { newSemiSyncNames, oldSemiSyncNames } from '../dialects/semi-sync-names.ts'
import type { SemiSyncKnowledge } from './knowledge.ts'
import type { Variables } from './variables.ts'

/** Which plugins there are, from the names of the variables. Old and new plugins cannot be loaded together. */
export function learnSemiSync(variableNames: ReadonlySet<string>): SemiSyncKnowledge | null {
  for (const names of [newSemiSyncNames, oldSemiSyncNames]) {
    const hasSource = variableNames.has(names.source.enabled)
    const hasReplica = variableNames.has(names.replica.enabled)
    if (hasSource || hasReplica) return { names, hasSource, hasReplica, hasWaitCount: variableNames.has(names.source.waitCount) }
  }
  return null
}

export const statusNames = ({ names }: SemiSyncKnowledge): readonly string[] => [names.source.status, names.source.clients, names.replica.status]

/** How many can acknowledge at most, and who they are; `named` is null when one of them does not say its UUID. */
export interface Acknowledgers {
  readonly count: number
  readonly named: NonNullable<SemiSync['acknowledgers']> | null
}

/** Exactly (`said`), or all replicas that are registered, by their server ids, of which some may not acknowledge. */
export function readAcknowledgers(said: Rows | null, registered: Rows | null): Acknowledgers | null {
  const rows = (said ?? registered)?.all() ?? null
  if (rows === null) return null
  const uuids = rows.map(row => (said === null ? row.text('replica_uuid') || row.text('slave_uuid') : row.number('is_uuid') === 1 ? row.text('acknowledger') : '').toLowerCase())
  return { count: rows.length, named: uuids.includes('') ? null : { uuids, exact: said !== null } }
}

/**
 * The server counts connections, and one that its replica has left counts until its thread ends: for a second or two after each START of a receiver, and
 * until net_write_timeout after a cut (measured). `replicas`: who there is, each once; null: not to be had. `status` is null when it was not asked because
 * neither side was enabled at the last poll.
 */
export function readSemiSync(knowledge: SemiSyncKnowledge | null, variables: Variables, status: Rows | null, replicas: Acknowledgers | null, priority: number): SemiSync | null {
  if (knowledge === null) return null
  const values = new Map((status?.rows ?? []).map(([name, value]) => [String(name).toLowerCase(), value ?? null]))
  const { names, hasSource, hasReplica, hasWaitCount } = knowledge
  const value = (name: string): string | number | null => values.get(name.toLowerCase()) ?? null
  return {
    sourcePluginLoaded: hasSource, replicaPluginLoaded: hasReplica, newNames: names.newNames,
    sourceEnabled: variables.flag('ssSourceEnabled'), replicaEnabled: variables.flag('ssReplicaEnabled'),
    sourceActive: isOn(value(names.source.status)), replicaActive: isOn(value(names.replica.status)),
    clients: Number(value(names.source.clients) ?? 0), ...(replicas === null ? {} : { acknowledgersMax: replicas.count, ...(replicas.named === null ? {} : { acknowledgers: replicas.named }) }),
    // MariaDB, and MySQL before 5.7.3, have no such variable: one acknowledgement is waited for.
    waitForReplicaCount: hasWaitCount ? variables.number('ssWaitCount') : Number(hasSource),
    timeoutMilliseconds: variables.bigint('ssTimeout'), goesOnAlone: hasSource && !variables.flag('ssWaitAlone'), priority,
  }
}
