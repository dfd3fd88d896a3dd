/**
 * The shapes of API version 2, which the web page and our own scripts read. Plain JSON: keys of servers are `host:port` texts,
 * times are milliseconds since 1970, null is "unknown" and never zero. Reasons carry code and parameters, so that any language can word them.
 */
import type { Reason } from '../kit/reason.ts'
import type { Outlook } from '../model/analysis/finding.ts'
import type { PromotionRule, ThreadState } from '../model/topology/instance.ts'

/** Statuses of a server by falling severity; `ui.md` section 6.2. */
export type StatusCode =
  | 'unreachable' | 'applier-error' | 'receiver-error' | 'stopped' | 'not-checked' | 'group-not-online'
  | 'lag' | 'lag-unknown' | 'errant-gtid' | 'maintenance' | 'replicating' | 'writable' | 'read-only-primary'

export interface ServerStatus {
  readonly code: StatusCode
  readonly severity: 'critical' | 'warning' | 'stale' | 'ok'
  /** `number`, `text`, `seconds` … as the code needs. */
  readonly reason: Reason
  readonly since: number | null
}

export type ServerRole = 'primary' | 'intermediate' | 'replica' | 'co-primary' | 'group-primary' | 'group-member' | 'binlog-server' | 'unknown'

/** One server as a card, a list row and the side panel show it. */
export interface ServerView {
  readonly key: string
  readonly host: string
  readonly port: number
  readonly alias: string
  readonly clusterName: string
  readonly role: ServerRole
  readonly source: string | null
  readonly depth: number
  /** All that hold, worst first; never empty. */
  readonly statuses: readonly ServerStatus[]
  readonly version: string
  readonly flavour: string
  readonly binlogFormat: string
  readonly binlogRowImage: string
  readonly logBin: boolean
  readonly logReplicaUpdates: boolean
  readonly readOnly: boolean
  readonly superReadOnly: boolean
  readonly gtid: 'none' | 'mysql' | 'mariadb' | 'pseudo'
  readonly gtidMode: string
  readonly executedGtidSet: string
  readonly retrievedGtidSet: string
  readonly purgedGtidSet: string
  readonly errantGtidSet: string
  readonly serverId: number
  readonly serverUuid: string
  readonly uptimeSeconds: number
  readonly dataCenter: string
  readonly region: string
  readonly promotionRule: PromotionRule
  readonly replication: {
    readonly receiver: ThreadState
    readonly applier: ThreadState
    readonly receiverError: { readonly number: number; readonly text: string; readonly at: number | null } | null
    readonly applierError: { readonly number: number; readonly text: string; readonly at: number | null } | null
    /** Replication lag as configured; null is unknown. */
    readonly lagSeconds: number | null
    readonly delaySeconds: number
    readonly read: string | null
    readonly executed: string | null
    readonly tls: boolean
    readonly user: string
    readonly hasFilters: boolean
    readonly channels: number
    readonly isDetached: boolean
  } | null
  /** Every replication channel; only where there are several, of which nothing is changed. */
  readonly channels?: readonly ChannelView[]
  /** As `name=value`, one without a value by its name; left out where there is none. */
  readonly tags?: readonly string[]
  /** Left out where it is in none. */
  readonly pools?: readonly string[]
  /** Of a member of a replication group. */
  readonly group?: { readonly name: string; readonly state: string; readonly isSinglePrimary: boolean }
  readonly semiSync: { readonly sourceEnabled: boolean; readonly replicaEnabled: boolean; readonly clients: number; readonly waitFor: number } | null
  readonly binlog: string | null
  readonly downtime: { readonly owner: string; readonly reason: string; readonly endsAt: number } | null
  readonly maintenance: { readonly owner: string; readonly reason: string } | null
  readonly replicas: readonly string[]
  readonly lastSeenAt: number | null
  readonly lastCheckedAt: number | null
  readonly pollMilliseconds: number
}

/** One of several replication channels of a server. */
export interface ChannelView {
  readonly name: string
  readonly source: string
  readonly receiver: ThreadState
  readonly applier: ThreadState
  readonly lagSeconds: number | null
  readonly error: string | null
}

