import type { BinlogCoordinates } from './binlog-coordinates.ts'
import type { InstanceKey } from './instance-key.ts'
import type { ServerVersion } from './version.ts'

/** `connecting` is every word of the server that is neither `Yes` nor `No`. */
export type ThreadState = 'running' | 'stopped' | 'connecting'

/** The last error of a replication thread; `number` 0 means there is none. `at` is milliseconds since 1970, null if the server does not say. */
export interface ThreadError {
  readonly number: number
  readonly text: string
  readonly at: number | null
}

export const noThreadError: ThreadError = { number: 0, text: '', at: null }

/** Options of a replication channel that must be the same after every move (beyond.md section 3). Null: the server does not report it. */
export interface ReplicationOptions {
  readonly tlsAllowed: boolean
  readonly tlsCaFile: string
  readonly tlsCaPath: string
  readonly tlsCert: string
  readonly tlsCipher: string
  readonly tlsKey: string
  readonly tlsCrlFile: string
  readonly tlsCrlPath: string
  readonly tlsVerifyServerCert: boolean | null
  readonly tlsVersion: string
  readonly tlsCiphersuites: string
  readonly publicKeyPath: string
  readonly getPublicKey: boolean | null
  readonly connectRetrySeconds: number | null
  readonly retryCount: number | null
  readonly heartbeatPeriodSeconds: number | null
  readonly compression: string | null
  readonly bind: string
  readonly filters: string
}

/** One replication channel of a replica, as its status says. */
export interface ReplicationLink {
  /** '' is the default channel (MySQL) or connection (MariaDB). */
  readonly channel: string
  /** As configured on the replica, after name resolving. A detached replica's host begins with `//`. */
  readonly source: InstanceKey
  /** '' when unknown; MariaDB does not report one. */
  readonly sourceUuid: string
  readonly user: string
  readonly receiver: ThreadState
  readonly applier: ThreadState
  readonly receiverError: ThreadError
  readonly applierError: ThreadError
  /** How far the receiver has read, and the applier has executed, in the *source's* binary log; null before the first event. */
  readonly readCoordinates: BinlogCoordinates | null
  readonly executedCoordinates: BinlogCoordinates | null
  readonly relayLogCoordinates: BinlogCoordinates | null
  /** MySQL: `Retrieved_Gtid_Set`. MariaDB: `Gtid_IO_Pos`, how far it has received whole transactions; stale after a change of the source, see received.ts. */
  readonly retrievedGtidSet: string
  /** `mysql`: auto-position is on. `mariadb-slave-pos` and `mariadb-current-pos`: Using_Gtid. `none`: file and position. */
  readonly gtid: 'none' | 'mysql' | 'mariadb-slave-pos' | 'mariadb-current-pos'
  /** Null is unknown, which is not zero. */
  readonly secondsBehindSource: number | null
  readonly delaySeconds: number
  readonly hasFilters: boolean
  /** When the receiver last heard from its source (event or heartbeat), ms since 1970; null: the server does not say. */
  readonly lastHeardAt: number | null
  readonly options: ReplicationOptions
}

/** What a MariaDB says of its GTIDs, as text. `binlogState`: the last number of each server in each domain that it has logged. */
export interface MariadbGtid {
  readonly binlogPos: string
  readonly slavePos: string
  readonly currentPos: string
  readonly binlogState: string
  readonly strictMode: boolean
}

export interface SemiSync {
  readonly sourcePluginLoaded: boolean
  readonly replicaPluginLoaded: boolean
  /** Variable names say source/replica (8.0.26+ plugin) rather than master/slave. */
  readonly newNames: boolean
  readonly sourceEnabled: boolean
  readonly replicaEnabled: boolean
  readonly sourceActive: boolean
  readonly replicaActive: boolean
  /** As the server counts: connections, those included that their replicas have left and whose threads have not ended. */
  readonly clients: number
  /** No more replicas than so many can acknowledge; left out: nobody could tell. */
  readonly acknowledgersMax?: number
  /** Who they are, by server UUID; `exact`: nobody else acknowledges, otherwise some may not. Left out: not all of them could be named. */
  readonly acknowledgers?: { readonly uuids: readonly string[]; readonly exact: boolean }
  readonly waitForReplicaCount: number
  readonly timeoutMilliseconds: bigint
  /** As soon as fewer replicas are connected than it waits for, it goes on without them (rpl_semi_sync_source_wait_no_replica is off). Left out: it waits. */
  readonly goesOnAlone?: boolean
  /** From DetectSemiSyncEnforcedQuery; 0 is always asynchronous. */
  readonly priority: number
}

export interface GroupMembership {
  readonly name: string
  readonly isSinglePrimary: boolean
  readonly memberState: string
  readonly memberRole: 'PRIMARY' | 'SECONDARY' | ''
  /** The other members. */
  readonly members: readonly InstanceKey[]
  readonly primary: InstanceKey | null
}

export type BinlogFormat = 'STATEMENT' | 'MIXED' | 'ROW' | (string & {})
export type PromotionRule = 'must' | 'prefer' | 'neutral' | 'prefer_not' | 'must_not'

