import type { PromotionRule, ThreadState } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'

/** One status of a server as it was; without its age and without seconds of lag, which are other ones at every look. */
export interface PastStatus {
  readonly code: string
  readonly severity: 'critical' | 'warning' | 'stale' | 'ok'
  /** Of an error; null where there is none. */
  readonly number: number | null
  /** What the server, or the way to it, said when the status began. */
  readonly text: string
}

/** What is remembered of one server: where it stands and how it is. Nothing that changes without anything having happened. */
export interface PastServer {
  readonly key: InstanceKey
  readonly alias: string
  readonly clusterName: string
  /** As people call the cluster; its name where it has none. */
  readonly clusterAlias: string
  readonly role: string
  readonly source: InstanceKey | null
  readonly depth: number
  /** All that held, worst first. */
  readonly statuses: readonly PastStatus[]
  readonly version: string
  readonly flavour: string
  readonly readOnly: boolean
  readonly superReadOnly: boolean
  readonly logBin: boolean
  readonly logReplicaUpdates: boolean
  readonly binlogFormat: string
  readonly gtid: string
  /** Null: no replica. */
  readonly receiver: ThreadState | null
  readonly applier: ThreadState | null
  readonly delaySeconds: number
  readonly hasFilters: boolean
  readonly isDetached: boolean
  readonly channels: number
  readonly semiSync: { readonly sourceEnabled: boolean; readonly replicaEnabled: boolean; readonly clients: number; readonly waitFor: number } | null
  readonly group: { readonly name: string; readonly isSinglePrimary: boolean } | null
  readonly dataCenter: string
  readonly promotionRule: PromotionRule
  readonly downtime: { readonly owner: string; readonly reason: string; readonly endsAt: number } | null
  readonly maintenance: { readonly owner: string; readonly reason: string } | null
}

export type PastFact = keyof Omit<PastServer, 'key'>

/** The texts of a status vary from try to try; which one it is does not. */
export const statusIdentity = ({ code, number }: PastStatus): string => (number === null ? code : `${code}:${number}`)

/** True when nothing worth remembering differs in that fact. */
export function isSameFact(fact: PastFact, left: PastServer, right: PastServer): boolean {
  if (left[fact] === right[fact]) return true
  switch (fact) {
    case 'statuses': return identitiesOf(left) === identitiesOf(right)
    case 'downtime': return isSameRecord(left.downtime, right.downtime)
    case 'semiSync': return isSameRecord(left.semiSync, right.semiSync)
    case 'group': return isSameRecord(left.group, right.group)
    case 'maintenance': return isSameRecord(left.maintenance, right.maintenance)
    default: return false
  }
}

export const identitiesOf = ({ statuses }: Pick<PastServer, 'statuses'>): string => statuses.map(statusIdentity).join(' ')

/** Both have the same members. */
function isSameRecord(left: Readonly<Record<string, string | number | boolean>> | null, right: Readonly<Record<string, string | number | boolean>> | null): boolean {
  if (left === null || right === null) return left === right
  return Object.keys(left).every(name => left[name] === right[name])
}