/** One finding with its evidence and what will be done about it. */
export interface FindingView {
  readonly server: string
  readonly clusterName: string
  readonly clusterAlias: string
  /** Public word, e.g. `DeadMaster`; for a structure warning the warning's word. */
  readonly code: string
  readonly description: string
  readonly severity: 'critical' | 'warning'
  readonly since: number | null
  readonly evidence: readonly { readonly witness: string; readonly at: number | null; readonly says: Reason }[]
  readonly outlook: Outlook
  readonly isDowntimed: boolean
}

export interface RecoverySummary {
  readonly uid: string
  readonly id: number
  readonly code: string
  readonly command: string
  readonly clusterName: string
  readonly clusterAlias: string
  readonly failed: string
  readonly successor: string | null
  readonly startedAt: number
  readonly endedAt: number | null
  readonly isActive: boolean
  readonly isSuccessful: boolean
  readonly startedBy: string
  readonly acknowledged: { readonly at: number; readonly by: string; readonly comment: string } | null
  /** The newest step's message while it runs. */
  readonly doing: string
  /** Replicas that follow nobody any more; left out where there is none. */
  readonly lost?: number
}

export interface RecoveryStepView {
  readonly id: number
  readonly at: number
  readonly stage: string
  readonly server: string | null
  readonly message: string
  readonly outcome: 'note' | 'started' | 'done' | 'failed'
  readonly durationMilliseconds: number | null
}

export interface RecoveryView extends RecoverySummary {
  readonly lostReplicas: readonly string[]
  readonly participants: readonly string[]
  readonly errors: readonly string[]
  readonly steps: readonly RecoveryStepView[]
}

/** `GET /api/v2/detections` : a failure that was noticed. */
export interface DetectionView {
  readonly id: number
  readonly server: string
  readonly clusterName: string
  readonly clusterAlias: string
  /** Public word, e.g. `DeadMaster`. */
  readonly code: string
  readonly description: string
  readonly at: number
  readonly replicas: readonly string[]
  /** The manager that noticed it. */
  readonly node: string
  /** What was found of the server around that time, oldest first: how the diagnosis changed. */
  readonly changes: readonly { readonly at: number; readonly code: string }[]
  /** The recovery that it began; of detections that are older than the recoveries at hand it is not known. */
  readonly recovery: Pick<RecoverySummary, 'uid' | 'id' | 'successor' | 'isSuccessful' | 'endedAt'> | null
}

/** `GET /api/v2/servers` : every known server. */
export interface ServersView {
  readonly snapshot: number
  readonly servers: readonly ServerView[]
}

/** `GET /api/v2/clusters` : one row per cluster. */
export interface FleetView {
  readonly snapshot: number
  readonly clusters: readonly ClusterRow[]
}

export interface ClusterRow {
  readonly name: string
  readonly alias: string
  readonly domain: string
  readonly primary: { readonly key: string; readonly status: ServerStatus } | null
  readonly servers: number
  /** Servers per worst status code. */
  readonly counts: Partial<Record<StatusCode, number>>
  readonly maxLagSeconds: number | null
  readonly recoversPrimary: boolean
  readonly recoversIntermediate: boolean
  readonly worstFinding: FindingView | null
  readonly findings: number
  readonly lastRecovery: RecoverySummary | null
  /** Places outside that do not say who takes the writes, and what failed; it is tried again behind. */
  readonly unpublished: readonly { readonly place: string; readonly text: string }[]
}

/** `GET /api/v2/clusters/:hint` : everything the cluster page needs in one answer. */
export interface ClusterView extends ClusterRow {
  readonly snapshot: number
  readonly members: readonly ServerView[]
  readonly allFindings: readonly FindingView[]
  /** Running and unacknowledged ones first; at most 20. */
  readonly recoveries: readonly RecoverySummary[]
  readonly blocked: readonly { readonly server: string; readonly code: string; readonly blockedBy: number }[]
  /** Set when the asked name is a former name of this cluster (its former primary). */
  readonly formerName: { readonly asked: string; readonly recoveryUid: string | null } | null
}

