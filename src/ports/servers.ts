import type { Result } from '../kit/result.ts'
import type { Step } from '../model/planning/step.ts'
import type { Instance, ServerFailure } from '../model/topology/instance.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'

/** What a probe reads from the server itself; the rest of an Instance is ours (identity in the cluster, checks, decisions). */
export type ServerFacts = Omit<
  Instance,
  'clusterName' | 'replicationDepth' | 'isCoPrimary' | 'ancestryUuid' | 'errantGtidSet' | 'downtime' | 'maintenance' | 'check' | 'unresolvedHostname' | 'promotionRule' | 'suggestedClusterAlias'
> & {
  /** Answers of DetectPromotionRuleQuery / DetectClusterAliasQuery / DetectClusterDomainQuery, '' or null when not configured or not answered. */
  readonly detectedPromotionRule: Instance['promotionRule'] | null
  readonly detectedClusterAlias: string
  readonly detectedClusterDomain: string
  /** How the facts were read, and which grants would make the server better informed; only real servers say it. */
  readonly probeWay?: { readonly way: 'status' | 'status-and-tables'; readonly missingGrants: readonly string[] }
}

export interface ProbeOptions {
  /** `replication`: only what failover decisions need (identity, read-only, GTID sets, replication status), in one round trip where the server allows. */
  readonly depth: 'full' | 'replication'
  /** The whole probe, connecting included, ends by then; a server that accepts and never answers costs only this. */
  readonly deadlineMilliseconds: number
  /** Somebody wants to know how the server is now: what is otherwise read once a minute (its plugins, our rights) is read again. With `full` only. */
  readonly learnsAgain?: boolean
}

export interface ProbeFailure {
  readonly failure: ServerFailure
  /** The server answered something before the probe failed. */
  readonly partial: boolean
}

/** What a step came to. `statements` are as sent, secrets masked. */
export interface StepEffect {
  readonly statements: readonly string[]
  /** Set by `read-executed`: executed ∪ retrieved. */
  readonly executedGtidSet?: string
  /** Set by `read-coordinates`: `file:position`. */
  readonly coordinates?: string
  /** Set by `stop-receiver`, read in the same round trip after the receiver stopped. Each alone; '' when empty or unknown. */
  readonly receiverStopped?: { readonly executed: string; readonly retrieved: string }
}

/** The database servers, as the engine needs them. No method throws for what a server or the network did. */
export interface Servers {
  probe(key: InstanceKey, options: ProbeOptions): Promise<Result<ServerFacts, ProbeFailure>>
  /** Carries out a step on the server as last probed (`on` chooses the dialect). `bindings` resolve `boundTo` references. */
  perform(step: Step, on: Instance, options: { readonly deadlineMilliseconds: number; readonly bindings: ReadonlyMap<string, string> }): Promise<Result<StepEffect, ServerFailure>>
  /** The statements a step will send, secrets masked, for showing a plan. */
  statements(step: Step, on: Instance): readonly string[]
  /** Calls back as soon as an open connection to a server ends without our doing. The answer unsubscribes. */
  onConnectionLost(listener: (key: InstanceKey, failure: ServerFailure) => void): () => void
  /** Closes what is open to a server that was forgotten. */
  release(key: InstanceKey): void
  close(): Promise<void>
}
