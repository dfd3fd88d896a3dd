import type { Downtime, Maintenance, PromotionRule } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Json } from '../../ports/group.ts'
import type { SharedStore } from '../../ports/shared-memory.ts'
import type { AuditTrail } from './audit-trail.ts'

/** What the current topology lets decisions change. */
export interface Remembered {
  setDowntime(key: InstanceKey, downtime: Downtime | null): void
  setMaintenance(key: InstanceKey, maintenance: Maintenance | null): void
  forget(keys: readonly InstanceKey[]): Promise<void>
  setAlias(clusterName: string, alias: string): void
  renameCluster(from: string, to: string): void
  setPromotionRule(key: InstanceKey, rule: PromotionRule): void
  setVirtualName(host: string, name: string): void
  setRecoveriesDisabled(disabled: { readonly since: number; readonly by: string } | null): void
  clusterNameOf(key: InstanceKey): string
}

/** What commands change: the store, then what is held in memory, then what is told. */
export interface World {
  readonly store: SharedStore
  readonly remembered: Remembered
  readonly audit: Pick<AuditTrail, 'write'>
  /** Servers that the managers of a group tell one another of; null without a group. */
  readonly servers: { know(keys: readonly InstanceKey[], readings: readonly Json[]): Promise<void>; forget(keys: readonly InstanceKey[]): Promise<void> } | null
  /** A part of somebody's memory that is to be that of the group; null without a group. */
  readonly adopt: ((part: AdoptedPart) => Promise<void>) | null
}

/** The memory of the group's founder travels in parts, because a command is bounded. */
export interface AdoptedPart {
  /** That of the group from then on. */
  readonly name: string
  readonly part: number
  readonly parts: number
  readonly text: string
}