/** `POST /api/v2/targets` {servers: [key…]} : what may be moved where. */
export interface TargetView {
  readonly target: string
  readonly verdict: 'possible' | 'possible-with-warning' | 'refused'
  /** `relocate`; `take-over` (opens the takeover wizard, never runs from a drop). */
  readonly act: string
  readonly says: Reason
  readonly warnings: readonly Reason[]
  readonly steps: number
  readonly method: string
}

/** A plan as it is shown, from a dry run of any operation that plans. */
export interface PlanView {
  readonly operation: string
  readonly kind: string
  readonly says: Reason
  readonly method: string
  /** For each replica that moves: the methods that were tried in their order, and the one that was taken. */
  readonly methods?: readonly MethodView[]
  readonly fingerprint: string
  readonly dangerLevel: 1 | 2 | 3
  readonly checks: readonly Reason[]
  readonly warnings: readonly Reason[]
  readonly steps: readonly {
    readonly number: number
    readonly wave: number
    readonly server: string
    readonly action: string
    readonly says: Reason
    readonly statements: readonly string[]
    readonly ifStoppedHere: Reason
  }[]
  /** Source of each concerned replica before and after, for the two small trees. */
  readonly before: Readonly<Record<string, string | null>>
  readonly after: Readonly<Record<string, string | null>>
  /** The command line that does the same. */
  readonly command: string
  /** Of a takeover: who could take over, best first, and why or why not. */
  readonly candidates?: readonly CandidateView[]
  /** Commands that run around the steps, placeholders replaced, per list. */
  readonly hooks?: readonly HookListView[]
}

/** `method`: binlog-server, gtid, equivalence, pseudo-gtid or position. */
export interface MethodView {
  readonly replica: string
  readonly method: string
  readonly taken: boolean
  readonly why: Reason
}

export interface CandidateView {
  readonly key: string
  readonly rank: number
  readonly verdict: 'best' | 'possible' | 'refused'
  readonly reasons: readonly Reason[]
}

export interface HookListView {
  readonly list: string
  readonly commands: readonly string[]
}

/** `POST /api/v2/recovery-dry-run` {server} : what a recovery would do now. */
export interface RecoveryDryRunView {
  readonly server: string
  readonly clusterName: string
  readonly code: string
  readonly isConfirmedDead: boolean
  readonly candidates: readonly CandidateView[]
  /** Who would take its place; null: nobody can. */
  readonly successor: string | null
  readonly stages: readonly { readonly name: string; readonly says: Reason; readonly steps: PlanView['steps'] }[]
  readonly lost: readonly { readonly key: string; readonly reason: Reason }[]
  /** Commands with placeholders replaced, per list. */
  readonly hooks: readonly HookListView[]
  readonly refusal: Reason | null
  readonly warnings: readonly Reason[]
  /** What would be lost, as far as it is known; where somebody asked what would happen if a living server died. */
  readonly risk?: readonly Reason[]
}

/** What a dry run shows: the plan; a recovery, whose later stages are planned when the earlier ones are done; one sentence for what touches no server. */
export type DryRunView =
  | { readonly state: 'plan'; readonly plan: PlanView }
  | { readonly state: 'recovery'; readonly recovery: RecoveryDryRunView }
  | { readonly state: 'sentence'; readonly says: Reason }

/**
 * `POST /api/v2/operations/:name` {input, dryRun?, fingerprint?}. A dry run answers a `DryRunView` or `refused`; a run answers `started` with the number
 * under which its steps come by the stream (or `done` when it needed none). Refusals are answered with status 409 and the same body.
 */
export type OperationAnswer =
  | DryRunView
  | { readonly state: 'refused'; readonly refused: Reason; readonly methods?: readonly MethodView[]; readonly plan?: PlanView }
  | { readonly state: 'started'; readonly operation: number }
  | { readonly state: 'done'; readonly output: unknown }

/** A running or ended operation, as the tray shows it. */
export interface OperationView {
  readonly number: number
  readonly name: string
  readonly says: Reason
  readonly by: string
  readonly startedAt: number
  readonly endedAt: number | null
  readonly state: 'running' | 'done' | 'failed'
  readonly failure: Reason | null
  readonly steps: readonly {
    readonly number: number
    readonly server: string
    readonly action: string
    readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'skipped'
    readonly milliseconds: number | null
    readonly failure: string | null
    /** What it does; and what holds if it goes no further. */
    readonly says?: Reason
    readonly ifStoppedHere?: Reason
  }[]
  readonly servers: readonly string[]
}

