import type { AuditEntry, BlockedRecovery, Detection, Recovery, RecoveryStep } from '../model/recovery/records.ts'
import type { Downtime, Instance, Maintenance, PromotionRule } from '../model/topology/instance.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'

/** One page of a list, newest first. `page` is 0-based, 20 rows each. */
export interface PageRequest {
  readonly page: number
}

export interface RecoveryFilter {
  readonly id?: number
  readonly uid?: string
  readonly clusterName?: string
  readonly clusterAlias?: string
  readonly unacknowledgedOnly?: boolean
  readonly activeOnly?: boolean
}

/** Everything the program remembers between runs, by noun. Rejected promises mean the store failed (not that a row is missing). */
export interface Store {
  readonly instances: {
    /** All stored servers with downtime, maintenance and promotion rule joined in; times and freshness as stored. */
    load(): Promise<readonly Instance[]>
    /** Writes many in one transaction; rows that differ only in times and positions are written as narrow updates. */
    save(instances: readonly Instance[]): Promise<void>
    forget(keys: readonly InstanceKey[]): Promise<void>
  }
  readonly downtimes: {
    begin(key: InstanceKey, downtime: Downtime): Promise<void>
    end(key: InstanceKey): Promise<boolean>
  }
  readonly maintenances: {
    begin(key: InstanceKey, maintenance: Omit<Maintenance, 'id'>): Promise<number>
    end(key: InstanceKey): Promise<boolean>
  }
  readonly candidates: {
    register(key: InstanceKey, rule: PromotionRule, at: number): Promise<void>
    /** Drops what was last suggested before `before`, and says which. */
    expire(before: number): Promise<readonly InstanceKey[]>
  }
  readonly aliases: {
    load(): Promise<ReadonlyMap<string, string>>
    set(clusterName: string, alias: string): Promise<void>
    /** A cluster got another name (its primary changed). */
    rename(from: string, to: string): Promise<void>
  }
  readonly domains: {
    load(): Promise<ReadonlyMap<string, string>>
    set(clusterName: string, domain: string): Promise<void>
  }
  readonly recoverySwitch: {
    /** Null: recoveries are on. */
    load(): Promise<{ readonly since: number; readonly by: string } | null>
    set(disabled: { readonly since: number; readonly by: string } | null): Promise<void>
  }
  readonly audit: {
    append(entry: Omit<AuditEntry, 'id'>): Promise<void>
    list(filter: { readonly key?: InstanceKey } & PageRequest): Promise<readonly AuditEntry[]>
  }
  readonly detections: {
    /** Null when one of the same kind (server, actionable or not) is active already. */
    register(detection: Omit<Detection, 'id' | 'endedActiveAt'>): Promise<Detection | null>
    endActive(where: { readonly key?: InstanceKey; readonly clusterName?: string; readonly startedBefore?: number }, at: number): Promise<void>
    list(filter: { readonly id?: number; readonly clusterAlias?: string } & PageRequest): Promise<readonly Detection[]>
  }
  readonly recoveries: {
    /** Null when a recovery of the same server is active already (unique key). */
    register(recovery: Omit<Recovery, 'id'>): Promise<Recovery | null>
    update(recovery: Recovery): Promise<void>
    list(filter: RecoveryFilter & PageRequest): Promise<readonly Recovery[]>
    /** Every recovery that is active, or not ended. */
    open(): Promise<readonly Recovery[]>
    /** Marks as acknowledged and ends the active period; says how many. */
    acknowledge(where: RecoveryFilter & { readonly key?: InstanceKey }, by: { readonly at: number; readonly by: string; readonly comment: string }): Promise<number>
    endActivePeriod(startedBefore: number, at: number): Promise<number>
    appendStep(step: Omit<RecoveryStep, 'id'>): Promise<void>
    steps(uid: string): Promise<readonly RecoveryStep[]>
    block(blocked: BlockedRecovery): Promise<void>
    blocked(filter: { readonly clusterName?: string }): Promise<readonly BlockedRecovery[]>
    unblock(where: { readonly blockingRecoveryId?: number; readonly lastBlockedBefore?: number }): Promise<void>
  }
  readonly node: {
    /** Row of node_health and active_node for this process. */
    beat(node: { readonly hostname: string; readonly token: string; readonly startedAt: number; readonly at: number; readonly version: string; readonly command: string }): Promise<void>
  }
  close(): Promise<void>
}
