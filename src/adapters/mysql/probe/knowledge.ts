import type { ServerVersion } from '../../../model/topology/version.ts'
import type { PromotionRule } from '../../../model/topology/instance.ts'
import type { ServerFacts } from '../../../ports/servers.ts'
import type { Dialect, SemiSyncNames } from '../dialects/dialect.ts'

/** Options of a channel that the replica status does not show. */
export interface StoredOptions {
  readonly hasUser: boolean
  readonly heartbeatPeriodSeconds: number | null
  readonly bind: string
  readonly tlsCiphersuites: string
  readonly compression: string | null
}

/** Answers of the queries that the configuration names; null or '' where there is none. */
export interface DetectedFacts {
  readonly alias: string
  readonly clusterAlias: string
  readonly clusterDomain: string
  readonly promotionRule: PromotionRule | null
  readonly dataCenter: string | null
  readonly region: string | null
  readonly physicalEnvironment: string | null
  readonly semiSyncPriority: number
  readonly usingPseudoGtid: boolean
}

export const nothingDetected: DetectedFacts = {
  alias: '', clusterAlias: '', clusterDomain: '', promotionRule: null, dataCenter: null, region: null, physicalEnvironment: null,
  semiSyncPriority: 0, usingPseudoGtid: false,
}

export interface SemiSyncKnowledge {
  readonly names: SemiSyncNames
  readonly hasSource: boolean
  readonly hasReplica: boolean
  readonly hasWaitCount: boolean
}

/** What is learnt of a server once per connection and every minute, so that a poll need not ask it. */
export interface Learnt {
  readonly version: ServerVersion
  readonly dialect: Dialect
  readonly account: string
  /** The session takes a backslash in a text literally (NO_BACKSLASH_ESCAPES). */
  readonly plainBackslash: boolean
  /** The server's local time minus UTC; null when the session's time zone is not the system's. */
  readonly utcOffsetMinutes: number | null
  /** Our monotonic clock at which the server's uptime was 0. */
  readonly startedAtMonotonic: number
  readonly semiSync: SemiSyncKnowledge | null
  readonly hasGroupPlugin: boolean
  /** Lower-case `schema.table`. */
  readonly readable: ReadonlySet<string>
  readonly storedOptions: ReadonlyMap<string, StoredOptions>
}

/** How facts are read from a server, and which grants would make it better informed. */
export interface ProbeWay {
  /** `status-and-tables`: performance_schema's replication tables are read too. */
  readonly way: 'status' | 'status-and-tables'
  readonly missingGrants: readonly string[]
}

/** What we keep of a server between polls. */
export interface Knowledge {
  learnt: Learnt
  detected: DetectedFacts
  /** Generation of the connection on which it was learnt. */
  generation: number
  learntAtMonotonic: number
  /** The configured queries have not been asked since. */
  isDetectDue: boolean
  /** The facts of the last full probe, for what a quick one does not read. */
  lastFacts: ServerFacts | null
  /** SHOW REPLICAS named replicas, so the process list need not be read. */
  listingWorks: boolean
  probeWay: ProbeWay
}