/** `GET /api/v2/me`. */
export interface MeView {
  readonly user: string
  readonly mayWrite: boolean
  /** Why not, when not. */
  readonly reason: Reason | null
  readonly node: string
  readonly leader: string
  readonly version: string
  readonly webMessage: string
  /** Left out of host names; absent: nothing. */
  readonly removedHostText?: string
  readonly recoveries: { readonly enabled: boolean; readonly since: number | null; readonly by: string }
  readonly recoveryFilters: { readonly primary: readonly string[]; readonly intermediate: readonly string[] }
  /** Agents are served here; absent: not told. */
  readonly agentsServed?: boolean
  readonly pollSeconds: number
  readonly reasonableLagSeconds: number
  readonly urlPrefix: string
}

/** `GET /api/v2/status`. */
export interface StatusView {
  readonly node: string
  readonly version: string
  readonly startedAt: number
  readonly isLeader: boolean
  readonly leader: string
  readonly backend: {
    readonly kind: string
    readonly state: 'ok' | 'failing'
    readonly says: Reason
    /** What is in memory alone: records of servers, and rows of what has happened. */
    readonly pendingWrites: number
    /** Null: what is written is taken. Ms since 1970. */
    readonly failingSince: number | null
    /** Rows that were given up since the program began. */
    readonly lostWrites: number
    /** Of the database file; null: it is on a server, or cannot be read. */
    readonly bytes: number | null
  }
  readonly servers: number
  readonly clusters: number
  readonly deadServers: number
  readonly pollsPerSecond: number
  readonly pollMillisecondsMedian: number | null
  readonly memoryBytes: number
  readonly configuration: { readonly files: readonly string[]; readonly warnings: readonly string[] }
  /** Since when the present leader leads, as this process has seen it (ms since 1970); null: nobody leads. */
  readonly leaderSince: number | null
  /** Servers that are being read now, and that wait for it. */
  readonly reading: { readonly active: number; readonly waiting: number }
  /** How it has been in the last seconds. */
  readonly now: StatusSample
}

/** The program's own work in a short time that ended at `at` (ms since 1970). Null times: nothing happened that took any. */
export interface StatusSample {
  readonly at: number
  /** Servers that waited to be read, at most. */
  readonly waiting: number
  readonly readingsPerSecond: number
  readonly failedReadings: number
  readonly readingMillisecondsMedian: number | null
  readonly readingMillisecondsP95: number | null
  readonly writesPerSecond: number
  readonly writeMillisecondsP95: number | null
  readonly memoryBytes: number
}

/** `GET /api/v2/status/hour` : the last hour of this process, oldest first. */
export interface StatusHourView {
  readonly node: string
  readonly everyMilliseconds: number
  readonly samples: readonly StatusSample[]
}

/** `GET /api/v2/events` : server-sent events. `id` of each is increasing; `Last-Event-ID` resumes within the kept window, else `hello` says `gap`. */
export type LiveEvent =
  | { readonly event: 'hello'; readonly data: MeView & { readonly snapshot: number; readonly gap: boolean } }
  | { readonly event: 'heartbeat'; readonly data: { readonly at: number } }
  /** Changed and removed servers of one cluster. */
  | { readonly event: 'cluster'; readonly data: { readonly snapshot: number; readonly name: string; readonly row: ClusterRow; readonly changed: readonly ServerView[]; readonly removed: readonly string[] } }
  /** Changed and removed cluster rows. */
  | { readonly event: 'clusters'; readonly data: { readonly snapshot: number; readonly changed: readonly ClusterRow[]; readonly removed: readonly string[] } }
  | { readonly event: 'findings'; readonly data: { readonly findings: readonly FindingView[] } }
  | { readonly event: 'recovery'; readonly data: RecoverySummary & { readonly step: RecoveryStepView | null } }
  | { readonly event: 'operation'; readonly data: OperationView }
  | { readonly event: 'status'; readonly data: { readonly recoveries: MeView['recoveries'] } }
  | { readonly event: 'audit'; readonly data: { readonly at: number; readonly kind: string; readonly server: string | null; readonly message: string } }