/** Why a server could not be read or acted upon. `number` is the server's error number where there is one. */
export interface ServerFailure {
  readonly kind:
    | 'name-unknown' // DNS does not know the host
    | 'refused' // nothing listens there
    | 'unreachable' // no route, host down, or the network said so
    | 'timeout' // our own deadline passed
    | 'connection-lost' // an open connection was reset or closed
    | 'not-mysql' // something else answers on that port
    | 'access-denied'
    | 'privilege-missing'
    | 'too-many-connections'
    | 'statement-rejected'
    | 'configuration' // the server's set-up forbids using it (for example an empty report_host)
  readonly number: number | null
  /** The five characters that stand beside the number, where the server said them. */
  readonly sqlState?: string
  readonly text: string
  /** The statement that would mend a missing privilege. */
  readonly grant?: string
}

/** What our own checks of a server came to. All times in ms since 1970; null: never. */
export interface CheckState {
  readonly lastAttemptedAt: number | null
  readonly lastCheckedAt: number | null
  readonly lastSeenAt: number | null
  /** The server answered something before the check failed. */
  readonly partialSuccess: boolean
  /** Why the last check failed; null when it did not. */
  readonly failure: ServerFailure | null
  readonly latencyMilliseconds: number
}

export interface Downtime {
  readonly owner: string
  readonly reason: string
  readonly beginsAt: number
  readonly endsAt: number
}

export interface Maintenance {
  readonly id: number
  readonly owner: string
  readonly reason: string
  readonly beganAt: number
  readonly endsAt: number | null
}

/**
 * Everything known of one server, from its last good probe, our checks of it, and what people said about it.
 * Plain and immutable; a change is a new value. Derived facts live in topology.ts, analysis/facts.ts and describe.ts.
 */
export interface Instance {
  readonly key: InstanceKey
  readonly alias: string
  /** The server's own name (`@@hostname`), for recognising one server under two names. */
  readonly hostname: string
  readonly serverId: number
  /** '' on MariaDB. */
  readonly serverUuid: string
  readonly version: ServerVersion
  readonly uptimeSeconds: number
  readonly readOnly: boolean
  readonly superReadOnly: boolean

  readonly logBin: boolean
  readonly logReplicaUpdates: boolean
  readonly binlogFormat: BinlogFormat
  readonly binlogRowImage: string
  readonly binlogCoordinates: BinlogCoordinates | null

  /** OFF, OFF_PERMISSIVE, ON_PERMISSIVE, ON; '' where the server has no such variable. */
  readonly gtidMode: string
  readonly executedGtidSet: string
  readonly purgedGtidSet: string
  /** Computed against the source, see errantTransactions; '' when none are known. */
  readonly errantGtidSet: string
  readonly mariadbGtid: MariadbGtid | null

  /** The channel that counts: the only one, or the last of several (contract discovery.md 2.3). Null: not configured as a replica. */
  readonly replication: ReplicationLink | null
  /** All channels; more than one makes operations on this server refused. */
  readonly channels: readonly ReplicationLink[]
  readonly replicationCredentialsAvailable: boolean
  /** It has an account of its own to replicate with, or had one when it was last a replica and still keeps it. */
  readonly hasReplicationAccount: boolean
  /** Replicas this server itself names (SHOW REPLICAS or its process list), sorted by key. */
  readonly listedReplicas: readonly InstanceKey[]
  /** ReplicationLagQuery's answer, else secondsBehindSource; null is unknown. */
  readonly replicationLagSeconds: number | null

  readonly semiSync: SemiSync | null
  readonly group: GroupMembership | null
  readonly isBinlogServer: boolean
  readonly usingPseudoGtid: boolean

  readonly dataCenter: string
  readonly region: string
  readonly physicalEnvironment: string
  readonly unresolvedHostname: string

  /** Cluster identity, contract discovery.md section 7; computed by cluster.ts from the stored topology at each probe. */
  readonly clusterName: string
  readonly suggestedClusterAlias: string
  readonly replicationDepth: number
  readonly isCoPrimary: boolean
  readonly ancestryUuid: string

  readonly promotionRule: PromotionRule
  readonly downtime: Downtime | null
  readonly maintenance: Maintenance | null

  readonly check: CheckState
}

/** `last_checked <= last_seen`: the newest check that ended was a good one. */
export function isLastCheckValid(instance: Instance): boolean {
  const { lastCheckedAt, lastSeenAt } = instance.check
  return lastSeenAt !== null && (lastCheckedAt === null || lastCheckedAt <= lastSeenAt)
}

/** A replica by contract discovery.md 2.3: a usable source, and either a read position or GTID in use. */
export function isReplica(instance: Instance): boolean {
  const link = instance.replication
  if (link === null) return false
  const separator = link.source.lastIndexOf(':')
  const host = link.source.slice(0, separator)
  return host !== '' && host !== '_' && link.source.slice(separator + 1) !== '0' && (link.readCoordinates !== null || link.gtid !== 'none')
}

export function isReplicating(instance: Instance): boolean {
  return isReplica(instance) && instance.replication?.receiver === 'running' && instance.replication.applier === 'running'
}
