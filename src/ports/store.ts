import type { AuditEntry, BlockedRecovery, Detection, Recovery, RecoveryStep } from '../model/recovery/records.ts'
import type { Downtime, Instance, Maintenance, PromotionRule } from '../model/topology/instance.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'
import type { AccessTokenStore } from './access-tokens.ts'
import type { AgentStore, HostAttributeStore, SeedStore } from './agents.ts'
import type { EquivalenceStore } from './equivalence-store.ts'
import type { ElectionStore } from './election.ts'
import type { HistoryStore } from './history-store.ts'
import type { Intents } from './intents.ts'
import type { PseudoGtidStore } from './pseudo-gtid-store.ts'
import type { LeaseStore } from './leases.ts'
import type { LockStore } from './locks.ts'
import type { SharedMemory } from './shared-memory.ts'
import type {
  AnalysisChangeStore, AttributeStore, HostNameStore, KeyValueStore, PoolStore, RegisteredRule, SnapshotStore, TagStore,
} from './store-facts.ts'

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
  /** Only those that have ended, at this time (ms since 1970) or later. Asked of `list` alone, as is the next. */
  readonly endedSince?: number
  /** Only those that promoted this server. */
  readonly successor?: InstanceKey
}

/** All that are given must hold. Texts are parts, in whatever case. */
export interface AuditFilter extends PageRequest {
  readonly key?: InstanceKey
  readonly clusterName?: string
  readonly kind?: string
  /** Whom the message names as the one who asked: `by ann`, `owner: ann`. */
  readonly person?: string
  readonly message?: string
  /** From this time on, and up to that one; ms since 1970. */
  readonly from?: number
  readonly to?: number
  /** Only those older than the entry of this number: unlike a page it stays where it is while others are added. */
  readonly before?: number
  /** In place of 20. */
  readonly rows?: number
}

/** One process as the others see it. Times in ms since 1970. */
export interface NodeRecord {
  readonly hostname: string
  readonly token: string
  readonly version: string
  /** '' for a service, else the command of a command line. */
  readonly command: string
  readonly backend: string
  readonly firstSeenAt: number | null
  readonly lastSeenAt: number | null
}

export interface NodeStanding {
  /** This process is the elected one. */
  readonly isActive: boolean
  readonly active: Pick<NodeRecord, 'hostname' | 'token' | 'firstSeenAt' | 'lastSeenAt'>
}

/** Each in ms since 1970: what is older goes. Nothing given, nothing deleted. */
export interface PurgeLimits {
  readonly audit?: number
  /** Recoveries with their steps, by their start. */
  readonly recoveries?: number
  readonly recoverySteps?: number
  readonly detections?: number
  /** Servers by the last time they were seen; never seen ones stay. */
  readonly instances?: number
  readonly clusterAliases?: number
  readonly clusterDomains?: number
  /** Ended ones, by their end. */
  readonly maintenances?: number
  /** Heartbeats of processes that are gone. */
  readonly nodes?: number
  readonly nodeHistory?: number
  /** Ended ones, by their beginning. */
  readonly intents?: number
  /** Clusters into which Pseudo-GTID was injected. */
  readonly injections?: number
  /** Where servers stood. */
  readonly coordinates?: number
}

/** One statement that changed the store; `at` in ms since 1970, `failure` null for a good one. */
export interface WriteFigure {
  readonly at: number
  readonly waitMilliseconds: number
  readonly executeMilliseconds: number
  readonly failure: string | null
}

