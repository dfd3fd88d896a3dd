import type { Instance, ServerFailure } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'

/** A variable of a server, under the name that this server has for it. */
export interface ServerVariable {
  readonly name: string
  readonly value: string
}

/** What a server is asked on demand, beyond what every poll reads. */
export interface Examination {
  /** Who we are there, `'user'@'host'`. */
  readonly account: string
  /** What that account holds on *.*, roles included, in capital letters; empty when the server does not tell. */
  readonly privileges: readonly string[]
  /** What would let us read more, as statements. */
  readonly missingGrants: readonly string[]
  /** By the newest name of the variable; one that the server does not have is not in it. */
  readonly variables: ReadonlyMap<string, ServerVariable>
  /** Of the first channel; null: no replica, or not to be read. */
  readonly heartbeatPeriodSeconds: number | null
  /** How far the server's clock is ahead of ours; what the way there and back took makes it uncertain by so much. */
  readonly clockAheadMilliseconds: number
  readonly clockUncertainMilliseconds: number
}

/** One server to be looked at. */
export interface Patient {
  readonly key: InstanceKey
  /** As read just now; null when it is not known. */
  readonly instance: Instance | null
  readonly source: Instance | null
  /** Null when it could not be examined; then `failure` says why. */
  readonly examination: Examination | null
  readonly failure: ServerFailure | null
  readonly policy: DoctorPolicy
}

/** What settings make of a server's options. */
export interface DoctorPolicy {
  /** Replicas are found by what they report (DiscoverByShowSlaveHosts). */
  readonly findsReplicasByReport: boolean
  /** A server's name is what it reports (MySQLHostnameResolveMethod is @@report_host). */
  readonly namesServersByReport: boolean
}

/** All known servers of one cluster. */
export interface Ward {
  readonly cluster: string
  readonly members: readonly Instance[]
  /** What DurabilityPolicy promises of the cluster, and why it could not be proven if the primary died now; null: it could. */
  readonly promise?: { readonly policy: string; readonly unproven: string | null }
  /** Places outside that could not be told who takes its writes. */
  readonly unpublished?: readonly { readonly target: string; readonly text: string }[]
}

export interface HookCommand {
  /** The setting that has it. */
  readonly setting: string
  /** The first word of the command, and what that is; `unknown`: the shell alone can tell. The rest may hold a secret and is never told. */
  readonly program: string
  readonly state: 'runs' | 'not-found' | 'not-executable' | 'unknown'
}

export interface RecoveryFilterFact {
  readonly setting: string
  readonly text: string
  readonly matches: boolean
}

/** Our own configuration, as far as it can go wrong without being refused. */
export interface ConfigurationFacts {
  readonly userOfServers: string
  readonly knownClusters: number
  readonly filters: readonly RecoveryFilterFact[]
  /** Keys nobody knows, as the loader says it, and its other warnings. */
  readonly unknownKeys: readonly string[]
  readonly remarks: readonly string[]
  readonly hooks: readonly HookCommand[]
}