/** Everything the program remembers between runs, by noun. Rejected promises mean the store failed (not that a row is missing). */
export interface Store {
  readonly instances: {
    /** All stored servers with downtime, maintenance and promotion rule joined in; times of checks in whole seconds. */
    load(how?: { /** Other processes write these records, too: nothing that this one wrote counts as known any more. */ readonly othersWrite?: boolean }): Promise<readonly Instance[]>
    /**
     * Writes many, about 100 in a transaction. A server of which only times and positions changed is written as a narrow update, and not
     * oftener than every few seconds; `flush` and `close` write what is held back.
     */
    save(instances: readonly Instance[]): Promise<void>
    flush(): Promise<void>
    forget(keys: readonly InstanceKey[]): Promise<void>
    keys(): Promise<readonly InstanceKey[]>
  }
  readonly downtimes: {
    begin(key: InstanceKey, downtime: Downtime): Promise<void>
    end(key: InstanceKey): Promise<boolean>
    /** Ends what is over at that time, and says which. */
    expire(at: number): Promise<readonly InstanceKey[]>
    /** Those that are on, by server, of unknown servers too; an expired one is on until it is cleared away. */
    active(): Promise<ReadonlyMap<InstanceKey, Downtime>>
  }
  readonly maintenances: {
    /** Null when the server is in maintenance already. */
    begin(key: InstanceKey, maintenance: Omit<Maintenance, 'id'>): Promise<number | null>
    end(key: InstanceKey): Promise<boolean>
    /** By its number; the server it was on, null when it was not on. */
    endById(id: number): Promise<InstanceKey | null>
    /** Ends what is over at that time, and says which. */
    expire(at: number): Promise<readonly InstanceKey[]>
    /** Those that are on, by server; an expired one is on until it is cleared away. */
    active(): Promise<ReadonlyMap<InstanceKey, Maintenance>>
  }
  /** The same table, written by operations while they change servers. */
  readonly locks: LockStore
  readonly leases: LeaseStore
  readonly candidates: {
    register(key: InstanceKey, rule: PromotionRule, at: number): Promise<void>
    /** Drops what was last suggested before `before`, and says which. */
    expire(before: number): Promise<readonly InstanceKey[]>
    /** By server. */
    list(): Promise<readonly RegisteredRule[]>
  }
  readonly accessTokens: AccessTokenStore
  readonly agents: AgentStore
  readonly hostAttributes: HostAttributeStore
  readonly seeds: SeedStore
  readonly tags: TagStore
  readonly pools: PoolStore
  readonly hostNames: HostNameStore
  readonly snapshots: SnapshotStore
  readonly history: HistoryStore
  readonly analysisChanges: AnalysisChangeStore
  readonly attributes: AttributeStore
  readonly keyValues: KeyValueStore
  readonly pseudoGtid: PseudoGtidStore
  readonly equivalences: EquivalenceStore
  readonly aliases: {
    /** Those by hand and those that servers suggested. */
    load(): Promise<ReadonlyMap<string, string>>
    loadByHand(): Promise<ReadonlyMap<string, string>>
    /** By hand: wins over an alias that servers suggest. */
    set(clusterName: string, alias: string): Promise<void>
    /** As servers suggest; an alias belongs to one cluster at a time, the last one registered. */
    register(clusterName: string, alias: string): Promise<void>
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
    list(filter: AuditFilter): Promise<readonly AuditEntry[]>
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
    /** Writes this process's row of node_health; with an empty command it also stands for election (`election`), unless `stands` says not to. */
    beat(node: { readonly hostname: string; readonly token: string; readonly startedAt: number; readonly at: number; readonly version: string; readonly command: string; readonly stands?: boolean }): Promise<NodeStanding>
    /** Processes with a heartbeat within so many seconds, by host name. */
    alive(withinSeconds: number): Promise<readonly NodeRecord[]>
    /** This process is ending: its row goes, and so does its lease, so that another need not wait. */
    leave(node: { readonly hostname: string; readonly token: string }): Promise<void>
  }
  /** Which of the processes that share the store acts. */
  readonly election: ElectionStore
  /** Plans that were begun: what a crash in their middle leaves behind. */
  readonly intents: Intents
  /** The same tables, as a group of managers writes them. */
  readonly shared: SharedMemory
  /** Deletes what is older than each limit that is given, and says how many rows of each. */
  purge(limits: PurgeLimits): Promise<Readonly<Record<keyof PurgeLimits, number>>>
  /** Statements that changed the store since then, oldest first; bounded. */
  writesSince(from: number): readonly WriteFigure[]
  close(): Promise<void>
}
